"""The Bot API's methods: a table from name to function."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from app.simulator.phone import Bubble, Button
from app.simulator.telegram import shapes
from app.simulator.telegram.platform import Chat, Telegram
from app.simulator.telegram.rules import (
    Params,
    Refusal,
    callback_answer,
    flag,
    keyboard,
    message_text,
    number,
    refuse,
    structure,
    webhook_secret,
    webhook_url,
)
from app.simulator.telegram.shapes import Json
from app.simulator.telegram.updates import Webhook

Method = Callable[[Telegram, Params], Awaitable[Any]]


async def _get_me(telegram: Telegram, _: Params) -> Json:
    return shapes.profile(telegram.bot_id)


async def _set_webhook(telegram: Telegram, params: Params) -> bool:
    url = str(params.get("url") or "").strip()
    if not url:
        return await _delete_webhook(telegram, params)
    connections = min(max(number(params, "max_connections", 40), 1), 100)
    target = webhook_url(url, telegram.settings.known_hosts)
    webhook = Webhook(url, target, webhook_secret(params), connections)
    _allow(telegram, params)
    if flag(params, "drop_pending_updates"):
        await telegram.updates.delete_webhook()
        telegram.updates.drop_pending()
    await telegram.updates.set_webhook(webhook)
    return True


async def _delete_webhook(telegram: Telegram, params: Params) -> bool:
    await telegram.updates.delete_webhook()
    if flag(params, "drop_pending_updates"):
        telegram.updates.drop_pending()
    return True


async def _get_webhook_info(telegram: Telegram, _: Params) -> Json:
    return telegram.updates.info()


async def _get_updates(telegram: Telegram, params: Params) -> list[Json]:
    _allow(telegram, params)
    limit = min(max(number(params, "limit", 100), 1), 100)
    offset, timeout = number(params, "offset", 0), number(params, "timeout", 0)
    return await telegram.updates.get(offset, limit, timeout)


def _allow(telegram: Telegram, params: Params) -> None:
    """An absent list leaves the earlier choice as it is; an empty one is the default."""
    wanted = structure(params, "allowed_updates")
    if wanted is None:
        return
    if not isinstance(wanted, list):
        raise refuse("can't parse allowed updates: expected an Array of String")
    telegram.updates.allowed = frozenset(str(kind).lower() for kind in wanted)


async def _send_message(telegram: Telegram, params: Params) -> Json:
    text, buttons = message_text(params), keyboard(params)
    chat = _recipient(telegram, params)
    quoted = _replied_to(chat, params)
    _admit(telegram, chat)
    message_id = telegram.next_message_id()
    bubble = Bubble(message_id, False, "text", text, buttons=buttons, quoted=quoted)
    chat.phone.show(bubble)
    message = shapes.from_bot(bubble, chat.address, telegram.bot_id)
    rows = shapes.markup(buttons)["inline_keyboard"]
    telegram.wire.sent(telegram.name, chat.address, bubble.id, text, rows)
    return message


async def _edit_message_text(telegram: Telegram, params: Params) -> Json:
    return _edit(telegram, params, message_text(params))


async def _edit_message_reply_markup(telegram: Telegram, params: Params) -> Json:
    return _edit(telegram, params, None)


def _edit(telegram: Telegram, params: Params, text: str | None) -> Json:
    buttons: list[list[Button]] = keyboard(params)
    chat = _recipient(telegram, params)
    bubble = chat.phone.bubbles.get(number(params, "message_id", 0))
    if bubble is None:
        raise refuse("message to edit not found")
    if bubble.mine:
        raise refuse("message can't be edited")
    words = bubble.text if text is None else text
    if (words, buttons) == (bubble.text, bubble.buttons):
        raise refuse(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    bubble.text, bubble.buttons, bubble.edited_at = words, buttons, time.time()
    chat.phone.show(bubble)
    return shapes.from_bot(bubble, chat.address, telegram.bot_id)


async def _send_chat_action(telegram: Telegram, params: Params) -> bool:
    _recipient(telegram, params)
    if not params.get("action"):
        raise refuse("wrong parameter action in request")
    return True


async def _answer_callback_query(telegram: Telegram, params: Params) -> bool:
    text = callback_answer(params)
    phone, pressed_at = telegram.presses.get(str(params.get("callback_query_id")), (None, 0.0))
    if phone is None or time.time() - pressed_at > telegram.settings.telegram_callback_seconds:
        raise refuse("query is too old and response timeout expired or query ID is invalid")
    if text:
        phone.notify(text)
    return True


async def _get_file(telegram: Telegram, params: Params) -> Json:
    return telegram.files.link(str(params.get("file_id") or ""))


async def _set_my_commands(_: Telegram, params: Params) -> bool:
    if not isinstance(structure(params, "commands"), list):
        raise refuse("can't parse commands: expected an Array of BotCommand")
    return True


def _recipient(telegram: Telegram, params: Params) -> Chat:
    """The chat a call is for, if the bot may speak there."""
    if params.get("chat_id") in (None, ""):
        raise refuse("chat_id is empty")
    chat = telegram.chats.get(number(params, "chat_id", 0))
    if chat is None or not chat.started:
        raise refuse("chat not found")
    if chat.moved_to:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            {"migrate_to_chat_id": chat.moved_to},
        )
    if chat.deactivated:
        raise Refusal(403, "Forbidden: user is deactivated")
    if chat.phone.blocked or chat.address in telegram.faults.blocked_chats:
        raise Refusal(403, f"Forbidden: bot was {_exit(chat)}")
    return chat


def _exit(chat: Chat) -> str:
    kind = shapes.chat(chat.address)["type"]
    return "blocked by the user" if kind == "private" else f"kicked from the {kind} chat"


def _replied_to(chat: Chat, params: Params) -> int:
    """The message a new one answers, 0 for none; it must be there, unless the caller allows."""
    reply = structure(params, "reply_parameters") or {}
    if not isinstance(reply, dict) or "message_id" not in reply:
        return 0
    wanted = number(reply, "message_id", 0)
    if wanted in chat.phone.bubbles:
        return wanted
    if reply.get("allow_sending_without_reply"):
        return 0
    raise refuse("message to be replied not found")


def _admit(telegram: Telegram, chat: Chat) -> None:
    """Count one message, or refuse it as too fast."""
    settings = telegram.settings
    if not settings.telegram_limits:
        return
    private = chat.address > 0
    rate = settings.telegram_chat_rate if private else settings.telegram_group_rate
    burst = settings.telegram_chat_burst if private else settings.telegram_group_burst
    wait = telegram.limiter.admit(chat.address, rate, burst, time.monotonic())
    if wait:
        raise flood(wait)


def flood(seconds: int) -> Refusal:
    """The refusal of a call that comes too fast."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


#: Names are compared in lower case, as Telegram does.
METHODS: dict[str, Method] = {
    "getme": _get_me,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _get_webhook_info,
    "getupdates": _get_updates,
    "sendmessage": _send_message,
    "sendchataction": _send_chat_action,
    "editmessagetext": _edit_message_text,
    "editmessagereplymarkup": _edit_message_reply_markup,
    "answercallbackquery": _answer_callback_query,
    "getfile": _get_file,
    "setmycommands": _set_my_commands,
}
#: Methods of setting up, which no fault touches.
SET_UP = frozenset({"getme", "setwebhook", "deletewebhook", "getwebhookinfo", "getupdates"})
