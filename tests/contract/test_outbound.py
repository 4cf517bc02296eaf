"""What every channel does with what goes out, and that it never tells a secret."""

import json
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from core.channel import Channel
from core.errors import SendCode, SendError, Sent
from core.message import Choice, Outbound
from core.text import split, units
from tests.contract.channels import CHANNELS, ChannelCase
from tests.contract.stub import Answer, Stub

TEXT = "teks warga yang tidak boleh bocor"
ERRORS = [
    pytest.param(case, name, code, id=f"{case.name}-{name}")
    for case in CHANNELS
    for name, code in case.errors.items()
]


def part(case: ChannelCase, number: int = 1) -> Outbound:
    return Outbound(UUID(int=number), case.address, TEXT, (Choice("Kirim", "kirim"),))


def canned(case: ChannelCase, name: str) -> Answer:
    found = json.loads((case.samples / "_api_errors.json").read_bytes())[name]
    return Answer(found["http"], found["body"])


def assert_discreet(case: ChannelCase, *texts: str) -> None:
    for text in texts:
        for hidden in (*case.secrets, TEXT, case.address):
            assert hidden not in text


def test_an_accepted_part_has_the_platforms_id(
    case: ChannelCase, channel: Channel, api: Stub
) -> None:
    api.answer(case.sends, case.accepted)
    assert channel.send(part(case)) == Sent(case.platform_id)
    [call] = api.called(case.sends)
    assert TEXT in call.fields.values()


@pytest.mark.parametrize(("case", "name", "code"), ERRORS)
def test_every_refusal_has_its_code(
    case: ChannelCase, api: Stub, name: str, code: SendCode
) -> None:
    api.answer(case.sends, canned(case, name))
    result = case.make(api.origin).send(part(case))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (code, code not in case.permanent)
    assert (result.retry_after is not None) == (code is SendCode.THROTTLED)
    assert bool(result.moved_to) == (code is SendCode.MOVED)
    assert_discreet(case, repr(result))
    assert len(api.called(case.sends)) == 1


def test_every_code_of_the_tree_is_tried(case: ChannelCase) -> None:
    # The other two are the refused connection and the odd answers below.
    assert set(case.errors.values()) == set(SendCode) - {SendCode.UNREACHABLE, SendCode.UNCERTAIN}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(hang=True),
        Answer(hang_up=True),
        Answer(403, b"<html>Forbidden by a proxy</html>"),
        Answer(404, b"<html>Not here</html>"),
        Answer(403, {"message": "of another program"}),
        Answer(403, []),
        Answer(400, {"ok": False, "description": "x", "parameters": ["odd"]}),
        Answer(302, b"", headers={"location": "http://127.0.0.1:9/"}),
        Answer(200, b"<html>hotspot login</html>"),
        Answer(200, b""),
        Answer(200, b"[" * 100_000),
        Answer(200, {"ok": True}),
        Answer(200, {"ok": True, "result": 7}),
        Answer(200, []),
        Answer(200, b'{"ok":true', promised=900),
        Answer(200, b"\xff\xfe"),
    ],
    ids=lambda answer: repr(answer)[7:60],
)
def test_without_a_proper_answer_it_may_have_been_sent(
    case: ChannelCase, channel: Channel, api: Stub, answer: Answer
) -> None:
    api.answer(case.sends, answer)
    result = channel.send(part(case))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (SendCode.UNCERTAIN, True)
    assert_discreet(case, repr(result))
    assert len(api.called(case.sends)) == 1  # no quiet repetition, which would double it


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_failing_platform_is_told_apart_by_its_status(
    case: ChannelCase, channel: Channel, api: Stub, status: int
) -> None:
    api.answer(case.sends, Answer(status, b"<html>Service Unavailable</html>"))
    result = channel.send(part(case))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (SendCode.OUTAGE, True)
    assert_discreet(case, repr(result))


def test_a_refused_connection_surely_sent_nothing(case: ChannelCase) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        origin = f"http://127.0.0.1:{closed_soon.getsockname()[1]}"
    result = case.make(origin).send(part(case))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (SendCode.UNREACHABLE, True)
    assert_discreet(case, repr(result))


def test_failures_do_not_spoil_the_next_part(
    case: ChannelCase, channel: Channel, api: Stub
) -> None:
    failures = (Answer(hang_up=True), Answer(503, b"<html>"), Answer(200, b"half", promised=9))
    # More of them than there are connections, so that one kept by a failure would show.
    api.answer(case.sends, *failures * 20, case.accepted)
    results = [channel.send(part(case, number)) for number in range(61)]
    assert [type(result) for result in results] == [SendError] * 60 + [Sent]


def test_many_threads_send_at_once_and_share_connections(
    case: ChannelCase, channel: Channel, api: Stub
) -> None:
    api.answer(case.sends, case.accepted)
    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(lambda number: channel.send(part(case, number)), range(200)))
    assert results == [Sent(case.platform_id)] * 200
    assert len({call.peer for call in api.calls}) <= 16


def test_split_parts_are_within_the_limits(case: ChannelCase, channel: Channel) -> None:
    limits = channel.limits
    for text in ("kata " * 5000, "x" * 9000, "👨‍👩‍👧‍👦" * 2000):
        parts = split(text, limits.text, limits.unit)
        assert max(units(part, limits.unit) for part in parts) <= limits.text
        assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_it_knows_its_secrets(case: ChannelCase, channel: Channel) -> None:
    assert sorted(channel.secrets) == sorted(case.secrets)


def test_no_secret_in_logs_or_reprs(
    case: ChannelCase, channel: Channel, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    api.answer(
        case.sends,
        case.accepted,
        *(canned(case, name) for name in case.errors),
        Answer(200, b"<html>"),
        Answer(403, b"<html>"),
        Answer(hang_up=True),
        Answer(hang=True),
    )
    results = [channel.send(part(case, number)) for number in range(len(case.errors) + 5)]
    unreachable = case.make("http://127.0.0.1:9").send(part(case))
    assert caplog.records  # something was written, or this test shows nothing
    assert_discreet(case, caplog.text, *map(repr, [*results, unreachable]))
    assert_discreet(case, *map(repr, (channel, vars(channel))))
