"""A citizen answers a message: what the bot is told of it, and what the platform refuses."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from app.simulator.background import running
from tests.app.simulator.hands import Hands
from tests.tls import TLS

CHAT = 501


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A simulator without any bot."""
    with running() as origin, httpx.Client(base_url=origin, timeout=20, verify=TLS) as http:
        yield http


def write(http: httpx.Client, platform: str, **writing: Any) -> httpx.Response:
    return http.post(f"/simulator/{platform}/chats/{CHAT}/messages", json=writing)


def shown(http: httpx.Client, platform: str) -> list[dict[str, Any]]:
    screen: dict[str, Any] = http.get(f"/simulator/{platform}/chats/{CHAT}").json()
    bubbles: list[dict[str, Any]] = screen["bubbles"]
    return bubbles


def test_telegram_repeats_the_message_that_is_answered(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    keys = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    asked = hands.api("sendMessage", chat_id=CHAT, text="Ada fotonya?", reply_markup=keys)
    hands.write(CHAT, photo={}, reply_to=asked["result"]["message_id"])
    answered = _newest(hands)["reply_to_message"]
    assert (answered["text"], answered["from"]["is_bot"]) == ("Ada fotonya?", True)
    assert answered["reply_markup"] == keys
    own = hands.screen(CHAT)["bubbles"][-1]
    assert own["quoted"] == asked["result"]["message_id"]
    hands.write(CHAT, text="lubang ini", reply_to=own["id"])
    answered = _newest(hands)["reply_to_message"]
    assert answered["photo"]
    assert "reply_to_message" not in answered  # one step back, never two


def _newest(hands: Hands) -> dict[str, Any]:
    updates = hands.api("getUpdates", offset=-1)["result"]
    message: dict[str, Any] = updates[-1]["message"]
    return message


def test_telegram_repeats_a_text_as_it_was_edited(hands: Hands) -> None:
    hands.write(CHAT, text="jalan rusah")
    own = hands.screen(CHAT)["bubbles"][-1]["id"]
    hands.write(CHAT, edit={"message_id": own, "text": "jalan rusak"})
    hands.write(CHAT, text="yang ini", reply_to=own)
    assert _newest(hands)["reply_to_message"]["text"] == "jalan rusak"


def test_an_answer_to_the_bot_is_heard_in_a_group(hands: Hands) -> None:
    hands.write(-7, text="jalan rusak")
    said = hands.api("sendMessage", chat_id=-7, text="Silakan tulis pribadi.")
    hands.write(-7, text="baik", reply_to=said["result"]["message_id"])
    heard = hands.api("getUpdates")["result"]
    assert [update["message"]["text"] for update in heard] == ["baik"]


@pytest.mark.parametrize("platform", ["telegram", "line", "messenger"])
def test_an_answer_shows_what_it_answers(http: httpx.Client, platform: str) -> None:
    write(http, platform, text="jalan rusak").raise_for_status()
    first = shown(http, platform)[0]["id"]
    write(http, platform, text="ini fotonya", reply_to=first).raise_for_status()
    assert [it["quoted"] for it in shown(http, platform)] == [0, first]


@pytest.mark.parametrize(
    ("platform", "first", "second", "status"),
    [
        ("telegram", {"text": "a"}, {"text": "b", "reply_to": 1}, 404),
        ("line", {"text": "a"}, {"text": "b", "reply_to": 1}, 404),
        ("line", {"text": "a"}, {"photo": {}, "reply_to": 0}, 422),
        ("line", {"location": {}}, {"text": "b", "reply_to": 0}, 404),
        ("line", {"voice": {}}, {"text": "b", "reply_to": 0}, 404),
        ("messenger", {"text": "a"}, {"text": "b", "reply_to": 1}, 404),
        ("twitter", {"text": "a"}, {"text": "b", "reply_to": 0}, 422),
    ],
)
def test_what_cannot_be_answered_is_refused(
    http: httpx.Client,
    platform: str,
    first: dict[str, Any],
    second: dict[str, Any],
    status: int,
) -> None:
    """A `reply_to` of 0 stands for the first message."""
    write(http, platform, **first).raise_for_status()
    answered = second["reply_to"] or shown(http, platform)[0]["id"]
    assert write(http, platform, **second | {"reply_to": answered}).status_code == status
    assert len(shown(http, platform)) == 1


def test_what_was_taken_back_on_line_is_not_answered(http: httpx.Client) -> None:
    write(http, "line", text="salah kirim").raise_for_status()
    own = shown(http, "line")[0]["id"]
    write(http, "line", withdraw={"message_id": own}).raise_for_status()
    assert write(http, "line", text="yang ini", reply_to=own).status_code == 404


@pytest.mark.parametrize("says", ["Ya, kirim", ""])
def test_a_press_on_line_says_what_the_bot_chose(http: httpx.Client, says: str) -> None:
    write(http, "line", text="halo").raise_for_status()
    action = {"type": "postback", "label": "Kirim", "data": "kirim"}
    if says:
        action["displayText"] = says
    message = {
        "type": "text",
        "text": "Sudah benar?",
        "quickReply": {"items": [{"type": "action", "action": action}]},
    }
    http.post(
        "/v2/bot/message/push",
        json={"to": f"U{CHAT:032x}", "messages": [message]},
        headers={"Authorization": "Bearer x"},
    ).raise_for_status()
    asked = shown(http, "line")[-1]["id"]
    press = {"message_id": asked, "value": "kirim"}
    path = f"/simulator/line/chats/{CHAT}/press"
    http.post(path, json=press).raise_for_status()
    last = shown(http, "line")[-1]
    assert (last["mine"], last["text"]) == ((True, says) if says else (False, "Sudah benar?"))
    assert http.post(path, json=press).status_code == 404  # it went with the press
