"""What the simulated LINE refuses, and what it remembers."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.simulator.line.ledger import Ledger
from app.simulator.line.rules import Refusal
from core.message import Kind
from tests.channels.line_town import CHAT, USER, Founder, answer_to, ids


def words(**changes: object) -> dict[str, object]:
    return {"type": "text", "text": "x", **changes}


def quick(count: int = 1, **changes: object) -> dict[str, object]:
    action = {"type": "postback", "label": "x", "data": "x", **changes}
    return words(quickReply={"items": [{"type": "action", "action": action}] * count})


@pytest.mark.parametrize(
    ("messages", "where", "status"),
    [
        ([words()] * 5, "", 200),
        ([], "messages", 400),
        ([words()] * 6, "messages", 400),
        ([words(text="")], "messages[0].text", 400),
        ([words(text="🙏" * 2500)], "", 200),
        ([words(text="🙏" * 2500 + "x")], "messages[0].text", 400),
        ([words(), words(text=5)], "messages[1].text", 400),
        ([words(type="hologram")], "messages[0].type", 400),
        ([quick(13)], "", 200),
        ([quick(14)], "messages[0].quickReply.items", 400),
        ([quick(label="👨‍👩‍👧‍👦" * 20)], "", 200),
        ([quick(label="x" * 21)], "messages[0].quickReply.items[0].action.label", 400),
        ([quick(data="x" * 300)], "", 200),
        ([quick(data="x" * 301)], "messages[0].quickReply.items[0].action.data", 400),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_the_simulator_refuses_what_line_refuses(
    town: Founder, messages: list[object], where: str, status: int
) -> None:
    here = town()
    here.write(start={})
    answer = here.call("POST", "message/push", {"to": USER, "messages": messages})
    assert answer.status_code == status
    if where:
        assert answer.json()["details"][0]["property"] == where
        assert not here.bubbles()


def test_the_simulator_knows_who_may_be_written_to(town: Founder) -> None:
    here = town()
    body = {"to": USER, "messages": [words()]}
    refused = here.call("POST", "message/push", body)
    assert (refused.status_code, refused.json()) == (400, {"message": "Failed to send messages"})
    assert here.call("POST", "message/push", {**body, "to": "U5"}).status_code == 400
    assert here.call("GET", f"profile/{USER}").status_code == 404
    here.write(start={})
    assert here.call("POST", "message/push", body).status_code == 200
    assert here.call("GET", f"profile/{USER}").json()["userId"] == USER
    wrong = here.call("POST", "message/push", body, authorization="Bearer other")
    assert wrong.status_code == 401


def test_a_reply_with_a_retry_key_is_refused_and_costs_no_token(town: Founder) -> None:
    here = town()
    here.write(start={})
    [start] = here.events(1)
    body = {"replyToken": start.reply_token, "messages": [words()]}
    refused = here.call("POST", "message/reply", body, **{"x-line-retry-key": str(uuid4())})
    assert refused.status_code == 400
    assert here.call("POST", "message/reply", body).status_code == 200
    used = here.call("POST", "message/reply", body)
    assert (used.status_code, used.json()) == (400, {"message": "Invalid reply token"})


def test_a_repeated_key_names_the_accepted_call(town: Founder) -> None:
    here = town()
    here.write(start={})
    key = {"x-line-retry-key": str(uuid4())}
    body = {"to": USER, "messages": [words()]}
    first = here.call("POST", "message/push", body, **key)
    again = here.call("POST", "message/push", body, **key)
    assert again.status_code == 409
    accepted = again.headers["x-line-accepted-request-id"]
    assert accepted == first.headers["x-line-request-id"]
    assert again.json()["sentMessages"] == first.json()["sentMessages"]
    assert here.bubbles() == ["x"]


def test_a_group_is_heard_and_answered(town: Founder) -> None:
    here = town()
    path = "/simulator/line/chats/-5/messages"
    here.phone.post(path, json={"text": "halo"}).raise_for_status()
    [heard] = here.events(1)
    assert (heard.kind, heard.address, heard.text) == (Kind.GROUP, f"C{5:032x}", "")
    ids(here.channel.send(replace(answer_to(heard), reply_token="")))


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_how_long_tokens_and_keys_live() -> None:
    clock = Clock()
    ledger = Ledger(60, 0, clock)
    kept, late, renewed = (ledger.issue(CHAT) for _ in range(3))
    clock.now += 60
    assert ledger.spend(kept) == CHAT
    ledger.renew(renewed)
    ledger.accept("key", "request", {})
    clock.now += 1
    assert ledger.spend(renewed) == CHAT
    for token in (kept, late, renewed, "other"):
        with pytest.raises(Refusal):
            ledger.spend(token)
    with pytest.raises(Refusal):
        ledger.check_key("key")
    clock.now += 24 * 3600
    ledger.check_key("key")


def test_a_token_outlives_its_event_by_twenty_minutes_at_most() -> None:
    clock = Clock()
    ledger = Ledger(60, 0, clock)
    token = ledger.issue(CHAT)
    clock.now += 1190
    ledger.renew(token)
    clock.now += 11
    with pytest.raises(Refusal):
        ledger.spend(token)
