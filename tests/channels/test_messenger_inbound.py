"""What becomes of each kind of event of a page's inbox."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

from channels.messenger import inbound
from channels.messenger.inbound import handshake, parse
from core.channel import Handshake
from core.message import Attachment, Inbound, Kind, Media, Place
from tests.contract.channels import MESSENGER

PAGE, CITIZEN = "102030405060708", "7123456789012345"


def read(name: str) -> bytes:
    return (MESSENGER.samples / f"{name}.json").read_bytes()


def sample(name: str) -> Inbound:
    [event] = parse(PAGE, read(name))
    return event


def body(*events: object, page: object = PAGE, word: str = "messaging") -> bytes:
    entry = {"id": page, "time": 1795000000999, word: list(events)}
    return json.dumps({"object": "page", "entry": [entry]}).encode()


def event(**what: object) -> dict[str, object]:
    return {
        "sender": {"id": CITIZEN},
        "recipient": {"id": PAGE},
        "timestamp": 1795000000123,
        **what,
    }


def message(**fields: object) -> Inbound:
    """The event of a message with these fields."""
    [found] = parse(PAGE, body(event(message={"mid": "m_1", **fields})))
    return found


def test_text() -> None:
    raw = read("text")
    assert parse(PAGE, raw) == [
        Inbound(
            channel="messenger",
            external_id="mid:m_Contoh001AbCdEfGhIjKlMnOpQrStUvWxYz",
            address=CITIZEN,
            kind=Kind.MESSAGE,
            raw=raw,
            sent_at=datetime(2026, 11, 18, 11, 6, 40, 123000, tzinfo=UTC),
            message_id="m_Contoh001AbCdEfGhIjKlMnOpQrStUvWxYz",
            text="Selamat pagi, mau lapor jalan rusak di Desa Sukamaju Kec. Cibadak",
        )
    ]


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("quick_reply", Kind.CHOICE, {"choice": "KAT_JALAN|LPR-2026-000126", "text": ""}),
        ("postback_button", Kind.CHOICE, {"choice": "kirim:3", "text": ""}),
        ("postback_get_started", Kind.START, {"text": "qr_kelurahan_12", "choice": ""}),
        ("referral_existing_thread", Kind.START, {"text": "qr_kelurahan_12"}),
        ("reply_to", Kind.MESSAGE, {"quoted_id": "m_Contoh090AbCdEfGhIjKlMnOpQrStUvWxYz"}),
        (
            "message_edit",
            Kind.EDIT,
            {
                "message_id": "m_Contoh001AbCdEfGhIjKlMnOpQrStUvWxYz",
                "external_id": "edit:m_Contoh001AbCdEfGhIjKlMnOpQrStUvWxYz:1",
                "text": "Jalan rusak di Desa Sukamaju Kec. Cibadak, dekat jembatan",
            },
        ),
        (
            "reaction",
            Kind.REACTION,
            {"message_id": "m_Contoh014AbCdEfGhIjKlMnOpQrStUvWxYz", "text": ""},
        ),
        ("fallback_no_payload", Kind.MESSAGE, {"text": "", "attachments": ()}),
        ("fallback_shared_link", Kind.MESSAGE, {"text": "https://maps.app.goo.gl/contoh"}),
        (
            "echo_ours",
            Kind.RECEIPT,
            {
                "receipt": "00000000-0000-4000-8000-00000000002a",
                "message_id": "m_Contoh022AbCdEfGhIjKlMnOpQrStUvWxYz",
                "external_id": "echo:m_Contoh022AbCdEfGhIjKlMnOpQrStUvWxYz",
                "text": "",
            },
        ),
    ],
)
def test_kinds(name: str, kind: Kind, found: dict[str, object]) -> None:
    inbound = sample(name)
    assert (inbound.kind, inbound.address) == (kind, CITIZEN)
    assert {field: getattr(inbound, field) for field in found} == found


@pytest.mark.parametrize(
    "name",
    [
        *("read", "delivery", "echo", "echo_page_inbox", "standby", "unreact", "from_page"),
        "policy_enforcement",
    ],
)
def test_what_no_citizen_said_is_kept_without_an_address(name: str) -> None:
    inbound = sample(name)
    assert (inbound.kind, inbound.address, inbound.text) == (Kind.UNKNOWN, "", "")


@pytest.mark.parametrize(
    ("name", "media", "refs"),
    [
        ("image", Media.PHOTO, ["https://scontent.xx.fbcdn.net/v/contoh.jpg?oh=abc&oe=6923AAAA"]),
        (
            "two_images",
            Media.PHOTO,
            [f"https://scontent.xx.fbcdn.net/v/{it}.jpg?oe=6923AAAA" for it in "ab"],
        ),
        ("video", Media.VIDEO, ["https://video.xx.fbcdn.net/v/contoh.mp4?oe=6923AAAA"]),
        ("audio_voice", Media.VOICE, ["https://cdn.fbsbx.com/v/audioclip.mp4?oe=6923AAAA"]),
        ("sticker_new", Media.STICKER, ["https://scontent.xx.fbcdn.net/v/stiker.png"]),
        ("sticker_legacy_image", Media.STICKER, ["https://scontent.xx.fbcdn.net/v/like.png"]),
    ],
)
def test_attachments(name: str, media: Media, refs: list[str]) -> None:
    inbound = sample(name)
    assert inbound.kind is Kind.MESSAGE
    assert [(file.media, file.ref) for file in inbound.attachments] == [(media, it) for it in refs]


def test_a_documents_name_is_the_end_of_its_address() -> None:
    assert sample("file").attachments == (
        Attachment(
            Media.DOCUMENT, "https://cdn.fbsbx.com/v/surat.pdf?oe=6923AAAA", name="surat.pdf"
        ),
    )


@pytest.mark.parametrize("url", [None, 5, "", "ftp://x/a", "javascript:x", "https://x/a b", "x"])
def test_a_file_without_a_usable_address_is_no_attachment(url: object) -> None:
    inbound = message(text="lihat", attachments=[{"type": "image", "payload": {"url": url}}, 7])
    assert (inbound.kind, inbound.text, inbound.attachments) == (Kind.MESSAGE, "lihat", ())


MAPS = "https://www.google.com/maps"
DETOUR = "https://l.facebook.com/l.php?u="


@pytest.mark.parametrize(
    ("url", "place"),
    [
        (f"{MAPS}?q=0.5021,117.5367", (0.5021, 117.5367)),
        (f"{MAPS}?q=loc:-6.2,%20106.816871", (-6.2, 106.816871)),
        (f"{MAPS}/@-6.200512,106.816871,17z", (-6.200512, 106.816871)),
        (f"{MAPS}/place/X/@-6.1,106.1,17z/data=!3m1!4b1!8m2!3d-6.2!4d106.2", (-6.2, 106.2)),
        (f"{MAPS}/search/-6.2,+106.8", (-6.2, 106.8)),
        ("https://maps.google.co.id/?ll=-6.2,106.8", (-6.2, 106.8)),
        ("https://www.bing.com/maps?cp=-6.2~106.8", (-6.2, 106.8)),
        ("https://maps.apple.com/?q=Sekolah&ll=-6.2,106.8", (-6.2, 106.8)),
        ("https://www.openstreetmap.org/?mlat=-6.2&mlon=106.8", (-6.2, 106.8)),
        ("https://www.openstreetmap.org/#map=17/-6.2/106.8", (-6.2, 106.8)),
        ("https://www.waze.com/ul?ll=-6.2%2C106.8&navigate=yes", (-6.2, 106.8)),
        (f"{DETOUR}https%3A%2F%2Fmaps.google.com%2F%3Fq%3D-6.2%2C106.8", (-6.2, 106.8)),
        (f"{MAPS}?q=91.0,106.8", None),
        (f"{MAPS}?q=-6.2,180.5", None),
        (f"{MAPS}?q=5,7", None),
        (f"{MAPS}?q=Jalan+Melati+5.5,7.7+x", None),
        ("https://toko.example/?q=-6.2,106.8", None),
        ("https://evil-google.com.example/maps?q=-6.2,106.8", None),
        ("https://notgoogle.com/maps?q=-6.2,106.8", None),
        ("https://maps.app.goo.gl/contoh", None),
        ("https://[x/?q=-6.2,106.8", None),
        ("http://" + "a" * 300_000, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_places_are_read_out_of_map_links(url: str, place: tuple[float, float] | None) -> None:
    part = {"type": "fallback", "title": "Jembatan", "payload": {"url": url}}
    inbound = message(attachments=[part])
    assert inbound.place == (Place(*place, "Jembatan") if place else None)
    assert inbound.text == ("" if place else f"Jembatan\n{url}")


def test_a_pin_of_the_older_kind_is_a_place() -> None:
    part = {
        "type": "location",
        "title": "Pasar",
        "payload": {"coordinates": {"lat": -6.2, "long": 107}},
    }
    assert message(attachments=[part]).place == Place(-6.2, 107.0, "Pasar")


@pytest.mark.parametrize(
    ("text", "url", "read_as"),
    [
        ("lihat ini", "https://x.example/a", "lihat ini\nhttps://x.example/a"),
        ("lihat https://x.example/a ya", "https://x.example/a", "lihat https://x.example/a ya"),
        ("lubangnya di sini", f"{MAPS}?q=-6.2,106.8", "lubangnya di sini"),
        (f"{MAPS}?q=-6.2,106.8", f"{MAPS}?q=-6.2,106.8", ""),
        (None, "", "Berita"),
    ],
)
def test_shared_links_are_words_unless_they_are_there(
    text: str | None, url: str, read_as: str
) -> None:
    part = {"type": "fallback", "title": "Berita", "payload": {"url": url}}
    assert message(text=text, attachments=[part]).text == read_as


def test_a_batch_keeps_its_order_and_each_event_an_envelope() -> None:
    events = parse(PAGE, read("batch_two_entries"))
    assert [it.text for it in events] == ["Satu", "Dua"]
    entries = [json.loads(it.raw)["entry"] for it in events]
    assert [len(it) for it in entries] == [1, 1]
    assert [it[0]["messaging"][0]["message"]["text"] for it in entries] == ["Satu", "Dua"]
    assert entries[0][0]["time"] == 1795000000999


def test_bad_events_do_not_spoil_the_others() -> None:
    good = [event(message={"mid": f"m_{number}", "text": "x"}) for number in (1, 2)]
    post = json.loads(body(good[0], None, 7, [], {}, {"message": []}, good[1]))
    post["entry"] += [None, {}, {"id": PAGE}, {"id": PAGE, "changes": [1]}, {"messaging": 5}]
    post["entry"].append({"id": PAGE, "messaging": [], "standby": []})
    events = parse(PAGE, json.dumps(post).encode())
    texts = [it.text for it in events if it.kind is Kind.MESSAGE]
    assert texts == ["x", "x"]
    assert {it.kind for it in events} == {Kind.MESSAGE, Kind.UNKNOWN}
    assert len(events) == len({it.external_id for it in events}) == 12
    for it in events:
        assert parse(PAGE, it.raw) == [it]


def test_an_event_nested_beyond_reason_does_not_spoil_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dump = inbound._dump

    def fragile(value: object) -> bytes:
        if "sesat" in repr(value):
            raise RecursionError
        return dump(value)

    monkeypatch.setattr(inbound, "_dump", fragile)
    post = body({"sesat": 1}, event(message={"mid": "m_1", "text": "x"}))
    first, second = parse(PAGE, post)
    assert (first.kind, second.text) == (Kind.UNKNOWN, "x")
    assert parse(PAGE, first.raw) == [first]
    assert parse(PAGE, body({"sesat": 1}))[0].external_id.startswith("sha256:")


@pytest.mark.parametrize("found", [b'{"object":"page","entry":[]}', body()])
def test_an_empty_batch_has_no_events(found: bytes) -> None:
    assert parse(PAGE, found) == []


@pytest.mark.parametrize(
    "found",
    [
        b'{"object":"instagram","entry":[]}',
        b'{"object":"page"}',
        b'{"object":"page","entry":{}}',
        b'{"object":["page"],"entry":[]}',
    ],
)
def test_a_post_of_another_shape_is_kept_whole(found: bytes) -> None:
    [inbound] = parse(PAGE, found)
    assert (inbound.kind, inbound.address, inbound.raw) == (Kind.UNKNOWN, "", found)


def test_what_belongs_to_another_page_is_not_ours() -> None:
    [inbound] = parse(PAGE, body(event(message={"mid": "m_1", "text": "x"}), page="999"))
    assert (inbound.kind, inbound.address) == (Kind.UNKNOWN, "")


def test_an_event_without_an_id_is_known_by_its_checksum_in_any_batch() -> None:
    reaction = event(reaction={"action": "react", "mid": "m_1"})
    other = event(message={"mid": "m_2", "text": "x"})
    [alone] = parse(PAGE, body(reaction))
    in_batch = parse(PAGE, body(other, reaction))[1]
    [later] = parse(PAGE, body({**reaction, "timestamp": 1795000000124}))
    assert alone.external_id == in_batch.external_id != later.external_id


@pytest.mark.parametrize("mid", [None, "", 5, "x" * 301, "a b", "\x00", "ñ", []])
def test_without_a_usable_mid_the_checksum_names_the_message(mid: object) -> None:
    inbound = message(mid=mid, text="x")
    assert (inbound.kind, inbound.text, inbound.message_id) == (Kind.MESSAGE, "x", "")
    assert inbound.external_id.startswith("sha256:")


@pytest.mark.parametrize(
    "change",
    [
        {"sender": None},
        {"sender": {"id": 5}},
        {"sender": {"user_ref": "x"}},
        {"message": "x"},
        {"message": None, "message_edit": {"text": "x"}},
        {"message": None, "postback": {"mid": "m_1"}},
        {"message": None, "optin": {}},
    ],
)
def test_half_an_event_is_kept(change: dict[str, Any]) -> None:
    [inbound] = parse(PAGE, body(event(message={"mid": "m_1", "text": "x"}) | change))
    assert (inbound.kind, inbound.address) == (Kind.UNKNOWN, "")


@pytest.mark.parametrize(
    "metadata",
    ["outbox:42", "", None, 5, "00000000-0000-4000-8000-00000000002A", "x" * 36],
)
def test_the_echo_of_another_sender_proves_nothing(metadata: object) -> None:
    echo = {"mid": "m_1", "is_echo": True, "metadata": metadata}
    post = body(event(sender={"id": PAGE}, recipient={"id": CITIZEN}, message=echo))
    [inbound] = parse(PAGE, post)
    assert (inbound.kind, inbound.address, inbound.external_id) == (Kind.UNKNOWN, "", "echo:m_1")


@pytest.mark.parametrize("time", [None, 0, -5, "1", 1.5, True, 2**62, 10**30, []], ids=repr)
def test_an_odd_time_is_none(time: object) -> None:
    [inbound] = parse(PAGE, body(event(message={"text": "x"}, timestamp=time)))
    assert (inbound.text, inbound.sent_at) == ("x", None)


def test_the_documented_signature() -> None:
    known = json.loads(read("_signature_example"))
    secrets = [SecretStr("other"), SecretStr(known["app_secret"])]
    headers = {name.lower(): value for name, value in known["header"].items()}
    assert inbound.verify(secrets, headers, known["raw_body"].encode())
    assert not inbound.verify(secrets[:1], headers, known["raw_body"].encode())
    assert not inbound.verify(secrets, headers, known["raw_body"].encode() + b" ")


def test_the_documented_handshake() -> None:
    known = json.loads(read("_verify_exchange"))
    token, query = (
        SecretStr(known["request"]["query"]["hub.verify_token"]),
        known["request"]["query"],
    )
    assert handshake(token, query) == Handshake(known["response"]["body"], "text/plain")
    for change in (
        {"hub.verify_token": "lain"},
        {"hub.verify_token": "\ud800"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
    ):
        assert handshake(token, {**query, **change}) is None
