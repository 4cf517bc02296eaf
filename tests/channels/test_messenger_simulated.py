"""Our channel and the simulated Messenger, face to face."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from core.errors import ConfigurationError, SendCode, SendError, Sent
from core.message import Kind, Outbound
from tests.channels.messenger_page import CHAT, SECRET, TEMPLATE, Page, channel, connected


def code(result: Sent | SendError) -> SendCode | None:
    return result.code if isinstance(result, SendError) else None


def test_the_set_up_is_found_right(page: Page) -> None:
    findings = page.channel.check(page.url)
    assert [it.ok for it in findings] == [True] * 4, findings


def test_what_is_wrong_with_the_set_up_is_told(page: Page, messenger_origin: str) -> None:
    elsewhere = page.channel.check("https://lapor.example/webhooks/messenger")
    assert [it.text for it in elsewhere if not it.ok] == [
        "The app posts to another address than ours: run kanal set-webhook"
    ]
    page.channel.set_webhook("")
    [unsubscribed] = [it.text for it in page.channel.check(page.url) if not it.ok]
    assert unsubscribed.startswith("The page is not subscribed to message_echoes, messages")
    for change, words in (
        ({"page_token": "EAAwrong"}, "does not take our page token"),
        ({"app_secrets": "wrong"}, "does not take our page token"),
        ({"page_id": "5"}, "another page"),
        ({"graph_origin": "http://127.0.0.1:9"}, "unreachable"),
    ):
        [finding] = channel(messenger_origin, **change).check(page.url)
        assert not finding.ok
        assert words in finding.text
        assert SECRET not in finding.text


def test_a_webhook_that_does_not_know_the_verify_token_is_refused(
    page: Page, messenger_origin: str
) -> None:
    with pytest.raises(ConfigurationError, match="webhook's address"):
        channel(messenger_origin, verify_token="another").set_webhook(page.url)
    with pytest.raises(ConfigurationError, match="telling the app"):
        channel(messenger_origin, page_token="EAAwrong").set_webhook(page.url)
    page.write(text="masih sampai")
    assert page.next(Kind.MESSAGE).text == "masih sampai"


def test_buttons_of_a_template_come_back(page: Page) -> None:
    page.write(text="halo")
    sent = page.send("Kirim laporan?", ("Kirim", "Ubah"))
    assert isinstance(sent, Sent)
    [_, bubble] = page.bubbles()
    assert [[it["text"] for it in row] for row in bubble["buttons"]] == [["Kirim"], ["Ubah"]]
    page.act("press", message_id=bubble["id"], value="v:Ubah")
    choice = page.next(Kind.CHOICE)
    assert (choice.address, choice.choice, choice.text) == (str(CHAT), "v:Ubah", "")


def test_quick_replies_come_back_until_the_next_message(page: Page) -> None:
    page.write(text="halo")
    assert code(page.send("Apa?", ("Jalan", "Air", "Sampah", "Lain"))) is None
    [_, bubble] = page.bubbles()
    assert [it["text"] for it in bubble["quick"]] == ["Jalan", "Air", "Sampah", "Lain"]
    page.act("press", message_id=bubble["id"], value="v:Air")
    choice = page.next(Kind.CHOICE)
    assert (choice.choice, choice.text) == ("v:Air", "")
    assert page.bubbles()[-1]["text"] == "Air"
    path = f"/simulator/messenger/chats/{CHAT}/press"
    late = page.phone.post(path, json={"message_id": bubble["id"], "value": "v:Jalan"})
    assert late.status_code == 409


def test_the_echo_names_the_outbox_row(page: Page) -> None:
    page.write(text="halo")
    key = uuid4()
    sent = page.send("Nomor LPR-1", key=key)
    receipt = page.next(Kind.RECEIPT)
    assert isinstance(sent, Sent)
    assert (receipt.receipt, receipt.address) == (str(key), str(CHAT))
    assert receipt.message_id == sent.platform_id


def test_a_lost_answer_is_made_good_by_the_echo(page: Page, messenger_origin: str) -> None:
    page.write(text="halo")
    page.faults(timeout_next=1)
    key = uuid4()
    part = Outbound(key, str(CHAT), ("Nomor LPR-1",), heard_at=page.next(Kind.MESSAGE).sent_at)
    lost = channel(messenger_origin, read_timeout=0.2).send(part)
    assert isinstance(lost, SendError)
    assert (lost.code, lost.retry_after) == (SendCode.UNCERTAIN, timedelta(seconds=20))
    assert page.next(Kind.RECEIPT).receipt == str(key)
    assert [it["text"] for it in page.bubbles() if not it["mine"]] == ["Nomor LPR-1"]


@pytest.mark.parametrize(
    ("hours", "human", "changes", "expected"),
    [
        (23, False, {}, None),
        (25, False, {}, SendCode.WINDOW_CLOSED),
        (25, True, {}, SendCode.WINDOW_CLOSED),
        (25, True, {"human_agent": True}, None),
        (167, True, {"human_agent": True}, None),
        (169, True, {"human_agent": True}, SendCode.WINDOW_CLOSED),
        (25, False, {"utility_template": TEMPLATE}, None),
        (900, False, {"utility_template": TEMPLATE}, None),
        (900, False, {"utility_template": "tidak_disetujui"}, SendCode.REJECTED),
        (900, True, {"utility_template": TEMPLATE}, SendCode.WINDOW_CLOSED),
    ],
)
def test_the_window_of_platform_and_channel_agree(
    messenger_origin: str,
    hours: float,
    human: bool,
    changes: dict[str, Any],
    expected: SendCode | None,
) -> None:
    with connected(messenger_origin, **changes) as page:
        page.write(text="halo")
        page.act("clock", hours=hours)
        assert code(page.send("Kabar laporan Anda", hours=hours, human=human)) is expected
        shown = [it["text"] for it in page.bubbles() if not it["mine"]]
        assert shown == ([] if expected else ["Kabar laporan Anda"])


@pytest.mark.parametrize(
    ("hours", "believed", "human"), [(25, 1, False), (169, 100, True), (24, 23.5, False)]
)
def test_where_our_clock_is_wrong_the_platform_refuses(
    messenger_origin: str, hours: float, believed: float, human: bool
) -> None:
    with connected(messenger_origin, human_agent=True) as page:
        page.write(text="halo")
        page.act("clock", hours=hours)
        refused = page.send("Kabar", hours=believed, human=human)
        assert isinstance(refused, SendError)
        assert (refused.code, refused.retryable) == (SendCode.WINDOW_CLOSED, False)
        assert "10/2018278" in refused.detail
        page.write(text="halo lagi")
        assert code(page.send("Kabar")) is None


def test_without_the_review_human_agent_is_refused() -> None:
    settings = SimulatorSettings.model_validate({"messenger_app_secret": SECRET})
    with running(settings) as origin, connected(origin, human_agent=True) as page:
        page.write(text="halo")
        page.act("clock", hours=30)
        assert code(page.send("Kabar", hours=30, human=True)) is SendCode.WINDOW_CLOSED


@pytest.mark.parametrize(
    ("faults", "expected", "shown"),
    [
        ({"error_next": 1}, SendCode.OUTAGE, 0),
        ({"html_503_next": 1}, SendCode.OUTAGE, 0),
        ({"flood_next": 1, "flood_retry_after": 7}, SendCode.THROTTLED, 0),
        ({"wrong_json_next": 1}, SendCode.UNCERTAIN, 1),
        ({"latency_ms": 50}, None, 1),
        ({"blocked_chats": [CHAT]}, SendCode.BLOCKED, 0),
    ],
    ids=str,
)
def test_faults(
    page: Page, faults: dict[str, object], expected: SendCode | None, shown: int
) -> None:
    page.write(text="halo")
    page.faults(**faults)
    result = page.send("Kabar")
    assert code(result) is expected
    assert sum(not it["mine"] for it in page.bubbles()) == shown
    if expected is SendCode.THROTTLED:
        assert isinstance(result, SendError)
        assert (result.retry_after, result.everyone) == (timedelta(seconds=7), True)


def test_who_cannot_be_written_to(page: Page) -> None:
    assert code(page.send("Kabar")) is SendCode.NO_CHAT
    page.write(text="halo")
    page.act("block")
    assert code(page.send("Kabar")) is SendCode.BLOCKED
    page.act("unblock")
    assert code(page.send("Kabar")) is None
    assert {it.kind for it in page.events} <= {Kind.MESSAGE, Kind.RECEIPT}  # no event of a block
    page.act("deactivate")
    assert code(page.send("Kabar")) is SendCode.BLOCKED


def test_wrong_credentials_stop_the_channel(page: Page, messenger_origin: str) -> None:
    page.write(text="halo")
    for change in ({"page_token": "EAAwrong"}, {"app_secrets": "wrong"}):
        other = Page(messenger_origin, channel(messenger_origin, **change), page.phone)
        assert code(other.send("Kabar")) is SendCode.CREDENTIALS


def test_the_page_sends_no_faster_than_it_may() -> None:
    settings = SimulatorSettings.model_validate(
        {"messenger_app_secret": SECRET, "messenger_rate": 1}
    )
    with running(settings) as origin, connected(origin) as page:
        page.write(text="halo")
        assert [code(page.send("Kabar")) for _ in range(2)] == [None, SendCode.THROTTLED]
