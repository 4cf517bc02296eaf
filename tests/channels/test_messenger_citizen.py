"""The simulated Messenger: its rules for the page, and what citizens do on their phones."""

import httpx
import pytest

from core.message import Inbound, Kind, Media, Place
from tests.channels.messenger_page import CHAT, PAGE, TEMPLATE, TOKEN, Page, wait_until
from tests.tls import TLS

BUTTON = {"type": "postback", "title": "Ya", "payload": "ya"}
QUICK = {"content_type": "text", "title": "Ya", "payload": "ya"}


def template(**payload: object) -> dict[str, object]:
    given = {"template_type": "button", "text": "x", "buttons": [BUTTON]} | payload
    return {"attachment": {"type": "template", "payload": given}}


@pytest.mark.parametrize(
    ("message", "more", "expected"),
    [
        ({"text": "x" * 1999}, {}, None),
        ({"text": "x" * 2000}, {}, 100),
        ({"text": " "}, {}, 100),
        ({}, {}, 100),
        ({"text": "x", "metadata": "y" * 999}, {}, None),
        ({"text": "x", "metadata": "y" * 1000}, {}, 100),
        ({"text": "x", "quick_replies": [QUICK] * 13}, {}, None),
        ({"text": "x", "quick_replies": [QUICK] * 14}, {}, 100),
        ({"text": "x", "quick_replies": [QUICK | {"title": "y" * 21}]}, {}, 100),
        ({"text": "x", "quick_replies": [QUICK | {"payload": "y" * 1001}]}, {}, 100),
        ({"text": "x", "quick_replies": [QUICK | {"content_type": "location"}]}, {}, 100),
        (template(text="x" * 640, buttons=[BUTTON] * 3), {}, None),
        (template(text="x" * 641), {}, 100),
        (template(buttons=[BUTTON] * 4), {}, 100),
        (template(buttons=[]), {}, 100),
        (template(buttons=[BUTTON | {"title": "y" * 21}]), {}, 100),
        ({"text": "x"}, {"messaging_type": None}, 100),
        ({"text": "x"}, {"messaging_type": "MESSAGE_TAG", "tag": "ACCOUNT_UPDATE"}, 1893061),
        ({"text": "x"}, {"messaging_type": "MESSAGE_TAG", "tag": "lain"}, 100),
        ({"text": "x"}, {"messaging_type": "UTILITY"}, 100),
        ({"template": {"name": TEMPLATE}}, {"messaging_type": "UTILITY"}, 100),
        ({"text": "x"}, {"appsecret_proof": ""}, 100),
        ({"text": "x"}, {"appsecret_proof": "0" * 64}, 100),
        ({"text": "x"}, {"recipient": {"id": "5"}}, 2018001),
        ({"text": "x"}, {"recipient": {}}, 100),
    ],
    ids=lambda value: str(value)[:70],
)
def test_the_platform_keeps_its_rules(
    page: Page, message: dict[str, object], more: dict[str, object], expected: int | None
) -> None:
    page.write(text="halo")
    body = {
        "recipient": {"id": str(CHAT)},
        "messaging_type": "RESPONSE",
        "message": message,
        "appsecret_proof": page.channel.settings.proof,
    }
    answer = page.phone.post(
        f"/v26.0/{PAGE}/messages",
        json=body | more,
        headers={"authorization": f"Bearer {TOKEN}"},
    )
    error = answer.json().get("error", {})
    assert answer.status_code == (400 if expected else 200)
    assert error.get("error_subcode", error.get("code")) == expected


def test_the_platform_tells_of_a_citizen(page: Page) -> None:
    page.write(text="halo")
    query = {"appsecret_proof": page.channel.settings.proof, "access_token": TOKEN}
    known = page.phone.get(f"/v26.0/{CHAT}", params=query)
    assert known.json()["first_name"] == "Warga"
    assert page.phone.get("/v26.0/5", params=query).status_code == 400
    assert page.phone.get(f"/v26.0/{PAGE}/lain", params=query).json()["error"]["code"] == 2500


@pytest.mark.parametrize(
    ("writing", "media"),
    [
        ({"photo": {}}, [Media.PHOTO]),
        ({"album": {"count": 3}}, [Media.PHOTO] * 3),
        ({"video": {}}, [Media.VIDEO]),
        ({"voice": {}}, [Media.VOICE]),
        ({"document": {}}, [Media.DOCUMENT]),
        ({"sticker": {}}, [Media.STICKER]),
    ],
    ids=str,
)
def test_files_arrive_and_can_be_downloaded(
    page: Page, writing: dict[str, object], media: list[Media]
) -> None:
    page.write(**writing)
    files = page.next(Kind.MESSAGE).attachments
    assert [file.media for file in files] == media
    for file in files:
        answer = httpx.get(page.channel.locate(file.ref).url, trust_env=False, verify=TLS)
        assert answer.status_code == 200
        assert len(answer.content) > 20
    assert (
        httpx.get(f"{page.origin}/messenger/cdn/lain.jpg", trust_env=False, verify=TLS).status_code
        == 403
    )


def test_the_words_with_a_photo_are_a_message_of_their_own(page: Page) -> None:
    done = page.write(photo={"caption": "lubang di sini"})
    assert len(done["message_ids"]) == 2
    assert page.next(Kind.MESSAGE).text == "lubang di sini"
    assert page.next(Kind.MESSAGE, 2).attachments
    [_, bubble] = page.bubbles()
    assert page.phone.get(bubble["picture"]).content[:2] == b"\xff\xd8"


def last(page: Page, kind: Kind, count: int = 1) -> Inbound:
    event = page.next(kind, count)
    assert event.address == str(CHAT)
    return event


def test_what_else_a_citizen_does(page: Page) -> None:
    page.write(start={"parameter": "qr_1"})
    assert last(page, Kind.START).text == "qr_1"
    page.write(start={"parameter": "qr_2"})
    assert last(page, Kind.START, 2).text == "qr_2"
    page.write(location={"latitude": -6.2, "longitude": 106.8})
    assert last(page, Kind.MESSAGE).place == Place(-6.2, 106.8, "Lokasi")
    page.write(venue={"title": "Pasar", "address": "Kota"})
    assert last(page, Kind.MESSAGE, 2).place == Place(0.1251, 117.4902, "Pasar, Kota")
    [own] = page.write(text="jalan rusak")["message_ids"]
    page.write(edit={"message_id": own, "text": "jalan rusak parah"})
    edit = last(page, Kind.EDIT)
    assert (edit.text, edit.message_id) == ("jalan rusak parah", page.events[-2].message_id)
    page.write(text="yang ini", reply_to=own)
    assert last(page, Kind.MESSAGE, 4).quoted_id == edit.message_id
    page.write(reaction={"message_id": own})
    assert last(page, Kind.REACTION).message_id == edit.message_id
    page.phone.post("/simulator/messenger/updates", json={"sender": {"id": "1"}, "baru": {}})
    assert page.next(Kind.UNKNOWN).address == ""


@pytest.mark.parametrize(
    ("writing", "status"),
    [
        ({"contact": {}}, 422),
        ({"withdraw": {"message_id": 1}}, 422),
        ({"text": "x", "public": True}, 422),
        ({"text": "x" * 2001}, 422),
        ({"text": "x", "reply_to": 1}, 404),
        ({"edit": {"message_id": 1, "text": "x"}}, 404),
        ({"reaction": {"message_id": 1}}, 404),
    ],
    ids=str,
)
def test_what_a_citizen_cannot_do(page: Page, writing: dict[str, object], status: int) -> None:
    answer = page.phone.post(f"/simulator/messenger/chats/{CHAT}/messages", json=writing)
    assert answer.status_code == status


def test_a_text_is_changed_five_times_at_most(page: Page) -> None:
    [own] = page.write(text="a")["message_ids"]
    for number in range(5):
        page.write(edit={"message_id": own, "text": f"a{number}"})
    path = f"/simulator/messenger/chats/{CHAT}/messages"
    answer = page.phone.post(path, json={"edit": {"message_id": own, "text": "b"}})
    assert answer.status_code == 409
    page.next(Kind.EDIT, 5)
    assert len({it.external_id for it in page.events}) == 6


def test_the_clock_knows_no_future_and_no_stranger(page: Page) -> None:
    path = f"/simulator/messenger/chats/{CHAT}/clock"
    assert page.phone.post(path, json={"hours": 1}).status_code == 409
    page.write(text="x")
    for body in ({"hours": -1}, {}, {"hours": "x"}):
        assert page.phone.post(path, json=body).status_code == 422
    assert page.phone.post(path, json={"hours": 1}).status_code == 200


def test_what_waits_comes_in_one_post(page: Page) -> None:
    said = [{"chat": CHAT, "text": f"pesan {number}"} for number in range(120)]
    page.phone.post("/simulator/messenger/say", json=said).raise_for_status()
    wait_until(lambda: len(page.events) == 120)
    assert [it.text for it in page.events] == [it["text"] for it in said]
    assert max(map(len, page.posts)) > 1
    assert len(page.posts) < 60
    assert page.refused == 0


def test_a_post_is_resent_until_it_is_taken(page: Page) -> None:
    page.faults(dropped_acks=2, duplicate=2)
    page.write(text="halo")
    wait_until(lambda: not page.phone.get("/simulator/wire").json()["waiting"])
    assert len(page.events) >= 2
    assert len({it.external_id for it in page.events}) == 1


def test_without_a_subscription_nothing_comes(page: Page) -> None:
    page.channel.set_webhook("")
    assert page.write(text="halo")["update_ids"] == []
    page.channel.set_webhook(page.url)
    page.write(text="halo lagi")
    assert page.next(Kind.MESSAGE).text == "halo lagi"
