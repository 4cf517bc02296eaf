"""LINE's JSON objects: sources, messages, events. Pure but for the names it draws."""

import json
import secrets
import time
from typing import Any

Json = dict[str, Any]

BOT_USER = "U" + "0123456789abcdef" * 2
BOT_BASIC_ID = "@kanalsimulasi"
CITIZEN = "Warga"
#: The member who speaks in simulated groups.
GROUP_MEMBER = 5_000_000_001

_ID_PREFIX = "56"
_ID_DIGITS = 16


def user_id(address: int) -> str:
    """The user id of the citizen with this phone."""
    return f"U{address:032x}"


def chat_id(address: int) -> str:
    """Where a push goes for this phone; below zero it is a group."""
    return user_id(address) if address > 0 else f"C{-address:032x}"


def address_of(name: str) -> int | None:
    """The phone behind a user or group id, None for what is no such id."""
    try:
        number = int(name[1:], 16)
    except ValueError:
        return None
    address = {"U": number, "C": -number}.get(name[:1], 0)
    return address if address and chat_id(address) == name else None


def message_id(number: int) -> str:
    """LINE's id of the bubble `number`."""
    return f"{_ID_PREFIX}{number:0{_ID_DIGITS}d}"


def number_of(name: str) -> int:
    """The bubble that LINE calls `name`, 0 for what is no such id."""
    digits = name.removeprefix(_ID_PREFIX)
    return int(digits) if digits.isascii() and digits.isdigit() and digits != name else 0


def quote_token() -> str:
    """A token by which a message could be quoted."""
    return secrets.token_urlsafe(24)


def source(address: int) -> Json:
    """Who speaks in the chat `address`."""
    if address > 0:
        return {"type": "user", "userId": user_id(address)}
    return {"type": "group", "groupId": chat_id(address), "userId": user_id(GROUP_MEMBER)}


def event(kind: str, address: int, content: Json, reply_token: str = "") -> Json:
    """One event; its `content` stands beside what all events have."""
    made: Json = {
        "type": kind,
        "timestamp": int(time.time() * 1000),
        "source": source(address),
        "mode": "active",
        "webhookEventId": f"01{secrets.token_hex(12).upper()}",
        "deliveryContext": {"isRedelivery": False},
    }
    if reply_token:
        made["replyToken"] = reply_token
    return made | content


def envelope(events: list[Json]) -> bytes:
    """The body of a post."""
    return json.dumps({"destination": BOT_USER, "events": events}, ensure_ascii=False).encode()


def sent_messages(numbers: list[int]) -> Json:
    """What LINE answers to a reply or a push."""
    sent = [{"id": message_id(number), "quoteToken": quote_token()} for number in numbers]
    return {"sentMessages": sent}


def bot_info() -> Json:
    """The account."""
    return {
        "userId": BOT_USER,
        "basicId": BOT_BASIC_ID,
        "displayName": "Kanal (simulasi)",
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }


def profile(address: int) -> Json:
    """A citizen as the account may see him."""
    return {"userId": user_id(address), "displayName": CITIZEN, "language": "id"}
