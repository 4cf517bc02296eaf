"""What every channel does with what comes in."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channel import Channel, Power
from core.errors import BrokenPayload
from core.message import Inbound, Kind
from core.text import clean
from tests.contract.case import STEADY, ChannelCase, Where, get
from tests.contract.channels import CHANNELS

NOWHERE = "http://127.0.0.1:9"
ODD: list[object] = [None, 5, "x", [], {}, {"type": 5, "message": []}, {"id": [], "timestamp": {}}]
BAD = [
    pytest.param(case, where, bad, id=f"{case.name}-{where[-1]}-{bad}")
    for case in CHANNELS
    for where in case.batches
    for bad in ODD
]
EMPTY = [
    pytest.param(case, body, id=f"{case.name}-{number}")
    for case in CHANNELS
    for number, body in enumerate(case.empty)
]
MADE = [(case, case.make(NOWHERE)) for case in CHANNELS]
SAMPLES = [
    pytest.param(case, path, id=f"{case.name}-{path.stem}")
    for case in CHANNELS
    for path in sorted(case.samples.glob("[!_]*.json"))
]


def agree(channel: Channel, events: list[Inbound]) -> None:
    """Assert what holds for the events of any body."""
    for event in events:
        assert channel.parse(event.raw) == [event]
        assert event.channel == channel.name
        assert event.external_id
        for words in (event.text, event.choice, event.address, event.album, event.reply_token):
            assert words == clean(words)
        assert event.name == " ".join(clean(event.name).split())[:200]


def test_signed_bodies_pass(case: ChannelCase, channel: Channel) -> None:
    body = case.read(case.text_sample)
    assert channel.verify(case.sign(body), body)


def test_bodies_signed_with_the_secret_being_replaced_pass(
    case: ChannelCase, channel: Channel
) -> None:
    body = case.read(case.text_sample)
    assert channel.verify(case.sign_old(body), body)


def test_forged_and_unsigned_bodies_fail(case: ChannelCase, channel: Channel) -> None:
    body = case.read(case.text_sample)
    right = case.sign(body)
    assert not channel.verify({}, body)
    assert not channel.verify(case.sign_forged(body), body)
    for name, value in right.items():
        for wrong in ("", value + "x", value.upper(), "ñ" + value, "\ud800", "\x00", "x" * 100_000):
            assert not channel.verify({**right, name: wrong}, body)


def test_stale_bodies_fail(case: ChannelCase, channel: Channel) -> None:
    body = case.read(case.text_sample)
    old = case.stale(body) if case.stale else {}
    assert not channel.verify(old, body)


def test_a_secret_that_was_removed_verifies_nothing(case: ChannelCase) -> None:
    body, settled = case.read(case.text_sample), case.settled(NOWHERE)
    assert settled.verify(case.sign(body), body)
    assert not settled.verify(case.sign_old(body), body)


def test_a_body_that_was_changed_or_cut_fails_unless_only_the_sender_is_signed(
    case: ChannelCase, channel: Channel
) -> None:
    body = case.read(case.text_sample)
    signature = case.sign(body)
    passes = signature == case.sign(b"")  # Telegram shows a secret and signs nothing
    for other in (body[:-1], body + b" ", body.replace(b"a", b"b", 1), b""):
        assert channel.verify(signature, other) is passes


@pytest.mark.parametrize(("case", "path"), SAMPLES)
def test_every_sample_survives_the_round_trip(case: ChannelCase, path: Path) -> None:
    channel = case.make(NOWHERE)
    events = channel.parse(path.read_bytes())
    assert events
    agree(channel, events)


def test_kinds_are_told_apart(case: ChannelCase, channel: Channel) -> None:
    found = {kind: {e.kind for e in channel.parse(case.read(s))} for kind, s in case.kinds.items()}
    assert found == {kind: {kind} for kind in case.kinds}


def test_content_is_taken_over(case: ChannelCase, channel: Channel) -> None:
    for field, sample in case.content.items():
        [event] = channel.parse(case.read(sample))
        assert getattr(event, field), field


def test_the_citizen_is_called_what_the_platform_calls_him(
    case: ChannelCase, channel: Channel
) -> None:
    assert case.names
    for sample, name in case.names.items():
        found = {event.name for event in channel.parse(case.read(sample))}
        assert found == {name}, sample
        for event in channel.parse(case.read(sample)):
            assert not name or name not in repr(replace(event, raw=b""))


def test_what_belongs_to_no_conversation_has_no_address(
    case: ChannelCase, channel: Channel
) -> None:
    for sample in case.unspoken:
        [event] = channel.parse(case.read(sample))
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
    events = channel.parse(case.says(sent))
    agree(channel, events)
    assert [(event.kind, event.text) for event in events] == [(Kind.MESSAGE, read_as)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=15,
)


@STEADY
@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_raises_anything_else(body: bytes) -> None:
    for _, channel in MADE:
        try:
            events = channel.parse(body)
        except BrokenPayload:
            continue
        agree(channel, events)


@pytest.mark.parametrize(("case", "where", "bad"), BAD)
def test_a_bad_event_in_the_middle_spoils_no_other(
    case: ChannelCase, where: Where, bad: object
) -> None:
    channel = case.make(NOWHERE)
    alone = [channel.parse(case.says(f"pesan {number}", number))[0] for number in (1, 2)]
    body = case.together(where, case.item(where, 1), bad, case.item(where, 2))
    events = channel.parse(body)
    agree(channel, events)
    first, odd, second = events
    assert [replace(it, raw=b"") for it in (first, second)] == [
        replace(it, raw=b"") for it in alone
    ]
    assert (odd.kind, odd.address) == (Kind.UNKNOWN, "")
    assert len({event.external_id for event in events}) == 3
    assert b"pesan 2" not in first.raw + odd.raw
    assert b"pesan 1" not in second.raw + odd.raw


@pytest.mark.parametrize(("case", "body"), EMPTY)
def test_an_empty_batch_has_no_events(case: ChannelCase, body: bytes) -> None:
    assert case.make(NOWHERE).parse(body) == []


def test_what_happens_to_a_message_names_it_and_is_an_event_of_its_own(
    case: ChannelCase, channel: Channel
) -> None:
    for kind, pair in ((Kind.EDIT, case.edited), (Kind.WITHDRAWN, case.withdrawn)):
        assert (pair is not None) == (kind in case.kinds)
        if pair:
            [before], [after] = (channel.parse(case.read(sample)) for sample in pair)
            assert after.kind is kind
            assert after.message_id == before.message_id != ""
            assert after.address == before.address != ""
            assert after.external_id != before.external_id


def test_messages_are_told_apart_and_redelivery_is_not(case: ChannelCase, channel: Channel) -> None:
    bodies = [case.says("halo", number) for number in range(30)]
    events = [event for body in bodies for event in channel.parse(body)]
    assert len({event.external_id for event in events}) == 30
    assert len({event.message_id for event in events}) == 30
    assert [event for body in bodies for event in channel.parse(body)] == events


def test_messages_without_their_ids_are_told_apart(case: ChannelCase, channel: Channel) -> None:
    bodies = []
    for text in ("lampu mati", "jalan rusak"):
        body = json.loads(case.says(text))
        for where in case.ids:
            del get(body, where[:-1])[where[-1]]
        bodies.append(json.dumps(body).encode())
    events = [channel.parse(body)[0] for body in bodies]
    assert len({event.external_id for event in events}) == 2
    assert [channel.parse(body)[0] for body in bodies] == events


def test_an_album_is_one_name_on_events_of_their_own(case: ChannelCase, channel: Channel) -> None:
    events = [event for body in case.pictures() for event in channel.parse(body)]
    assert (len(events) > 1) == (Power.ALBUMS in channel.powers)
    assert len({event.external_id for event in events}) == len(events)
    assert len({event.message_id for event in events}) == len(events)
    assert len({event.album for event in events} - {""}) == (1 if events else 0)
    assert all(len(event.attachments) == 1 for event in events)
