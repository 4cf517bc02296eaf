"""X's JSON: posts, direct messages, and the envelopes in which both are posted. Pure."""

import html
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.simulator.twitter.rules import POST_LIMIT, weighted
from app.simulator.twitter.timeline import OURS, Post

Json = dict[str, Any]

ACCOUNT_ID = "1500000000000000001"
USERNAME = "kanal_simulasi"
CITIZEN = "Warga"
_FIRST_ID = 2_000_000_000_000_000_000
_SHOWN = 240


def x_id(number: int) -> str:
    """The id that X gives to a message of the simulator's number."""
    return str(_FIRST_ID + number)


def number_of(name: str) -> int:
    """The simulator's number of an id, 0 for one that X never gave."""
    return max(int(name) - _FIRST_ID, 0) if name.isascii() and name.isdecimal() else 0


def user_id(address: int) -> str:
    """The user id of a citizen, or of the account."""
    return ACCOUNT_ID if address == OURS else str(address)


def user(address: int) -> Json:
    """A user as `includes` shows him."""
    if address == OURS:
        return {"id": ACCOUNT_ID, "name": "Kanal (simulasi)", "username": USERNAME}
    return {"id": str(address), "name": CITIZEN, "username": f"warga_{address}"}


def moment(at: float) -> str:
    """A time as API v2 writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def post(it: Post) -> Json:
    """A post with all its fields; a long one has its whole text in `note_tweet`."""
    text, links = _written(it)
    shown: Json = {
        "id": x_id(it.number),
        "author_id": user_id(it.author),
        "conversation_id": x_id(it.thread),
        "created_at": moment(it.at),
        "text": text,
        "lang": "in",
        "edit_history_tweet_ids": [x_id(number) for number in it.history],
        "reply_settings": "everyone",
        "entities": {"urls": links},
    }
    if it.calls_us and f"@{USERNAME}" in it.text:
        start = it.text.index(f"@{USERNAME}")
        mention = {"start": start, "end": start + len(USERNAME) + 1}
        shown["entities"]["mentions"] = [mention | {"username": USERNAME, "id": ACCOUNT_ID}]
    if it.reply_to:
        shown["referenced_tweets"] = [{"type": "replied_to", "id": x_id(it.reply_to)}]
        shown["in_reply_to_tweet_id"] = x_id(it.reply_to)
    if it.photos:
        shown["attachments"] = {"media_keys": [media_key(name) for name in it.photos]}
    if weighted(it.text) > POST_LIMIT:
        shown["note_tweet"] = {"text": text, "entities": shown["entities"]}
        shown["text"] = text[:_SHOWN] + "…"
    return shown


def _written(it: Post) -> tuple[str, list[Json]]:
    """The text as X gives it out: escaped, and with a link to its own photos at the end."""
    text = html.escape(it.text, quote=False)
    if not it.photos:
        return text, []
    link = f"https://t.co/{it.photos[0][:10]}"
    own = f"https://x.com/{user(it.author)['username']}/status/{x_id(it.number)}/photo/1"
    return f"{text} {link}", [
        {"url": link, "expanded_url": own, "media_key": media_key(it.photos[0])}
    ]


def media_key(name: str) -> str:
    """The key by which a post names its photo."""
    return f"3_{int(name[:12], 16)}"


def photos(names: Sequence[str], urls: Mapping[str, str]) -> list[Json]:
    """The photos as `includes` shows them."""
    return [
        {"media_key": media_key(name), "type": "photo", "url": urls[name], "width": 320}
        for name in names
    ]


def message(number: int, sender: int, to: int, at: float, text: str, photo: Json | None) -> Json:
    """A direct message in the words of API v1.1, as the webhook brings it."""
    data: Json = {"text": html.escape(text, quote=False), "entities": {"urls": []}}
    if photo:
        data["text"] = f"{data['text']} {photo['url']}".strip()
        data["attachment"] = {"type": "media", "media": photo}
    return {
        "type": "message_create",
        "id": x_id(number),
        "created_timestamp": str(int(at * 1000)),
        "message_create": {
            "target": {"recipient_id": user_id(to)},
            "sender_id": user_id(sender),
            "message_data": data,
        },
    }


def message_photo(number: int, name: str) -> Json:
    """A photo in a direct message; X gives it only to who may read the message."""
    path = f"1.1/ton/data/dm/{x_id(number)}/{int(name[:12], 16)}/{name}.jpg"
    return {
        "id_str": str(int(name[:12], 16)),
        "type": "photo",
        "media_url_https": f"https://ton.twitter.com/{path}",
        "url": f"https://t.co/{name[:10]}",
    }


def polled(event: Json) -> tuple[Json, list[Json]]:
    """A direct message in the words of API v2, as polling brings it, and its photos."""
    said = event["message_create"]
    data = said["message_data"]
    shown: Json = {
        "id": event["id"],
        "event_type": "MessageCreate",
        "text": data["text"],
        "sender_id": said["sender_id"],
        "created_at": moment(int(event["created_timestamp"]) / 1000),
        "entities": data["entities"],
    }
    photo = data.get("attachment", {}).get("media")
    if not photo:
        return shown, []
    key = f"3_{photo['id_str']}"
    link = {
        "url": photo["url"],
        "expanded_url": f"https://twitter.com/messages/media/{event['id']}",
    }
    shown |= {"attachments": {"media_keys": [key]}, "entities": {"urls": [link]}}
    return shown, [{"media_key": key, "type": "photo", "url": photo["media_url_https"]}]


def envelope(kind: str, payload: Json, includes: Json | None = None) -> bytes:
    """An event of the X Activity API; its number may be below zero."""
    data: Json = {
        "event_uuid": str(secrets.randbits(64) - 2**63),
        "filter": {"user_id": ACCOUNT_ID},
        "event_type": kind,
        "tag": "kanal",
        "payload": payload,
    }
    if includes is not None:
        data["includes"] = includes
    return json.dumps({"data": data}).encode()
