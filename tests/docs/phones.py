"""What citizens send, as the four platforms post it to us; shapes as in the samples of channels."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = dict[str, Any]

PAGE = "102030405060708"
ACCOUNT, HANDLE = "1111111111111111111", "laporkota"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a citizen does on a phone: his message `number`, at `at`.

    Messages are named by the numbers that the platform counts, ours and his alike: `quotes` is
    the one that he answers, `edits` and `withdraws` an own one. `thread` is where a public message
    stands, 0 for one in private.
    """

    sender: int
    number: int
    at: datetime
    text: str = ""
    photo: bool = False
    voice: bool = False
    pin: tuple[float, float] | None = None
    presses: str = ""
    quotes: int = 0
    edits: int = 0
    withdraws: int = 0
    thread: int = 0

    @property
    def seconds(self) -> int:
        """When it was said, as seconds since 1970."""
        return int(self.at.timestamp())


def telegram(said: Said) -> bytes:
    """An update of the Bot API."""
    sender = {"id": said.sender, "is_bot": False, "language_code": "id"}
    if said.presses:
        query = {"id": str(said.number), "from": sender, "data": said.presses}
        return _body({"update_id": said.number, "callback_query": query})
    message: Json = {
        "message_id": said.edits or said.number,
        "from": sender,
        "chat": {"id": said.sender, "type": "private"},
        "date": said.seconds,
    }
    if said.photo:
        size = {"file_id": f"f{said.number}", "file_unique_id": f"u{said.number}"}
        message["photo"] = [size | {"width": 960, "height": 1280}]
    if said.voice:
        message["voice"] = {"file_id": f"f{said.number}", "mime_type": "audio/ogg", "duration": 9}
    if said.pin:
        message["location"] = {"latitude": said.pin[0], "longitude": said.pin[1]}
    if said.text:
        message["caption" if said.photo else "text"] = said.text
    if said.quotes:
        message["reply_to_message"] = {"message_id": said.quotes}
    if said.edits:
        message["edit_date"] = said.seconds
    kind = "edited_message" if said.edits else "message"
    return _body({"update_id": said.number, kind: message})


def line(said: Said) -> bytes:
    """A post of LINE's Messaging API with one event."""
    event: Json = {
        "timestamp": said.seconds * 1000,
        "source": {"type": "user", "userId": f"U{said.sender:032x}"},
        "mode": "active",
        "webhookEventId": f"01{said.number:024d}",
        "deliveryContext": {"isRedelivery": False},
    }
    if said.withdraws:
        withdrawn = {"messageId": str(said.withdraws)}
        return _line(event | {"type": "unsend", "unsend": withdrawn})
    event["replyToken"] = f"token{said.number:027d}"
    if said.presses:
        return _line(event | {"type": "postback", "postback": {"data": said.presses}})
    message: Json = {"id": str(said.number), "quoteToken": f"quote{said.number}"}
    if said.quotes:
        message["quotedMessageId"] = str(said.quotes)
    if said.photo or said.voice:
        kind = "image" if said.photo else "audio"
        message |= {"type": kind, "contentProvider": {"type": "line"}}
    elif said.pin:
        message |= {"type": "location", "latitude": said.pin[0], "longitude": said.pin[1]}
    else:
        message |= {"type": "text", "text": said.text}
    return _line(event | {"type": "message", "message": message})


def _line(event: Json) -> bytes:
    return _body({"destination": "U0123456789abcdef0123456789abcdef", "events": [event]})


def messenger(said: Said) -> bytes:
    """A post of a Facebook page's inbox with one event."""
    event: Json = {
        "sender": {"id": str(said.sender)},
        "recipient": {"id": PAGE},
        "timestamp": said.seconds * 1000,
    }
    mid = f"m_{said.number}"
    if said.presses:
        event["postback"] = {"mid": mid, "title": "", "payload": said.presses}
    elif said.edits:
        event["message_edit"] = {"mid": f"m_{said.edits}", "text": said.text, "num_edit": 1}
    else:
        message: Json = {"mid": mid}
        if said.text:
            message["text"] = said.text
        if said.photo or said.voice:
            kind, file = ("image", "foto.jpg") if said.photo else ("audio", "suara.mp4")
            url = f"https://scontent.xx.fbcdn.net/v/{said.number}/{file}"
            message["attachments"] = [{"type": kind, "payload": {"url": url}}]
        if said.quotes:
            message["reply_to"] = {"mid": f"m_{said.quotes}"}
        event["message"] = message
    entry = {"id": PAGE, "time": said.seconds * 1000, "messaging": [event]}
    return _body({"object": "page", "entry": [entry]})


def twitter(said: Said) -> bytes:
    """An envelope of the X Activity API: a mention, an answer to us, or a direct message."""
    if not said.thread:
        event = _direct(said)
        return _x("dm.received", {"direct_message_events": [event], "users": {}}, {})
    post: Json = {
        "id": str(said.number),
        "author_id": str(said.sender),
        "conversation_id": str(said.thread),
        "created_at": said.at.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "text": f"@{HANDLE} {said.text}",
        "lang": "in",
        "edit_history_tweet_ids": [str(said.number)],
    }
    includes: Json = {"users": []}
    if said.photo:
        key = f"3_{said.number}"
        url = f"https://pbs.twimg.com/media/{said.number}.jpg"
        post["attachments"] = {"media_keys": [key]}
        includes["media"] = [{"media_key": key, "type": "photo", "url": url}]
    if not said.quotes:
        return _x("post.mention.create", post, includes)
    post["referenced_tweets"] = [{"type": "replied_to", "id": str(said.quotes)}]
    return _x("post.reply.create", post, includes)


def _direct(said: Said) -> Json:
    data: Json = {"text": said.text, "entities": {"urls": []}}
    if said.photo:
        url = f"https://ton.twitter.com/1.1/ton/data/dm/{said.number}/{said.number}/foto.jpg"
        media = {"id_str": str(said.number), "media_url_https": url, "type": "photo", "url": url}
        data["attachment"] = {"type": "media", "media": media}
    return {
        "type": "message_create",
        "id": str(said.number),
        "created_timestamp": str(said.seconds * 1000),
        "message_create": {
            "target": {"recipient_id": ACCOUNT},
            "sender_id": str(said.sender),
            "message_data": data,
        },
    }


def _x(kind: str, payload: Json, includes: Json) -> bytes:
    data = {"event_type": kind, "filter": {"user_id": ACCOUNT}, "payload": payload}
    return _body({"data": data | {"includes": includes}})


def _body(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


WRITES: Mapping[str, Callable[[Said], bytes]] = {
    "telegram": telegram,
    "line": line,
    "messenger": messenger,
    "twitter": twitter,
}

#: What a citizen is called by, and how a message is named, in the platform's own words.
ADDRESS: Mapping[str, Callable[[int], str]] = {
    "telegram": str,
    "line": lambda sender: f"U{sender:032x}",
    "messenger": str,
    "twitter": str,
}
MESSAGE: Mapping[str, Callable[[int], str]] = {
    "telegram": str,
    "line": str,
    "messenger": lambda number: f"m_{number}",
    "twitter": str,
}
