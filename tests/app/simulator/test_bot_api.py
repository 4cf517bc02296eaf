"""The Bot API's rules, both sides of each limit."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, error

from app.simulator.telegram.rules import FILE_LIMIT
from tests.app.simulator.hands import TOKEN, Hands, Simulate

CHAT = 501


def _keys(data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Kirim", "callback_data": data}]]}


SENT = None
T = TypeVar("T")
TEXTS = [
    ({"text": "x"}, SENT),
    ({"text": "x" * 4096}, SENT),
    ({"text": "  " + "x" * 4096 + "\n\n"}, SENT),
    ({"text": "x" * 4097}, "Bad Request: message is too long"),
    ({"text": "😀" * 2048}, SENT),
    ({"text": "😀" * 2049}, "Bad Request: message is too long"),
    ({"text": ""}, "Bad Request: message text is empty"),
    ({"text": " \n\t "}, "Bad Request: message text is empty"),
    ({"text": "\x00"}, "Bad Request: message text is empty"),
    ({}, "Bad Request: message text is empty"),
    ({"text": "\ud83d"}, "Bad Request: strings must be encoded in UTF-8"),
    ({"text": "x", "parse_mode": "HTML"}, "Bad Request: unsupported parse_mode"),
    ({"text": "x", "chat_id": 999}, "Bad Request: chat not found"),
    ({"text": "x", "chat_id": "@warga"}, "Bad Request: chat not found"),
    ({"text": "x", "chat_id": str(CHAT)}, SENT),
    ({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty"),
    ({"text": "x", "reply_markup": _keys("x")}, SENT),
    ({"text": "x", "reply_markup": _keys("x" * 64)}, SENT),
    ({"text": "x", "reply_markup": _keys("x" * 65)}, "Bad Request: BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": _keys("é" * 32)}, SENT),
    ({"text": "x", "reply_markup": _keys("é" * 33)}, "Bad Request: BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": _keys("")}, "Bad Request: BUTTON_DATA_INVALID"),
    ({"text": "x", "reply_markup": json.dumps(_keys("x"))}, SENT),
    ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply_markup JSON object"),
    (
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
        "Bad Request: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"text": "x", "reply_parameters": {"message_id": 1}},
        "Bad Request: message to be replied not found",
    ),
]


@pytest.mark.parametrize(("params", "refusal"), TEXTS)
def test_send_message(hands: Hands, params: dict[str, Any], refusal: str | None) -> None:
    hands.write(CHAT, text="halo")
    answer = hands.api("sendMessage", **({"chat_id": CHAT} | params))
    assert answer.get("description") == refusal
    assert answer["ok"] is (refusal is None)
    assert len(hands.entries("send")) == (refusal is None)
    assert len(hands.screen(CHAT)["bubbles"]) == 1 + (refusal is None)


@pytest.mark.parametrize("way", ["query", "json", "form", "multipart"])
def test_all_bodies_mean_the_same(hands: Hands, way: str) -> None:
    hands.write(CHAT, text="halo")
    params = {
        "chat_id": str(CHAT),
        "text": "baik & benar: ✓",
        "reply_markup": json.dumps(_keys("a")),
    }
    url = f"/bot{TOKEN}/SendMessage"
    answer = {
        "query": lambda: hands.http.get(url, params=params),
        "json": lambda: hands.http.post(url, json=params),
        "form": lambda: hands.http.post(url, data=params),
        "multipart": lambda: hands.http.post(url, data=params, files={"x": b"1"}),
    }[way]()
    message = answer.json()["result"]
    assert message["text"] == params["text"]
    assert message["reply_markup"] == _keys("a")
    assert (message["chat"]["id"], message["from"]["is_bot"]) == (CHAT, True)


def _with_bot(origin: str, work: Callable[[Bot], Awaitable[T]], token: str = TOKEN) -> T:
    async def run() -> T:
        bot = Bot(token, base_url=f"{origin}/bot", base_file_url=f"{origin}/file/bot")
        async with bot:
            return await work(bot)

    return asyncio.run(run())


def test_the_sdk_reads_a_sent_message(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("Kirim", callback_data="kirim")]])
    sent = _with_bot(hands.origin, lambda bot: bot.send_message(CHAT, "Baik.", reply_markup=keys))
    assert (sent.text, sent.chat_id, sent.reply_markup) == ("Baik.", CHAT, keys)
    (entry,) = hands.entries("send")
    assert (entry["message_id"], entry["text"], entry["length"]) == (sent.message_id, "Baik.", 5)
    assert entry["buttons"] == [[{"text": "Kirim", "callback_data": "kirim"}]]


def _blocked(hands: Hands) -> None:
    hands.act(CHAT, "block")


def _silently_blocked(hands: Hands) -> None:
    hands.faults(blocked_chats=[CHAT])


def _deactivated(hands: Hands) -> None:
    hands.act(CHAT, "deactivate")


def _flooded(hands: Hands) -> None:
    hands.faults(flood_next=1, flood_retry_after=7)


def _broken(hands: Hands) -> None:
    hands.faults(error_next=1)


def _page(hands: Hands) -> None:
    hands.faults(html_503_next=1)


@pytest.mark.parametrize(
    ("trouble", "expected", "words"),
    [
        (_blocked, error.Forbidden, "bot was blocked by the user"),
        (_silently_blocked, error.Forbidden, "bot was blocked by the user"),
        (_deactivated, error.Forbidden, "user is deactivated"),
        (_flooded, error.RetryAfter, "Flood control exceeded"),
        (_broken, error.NetworkError, "Internal Server Error"),
        (_page, error.NetworkError, "503"),
    ],
)
def test_the_sdk_raises_what_it_raises_on_telegram(
    hands: Hands,
    trouble: Callable[[Hands], None],
    expected: type[error.TelegramError],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    hands.write(CHAT, text="halo")
    trouble(hands)
    with pytest.raises(expected, match=words) as caught:
        _with_bot(hands.origin, lambda bot: bot.send_message(CHAT, "x"))
    assert type(caught.value) is expected
    if isinstance(caught.value, error.RetryAfter):
        assert caught.value.retry_after == timedelta(seconds=7)


def test_a_group_that_moved_names_its_new_address(hands: Hands) -> None:
    hands.write(-77, text="/start@kanal_simulasi_bot")
    hands.act(-77, "migrate", to=-1_000_000_000_077)
    with pytest.raises(error.ChatMigrated) as caught:
        _with_bot(hands.origin, lambda bot: bot.send_message(-77, "x"))
    assert caught.value.new_chat_id == -1_000_000_000_077
    sent = _with_bot(hands.origin, lambda bot: bot.send_message(-1_000_000_000_077, "x"))
    assert sent.chat.type == "supergroup"


@pytest.mark.parametrize(
    ("known", "token", "status"),
    [
        ("", TOKEN, 200),
        ("", "1:x", 200),
        ("", "bukan-token", 404),
        (TOKEN, TOKEN, 200),
        (TOKEN, "7000000001:other", 401),
        (TOKEN, "bukan-token", 404),
    ],
)
def test_tokens(simulate: Simulate, known: str, token: str, status: int) -> None:
    answer = simulate(telegram_token=known).http.get(f"/bot{token}/getMe")
    assert answer.status_code == answer.json().get("error_code", 200) == status


def test_a_wrong_token_is_an_invalid_token_to_the_sdk(simulate: Simulate) -> None:
    with pytest.raises(error.InvalidToken):
        _with_bot(simulate(telegram_token=TOKEN).origin, lambda bot: bot.get_me(), "1:wrong")


def test_an_unknown_method_is_not_found(hands: Hands) -> None:
    assert hands.api("sendPigeon")["error_code"] == 404


@pytest.mark.parametrize(
    ("length", "refusal"), [(0, None), (200, None), (201, "Bad Request: MESSAGE_TOO_LONG")]
)
def test_answer_callback_query(hands: Hands, length: int, refusal: str | None) -> None:
    query = _press(hands)
    answer = hands.api("answerCallbackQuery", callback_query_id=query["id"], text="x" * length)
    assert answer.get("description") == refusal


def _press(hands: Hands) -> dict[str, Any]:
    hands.write(CHAT, text="halo")
    sent = hands.api("sendMessage", chat_id=CHAT, text="?", reply_markup=_keys("ya"))["result"]
    hands.act(CHAT, "press", message_id=sent["message_id"], value="ya")
    query: dict[str, Any] = hands.api("getUpdates")["result"][-1]["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("ya", sent["message_id"])
    return query


def test_a_press_can_be_answered_only_for_a_while(simulate: Simulate) -> None:
    hands = simulate(telegram_callback_seconds=1e-6)
    query = _press(hands)
    for query_id in (query["id"], "0"):
        answer = hands.api("answerCallbackQuery", callback_query_id=query_id)
        assert answer["description"].startswith("Bad Request: query is too old")


@pytest.mark.parametrize(
    ("size", "refusal"), [(FILE_LIMIT, None), (FILE_LIMIT + 1, "Bad Request: file is too big")]
)
def test_get_file_has_a_cap(hands: Hands, size: int, refusal: str | None) -> None:
    hands.write(CHAT, photo={"size": size})
    (update,) = hands.api("getUpdates")["result"]
    largest = update["message"]["photo"][-1]
    assert largest["file_size"] == size
    answer = hands.api("getFile", file_id=largest["file_id"])
    assert answer.get("description") == refusal
    if refusal is None:
        file = hands.http.get(f"/file/bot{TOKEN}/{answer['result']['file_path']}")
        assert (len(file.content), file.content[:3]) == (size, b"\xff\xd8\xff")


def test_a_file_needs_a_link_that_works(simulate: Simulate) -> None:
    hands = simulate(telegram_file_seconds=1e-6)
    hands.write(CHAT, voice={})
    voice = hands.api("getUpdates")["result"][0]["message"]["voice"]
    assert hands.api("getFile", file_id="unknown")["error_code"] == 400
    path = hands.api("getFile", file_id=voice["file_id"])["result"]["file_path"]
    assert hands.http.get(f"/file/bot{TOKEN}/{path}").status_code == 404


def test_editing_a_message(hands: Hands) -> None:
    own = hands.write(CHAT, text="halo")["message_ids"][0]
    sent = hands.api("sendMessage", chat_id=CHAT, text="?", reply_markup=_keys("ya"))["result"]
    where = {"chat_id": CHAT, "message_id": sent["message_id"]}
    assert "reply_markup" not in hands.api("editMessageReplyMarkup", **where)["result"]
    assert "not modified" in hands.api("editMessageText", **where, text="?")["description"]
    assert hands.api("editMessageText", **where, text="!")["result"]["text"] == "!"
    for message_id, words in ((own, "can't be edited"), (1, "message to edit not found")):
        answer = hands.api("editMessageText", chat_id=CHAT, message_id=message_id, text="x")
        assert words in answer["description"]


LOOPBACK = "http://127.0.0.1:9/webhooks/telegram"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"url": LOOPBACK}, None),
        ({"url": LOOPBACK, "secret_token": "a-Z_9" + "x" * 251}, None),
        ({"url": LOOPBACK, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": LOOPBACK, "secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"url": LOOPBACK, "secret_token": "é"}, "secret token contains unallowed characters"),
        ({"url": "ftp://127.0.0.1/x"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://127.0.0.1:8443/x"}, None),
        ({"url": "https://127.0.0.1:8444/x"}, "bad webhook: Webhook can be set up only on ports"),
        ({"url": "http://example.org/x"}, "bad webhook: the simulator delivers to"),
        ({"url": "http://127.0.0.1:99999/x"}, "bad webhook: invalid URL"),
        ({"url": "http://127.0.0.1/x y"}, "bad webhook: invalid URL"),
    ],
)
def test_set_webhook(hands: Hands, params: dict[str, Any], refusal: str | None) -> None:
    answer = hands.api("setWebhook", **params)
    assert answer.get("description", "").startswith(f"Bad Request: {refusal}" if refusal else "")
    info = hands.api("getWebhookInfo")["result"]
    assert info["url"] == ("" if refusal else params["url"])


@pytest.mark.parametrize(("wanted", "got"), [(None, 40), (0, 1), (1, 1), (100, 100), (101, 100)])
def test_max_connections(hands: Hands, wanted: int | None, got: int) -> None:
    hands.api(
        "setWebhook", url=LOOPBACK, **({"max_connections": wanted} if wanted is not None else {})
    )
    assert hands.api("getWebhookInfo")["result"]["max_connections"] == got


@pytest.mark.parametrize(
    "markup",
    [
        [1],
        {"keyboard": [["Kirim"]]},
        {"inline_keyboard": {}},
        {"inline_keyboard": [["Kirim"]]},
        {"inline_keyboard": [[{"text": " ", "callback_data": "x"}]]},
    ],
)
def test_what_is_no_inline_keyboard_is_refused(hands: Hands, markup: object) -> None:
    hands.write(CHAT, text="halo")
    answer = hands.api("sendMessage", chat_id=CHAT, text="x", reply_markup=markup)
    assert answer["error_code"] == 400
    assert hands.entries("send") == []


def test_a_button_can_open_a_page(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    markup = {"inline_keyboard": [[{"text": "Buka", "url": "https://example.org/"}]]}
    answer = hands.api("sendMessage", chat_id=CHAT, text="x", reply_markup=markup)
    assert answer["result"]["reply_markup"] == markup
    assert hands.screen(CHAT)["bubbles"][-1]["buttons"][0][0]["url"] == "https://example.org/"


@pytest.mark.parametrize(
    ("method", "params", "fine"),
    [
        ("sendChatAction", {"chat_id": CHAT, "action": "typing"}, True),
        ("sendChatAction", {"chat_id": CHAT}, False),
        ("sendChatAction", {"chat_id": 999, "action": "typing"}, False),
        ("setMyCommands", {"commands": [{"command": "bantuan", "description": "Bantuan"}]}, True),
        ("setMyCommands", {}, False),
        ("getUpdates", {"allowed_updates": {}}, False),
        ("setWebhook", {"url": ""}, True),
    ],
)
def test_smaller_methods(hands: Hands, method: str, params: dict[str, Any], fine: bool) -> None:
    hands.write(CHAT, text="halo")
    assert hands.api(method, **params)["ok"] is fine


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(hands: Hands, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = hands.http.post(f"/bot{TOKEN}/sendMessage", content=body, headers=headers)
    assert answer.status_code == 400
