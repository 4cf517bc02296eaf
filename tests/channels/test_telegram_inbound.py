"""What becomes of each kind of Telegram update."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.telegram.inbound import parse
from core.message import Attachment, Inbound, Kind, Media, Place
from tests.contract.channels import TELEGRAM

CITIZEN = "5099000001"


def sample(name: str) -> Inbound:
    [event] = parse((TELEGRAM.samples / f"{name}.json").read_bytes())
    return event


def message(**fields: object) -> Inbound:
    """The event of a private text message with some fields changed; None takes one away."""
    made: dict[str, Any] = {
        "message_id": 1,
        "from": {"id": 5, "is_bot": False},
        "chat": {"id": 5, "type": "private"},
        "date": 1795000101,
        "text": "halo",
    }
    made = {name: value for name, value in {**made, **fields}.items() if value is not None}
    [event] = parse(json.dumps({"update_id": 7, "message": made}).encode())
    return event


def test_text() -> None:
    raw = (TELEGRAM.samples / "text.json").read_bytes()
    assert parse(raw) == [
        Inbound(
            channel="telegram",
            external_id="910000001",
            address="5012345678",
            kind=Kind.MESSAGE,
            raw=raw,
            sent_at=datetime(2026, 11, 18, 11, 8, 21, tzinfo=UTC),
            message_id="101",
            text="Pak, lampu jalan di Jl. Melati RT 04/RW 02 Kel. Cipayung mati sudah 3 hari. "
            "Mohon diperbaiki 🙏",
            language="id",
            name="Siti Rahmawati",
        )
    ]


@pytest.mark.parametrize(
    ("sender", "name"),
    [
        ({"first_name": "Warga", "last_name": "Contoh", "username": "warga"}, "Warga Contoh"),
        ({"first_name": "Warga"}, "Warga"),
        ({"first_name": " Warga \n\u0000 Contoh\ud800 "}, "Warga Contoh\ufffd"),
        ({"first_name": "", "username": "warga_contoh"}, "@warga_contoh"),
        ({"first_name": 5, "last_name": None}, ""),
        ({"first_name": "w" * 300}, "w" * 200),
        ({"first_name": "Warga", "is_bot": True}, ""),
        ({}, ""),
    ],
)
def test_names(sender: dict[str, Any], name: str) -> None:
    assert message(**{"from": {"id": 5, **sender}}).name == name


@pytest.mark.parametrize(
    ("name", "media", "ref", "text"),
    [
        ("photo_caption", Media.PHOTO, "AgACAgUAAxkBAAIBx", "Jalan berlubang depan SDN 3, ukuran"),
        ("video", Media.VIDEO, "BAACAgUAAxkBAAICvid", "Banjir di underpass"),
        ("video_note", Media.VIDEO, "DQACAgUAAxkBAAICvn1", ""),
        ("animation", Media.VIDEO, "CgACAgUAAxkBAAICan1", ""),
        ("voice", Media.VOICE, "AwACAgUAAxkBAAICvoc", ""),
        ("audio", Media.AUDIO, "CQACAgUAAxkBAAICau1", "Suara bising"),
        ("document", Media.DOCUMENT, "BQACAgUAAxkBAAICdoc", "Surat dari warga"),
        ("sticker", Media.STICKER, "CAACAgUAAxkBAAICstk", ""),
    ],
)
def test_attachments(name: str, media: Media, ref: str, text: str) -> None:
    event = sample(name)
    assert event.kind is Kind.MESSAGE
    assert [(file.media, file.ref) for file in event.attachments] == [(media, ref)]
    assert event.text.startswith(text)


def test_what_is_said_about_a_file_is_taken_over() -> None:
    assert sample("document").attachments == (
        Attachment(
            media=Media.DOCUMENT,
            ref="BQACAgUAAxkBAAICdoc",
            unique_ref="AgADdoc",
            mime="application/pdf",
            name="surat_pengaduan.pdf",
            size=245760,
        ),
    )


def test_the_largest_photo_counts_whatever_the_order() -> None:
    sizes = [{"file_id": f"f{side}", "width": side, "height": side} for side in (90, 1280, 320)]
    assert [file.ref for file in message(photo=sizes).attachments] == ["f1280"]


def test_an_album_is_one_name_on_many_messages() -> None:
    items = [sample("photo_album_item1"), sample("photo_album_item2")]
    assert {item.album for item in items} == {"13795000104"}
    assert [len(item.attachments) for item in items] == [1, 1]
    assert [bool(item.text) for item in items] == [True, False]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("location", Place(-6.200512, 106.816871)),
        ("venue", Place(-6.175392, 106.827153, "Puskesmas Gambir, Jl. Tanah Abang I No.10")),
    ],
)
def test_places(name: str, place: Place) -> None:
    assert (sample(name).kind, sample(name).place) == (Kind.MESSAGE, place)


@pytest.mark.parametrize(
    "location",
    [
        {},
        [],
        {"latitude": 1.0},
        {"latitude": "1", "longitude": 2},
        {"latitude": True, "longitude": 2},
        {"latitude": 90.1, "longitude": 2},
        {"latitude": 1, "longitude": -180.1},
        {"latitude": float("nan"), "longitude": 2},
        {"latitude": 1, "longitude": float("inf")},
        {"latitude": 10**400, "longitude": 2},
    ],
)
def test_a_place_that_is_none(location: object) -> None:
    event = message(text=None, location=location)
    assert (event.kind, event.place) == (Kind.MESSAGE, None)


def test_a_contact_gives_no_number_away() -> None:
    event = sample("contact")
    assert (event.kind, event.text, event.attachments, event.place) == (Kind.MESSAGE, "", (), None)
    assert b"6281234567890" in event.raw
    assert "6281234567890" not in repr(
        [getattr(event, name) for name in event.__slots__ if name != "raw"]
    )


@pytest.mark.parametrize(
    ("text", "kind", "read_as"),
    [
        ("/start", Kind.START, ""),
        ("/start ", Kind.START, ""),
        ("/start qr_halte_12", Kind.START, "qr_halte_12"),
        ("/start@lapor_kota_bot", Kind.START, ""),
        ("/start@lapor_kota_bot qr-1", Kind.START, "qr-1"),
        ("/start\njalan rusak\nparah", Kind.START, "jalan rusak\nparah"),
        ("/started", Kind.MESSAGE, "/started"),
        ("/startx y", Kind.MESSAGE, "/startx y"),
        (" /start", Kind.MESSAGE, " /start"),
        ("tekan /start", Kind.MESSAGE, "tekan /start"),
        ("/status ABCD-1234", Kind.MESSAGE, "/status ABCD-1234"),
        ("/bantuan@lapor_kota_bot", Kind.MESSAGE, "/bantuan@lapor_kota_bot"),
    ],
)
def test_commands(text: str, kind: Kind, read_as: str) -> None:
    event = message(text=text)
    assert (event.kind, event.text) == (kind, read_as)


def test_edits_name_the_message_and_the_time_of_the_change() -> None:
    event = sample("edited_message")
    assert (event.kind, event.message_id) == (Kind.EDIT, "101")
    assert event.text.endswith("bukan 3 hari.")
    assert event.sent_at == datetime(2026, 11, 18, 11, 11, 40, tzinfo=UTC)


def test_a_caption_is_edited_like_a_text() -> None:
    event = sample("caption_edit")
    assert (event.kind, event.text[:5], len(event.attachments)) == (Kind.EDIT, "Jalan", 1)


def test_a_pressed_button() -> None:
    event = sample("callback_query")
    assert (event.kind, event.choice) == (Kind.CHOICE, "kat:jalan|t:LPR-2026-000123")
    assert (event.address, event.message_id) == ("5012345678", "140")
    assert event.reply_token == "21526987654321098"
    assert (event.text, event.sent_at) == ("", None)


def test_a_pressed_button_of_a_message_that_is_gone() -> None:
    event = sample("callback_without_message")
    assert (event.kind, event.address, event.message_id) == (Kind.CHOICE, CITIZEN, "")
    assert (event.choice, event.reply_token) == ("kirim", "21526987654329999")


@pytest.mark.parametrize("change", [{"data": None}, {"data": ""}, {"data": 5}, {"from": None}])
def test_a_button_without_value_or_citizen_is_unknown(change: dict[str, Any]) -> None:
    query = {"id": "1", "from": {"id": 5}, "data": "kirim", **change}
    [event] = parse(json.dumps({"update_id": 7, "callback_query": query}).encode())
    assert (event.kind, event.external_id) == (Kind.UNKNOWN, "7")


@pytest.mark.parametrize(
    ("name", "kind"), [("bot_blocked", Kind.BLOCKED), ("bot_unblocked", Kind.UNBLOCKED)]
)
def test_blocking(name: str, kind: Kind) -> None:
    event = sample(name)
    assert (event.kind, event.address, event.text) == (kind, "5012345678", "")


@pytest.mark.parametrize("name", ["group_mention", "group_command", "callback_in_group"])
def test_groups_are_named_but_not_read(name: str) -> None:
    event = sample(name)
    assert (event.kind, event.address) == (Kind.GROUP, "-1002233445566")
    assert (event.text, event.choice, event.attachments) == ("", "", ())


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("unknown_kind", ""),
        ("channel_post", ""),
        ("from_bot", ""),
        ("bot_added_to_group", ""),
        ("service_pinned", CITIZEN),
    ],
)
def test_unknown_kinds(name: str, address: str) -> None:
    event = sample(name)
    assert (event.kind, event.address) == (Kind.UNKNOWN, address)
    assert event.external_id.isdecimal()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nul_text", "Got mampet di gang 3, mohon dicek\nTerima kasih"),
        ("only_nul_text", ""),
        ("lone_surrogate", "Lampu mati \ufffd di gang 4"),
        ("no_date", "Pesan tanpa tanggal"),
        ("reply", "Ini foto yang diminta menyusul"),
        ("emoji_300", "👨‍👩‍👧‍👦" * 100 + "🙏🏽" * 100 + "🇮🇩" * 100),
        ("dice", ""),
    ],
)
def test_odd_messages_are_messages(name: str, text: str) -> None:
    event = sample(name)
    assert (event.kind, event.text, event.address) == (Kind.MESSAGE, text, CITIZEN)


def test_a_quoted_message_is_named() -> None:
    assert sample("reply").quoted_id == "90"


@pytest.mark.parametrize(
    "date", [None, 0, -5, "1795000101", 1.5, True, 2**32, 10**30, [], {}], ids=repr
)
def test_an_odd_date_is_none(date: object) -> None:
    event = message(date=date)
    assert (event.kind, event.text, event.sent_at) == (Kind.MESSAGE, "halo", None)


@pytest.mark.parametrize(
    ("code", "language"),
    [("id", "id"), ("pt-br", "pt-br"), ("", ""), (5, ""), ("x" * 36, ""), ("<b>", ""), (None, "")],
)
def test_languages(code: object, language: str) -> None:
    assert message(**{"from": {"id": 5, "language_code": code}}).language == language


@pytest.mark.parametrize(
    "number",
    ['"7"', "7.0", "1e2", "true", "null", "[]", "{}", f"{2**63}", f"{-(2**63)}", "9" * 5000],
    ids=lambda number: number[:20],
)
def test_without_a_usable_update_id_the_body_names_the_event(number: str) -> None:
    body = f'{{"update_id":{number},"message":{{"text":"x"}}}}'.encode()
    [event] = parse(body)
    assert (event.kind, event.address) == (Kind.UNKNOWN, "")
    assert event.external_id.startswith("sha256:")
    assert parse(body) == [event]
    assert parse(body + b" ")[0].external_id != event.external_id


@pytest.mark.parametrize("number", ["5", 5.0, True, None, [], 2**63])
def test_without_a_usable_chat_there_is_no_address(number: object) -> None:
    event = message(chat={"id": number, "type": "private"})
    assert (event.kind, event.address, event.external_id) == (Kind.UNKNOWN, "", "7")


@pytest.mark.parametrize("file", [None, [], {}, {"file_id": ""}, {"file_id": 5}, "x", [[]]])
def test_a_file_without_an_id_is_no_attachment(file: object) -> None:
    for word in ("document", "photo"):
        [event] = parse(
            json.dumps(
                {"update_id": 7, "message": {"chat": {"id": 5, "type": "private"}, word: file}}
            ).encode()
        )
        assert (event.kind, event.attachments) == (Kind.MESSAGE, ())


@pytest.mark.parametrize("status", ["kicked", "member"])
@pytest.mark.parametrize("chat", ["group", "supergroup", "channel", None, 5])
def test_only_a_private_chat_can_be_blocked(status: str, chat: object) -> None:
    change = {"chat": {"id": 5, "type": chat}, "new_chat_member": {"status": status}}
    [event] = parse(json.dumps({"update_id": 7, "my_chat_member": change}).encode())
    assert (event.kind, event.address) == (Kind.UNKNOWN, "")
