"""Telegram's JSON objects: user, chat, message, update. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from app.simulator.phone import Bubble, Button

Json = dict[str, Any]

BOT_USERNAME = "kanal_simulasi_bot"
CITIZEN = "Warga"
#: Addresses from here downwards are supergroups.
FIRST_SUPERGROUP = -1_000_000_000_000
#: The member who speaks in simulated groups.
GROUP_MEMBER = 5_000_000_001

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?")
_MENTION = re.compile(r"@[A-Za-z0-9_]{4,32}")


def bot(bot_id: int) -> Json:
    """The bot as a user."""
    return {
        "id": bot_id,
        "is_bot": True,
        "first_name": "Kanal (simulasi)",
        "username": BOT_USERNAME,
    }


def profile(bot_id: int) -> Json:
    """The bot as getMe shows it."""
    return bot(bot_id) | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


def citizen(address: int) -> Json:
    """Who speaks in the chat `address`."""
    user = address if address > 0 else GROUP_MEMBER
    return {"id": user, "is_bot": False, "first_name": CITIZEN, "language_code": "id"}


def chat(address: int) -> Json:
    """The chat; below zero it is a group, below -10^12 a supergroup."""
    if address > 0:
        return {"id": address, "first_name": CITIZEN, "type": "private"}
    kind = "supergroup" if address <= FIRST_SUPERGROUP else "group"
    return {"id": address, "title": "Grup warga", "type": kind}


def markup(rows: Sequence[Sequence[Button]]) -> Json:
    """An inline keyboard."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> Json:
    if button.url:
        return {"text": button.text, "url": button.url}
    return {"text": button.text, "callback_data": button.value}


def from_bot(bubble: Bubble, address: int, bot_id: int) -> Json:
    """A message of the bot as the Bot API shows it."""
    message = _head(bubble.id, bot(bot_id), address, bubble.at) | {"text": bubble.text}
    if bubble.edited_at:
        message["edit_date"] = int(bubble.edited_at)
    if bubble.buttons:
        message["reply_markup"] = markup(bubble.buttons)
    return message


def from_citizen(message_id: int, address: int, at: float, content: Json) -> Json:
    """A message of the citizen."""
    return _head(message_id, citizen(address), address, at) | content


def _head(message_id: int, sender: Json, address: int, at: float) -> Json:
    return {"message_id": message_id, "from": sender, "chat": chat(address), "date": int(at)}


def text(words: str) -> Json:
    """A text with the entities that matter to a bot: its commands and mentions."""
    found = [("bot_command", match) for match in [_COMMAND.match(words)] if match]
    found += [("mention", match) for match in _MENTION.finditer(words)]
    content: Json = {"text": words}
    if found:
        content["entities"] = [_entity(kind, match, words) for kind, match in found]
    return content


def _entity(kind: str, match: re.Match[str], words: str) -> Json:
    before = len(words[: match.start()].encode("utf-16-le", "surrogatepass")) // 2
    return {"type": kind, "offset": before, "length": len(match.group())}


def callback_query(query_id: str, message: Json, value: str, sender: Json) -> Json:
    """The press of a button under `message`."""
    return {
        "id": query_id,
        "from": sender,
        "chat_instance": str(-message["chat"]["id"] - 1),
        "data": value,
        "message": message,
    }


def membership(address: int, bot_id: int, at: float, *, blocked: bool) -> Json:
    """The citizen blocked the bot, or took it back."""
    user = bot(bot_id)
    inside: Json = {"user": user, "status": "member"}
    outside: Json = {"user": user, "status": "kicked", "until_date": 0}
    return {
        "chat": chat(address),
        "from": citizen(address),
        "date": int(at),
        "old_chat_member": inside if blocked else outside,
        "new_chat_member": outside if blocked else inside,
    }
