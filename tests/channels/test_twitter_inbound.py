"""What becomes of each kind of event of X."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.twitter.inbound import parse
from channels.twitter.posts import Account
from core.message import Attachment, Inbound, Kind, Media
from tests.contract.channels import TWITTER

US, CITIZEN = "1111111111111111111", "2222222222222222222"
ACCOUNT = Account(US, "laporkota", 20 * 2**20, old_payloads=True)


def raw(name: str) -> bytes:
    return (TWITTER.samples / f"{name}.json").read_bytes()


def sample(name: str, account: Account = ACCOUNT) -> Inbound:
    [event] = parse(raw(name), account)
    return event


def post(
    text: str = "@laporkota halo", *, kind: str = "post.mention.create", **fields: Any
) -> Inbound:
    """The event of a post with some fields changed; None takes one away."""
    made: dict[str, Any] = {"id": "7", "author_id": CITIZEN, "text": text, **fields}
    made = {name: value for name, value in made.items() if value is not None}
    data = {"event_uuid": "70", "event_type": kind, "payload": made}
    [event] = parse(json.dumps({"data": data}).encode(), ACCOUNT)
    return event


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"name": "Warga Contoh", "username": "warga"}, "Warga Contoh"),
        ({"name": " ", "username": "warga"}, "@warga"),
        ({"screen_name": "warga"}, "@warga"),
        ({"name": ["Warga"]}, ""),
        ({}, ""),
    ],
)
@pytest.mark.parametrize("whose", [CITIZEN, US])
def test_names_are_those_of_the_sender(user: dict[str, Any], name: str, whose: str) -> None:
    known = {whose: {"id": whose, **user}}
    mention = json.loads(raw("xaa_post_mention"))
    mention["data"]["includes"] = {"users": ["odd", *known.values()]}
    message = json.loads(raw("xaa_dm_received"))
    message["data"]["payload"]["users"] = {key: {"data": it} for key, it in known.items()}
    older = json.loads(raw("aaa_direct_message")) | {"users": known}
    for body in (mention, message, older):
        [event] = parse(json.dumps(body).encode(), ACCOUNT)
        assert event.name == (name if whose == CITIZEN else "")


def test_mention() -> None:
    assert parse(raw("xaa_post_mention"), ACCOUNT) == [
        Inbound(
            channel="twitter",
            external_id="post:2090765813578191303",
            address=CITIZEN,
            kind=Kind.MESSAGE,
            raw=raw("xaa_post_mention"),
            sent_at=datetime(2026, 11, 20, 3, 12, 45, tzinfo=UTC),
            message_id="2090765813578191303",
            text="lampu merah di simpang Dago mati sejak pagi, rawan tabrakan",
            language="id",
            public_address="post:2090765813578191303",
            thread="2090765813578191303",
            name="Budi Santoso",
        )
    ]


def test_direct_message() -> None:
    event = sample("xaa_dm_received")
    assert (event.kind, event.external_id) == (Kind.MESSAGE, "dm:2090765901528535096")
    assert (event.address, event.public_address, event.thread) == (CITIZEN, "", "")
    assert event.text.endswith("mohon identitas saya dirahasiakan")
    assert event.sent_at == datetime(2026, 11, 18, 11, 8, 43, 456000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "kind", "external_id", "address"),
    [
        ("xaa_post_reply", Kind.MESSAGE, "post:2090765813578191505", CITIZEN),
        ("xaa_post_quote", Kind.MESSAGE, "post:2090765813578191606", CITIZEN),
        ("edited_post", Kind.EDIT, "post:2090765813578191909", CITIZEN),
        ("aaa_tweet_delete", Kind.WITHDRAWN, "delete:2090765813578191707", CITIZEN),
        (
            "xaa_chat_received_encrypted",
            Kind.ENCRYPTED,
            "chat:e4f4d3fc-8bbf-4928-92eb-e5058d6bb6f6",
            CITIZEN,
        ),
        ("own_post", Kind.UNKNOWN, "post:2090765813578192102", ""),
        ("retweet", Kind.UNKNOWN, "post:2090765813578192203", ""),
        ("dm_own", Kind.UNKNOWN, "dm:2090765901528535202", ""),
        ("xaa_post_delete", Kind.UNKNOWN, "event:-2781149976877970683", ""),
        ("xaa_follow", Kind.UNKNOWN, "event:5911111111111111111", ""),
        ("xaa_oauth_revoke", Kind.UNKNOWN, "event:5934540941047412905", ""),
        ("unknown_kind", Kind.UNKNOWN, "event:5934540941047412999", ""),
    ],
)
def test_kinds(name: str, kind: Kind, external_id: str, address: str) -> None:
    event = sample(name)
    assert (event.kind, event.external_id, event.address) == (kind, external_id, address)
    assert event.public_address == (external_id if address and "post:" in external_id else "")


def test_an_edit_names_the_first_version() -> None:
    event = sample("edited_post")
    assert (event.message_id, event.thread) == ("2090765813578191303", "2090765813578191303")
    assert event.text.startswith("lampu merah di simpang Dago mati sejak kemarin")


def test_the_first_version_read_late_is_no_edit() -> None:
    event = post(edit_history_tweet_ids=["7", "9"])
    assert (event.kind, event.message_id) == (Kind.MESSAGE, "7")


def test_a_long_post_is_read_whole_with_its_links_written_out() -> None:
    text = sample("long_post").text
    assert text.startswith("kronologi: selokan")
    assert text.endswith("Foto lengkap di https://foto.example/pasar")
    assert len(text) > 280


def test_handles_before_a_reply_go_and_others_stay() -> None:
    event = sample("thread_reply")
    assert event.text == (
        "betul, di gang kami juga, tolong cek bersama @dishub_contoh & PLN https://peta.example/gang-3"
    )
    assert event.quoted_id == "2090765813578191350"


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("@laporkota jalan rusak", "jalan rusak"),
        ("@LaporKota", ""),
        ("jalan rusak @laporkota", "jalan rusak"),
        ("tolong @laporkota cek", "tolong cek"),
        ("@warga_lain @laporkota lihat", "@warga_lain lihat"),
        ("@laporkota_lain bukan kami", "@laporkota_lain bukan kami"),
        ("surat ke admin@laporkota saja", "surat ke admin@laporkota saja"),
        ("@laporkota\njalan\nrusak", "jalan\nrusak"),
        ("@laporkota 1 &lt; 2 &amp;&amp; &quot;x&quot; &amp;lt;", "1 < 2 && &quot;x&quot; &lt;"),
    ],
)
def test_our_own_handle_is_no_part_of_the_text(text: str, read_as: str) -> None:
    assert post(text).text == read_as


def test_a_photo_and_no_link_to_it() -> None:
    event = sample("xaa_post_mention_photo")
    url = "https://pbs.twimg.com/media/contoh.jpg"
    assert event.text == "trotoar rusak dekat RSUD"
    assert event.attachments == (Attachment(Media.PHOTO, url, unique_ref="2090765800000000001"),)


@pytest.mark.parametrize(
    ("most", "version"),
    [(20 * 2**20, "720"), (100 * 2**20, "1080"), (2 * 2**20, "270"), (1, "270")],
)
def test_the_best_version_of_a_film_that_fits(most: int, version: str) -> None:
    event = sample("video_and_photo", replace(ACCOUNT, media_max_bytes=most))
    film, photo = event.attachments
    assert (film.media, film.mime) == (Media.VIDEO, "video/mp4")
    assert film.ref.endswith(f"contoh_{version}.mp4")
    assert photo.media is Media.PHOTO
    assert event.text == "Banjir di underpass"


def test_a_photo_in_a_direct_message() -> None:
    event = sample("dm_photo")
    [photo] = event.attachments
    assert event.text == "Ini fotonya"
    assert photo.ref.startswith("https://ton.twitter.com/1.1/ton/data/dm/2090765901528535201/")


def test_a_bad_message_spoils_no_other() -> None:
    events = parse(raw("dm_batch_one_bad"), ACCOUNT)
    assert [(it.kind, it.text) for it in events] == [
        (Kind.MESSAGE, "Pesan pertama"),
        (Kind.UNKNOWN, ""),
        (Kind.MESSAGE, "Pesan kedua"),
    ]
    assert len({it.external_id for it in events}) == 3
    for event in events:
        assert parse(event.raw, ACCOUNT) == [event]


def test_the_older_payloads() -> None:
    events = parse(raw("aaa_batch"), ACCOUNT)
    assert [it.kind for it in events] == [Kind.MESSAGE, *[Kind.UNKNOWN] * 3]
    photo = sample("aaa_tweet_photo")
    assert (photo.text, photo.quoted_id) == ("trotoar rusak", "2090765813578191350")
    assert [it.unique_ref for it in photo.attachments] == [
        "2090765800000000005",
        "2090765800000000006",
    ]
    assert sample("aaa_tweet_create_longform").text.endswith("Mohon dinas terkait turun tangan.")


@pytest.mark.parametrize(
    "name", ["aaa_batch", "aaa_direct_message", "aaa_tweet_create_longform", "aaa_tweet_delete"]
)
def test_without_the_setting_the_older_payloads_are_kept_unread(name: str) -> None:
    event = sample(name, replace(ACCOUNT, old_payloads=False))
    assert (event.kind, event.address, event.raw) == (Kind.UNKNOWN, "", raw(name))


def test_our_own_deleted_post_withdraws_nothing() -> None:
    body = {"for_user_id": US, "tweet_delete_events": [{"status": {"id": "5", "user_id": US}}]}
    [event] = parse(json.dumps(body).encode(), ACCOUNT)
    assert (event.kind, event.address) == (Kind.UNKNOWN, "")


@pytest.mark.parametrize(
    ("lang", "language"),
    [("in", "id"), ("en", "en"), ("und", ""), ("qme", ""), ("zxx", ""), (5, ""), (None, "")],
)
def test_languages(lang: object, language: str) -> None:
    assert post(lang=lang).language == language


@pytest.mark.parametrize("name", [None, "", "x", "-1", 5.0, True, [], "9" * 20])
def test_without_a_usable_id_the_event_names_itself(name: object) -> None:
    event = post(id=name)
    assert (event.kind, event.external_id, event.address) == (Kind.UNKNOWN, "event:70", "")


@pytest.mark.parametrize("author", [None, "", "x", -5, 2**63, US, int(US)])
def test_without_a_citizen_there_is_no_address(author: object) -> None:
    event = post(author_id=author)
    assert (event.kind, event.external_id, event.address) == (Kind.UNKNOWN, "post:7", "")


@pytest.mark.parametrize("at", [None, "", "kemarin", "2026-11-20", 5, "9999-99-99T00:00:00Z"])
def test_an_odd_time_is_none(at: object) -> None:
    assert post(created_at=at).sent_at is None


@pytest.mark.parametrize(
    "media", [None, [], {}, [None], [{}], [{"media_key": "3_1"}], [{"media_key": "3_1", "url": 5}]]
)
def test_a_file_without_an_address_is_no_attachment(media: object) -> None:
    payload = {"id": "7", "author_id": CITIZEN, "attachments": {"media_keys": ["3_1", 5, None]}}
    data = {"event_type": "post.reply.create", "payload": payload, "includes": {"media": media}}
    [event] = parse(json.dumps({"data": data}).encode(), ACCOUNT)
    assert (event.kind, event.attachments) == (Kind.MESSAGE, ())
