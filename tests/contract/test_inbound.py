"""What every channel does with what comes in."""

import json
import math
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channel import Channel
from core.errors import BrokenPayload
from core.message import Inbound, Kind
from core.text import clean
from tests.contract.channels import CHANNELS, ChannelCase

NOWHERE = "http://127.0.0.1:9"
MADE = [(case, case.make(NOWHERE)) for case in CHANNELS]
SAMPLES = [
    pytest.param(case, path, id=f"{case.name}-{path.stem}")
    for case in CHANNELS
    for path in sorted(case.samples.glob("[!_]*.json"))
]


def read(case: ChannelCase, sample: str) -> bytes:
    return (case.samples / f"{sample}.json").read_bytes()


def with_text(case: ChannelCase, text: str) -> bytes:
    """The text sample, with another text."""
    sample = read(case, case.text_sample).decode()
    [event] = case.make(NOWHERE).parse(sample.encode())
    old = json.dumps(event.text, ensure_ascii=False)
    assert old in sample
    return sample.replace(old, json.dumps(text)).encode()


def agree(channel: Channel, events: list[Inbound]) -> None:
    """Assert what holds for the events of any body."""
    for event in events:
        assert channel.parse(event.raw) == [event]
        assert event.channel == channel.name
        assert event.external_id
        for words in (event.text, event.choice, event.address, event.album, event.reply_token):
            assert words == clean(words)


def test_signed_bodies_pass(case: ChannelCase, channel: Channel) -> None:
    body = read(case, case.text_sample)
    assert channel.verify(case.sign(body), body)


def test_bodies_signed_with_the_secret_being_replaced_pass(
    case: ChannelCase, channel: Channel
) -> None:
    body = read(case, case.text_sample)
    assert channel.verify(case.sign_old(body), body)


def test_forged_and_unsigned_bodies_fail(case: ChannelCase, channel: Channel) -> None:
    body = read(case, case.text_sample)
    right = case.sign(body)
    assert not channel.verify({}, body)
    assert not channel.verify(case.sign_forged(body), body)
    for name, value in right.items():
        for wrong in ("", value + "x", value.upper(), "ñ" + value, "\ud800", "\x00", "x" * 100_000):
            assert not channel.verify({**right, name: wrong}, body)


def test_stale_bodies_fail(case: ChannelCase, channel: Channel) -> None:
    body = read(case, case.text_sample)
    old = case.stale(body) if case.stale else {}
    assert not channel.verify(old, body)


def test_a_get_request_without_a_secret_is_refused(channel: Channel) -> None:
    assert channel.handshake({}) is None


@pytest.mark.parametrize(("case", "path"), SAMPLES)
def test_every_sample_survives_the_round_trip(case: ChannelCase, path: Path) -> None:
    channel = case.make(NOWHERE)
    events = channel.parse(path.read_bytes())
    assert events
    agree(channel, events)


def test_kinds_are_told_apart(case: ChannelCase, channel: Channel) -> None:
    found = {kind: {e.kind for e in channel.parse(read(case, s))} for kind, s in case.kinds.items()}
    assert found == {kind: {kind} for kind in case.kinds}


def test_content_is_taken_over(case: ChannelCase, channel: Channel) -> None:
    for field, sample in case.content.items():
        [event] = channel.parse(read(case, sample))
        assert getattr(event, field), field


def test_what_belongs_to_no_conversation_has_no_address(
    case: ChannelCase, channel: Channel
) -> None:
    for sample in case.unspoken:
        [event] = channel.parse(read(case, sample))
        assert (event.kind, event.address) == (Kind.UNKNOWN, "")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b'{"a":1}}',
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b"\xff\xfe",
        b'{"a":"\xc3"}',
        b"[" * 200_000,
        b"\x00" * 100,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_no_json_object_is_broken(channel: Channel, body: bytes) -> None:
    with pytest.raises(BrokenPayload):
        channel.parse(body)


def test_an_object_of_unknown_shape_is_kept(channel: Channel) -> None:
    bodies = [b"{}", b'{"a":[]}', b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"]
    for body in bodies:
        events = channel.parse(body)
        agree(channel, events)
        assert [event.kind for event in events] == [Kind.UNKNOWN]
    assert len({channel.parse(body)[0].external_id for body in bodies}) == 3


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [
        ("a" * 2**20, "a" * 2**20),
        ("\x00", ""),
        ("a\x00b\ud800c", "abc".replace("bc", "b\ufffdc")),
        ("👨‍👩‍👧‍👦" * 300, "👨‍👩‍👧‍👦" * 300),
        ("satu\r\ndua\ttiga", "satu\ndua\ttiga"),
    ],
    ids=["1 MiB", "NUL", "surrogate", "emoji", "newline"],
)
def test_odd_texts(case: ChannelCase, channel: Channel, sent: str, read_as: str) -> None:
    events = channel.parse(with_text(case, sent))
    agree(channel, events)
    assert [(event.kind, event.text) for event in events] == [(Kind.MESSAGE, read_as)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=15,
)


@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_raises_anything_else(body: bytes) -> None:
    for _, channel in MADE:
        try:
            events = channel.parse(body)
        except BrokenPayload:
            continue
        agree(channel, events)


def _paths(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every part of a JSON value, the value itself first."""
    yield path
    if isinstance(value, list):
        value = dict(enumerate(value))
    for key, item in value.items() if isinstance(value, dict) else ():
        yield from _paths(item, (*path, key))


def _replaced(value: object, path: tuple[Any, ...], new: object) -> object:
    if not path:
        return new
    copied: Any = copy(value)
    copied[path[0]] = _replaced(copied[path[0]], path[1:], new)
    return copied


ODD: st.SearchStrategy[object] = st.sampled_from(
    [
        *(None, True, False, -1, 0, 2**63, -(2**63), 10**30, 1.5, 1e308, math.nan, math.inf),
        *("", "1", "\x00", "\ud800", "x" * 5000, [], {}, [1], [[]], {"id": []}),
    ]
)


@given(data=st.data())
def test_a_sample_with_one_field_of_another_type_raises_nothing_else(data: st.DataObject) -> None:
    for case, channel in MADE:
        path = data.draw(st.sampled_from(sorted(case.samples.glob("[!_]*.json"))))
        sample = json.loads(path.read_bytes())
        where = data.draw(st.sampled_from(list(_paths(sample))))
        body = json.dumps(_replaced(sample, where, data.draw(ODD | JSON))).encode()
        try:
            events = channel.parse(body)
        except BrokenPayload:
            assert not where
            continue
        agree(channel, events)
