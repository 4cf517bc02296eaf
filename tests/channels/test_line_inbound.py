"""What becomes of each kind of LINE event."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.line.inbound import parse
from core.errors import BrokenPayload
from core.message import Attachment, Inbound, Kind, Media, Place
from tests.contract.channels import LINE

CITIZEN = "U8189cf6745fc0d808977bdb0b9f22995"
GROUP = "C" + "a" * 32


def sample(name: str) -> Inbound:
    [event] = parse((LINE.samples / f"{name}.json").read_bytes())
    return event


def event(**fields: object) -> dict[str, Any]:
    """A text event with some fields changed; None takes one away."""
    made: dict[str, Any] = {
        "type": "message",
        "mode": "active",
        "timestamp": 1795000001000,
        "source": {"type": "user", "userId": CITIZEN},
        "webhookEventId": "01JD8Z0K4Q3V7XN5W2M9000001",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "token-1",
        "message": {"type": "text", "id": "1", "text": "halo"},
    }
    return {name: value for name, value in {**made, **fields}.items() if value is not None}


def body(*events: object) -> bytes:
    return json.dumps({"destination": "U0", "events": events}).encode()


def read(**fields: object) -> Inbound:
    [found] = parse(body(event(**fields)))
    return found


def test_text() -> None:
    raw = (LINE.samples / "text.json").read_bytes()
    assert parse(raw) == [
        Inbound(
            channel="line",
            external_id="01JD8Z0K4Q3V7XN5W2M9000001",
            address=CITIZEN,
            kind=Kind.MESSAGE,
            raw=raw,
            sent_at=datetime(2026, 11, 18, 11, 6, 41, tzinfo=UTC),
            message_id="560000000000000001",
            text="Air PDAM mati sejak kemarin di Perumahan Griya Asri Blok C (hello)",
            reply_token="nHuyWiB7yP5Zw52FIkcQobQuGDXCTA00",
        )
    ]


def test_the_ping_that_verifies_a_webhook_has_no_events() -> None:
    assert parse((LINE.samples / "_verify_ping_empty.json").read_bytes()) == []


@pytest.mark.parametrize(
    ("name", "media", "ref"),
    [
        ("image", Media.PHOTO, "image:560000000000000003"),
        ("image_external", Media.PHOTO, "url:https://media.example/asli.jpg"),
        ("video", Media.VIDEO, "video:560000000000000005"),
        ("audio", Media.VOICE, "audio:560000000000000006"),
        ("file", Media.DOCUMENT, "file:560000000000000007"),
        ("sticker", Media.STICKER, "sticker:1988"),
    ],
)
def test_attachments(name: str, media: Media, ref: str) -> None:
    found = sample(name)
    assert (found.kind, found.text) == (Kind.MESSAGE, "")
    assert [(file.media, file.ref) for file in found.attachments] == [(media, ref)]


def test_what_is_said_about_a_file_is_taken_over() -> None:
    assert sample("file").attachments == (
        Attachment(
            media=Media.DOCUMENT,
            ref="file:560000000000000007",
            unique_ref="560000000000000007",
            name="foto_kerusakan.pdf",
            size=2138,
        ),
    )


@pytest.mark.parametrize(
    "url", ["http://media.example/x", "ftp://x", "", 5, None, "javascript:alert(1)"]
)
def test_a_picture_outside_line_needs_a_safe_address(url: object) -> None:
    provider = {"type": "external", "originalContentUrl": url}
    found = read(message={"type": "image", "id": "1", "contentProvider": provider})
    assert (found.kind, found.attachments) == (Kind.MESSAGE, ())


@pytest.mark.parametrize("number", [None, "", 5, "../x", "a b", "1/2", "x" * 129, "\x00"])
def test_a_file_without_a_usable_id_is_no_attachment(number: object) -> None:
    found = read(message={"type": "image", "id": number})
    assert (found.kind, found.attachments, found.message_id) == (Kind.MESSAGE, (), "")


def test_an_album_is_one_name_on_many_messages() -> None:
    found = sample("image_set_item")
    assert found.album == "E005D41A7288F41B65593ED38FF6E9834B046AB36A37921A56BC236F13A91855"
    assert len(found.attachments) == 1


def test_places() -> None:
    found = sample("location")
    place = Place(-7.237, 112.738, "Jembatan Merah, Jl. Rajawali, Surabaya, Jawa Timur")
    assert (found.kind, found.place) == (Kind.MESSAGE, place)


@pytest.mark.parametrize(
    "change",
    [
        {"latitude": None},
        {"latitude": "1"},
        {"latitude": True},
        {"latitude": 90.1},
        {"longitude": -180.1},
        {"latitude": float("nan")},
        {"longitude": float("inf")},
        {"latitude": 10**400},
    ],
)
def test_a_place_that_is_none(change: dict[str, object]) -> None:
    found = read(message={"type": "location", "latitude": 1, "longitude": 2, **change})
    assert (found.kind, found.place) == (Kind.MESSAGE, None)


def test_a_quoted_message_is_named() -> None:
    assert sample("text_quoting").quoted_id == "560000000000000003"


@pytest.mark.parametrize(
    ("name", "choice", "text"),
    [
        ("postback", "aksi=kategori&nilai=sampah&tiket=LPR-2026-000124", ""),
        ("postback_datetime", "aksi=waktu_kejadian", "2026-11-20T07:30"),
    ],
)
def test_pressed_buttons(name: str, choice: str, text: str) -> None:
    found = sample(name)
    assert (found.kind, found.choice, found.text) == (Kind.CHOICE, choice, text)
    assert found.reply_token


@pytest.mark.parametrize("postback", [None, {}, {"data": ""}, {"data": 5}, []])
def test_a_button_without_a_value_is_unknown(postback: object) -> None:
    assert read(type="postback", postback=postback).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("follow", Kind.START),
        ("follow_unblocked", Kind.UNBLOCKED),
        ("unfollow", Kind.BLOCKED),
    ],
)
def test_friendship(name: str, kind: Kind) -> None:
    found = sample(name)
    assert (found.kind, found.address, found.text) == (kind, CITIZEN, "")
    assert bool(found.reply_token) == (kind is not Kind.BLOCKED)


@pytest.mark.parametrize("follow", [None, [], {}, {"isUnblocked": "yes"}, {"isUnblocked": 1}])
def test_a_follow_that_says_no_more_is_a_first_one(follow: object) -> None:
    assert read(type="follow", follow=follow).kind is Kind.START


def test_a_message_taken_back_is_named() -> None:
    found = sample("unsend")
    assert (found.kind, found.message_id) == (Kind.WITHDRAWN, "560000000000000001")


def test_taking_back_nothing_is_unknown() -> None:
    assert read(type="unsend", unsend={}).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("group_text_mention", GROUP),
        ("group_without_user", GROUP),
        ("room_postback", "R" + "b" * 32),
    ],
)
def test_groups_are_named_but_not_read(name: str, group: str) -> None:
    found = sample(name)
    assert (found.kind, found.address) == (Kind.GROUP, group)
    assert (found.text, found.choice, found.attachments) == ("", "", ())
    assert found.reply_token


@pytest.mark.parametrize(
    "source",
    [
        None,
        {},
        [],
        "x",
        {"type": "user"},
        {"type": "user", "userId": CITIZEN[:-1]},
        {"type": "user", "userId": CITIZEN.upper()},
        {"type": "user", "userId": CITIZEN + "\n"},
        {"type": "user", "userId": 5},
        {"type": "user", "userId": GROUP},
        {"type": "group", "userId": CITIZEN},
        {"type": "group", "groupId": CITIZEN, "userId": CITIZEN},
        {"type": "user", "groupId": GROUP, "userId": CITIZEN},
        {"groupId": GROUP, "userId": CITIZEN},
        {"type": "square", "userId": CITIZEN},
        {"type": ["user"], "userId": CITIZEN},
    ],
    ids=repr,
)
def test_without_a_usable_source_there_is_no_address(source: object) -> None:
    found = read(source=source)
    assert (found.kind, found.address) == (Kind.UNKNOWN, "")
    assert found.external_id == "01JD8Z0K4Q3V7XN5W2M9000001"


@pytest.mark.parametrize("name", ["unknown_kind", "account_link", "joined_group", "without_user"])
def test_what_is_no_conversation_has_no_address(name: str) -> None:
    found = sample(name)
    assert (found.kind, found.address) == (Kind.UNKNOWN, "")


def test_while_another_module_has_the_chat_we_only_keep_it() -> None:
    found = sample("standby_no_reply_token")
    assert (found.kind, found.address, found.text) == (Kind.UNKNOWN, "", "")
    assert b"Pesan saat bot standby" in found.raw


def test_a_message_of_an_unknown_type_is_answered() -> None:
    found = sample("unknown_message")
    assert (found.kind, found.address, found.text) == (Kind.MESSAGE, CITIZEN, "")


@pytest.mark.parametrize("message", [None, [], "x", {}])
def test_a_message_event_without_a_message_is_unknown(message: object) -> None:
    found = read(message=message)
    assert (found.kind, found.address) == (Kind.UNKNOWN, CITIZEN)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nul_text", "Got mampet di gang 3\nTerima kasih"),
        ("lone_surrogate", "Lampu mati \ufffd di gang 4"),
        ("sparse_text", "Pesan tanpa waktu dan tanpa token"),
        ("emoji_300", "👨‍👩‍👧‍👦" * 100 + "🙏🏽" * 100 + "🇮🇩" * 100),
    ],
)
def test_odd_messages_are_messages(name: str, text: str) -> None:
    found = sample(name)
    assert (found.kind, found.text, found.address) == (Kind.MESSAGE, text, CITIZEN)


@pytest.mark.parametrize(
    "timestamp", [None, 0, -5, "1795000101000", 1.5, True, 2**32 * 1000, 10**30, [], {}], ids=repr
)
def test_an_odd_time_is_none(timestamp: object) -> None:
    found = read(timestamp=timestamp)
    assert (found.kind, found.text, found.sent_at) == (Kind.MESSAGE, "halo", None)


def test_a_redelivery_is_known_by_its_id() -> None:
    first, again = read(), read(deliveryContext={"isRedelivery": True})
    assert first.external_id == again.external_id
    assert first.raw != again.raw


@pytest.mark.parametrize("name", [None, "", 7, "a b", "x" * 200, "\x00", []])
def test_without_an_event_id_its_content_names_it_also_when_it_comes_again(name: object) -> None:
    first = read(webhookEventId=name)
    again = read(webhookEventId=name, deliveryContext={"isRedelivery": True})
    other = read(webhookEventId=name, timestamp=1795000001001)
    assert first.external_id.startswith("sha256:")
    assert first.external_id == again.external_id != other.external_id


def test_each_event_of_a_batch_stands_alone() -> None:
    raw = (LINE.samples / "two_events_one_post.json").read_bytes()
    events = parse(raw)
    assert [found.text for found in events] == ["Parkir liar di trotoar", "di depan Stasiun Tugu"]
    for index, found in enumerate(events):
        assert parse(found.raw) == [found]
        envelope = json.loads(found.raw)
        assert envelope["events"] == [json.loads(raw)["events"][index]]
        assert envelope["destination"] == json.loads(raw)["destination"]


@pytest.mark.parametrize("bad", [None, 5, "x", [], {}, {"type": 5}, {"message": []}, float("nan")])
def test_a_bad_event_spoils_no_other(bad: object) -> None:
    good = event(webhookEventId="01A"), event(webhookEventId="01C")
    events = parse(body(good[0], bad, good[1]))
    kinds = [found.kind for found in events]
    assert kinds == [Kind.MESSAGE, Kind.UNKNOWN, Kind.MESSAGE]
    assert [found.external_id for found in (events[0], events[2])] == ["01A", "01C"]
    assert [parse(found.raw) for found in events] == [[found] for found in events]


def test_a_bad_event_is_named_alike_alone_and_in_a_batch() -> None:
    alone, [_, among] = parse(body({"type": 5})), parse(body(event(), {"type": 5}))
    assert alone[0].external_id == among.external_id


@pytest.mark.parametrize("events", [None, {}, "x", 5])
def test_without_a_list_of_events_the_body_is_kept(events: object) -> None:
    raw = json.dumps({"destination": "U0", "events": events}).encode()
    assert [found.kind for found in parse(raw)] == [Kind.UNKNOWN]


def test_an_event_nested_beyond_reason_is_kept() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    raw = b'{"events":[{"x":' + deep + b'},{"type":"message"}]}'
    [found] = parse(raw)
    assert (found.kind, found.raw) == (Kind.UNKNOWN, raw)
    with pytest.raises(BrokenPayload):
        parse(deep)
