"""What Telegram posts to us: checked, then read into `Inbound`; pure and tolerant.

Every field may be missing or of the wrong type; it then counts as absent. Source of the shapes:
https://core.telegram.org/bots/api#update
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from core.message import Attachment, Inbound, Kind, Media, Place
from core.payload import TOO_LARGE, Fields, called, count, decode, degrees, inner, moment, words
from core.signature import matches

CHANNEL = "telegram"
HEADER = "x-telegram-bot-api-secret-token"

Reader = Callable[[str, Fields, bytes], Inbound]

_START = re.compile(r"/start(?:@\w+)?(?:\s+(.*))?", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")

# In the order of looking: an animation comes as a document too, for old clients.
_MEDIA = {
    "photo": Media.PHOTO,
    "animation": Media.VIDEO,
    "video": Media.VIDEO,
    "video_note": Media.VIDEO,
    "voice": Media.VOICE,
    "audio": Media.AUDIO,
    "document": Media.DOCUMENT,
    "sticker": Media.STICKER,
}
# What a citizen says on purpose. Of the second row nothing is taken over (a contact holds a
# phone number), but as a message without content it still gets an answer.
_SPOKEN = frozenset({"text", "caption", "location", "venue", *_MEDIA}) | {
    *("contact", "dice", "game", "poll", "story", "paid_media", "checklist"),
}
_MEMBERSHIP = {"kicked": Kind.BLOCKED, "member": Kind.UNBLOCKED}
_GROUPS = frozenset({"group", "supergroup"})


def verify(secrets: Sequence[SecretStr], headers: Mapping[str, str]) -> bool:
    """Tell whether the secret header holds one of `secrets`, in a time that tells nothing."""
    known = [secret.get_secret_value().encode() for secret in secrets]
    return matches(headers.get(HEADER, ""), known)


def parse(body: bytes) -> list[Inbound]:
    """Return the one event of an update; raises BrokenPayload unless `body` is a JSON object.

    An update of a kind not read here, or of which the id cannot be used, is UNKNOWN.
    """
    update = decode(body)
    external_id = _id(update.get("update_id"))
    if not external_id:
        return [_unknown("sha256:" + hashlib.sha256(body).hexdigest(), body)]
    for word, read in _READERS.items():
        fields = update.get(word)
        if isinstance(fields, dict):
            return [read(external_id, fields, body)]
    return [_unknown(external_id, body)]


def _unknown(external_id: str, raw: bytes, address: str = "") -> Inbound:
    return Inbound(CHANNEL, external_id, address, Kind.UNKNOWN, raw)


def _message(external_id: str, message: Fields, raw: bytes) -> Inbound:
    return _said(Kind.MESSAGE, _time(message, "date"), external_id, message, raw)


def _edit(external_id: str, message: Fields, raw: bytes) -> Inbound:
    return _said(Kind.EDIT, _time(message, "edit_date"), external_id, message, raw)


def _said(
    kind: Kind, sent_at: datetime | None, external_id: str, message: Fields, raw: bytes
) -> Inbound:
    """Read a new or an edited message."""
    chat, sender = inner(message, "chat"), inner(message, "from")
    address, message_id = _id(chat.get("id")), _id(message.get("message_id"))
    if not address or sender.get("is_bot") is True:
        return _unknown(external_id, raw)
    if words(chat, "type") in _GROUPS:
        return Inbound(CHANNEL, external_id, address, Kind.GROUP, raw, sent_at, message_id)
    if chat.get("type") != "private" or _SPOKEN.isdisjoint(message):
        return _unknown(external_id, raw, address if chat.get("type") == "private" else "")
    text = words(message, "text") or words(message, "caption")
    if kind is Kind.MESSAGE and (start := _START.fullmatch(text)):
        kind, text = Kind.START, (start[1] or "").strip()
    return Inbound(
        channel=CHANNEL,
        external_id=external_id,
        address=address,
        kind=kind,
        raw=raw,
        sent_at=sent_at,
        message_id=message_id,
        text=text,
        attachments=_attachments(message),
        place=_place(message),
        album=words(message, "media_group_id"),
        quoted_id=_id(inner(message, "reply_to_message").get("message_id")),
        language=_language(sender),
        name=_name(sender),
    )


def _choice(external_id: str, query: Fields, raw: bytes) -> Inbound:
    """Read a pressed button. Its message can be missing; a private chat has its citizen's id."""
    message, sender = inner(query, "message"), inner(query, "from")
    chat = inner(message, "chat")
    address = _id(chat.get("id")) or _id(sender.get("id"))
    choice = words(query, "data")
    if not address or not choice:
        return _unknown(external_id, raw)
    if words(chat, "type") in _GROUPS:
        return Inbound(CHANNEL, external_id, address, Kind.GROUP, raw)
    return Inbound(
        channel=CHANNEL,
        external_id=external_id,
        address=address,
        kind=Kind.CHOICE,
        raw=raw,
        message_id=_id(message.get("message_id")),
        choice=choice,
        reply_token=words(query, "id"),
        language=_language(sender),
        name=_name(sender),
    )


def _membership(external_id: str, change: Fields, raw: bytes) -> Inbound:
    """Read that the citizen blocked us or let us back in; what happens in groups is unknown."""
    chat = inner(change, "chat")
    address = _id(chat.get("id"))
    status = words(inner(change, "new_chat_member"), "status")
    kind = _MEMBERSHIP.get(status)
    if not address or not kind or chat.get("type") != "private":
        return _unknown(external_id, raw)
    language = _language(inner(change, "from"))
    sent_at = _time(change, "date")
    return Inbound(CHANNEL, external_id, address, kind, raw, sent_at, language=language)


_READERS: dict[str, Reader] = {
    "message": _message,
    "edited_message": _edit,
    "callback_query": _choice,
    "my_chat_member": _membership,
}
UPDATES = tuple(_READERS)  #: the kinds of update we ask Telegram for


def _attachments(message: Fields) -> tuple[Attachment, ...]:
    """Return the message's file; an album is many messages, so there is never a second."""
    if _MEDIA.keys().isdisjoint(message):
        return ()
    for word, media in _MEDIA.items():
        found = message.get(word)
        file = _largest(found) if isinstance(found, list) else found
        if isinstance(file, dict) and (ref := words(file, "file_id")):
            return (
                Attachment(
                    media=media,
                    ref=ref,
                    unique_ref=words(file, "file_unique_id"),
                    mime=words(file, "mime_type"),
                    name=words(file, "file_name"),
                    size=count(file, "file_size"),
                ),
            )
    return ()


def _largest(sizes: list[Any]) -> Fields | None:
    """Return the photo size with the most points, the last one among equals."""
    usable = [size for size in reversed(sizes) if isinstance(size, dict)]
    return max(usable, key=lambda it: count(it, "width") * count(it, "height"), default=None)


def _place(message: Fields) -> Place | None:
    venue = inner(message, "venue")
    location = inner(venue, "location") or inner(message, "location")
    latitude = degrees(location, "latitude", 90)
    longitude = degrees(location, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    label = ", ".join(filter(None, (words(venue, "title"), words(venue, "address"))))
    return Place(latitude, longitude, label)


def _language(sender: Fields) -> str:
    language = sender.get("language_code")
    return language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else ""


def _name(sender: Fields) -> str:
    """Return what the sender calls himself, else his handle, "" for neither."""
    full = called(f"{words(sender, 'first_name')} {words(sender, 'last_name')}")
    handle = called(words(sender, "username"))
    return full or (f"@{handle}" if handle else "")


def _id(value: object) -> str:
    # bool is an int to isinstance
    return str(value) if type(value) is int and abs(value) < TOO_LARGE else ""


def _time(fields: Fields, word: str) -> datetime | None:
    return moment(count(fields, word) * 1000)
