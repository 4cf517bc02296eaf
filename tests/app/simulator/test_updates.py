"""What reaches the bot: the shape of updates, and getUpdates."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from tests.app.simulator.hands import Hands

CHAT = 501
SAMPLES = Path(__file__).parents[3] / "channels" / "telegram" / "samples"

#: What is sent -> the sample that shows the same on the real platform.
WRITINGS = [
    ({"text": "lampu jalan mati"}, "text"),
    ({"text": "/start qr_halte_12"}, "start_deeplink"),
    ({"photo": {"caption": "lubang"}}, "photo_caption"),
    ({"location": {}}, "location"),
    ({"venue": {}}, "venue"),
    ({"voice": {}}, "voice"),
    ({"document": {"caption": "surat"}}, "document"),
    ({"video": {"caption": "banjir"}}, "video"),
    ({"contact": {}}, "contact"),
    ({"sticker": {}}, "sticker"),
]
#: Fields that the samples have and the simulator has no use for.
ABSENT = {"last_name", "username", "horizontal_accuracy", "set_name", "file_name"}


def _fields(value: object) -> object:
    """The names in a JSON value, without its contents."""
    if isinstance(value, dict):
        return {name: _fields(inner) for name, inner in value.items() if name not in ABSENT}
    return _fields(value[-1]) if isinstance(value, list) else type(value).__name__


@pytest.mark.parametrize(("writing", "sample"), WRITINGS)
def test_updates_have_the_fields_of_real_ones(
    hands: Hands, writing: dict[str, Any], sample: str
) -> None:
    done = hands.write(CHAT, **writing)
    (update,) = hands.api("getUpdates")["result"]
    assert update["update_id"] == done["update_ids"][0]
    assert _fields(update) == _fields(json.loads((SAMPLES / f"{sample}.json").read_text()))
    read = Update.de_json(update, None)
    assert read.message is not None
    assert read.message.message_id == done["message_ids"][0]


def test_an_album_is_several_updates_with_one_caption(hands: Hands) -> None:
    hands.write(CHAT, album={"caption": "dua sisi", "count": 3})
    messages = [update["message"] for update in hands.api("getUpdates")["result"]]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["dua sisi", None, None]
    assert len({message["photo"][-1]["file_unique_id"] for message in messages}) == 3


def test_an_edit_names_the_first_message(hands: Hands) -> None:
    message_id = hands.write(CHAT, text="satu")["message_ids"][0]
    hands.write(CHAT, edit={"message_id": message_id, "text": "dua"})
    edited = hands.api("getUpdates")["result"][-1]["edited_message"]
    assert (edited["message_id"], edited["text"]) == (message_id, "dua")
    sample = json.loads((SAMPLES / "edited_message.json").read_text())["edited_message"]
    assert _fields(edited) == _fields(sample)


def test_blocking_and_unblocking(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    for _ in range(2):
        hands.act(CHAT, "block")
    refused = hands.http.post(f"/simulator/telegram/chats/{CHAT}/messages", json={"text": "x"})
    assert refused.status_code == 409
    hands.act(CHAT, "unblock")
    changes = [update.get("my_chat_member") for update in hands.api("getUpdates")["result"]][1:]
    for change, name in zip(changes, ("bot_blocked", "bot_unblocked"), strict=True):
        sample = json.loads((SAMPLES / f"{name}.json").read_text())["my_chat_member"]
        assert _fields(change) == _fields(sample)
        assert change["new_chat_member"]["status"] == sample["new_chat_member"]["status"]


@pytest.mark.parametrize(
    ("text", "arrives"),
    [("halo semua", 0), ("/start", 1), ("@kanal_simulasi_bot got mampet", 1)],
)
def test_in_a_group_only_what_is_meant_for_the_bot_arrives(
    hands: Hands, text: str, arrives: int
) -> None:
    hands.write(-1_000_000_000_005, text=text)
    assert len(hands.api("getUpdates")["result"]) == arrives


def test_an_injected_update_arrives_as_it_is(hands: Hands) -> None:
    event = {"update_id": 1, "poll_of_tomorrow": {"a": [1, None]}}
    hands.http.post("/simulator/telegram/updates", json=event).raise_for_status()
    (update,) = hands.api("getUpdates")["result"]
    assert update["poll_of_tomorrow"] == event["poll_of_tomorrow"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("messages", {}, 422),
        ("messages", {"text": "a", "photo": {}}, 422),
        ("messages", {"text": "x" * 4096}, 200),
        ("messages", {"text": "x" * 4097}, 422),
        ("messages", {"text": " "}, 422),
        ("messages", {"telegraph": "a"}, 422),
        ("messages", {"edit": {"message_id": 1, "text": "a"}}, 404),
        ("press", {"message_id": 1, "value": "a"}, 404),
    ],
)
def test_a_citizen_cannot_do_what_the_app_cannot(
    hands: Hands, path: str, body: dict[str, Any], status: int
) -> None:
    answer = hands.http.post(f"/simulator/telegram/chats/{CHAT}/{path}", json=body)
    assert answer.status_code == status


def test_saying_many_things_at_once(hands: Hands) -> None:
    lines = [{"chat": 600 + number, "text": str(number)} for number in range(50)]
    done = hands.http.post("/simulator/telegram/say", json=lines).json()
    assert len({update for one in done for update in one["update_ids"]}) == 50
    keys = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    sent = [hands.api("sendMessage", chat_id=600, text="?", reply_markup=keys) for _ in range(2)]
    (press,) = hands.http.post(
        "/simulator/telegram/say", json=[{"chat": 600, "press": "ya"}]
    ).json()
    assert press["message_ids"] == [sent[-1]["result"]["message_id"]]


def test_updates_stay_until_confirmed(hands: Hands) -> None:
    for number in range(5):
        hands.write(CHAT, text=str(number))

    def texts(**params: int) -> list[str]:
        return [update["message"]["text"] for update in hands.api("getUpdates", **params)["result"]]

    first = hands.api("getUpdates")["result"][0]["update_id"]
    assert texts() == texts(offset=first) == list("01234")
    assert texts(limit=2) == list("01")
    assert texts(offset=first + 2) == list("234")
    assert texts() == list("234")
    assert hands.wire()["waiting"] == 3
    assert texts(offset=-1) == ["4"]
    assert texts(offset=first + 5) == []
    assert [entry["status"] for entry in hands.entries("update")] == [200] * 5


def test_only_wanted_kinds_are_queued(hands: Hands) -> None:
    hands.api("getUpdates", allowed_updates=["edited_message"])
    message_id = hands.write(CHAT, text="satu")["message_ids"][0]
    hands.write(CHAT, edit={"message_id": message_id, "text": "dua"})
    (update,) = hands.api("getUpdates")["result"]
    assert "edited_message" in update


def test_a_long_poll_ends_with_the_first_update(hands: Hands) -> None:
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(hands.api, "getUpdates", timeout=30)
        hands.write(CHAT, text="halo")
        assert [u["message"]["text"] for u in poll.result(timeout=5)["result"]] == ["halo"]


def test_an_empty_poll_ends_in_time(hands: Hands) -> None:
    started = time.monotonic()
    assert hands.api("getUpdates", timeout=1)["result"] == []
    assert 1 <= time.monotonic() - started < 5


def test_a_second_poller_ends_the_first(hands: Hands) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(hands.api, "getUpdates", timeout=30)

        def ended() -> bool:
            assert hands.api("getUpdates")["result"] == []
            return first.done()

        hands.until(ended)
    refused = first.result()
    assert refused["error_code"] == 409
    assert "terminated by other getUpdates request" in refused["description"]


def test_a_webhook_ends_polling(hands: Hands) -> None:
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(hands.api, "getUpdates", timeout=30)
        hands.api("setWebhook", url="http://127.0.0.1:9/x")
        assert poll.result(timeout=5)["error_code"] == 409
    assert "while webhook is active" in hands.api("getUpdates")["description"]
    hands.api("deleteWebhook")
    assert hands.api("getUpdates")["ok"]


@pytest.mark.parametrize(
    ("act", "body"), [("deactivate", {}), ("migrate", {"to": -1_000_000_000_009})]
)
def test_who_is_gone_writes_no_more(hands: Hands, act: str, body: dict[str, int]) -> None:
    hands.act(-9, act, **body)
    answer = hands.http.post("/simulator/telegram/chats/-9/messages", json={"text": "/start"})
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("telegram/chats/5/migrate", {"to": -5}, 409),
        ("telegram/updates", {"update_id": 1}, 422),
        ("telegram/say", [{"chat": 1}], 422),
        ("telegram/say", [{"chat": 1, "press": "ya"}], 404),
        ("fax/chats/5/block", {}, 404),
    ],
)
def test_acts_that_make_no_sense(hands: Hands, path: str, body: object, status: int) -> None:
    assert hands.http.post(f"/simulator/{path}", json=body).status_code == status
