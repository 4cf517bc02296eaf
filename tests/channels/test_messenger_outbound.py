"""How a part of a reply looks when it arrives at the Graph API, and when none arrives."""

import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.messenger import MessengerChannel
from channels.messenger.outbound import content
from channels.messenger.window import MARGIN, Lane, lane
from core.channel import Call
from core.errors import ConfigurationError, MediaRefused, SendCode, SendError, Sent
from core.message import Choice, Outbound
from core.text import split
from tests.contract.channels import MESSENGER
from tests.contract.stub import Answer, Stub

KEY = UUID("00000000-0000-4000-8000-00000000002a")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
LIMITS = MESSENGER.make("http://127.0.0.1:9").limits("7123456789012345")


def make(origin: str, **changes: object) -> MessengerChannel:
    made = MESSENGER.make(origin)
    assert isinstance(made, MessengerChannel)
    return MessengerChannel(made.settings.model_copy(update=changes))


@pytest.fixture
def messenger(api: Stub) -> MessengerChannel:
    """A page that speaks to the stub, with all that a Meta app can be allowed."""
    api.answer("messages", MESSENGER.accepted)
    return make(api.origin, human_agent=True, utility_template="kanal_pemberitahuan")


def part(
    text: str = "Terima kasih",
    choices: tuple[Choice, ...] = (),
    age: timedelta | None = timedelta(),
    human: bool = False,
) -> Outbound:
    heard_at = None if age is None else datetime.now(UTC) - age
    return Outbound(KEY, "7123456789012345", (text,), choices, heard_at=heard_at, human=human)


def choices(count: int, label: str = "Pilih") -> tuple[Choice, ...]:
    return tuple(Choice(f"{label} {number}", f"v:{number}") for number in range(count))


def body(api: Stub) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(api.called("messages")[-1].body)
    return found


def test_the_form_of_a_message(messenger: MessengerChannel, api: Stub) -> None:
    text = "Jl. *Melati* https://contoh.example 👨‍👩‍👧‍👦"
    assert messenger.send(part(text)) == Sent("m_4711")
    [call] = api.calls
    token = messenger.settings.page_token.get_secret_value()
    secret = messenger.settings.app_secrets[0].get_secret_value()
    assert (call.method, call.path) == ("POST", "/v26.0/102030405060708/messages")
    assert call.headers["authorization"] == f"Bearer {token}"
    assert call.headers["content-type"] == "application/json"
    proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    assert body(api) == {
        "recipient": {"id": "7123456789012345"},
        "messaging_type": "RESPONSE",
        "message": {"text": text, "metadata": str(KEY)},
        "appsecret_proof": proof,
    }


def test_a_text_with_what_no_json_can_carry_goes_out_clean(
    messenger: MessengerChannel, api: Stub
) -> None:
    assert messenger.send(part("a\ud800b\x00", (Choice("\ud800", "\ud800"),))) == Sent("m_4711")
    assert body(api)["message"]["attachment"]["payload"]["text"] == "a\ufffdb"


@pytest.mark.parametrize(
    ("text", "count", "form"),
    [
        ("x", 0, "text"),
        ("x", 1, "template"),
        ("x" * 640, 3, "template"),
        ("x" * 641, 3, "quick"),
        ("x", 4, "quick"),
        ("x" * 1999, 13, "quick"),
    ],
)
def test_buttons_are_a_template_where_they_fit(text: str, count: int, form: str) -> None:
    made = content(text, choices(count))
    if form == "template":
        payload = made["attachment"]["payload"]
        assert (payload["template_type"], payload["text"]) == ("button", text)
        assert [it["type"] for it in payload["buttons"]] == ["postback"] * count
        buttons = payload["buttons"]
    else:
        assert made["text"] == text
        buttons = made.get("quick_replies", [])
        assert all(it["content_type"] == "text" for it in buttons)
    assert [it["payload"] for it in buttons] == [f"v:{number}" for number in range(count)]


@pytest.mark.parametrize("count", [1, 5])
def test_a_label_that_is_too_long_is_cut_and_costs_no_message(count: int) -> None:
    made = json.dumps(content("x", choices(count, "Kirim laporan ini sekarang")))
    assert '"title": "Kirim laporan ini s\\u2026"' in made


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=6000))
def test_every_part_of_a_text_is_short_enough(text: str) -> None:
    assert all(len(it) < 2000 for it in split(text * 3, LIMITS.text, LIMITS.measure))


@pytest.mark.parametrize(
    ("age", "automatic", "own_words"),
    [
        (-HOUR, Lane.RESPONSE, Lane.RESPONSE),
        (0 * HOUR, Lane.RESPONSE, Lane.RESPONSE),
        (24 * HOUR - MARGIN, Lane.RESPONSE, Lane.RESPONSE),
        (24 * HOUR - MARGIN / 2, Lane.UTILITY, Lane.HUMAN_AGENT),
        (25 * HOUR, Lane.UTILITY, Lane.HUMAN_AGENT),
        (168 * HOUR - MARGIN, Lane.UTILITY, Lane.HUMAN_AGENT),
        (168 * HOUR - MARGIN / 2, Lane.UTILITY, Lane.CLOSED),
        (9000 * HOUR, Lane.UTILITY, Lane.CLOSED),
        (None, Lane.UTILITY, Lane.CLOSED),
    ],
)
def test_the_window(age: timedelta | None, automatic: Lane, own_words: Lane) -> None:
    heard_at = None if age is None else NOW - age
    allowed = {"approved": True, "template": True}
    assert lane(heard_at, NOW, human=False, **allowed) is automatic
    assert lane(heard_at, NOW, human=True, **allowed) is own_words
    inside = automatic is Lane.RESPONSE
    alone = Lane.RESPONSE if inside else Lane.CLOSED
    assert lane(heard_at, NOW, human=False, approved=True, template=False) is alone
    assert lane(heard_at, NOW, human=True, approved=False, template=True) is alone


@pytest.mark.parametrize("age", [25 * HOUR, None])
def test_behind_a_closed_window_nothing_is_called(api: Stub, age: timedelta | None) -> None:
    calls: list[Call] = []
    messenger = make(api.origin)
    messenger.watch(calls.append)
    for human in (False, True):
        result = messenger.send(part(age=age, human=human))
        assert isinstance(result, SendError)
        assert (result.code, result.retryable) == (SendCode.WINDOW_CLOSED, False)
    assert (api.calls, calls) == ([], [])


def test_an_officers_own_words_go_out_for_seven_days(
    messenger: MessengerChannel, api: Stub
) -> None:
    assert messenger.send(part("Sudah kami tinjau", choices(2), 30 * HOUR, human=True)) == Sent(
        "m_4711"
    )
    sent = body(api)
    assert (sent["messaging_type"], sent["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")
    assert len(sent["message"]["attachment"]["payload"]["buttons"]) == 2


def test_a_notice_goes_out_in_the_template_at_any_time(
    messenger: MessengerChannel, api: Stub
) -> None:
    assert messenger.send(part("Laporan\n\nselesai.", choices(2), 9000 * HOUR)) == Sent("m_4711")
    sent = body(api)
    assert (sent["messaging_type"], "tag" in sent) == ("UTILITY", False)
    assert sent["message"] == {
        "template": {
            "name": "kanal_pemberitahuan",
            "language": {"code": "id"},
            "components": [
                {"type": "body", "parameters": [{"type": "text", "text": "Laporan selesai."}]}
            ],
        },
        "metadata": str(KEY),
    }


def usage(**minutes: object) -> dict[str, str]:
    uses = [{"type": it, "estimated_time_to_regain_access": at} for it, at in minutes.items()]
    return {"x-business-use-case-usage": json.dumps({"102030405060708": uses})}


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, 60),
        (usage(messenger=3, pages=0), 180),
        (usage(messenger=0), 60),
        (usage(messenger="3"), 60),
        (usage(messenger=True), 60),
        (usage(messenger=-1), 60),
        (usage(messenger=10_000), 3600),
        ({"x-business-use-case-usage": "[" * 5000}, 60),
        ({"x-business-use-case-usage": "[1]"}, 60),
        ({"x-business-use-case-usage": '{"1":7,"2":[7]}'}, 60),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "soon"}, 60),
        ({"retry-after": "999999"}, 3600),
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["rate", "app_rate"])
def test_a_rate_limit_stops_the_whole_channel_for_as_long_as_meta_says(
    messenger: MessengerChannel, api: Stub, headers: dict[str, str], pause: int, name: str
) -> None:
    refusal = json.loads((MESSENGER.samples / "_api_errors.json").read_bytes())[name]
    api.answer("messages", Answer(refusal["http"], refusal["body"], headers=headers))
    result = messenger.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.everyone) == (SendCode.THROTTLED, True)
    assert result.retry_after == timedelta(seconds=pause)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(hang=True),
        Answer(hang_up=True),
        Answer(200, {"recipient_id": "7123456789012345"}),
        Answer(200, {"message_id": 5}),
        Answer(200, {"message_id": ""}),
        Answer(400, {"error": "x"}),
        Answer(400, {"error": {"code": "100"}}),
    ],
    ids=lambda it: repr(it)[7:50],
)
def test_a_lost_answer_leaves_the_echo_time_to_come(
    messenger: MessengerChannel, api: Stub, answer: Answer
) -> None:
    api.answer("messages", answer)
    result = messenger.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.everyone) == (SendCode.UNCERTAIN, False)
    assert result.retry_after == timedelta(seconds=20)


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (Answer(400, {"error": {"code": 551, "error_subcode": 1545041}}), "551/1545041"),
        (Answer(400, {"error": {"code": 100, "message": "rahasia warga"}}), "100/0"),
        (Answer(503, b"<html>rahasia warga"), "status 503"),
        (Answer(429, b"<html>rahasia warga"), "status 429"),
        (Answer(404, b"<html>rahasia warga"), "status 404"),
        (Answer(hang=True), "ReadTimeout"),
        (Answer(hang_up=True), "RemoteProtocolError"),
    ],
)
def test_the_detail_helps_and_tells_nothing(
    messenger: MessengerChannel, api: Stub, answer: Answer, detail: str
) -> None:
    api.answer("messages", answer)
    result = messenger.send(part())
    assert isinstance(result, SendError)
    assert detail in result.detail
    assert "rahasia" not in result.detail


def test_every_documented_error_is_in_the_table() -> None:
    refusals = json.loads((MESSENGER.samples / "_api_errors.json").read_bytes())
    assert set(refusals) == set(MESSENGER.errors)


@pytest.mark.parametrize(("bypass", "code"), [("", None), ("graph.invalid", SendCode.UNREACHABLE)])
def test_a_proxy_in_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, api: Stub, bypass: str, code: SendCode | None
) -> None:
    monkeypatch.setenv("http_proxy", api.origin)
    monkeypatch.setenv("no_proxy", bypass)
    api.answer("messages", MESSENGER.accepted)
    result = make("http://graph.invalid").send(part())
    assert (result.code if isinstance(result, SendError) else None) == code
    assert len(api.calls) == (0 if code else 1)


def test_no_proxy_stands_before_loopback(monkeypatch: pytest.MonkeyPatch, api: Stub) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    api.answer("messages", MESSENGER.accepted)
    assert make(api.origin).send(part()) == Sent("m_4711")


def test_an_unknown_kind_of_proxy_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "gopher://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="https_proxy"):
        make("https://graph.invalid")


def test_media_are_fetched_from_the_signed_address() -> None:
    messenger = make("http://127.0.0.1:9")
    url = "https://scontent.xx.fbcdn.net/v/contoh.jpg?oh=abc&oe=6923AAAA"
    found = messenger.locate(url)
    assert (found.url, dict(found.headers)) == (url, {})
    for wrong in ("", "file:///etc/passwd", "ftp://x/y", "https://", "https://x/a b"):
        with pytest.raises(MediaRefused):
            messenger.locate(wrong)


def test_the_proof_in_an_address_is_not_logged(
    messenger: MessengerChannel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="httpx")
    api.answer("me", Answer(body={"id": "5"}))
    messenger.check("")
    [call] = api.calls
    assert call.fields["appsecret_proof"] == messenger.settings.proof
    assert "/me" in caplog.text
    assert messenger.settings.proof not in caplog.text
