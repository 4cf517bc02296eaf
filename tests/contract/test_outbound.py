"""What every channel does with what goes out, on each of its ways."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channel import Channel, Limits, Power
from core.errors import SendCode, SendError, Sent
from core.message import Choice
from core.outbox import _calls
from tests.contract.case import STEADY, ChannelCase, Way
from tests.contract.channels import CHANNELS
from tests.contract.outgoing import (
    BUTTONED,
    TEXT,
    WAYS,
    answering,
    assert_discreet,
    called,
    part,
)
from tests.contract.stub import Answer, Stub, stub_api

LIMITS = [
    (way, case.make("http://127.0.0.1:9").limits(way.address))
    for case in CHANNELS
    for way in case.ways
]
ERRORS = [
    pytest.param(case, way, name, way.errors.get(name, code), id=f"{case.name}-{way.name}-{name}")
    for case in CHANNELS
    for way in case.ways
    for name, code in case.errors.items()
    if name not in way.aside
]
TAKEN = [
    pytest.param(case, way, name, id=f"{case.name}-{way.name}-{name}")
    for case in CHANNELS
    for way in case.ways
    for name in sorted(case.taken)
]


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_an_accepted_part_has_the_platforms_id(case: ChannelCase, way: Way, api: Stub) -> None:
    api.answer(way.sends, way.accepted)
    result = case.make(api.origin).send(part(way, choices=()))
    assert isinstance(result, Sent)
    assert result.platform_id
    assert result.platform_id in json.dumps(way.accepted.body)
    [call] = api.called(way.sends)
    assert way.texts(call) == [TEXT]


@pytest.mark.parametrize(("case", "way", "name", "code"), ERRORS)
def test_every_refusal_has_its_code(
    case: ChannelCase, way: Way, api: Stub, name: str, code: SendCode
) -> None:
    api.answer(way.sends, case.canned(name))
    result = case.make(api.origin).send(part(way))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (code, code not in case.permanent)
    assert (result.retry_after is not None) == (code in {SendCode.THROTTLED, SendCode.QUOTA})
    assert bool(result.moved_to) == (code is SendCode.MOVED)
    assert_discreet(case, repr(result))
    assert called(api, way) == [way.sends]


@pytest.mark.parametrize(("case", "way", "name"), TAKEN)
def test_what_is_no_refusal_counts_as_sent(
    case: ChannelCase, way: Way, api: Stub, name: str
) -> None:
    api.answer(way.sends, case.canned(name))
    assert isinstance(case.make(api.origin).send(part(way)), Sent)
    assert called(api, way) == [way.sends]


def test_every_known_answer_and_every_code_is_tried(case: ChannelCase) -> None:
    known = json.loads(case.read("_api_errors"))
    assert set(case.errors) | case.taken == set(known)
    assert not set(case.errors) & case.taken
    # The other two are the refused connection and the odd answers below.
    others = {SendCode.UNREACHABLE, SendCode.UNCERTAIN}
    assert set(case.errors.values()) == set(SendCode) - others - case.never


ODD = [
    Answer(hang=True),
    Answer(hang_up=True),
    Answer(403, b"<html>Forbidden by a proxy</html>"),
    Answer(404, b"<html>Not here</html>"),
    Answer(403, {"notice": "of another program"}),
    Answer(403, []),
    Answer(400, {"ok": False, "description": "x", "parameters": ["odd"]}),
    Answer(302, b"", headers={"location": "http://127.0.0.1:9/"}),
    Answer(307, b"{}", headers={"location": "/again"}),
    Answer(200, b"<html>hotspot login</html>"),
    Answer(200, b""),
    Answer(200, b"[" * 100_000),
    Answer(200, {"ok": True}),
    Answer(200, {"ok": True, "result": 7}),
    Answer(200, []),
    Answer(200, b'{"ok":true', promised=900),
    Answer(200, b'{"ok":true,"data":{"id":"2090'),
    Answer(200, b"\xff\xfe"),
]


@pytest.mark.parametrize("answer", ODD, ids=lambda answer: repr(answer)[7:60])
@pytest.mark.parametrize(("case", "way"), WAYS)
def test_without_a_proper_answer_it_may_have_been_sent(
    case: ChannelCase, way: Way, api: Stub, answer: Answer
) -> None:
    api.answer(way.sends, answer)
    result = case.make(api.origin).send(part(way))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (SendCode.UNCERTAIN, True)
    assert_discreet(case, repr(result))
    assert len(api.calls) == 1  # no quiet repetition, which would double it


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
@pytest.mark.parametrize(("case", "way"), WAYS)
def test_a_failing_platform_is_told_apart_by_its_status(
    case: ChannelCase, way: Way, api: Stub, status: int
) -> None:
    api.answer(way.sends, Answer(status, b"<html>Service Unavailable</html>"))
    result = case.make(api.origin).send(part(way))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (SendCode.OUTAGE, True)
    assert len(api.calls) == 1
    assert_discreet(case, repr(result))


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_a_refused_connection_surely_sent_nothing(case: ChannelCase, way: Way) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        origin = f"http://127.0.0.1:{closed_soon.getsockname()[1]}"
    result = case.make(origin).send(part(way))
    assert isinstance(result, SendError)
    assert (result.code, result.retryable) == (SendCode.UNREACHABLE, True)
    assert_discreet(case, repr(result))


def test_failures_do_not_spoil_the_next_part(
    case: ChannelCase, channel: Channel, api: Stub
) -> None:
    failures = (Answer(hang_up=True), Answer(503, b"<html>"), Answer(200, b"half", promised=9))
    # More of them than there are connections, so that one kept by a failure would show.
    answering(api, case.ways[0], *failures * 20, case.accepted)
    results = [channel.send(part(case.ways[0], number)) for number in range(61)]
    assert [type(result) for result in results] == [SendError] * 60 + [Sent]


def test_many_threads_send_at_once_and_share_connections(
    case: ChannelCase, channel: Channel, api: Stub
) -> None:
    api.answer(case.sends, case.accepted)
    with ThreadPoolExecutor(16) as threads:
        parts = [part(case.ways[0], number) for number in range(200)]
        results = list(threads.map(channel.send, parts))
    assert len(set(results)) == 1
    assert isinstance(results[0], Sent)
    assert len({call.peer for call in api.calls}) <= 16


# Words, links, emoji of several signs, signs with marks, and signs that weigh double on X.
WRITTEN = st.lists(
    st.sampled_from(
        [
            *("jalan", "rusak", "Jl. Melati", "x" * 60, "\n\n", "tidak.", "…", "•"),
            *("https://contoh.example/laporan/123456", "👍🏽", "👨‍👩‍👧‍👦" * 9, "🇮🇩", "🚧" * 70),
            *("e\u0301" * 50, "a" + "\u0323\u0302" * 20, "ក្នុង", "道路が壊れています"),
        ]
    ),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(("case", "way"), WAYS)
def test_a_long_text_goes_out_whole_in_messages_that_the_platform_takes(
    case: ChannelCase, way: Way
) -> None:
    with stub_api() as api:
        channel = case.make(api.origin)
        limits = channel.limits(way.address)
        api.answer(way.sends, way.accepted)

        @settings(STEADY, max_examples=25)
        @given(tokens=WRITTEN, fill=st.floats(0.1, 2.5))
        def goes_out_whole(tokens: list[str], fill: float) -> None:
            said = " ".join(["Warga:", *tokens])
            said = " ".join([said] * max(1, int(fill * way.longest / len(said))))
            if "http" in said and Power.PUBLIC in channel.powers and way.sends == "tweets":
                said = said.replace("https://contoh.example/", "")  # never in public
            api.calls.clear()
            for number, texts in enumerate(_calls(said, limits)):
                assert len(texts) <= way.messages
                sent = channel.send(part(way, number, *texts, choices=()))
                assert isinstance(sent, Sent)
            shown = [text for call in api.calls for text in way.texts(call)]
            assert max(map(way.measure, shown)) <= way.longest
            assert _unmarked(shown, limits) == "".join(said.split())

        goes_out_whole()


def _unmarked(shown: list[str], limits: Limits) -> str:
    """Return the texts without blanks, and without the marks that numbered parts have."""
    if limits.numbered and len(shown) > 1:
        marks = [f" ({number}/{len(shown)})" for number in range(1, len(shown) + 1)]
        assert all(text.endswith(mark) for text, mark in zip(shown, marks, strict=True))
        shown = [text.removesuffix(mark) for text, mark in zip(shown, marks, strict=True)]
    return "".join("".join(shown).split())


@STEADY
@given(said=WRITTEN.map(" ".join))
def test_no_channel_finds_a_text_shorter_than_its_platform_does(said: str) -> None:
    for way, limits in LIMITS:
        assert limits.text <= way.longest
        assert limits.measure(said) >= way.measure(said)


LABELS = [
    "Kirim",
    "x" * 64,
    "Ubah isi laporan ini sekarang",
    "🚧" * 40,
    "👨‍👩‍👧‍👦" * 30,
    "e\u0301" * 70,
]


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label[:5])
@pytest.mark.parametrize("sign", ["v", "é", "道"])
@pytest.mark.parametrize(("case", "way"), BUTTONED)
def test_buttons_go_out_as_the_platform_takes_them(
    case: ChannelCase, way: Way, api: Stub, label: str, sign: str
) -> None:
    channel = case.make(api.origin)
    limits = channel.limits(way.address)
    most = sign * (limits.choice_bytes // len(sign.encode()))
    values = [f"{number}:{most}"[: len(most)] for number in range(limits.choices)]
    api.answer(way.sends, way.accepted)
    sent = channel.send(part(way, choices=tuple(Choice(label, value) for value in values)))
    assert isinstance(sent, Sent)
    [call] = api.called(way.sends)
    assert way.buttons is not None
    shown = way.buttons(call)
    assert [value for _, value in shown] == values
    for wanted, sizes in ((case.labels, [it[0] for it in shown]), (case.values, values)):
        assert all(sizes)
        if wanted:
            most_allowed, measure = wanted
            assert max(map(measure, sizes)) <= most_allowed
    assert all(it[0][:4] == label[:4] for it in shown)


def test_rates_are_fit_to_be_kept(case: ChannelCase, channel: Channel) -> None:
    for way in case.ways:
        rates = channel.rates(way.address)
        assert rates
        assert len({(rate.name, rate.per_address) for rate in rates}) == len(rates)
        assert all(rate.name and rate.count > 0 and rate.seconds > 0 for rate in rates)
        assert any(rate.per_address for rate in rates) == case.chat_rate
