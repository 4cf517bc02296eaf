"""Reply or push: which way a part goes out to LINE, and what is never done twice."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.line import LineChannel
from channels.line.outbound import Way, way
from core.errors import SendCode, SendError, Sent
from core.message import UNRECORDED, Outbound
from tests.channels.line_parts import ACCEPTED, CITIZEN, KEY, LOST, SENT, USED_UP, part, paths
from tests.contract.stub import Answer, Stub

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FRESH = timedelta(seconds=50)


@pytest.mark.parametrize(
    ("age", "memo", "after", "chosen"),
    [
        (None, "", "", Way.PUSH),
        (0, "", "", Way.REPLY),
        (49.9, "", "", Way.REPLY),
        (50, "", "", Way.PUSH),
        (1200, "", "", Way.PUSH),
        (-1, "", "", Way.REPLY),  # clocks of two machines
        (0, "", "461230966842064897", Way.PUSH),  # the first part has used the token
        (0, "reply", "", Way.REPLY),
        (49.9, "reply", "", Way.REPLY),
        (50, "reply", "", Way.LOST),
        (None, "reply", "", Way.LOST),
        (0, "push", "", Way.PUSH),
        (1200, "push", "", Way.PUSH),
        (None, "push", "", Way.PUSH),
        (0, UNRECORDED, "", Way.REPLY),
        (50, UNRECORDED, "", Way.PUSH),
    ],
)
def test_the_way_out(age: float | None, memo: str, after: str, chosen: Way) -> None:
    token_at = None if age is None else NOW - timedelta(seconds=age)
    token = "" if age is None else "token-1"
    made = Outbound(
        KEY, CITIZEN, ("x",), reply_token=token, token_at=token_at, memo=memo, after=after
    )
    assert way(made, NOW, FRESH) is chosen


@pytest.mark.parametrize(("token", "at"), [("token-1", None), ("", NOW)])
def test_half_a_reply_token_is_none(token: str, at: datetime | None) -> None:
    made = Outbound(KEY, CITIZEN, ("x",), reply_token=token, token_at=at)
    assert way(made, NOW, FRESH) is Way.PUSH


# Age of the token, memo, what LINE answers to reply and push -> result, calls.
ROADS = [
    (1, "", [], ["reply"], Sent("r")),
    (1, "", [USED_UP], ["reply", "push"], Sent("p")),
    (1, UNRECORDED, [USED_UP], ["reply"], Sent("")),
    (51, UNRECORDED, [], ["push"], Sent("p")),
    (1, "", [LOST], ["reply"], (SendCode.UNCERTAIN, True, "reply")),
    (1, "", [Answer(hang_up=True)], ["reply"], (SendCode.UNCERTAIN, True, "reply")),
    (1, "", [Answer(200, b"<html>")], ["reply"], (SendCode.UNCERTAIN, True, "reply")),
    (1, "", [Answer(200, {})], ["reply"], (SendCode.UNCERTAIN, True, "reply")),
    (1, "", [Answer(403, b"<html>")], ["reply"], (SendCode.UNCERTAIN, True, "reply")),
    (1, "", [Answer(500, {"message": "x"})], ["reply"], (SendCode.OUTAGE, True, "")),
    (1, "", [Answer(429, {"message": "rate limit"})], ["reply"], (SendCode.THROTTLED, True, "")),
    (1, "", [Answer(401, {"message": "x"})], ["reply"], (SendCode.CREDENTIALS, True, "")),
    (1, "", [Answer(400, {"message": "x"})], ["reply"], (SendCode.REJECTED, False, "")),
    (1, "reply", [], ["reply"], Sent("r")),
    (1, "reply", [USED_UP], ["reply"], Sent("")),
    (1, "reply", [LOST], ["reply"], (SendCode.UNCERTAIN, True, "reply")),
    (1, "reply", [Answer(500, b"")], ["reply"], (SendCode.OUTAGE, True, "reply")),
    (1, "reply", [Answer(429, {"message": "x"})], ["reply"], (SendCode.THROTTLED, True, "reply")),
    (60, "reply", [], [], (SendCode.UNCERTAIN, False, "")),
    (None, "reply", [], [], (SendCode.UNCERTAIN, False, "")),
    (60, "", [], ["push"], Sent("p")),
    (None, "", [], ["push"], Sent("p")),
    (1, "push", [], ["push"], Sent("p")),
]


@pytest.mark.parametrize(("age", "memo", "replies", "called", "expected"), ROADS, ids=repr)
def test_replies_and_pushes(
    line: LineChannel,
    api: Stub,
    age: float | None,
    memo: str,
    replies: list[Answer],
    called: list[str],
    expected: object,
) -> None:
    api.answer("reply", *(replies or [Answer(200, {"sentMessages": [{"id": "r"}]})]))
    api.answer("push", Answer(200, {"sentMessages": [{"id": "p"}]}))
    result = line.send(part(age=age, memo=memo))
    if isinstance(result, SendError):
        assert (result.code, result.retryable, result.memo) == expected
    else:
        assert result == expected
    assert paths(api) == called


def test_a_reply_that_may_have_arrived_is_soon_tried_again(line: LineChannel, api: Stub) -> None:
    api.answer("reply", LOST)
    result = line.send(part(age=1))
    assert isinstance(result, SendError)
    assert result.retry_after
    assert result.retry_after <= timedelta(seconds=2)


def test_a_reply_that_can_no_longer_be_known_is_named(line: LineChannel, api: Stub) -> None:
    result = line.send(part(age=51, memo="reply"))
    assert isinstance(result, SendError)
    assert result.detail == "reply outcome unknown"
    assert not api.calls


@pytest.mark.parametrize(
    "answer",
    [
        Answer(
            409, {"message": "The retry key is already accepted", "sentMessages": [{"id": "p"}]}
        ),
        Answer(200, {"sentMessages": [{"id": "o"}, {"id": "p", "quoteToken": "q"}]}),
    ],
)
def test_a_push_that_was_accepted_is_sent(line: LineChannel, api: Stub, answer: Answer) -> None:
    api.answer("push", answer)
    assert line.send(part()) == Sent("p")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"message": "The retry key is already accepted"}, ""),
        ({"message": "x", "sentMessages": []}, ""),
        ({"message": "x", "sentMessages": [5]}, ""),
        ({"message": "x", "sentMessages": [{"id": 5}]}, ""),
    ],
)
def test_an_accepted_push_without_an_id_is_sent(
    line: LineChannel, api: Stub, body: object, expected: str
) -> None:
    api.answer("push", Answer(409, body))
    assert line.send(part()) == Sent(expected)


def test_another_servers_409_is_no_acceptance(line: LineChannel, api: Stub) -> None:
    api.answer("push", Answer(409, b"<html>Conflict</html>"))
    result = line.send(part())
    assert isinstance(result, SendError)
    assert (result.code, result.memo) == (SendCode.UNCERTAIN, "push")


def test_a_failed_push_is_only_pushed_again(line: LineChannel, api: Stub) -> None:
    api.answer("push", LOST, ACCEPTED)
    first = line.send(part(age=60))
    assert isinstance(first, SendError)
    assert (first.code, first.memo) == (SendCode.UNCERTAIN, "push")
    assert line.send(part(age=1, memo=first.memo)) == Sent(SENT)
    assert paths(api) == ["push", "push"]
    assert len({call.headers["x-line-retry-key"] for call in api.calls}) == 1
