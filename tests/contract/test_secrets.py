"""No channel tells a secret, an address or a citizen's words: to no log, trace, repr or error."""

import json
import logging

import pytest

from core.channel import Call, Channel
from core.errors import SendCode, SendError
from core.text import OUTLINE
from tests.contract.case import ChannelCase, Way
from tests.contract.outgoing import TEXT, WAYS, answering, assert_discreet, part
from tests.contract.stub import Answer, Stub


def quoting(case: ChannelCase, way: Way) -> list[Answer]:
    """Return answers of platforms and proxies that repeat what they were sent, and who sent it."""
    words = " ".join([TEXT, way.address, way.reply_token, *case.secrets])
    return [
        case.refusal(words),
        Answer(200, words.encode()),
        Answer(200, {"text": words, "list": [words, {"name": words}]}),
        Answer(404, f"<html>{words}</html>".encode()),
        Answer(503, json.dumps({"error": words}).encode()),
        Answer(302, words.encode(), headers={"location": f"http://127.0.0.1:9/{way.address}"}),
    ]


def everything(case: ChannelCase, way: Way) -> list[Answer]:
    """Return an answer of each sort."""
    rows = [case.canned(name) for name in {**case.errors, **dict.fromkeys(case.taken)}]
    return [way.accepted, *rows, *quoting(case, way), Answer(hang_up=True)]


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_every_call_is_traced_once_and_tells_nothing(
    case: ChannelCase, way: Way, api: Stub
) -> None:
    calls: list[Call] = []
    channel = case.make(api.origin)
    channel.watch(calls.append)
    for number, answer in enumerate([*everything(case, way), Answer(hang=True)]):
        calls.clear()
        api.calls.clear()
        answering(api, way, answer)
        result = channel.send(part(way, number))
        assert len(calls) == len(api.calls) >= 1
        status = 0 if answer.hang or answer.hang_up else answer.status
        assert {call.status for call in calls} == {status}
        for call, made in zip(calls, api.calls, strict=True):
            verb, _, name = call.method.partition(" ")
            assert verb == made.method
            assert made.name in name
        assert all(0 <= call.seconds < 10 and len(call.body) <= OUTLINE for call in calls)
        if not 200 <= status < 300:
            refused = isinstance(result, SendError)
            assert all((call.code in set(SendCode)) is refused for call in calls)
        assert_discreet(case, *map(repr, calls))


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_an_unreachable_platform_is_traced(case: ChannelCase, way: Way) -> None:
    calls: list[Call] = []
    channel = case.make("http://127.0.0.1:9")
    channel.watch(calls.append)
    channel.send(part(way))
    assert [(call.status, call.code) for call in calls] == [(0, SendCode.UNREACHABLE)]
    assert_discreet(case, *map(repr, calls))


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_an_error_is_told_without_what_the_platform_quotes(
    case: ChannelCase, way: Way, api: Stub
) -> None:
    channel = case.make(api.origin)
    for number, answer in enumerate(quoting(case, way)):
        answering(api, way, answer)
        result = channel.send(part(way, number))
        assert isinstance(result, SendError)
        assert result.detail
        assert_discreet(case, result.detail, result.memo, repr(result))


def test_it_knows_its_secrets(case: ChannelCase, channel: Channel) -> None:
    assert sorted(channel.secrets) == sorted(case.secrets)


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_no_secret_in_logs_or_reprs(
    case: ChannelCase, way: Way, api: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(logging.DEBUG, logger=name)
    channel = case.make(api.origin)
    answers = everything(case, way)
    answering(api, way, *answers)
    results = [channel.send(part(way, number)) for number in range(len(answers))]
    results.append(case.make("http://127.0.0.1:9").send(part(way)))
    body = case.says(TEXT)
    channel.verify(case.sign_forged(body), body)
    channel.parse(body)
    assert caplog.records  # something was written, or this test shows nothing
    assert_discreet(case, caplog.text, *map(repr, results))
    assert_discreet(case, *map(repr, (channel, vars(channel))))
