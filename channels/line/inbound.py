"""What LINE posts to us: checked, then read into `Inbound`; pure and tolerant.

Every field may be missing or of the wrong type; it then counts as absent. The SDK would make an
UnknownEvent of such an event without a word, so its objects are not used. Source of the shapes:
https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pydantic import SecretStr

from channels.line.messages import ID, message
from core.errors import BrokenPayload
from core.message import Inbound, Kind
from core.payload import (
    NO_FIELDS,
    Fields,
    count,
    decode,
    encode,
    identifier,
    inner,
    moment,
    words,
)
from core.signature import matches

CHANNEL = "line"
HEADER = "x-line-signature"

Reader = Callable[[Inbound, Fields], Inbound]

# How a source of each type names itself, and how that id begins.
_SOURCES = {
    "user": ("userId", re.compile(r"U[0-9a-f]{32}")),
    "group": ("groupId", re.compile(r"C[0-9a-f]{32}")),
    "room": ("roomId", re.compile(r"R[0-9a-f]{32}")),
}
_SPOKEN = frozenset({"message", "postback"})
_PICKED = ("datetime", "date", "time")


def verify(secrets: Sequence[SecretStr], headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether one of `secrets` signed these bytes, in a time that tells nothing."""
    known = [_signature(secret.get_secret_value().encode(), body) for secret in secrets]
    return matches(headers.get(HEADER, ""), known)


def _signature(secret: bytes, body: bytes) -> bytes:
    return b64encode(hmac.digest(secret, body, "sha256"))


def parse(body: bytes) -> list[Inbound]:
    """Return the events of a body, none for the ping by which LINE verifies the webhook.

    An event that is not read here is UNKNOWN. Raises BrokenPayload unless it is a JSON object.
    """
    try:
        envelope = decode(body)
        events = envelope.get("events")
        if not isinstance(events, list):
            return [_unknown(body)]
        if len(events) == 1:
            return [_read(events[0], body)]
        return [_read(event, _alone(envelope, event)) for event in events]
    except RecursionError:  # nested beyond reason, yet signed: kept like any other odd object
        if body.lstrip().startswith(b"{"):
            return [_unknown(body)]
        raise BrokenPayload("not a JSON object") from None


def _alone(envelope: Fields, event: object) -> bytes:
    """Return the body as it would have been with this event alone."""
    return encode({**envelope, "events": [event]})


def _checksum(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _unknown(raw: bytes) -> Inbound:
    return Inbound(CHANNEL, _checksum(raw), "", Kind.UNKNOWN, raw)


def _read(event: object, raw: bytes) -> Inbound:
    """Return one event, whatever it is; its `raw` holds no other."""
    fields = event if isinstance(event, dict) else NO_FIELDS
    external_id = identifier(fields, "webhookEventId", ID) or _checksum(_lasting(event))
    sent_at = moment(count(fields, "timestamp"))
    address = _address(fields)
    reader = _reader(words(fields, "type"), address)
    if not reader:
        return Inbound(CHANNEL, external_id, "", Kind.UNKNOWN, raw, sent_at)
    token = words(fields, "replyToken")
    heard = Inbound(
        CHANNEL, external_id, address, Kind.UNKNOWN, raw, sent_at=sent_at, reply_token=token
    )
    return reader(heard, fields)


def _lasting(event: object) -> bytes:
    """Return what is the same of an event when it is delivered again."""
    if isinstance(event, dict):
        event = {name: value for name, value in event.items() if name != "deliveryContext"}
    return encode({"event": event})


def _address(event: Fields) -> str:
    """Return who speaks, or where; "" where we are not to answer or cannot."""
    if event.get("mode") == "standby":  # another module of the account has the chat
        return ""
    source = inner(event, "source")
    name = source.get("type", "user")
    if not isinstance(name, str) or name not in _SOURCES:
        return ""
    if name == "user" and not source.keys().isdisjoint(("groupId", "roomId")):
        return ""  # what was said among others must not pass for a private word
    return identifier(source, *_SOURCES[name])


def _reader(name: str, address: str) -> Reader | None:
    if not address:
        return None
    if not address.startswith("U"):
        return _overheard if name in _SPOKEN else None
    return _READERS.get(name)


def _overheard(heard: Inbound, event: Fields) -> Inbound:
    """Return what was said in a group, without its words."""
    message_id = identifier(inner(event, "message"), "id", ID)
    return replace(heard, kind=Kind.GROUP, message_id=message_id)


def _postback(heard: Inbound, event: Fields) -> Inbound:
    """Return a pressed button; of a picker's, what was picked is the text."""
    postback = inner(event, "postback")
    choice = words(postback, "data")
    if not choice:
        return heard
    params = inner(postback, "params")
    picked = next(filter(None, (words(params, name) for name in _PICKED)), "")
    return replace(heard, kind=Kind.CHOICE, choice=choice, text=picked)


def _follow(heard: Inbound, event: Fields) -> Inbound:
    """Return that a citizen became a friend of the account, or lets it in again."""
    again = inner(event, "follow").get("isUnblocked") is True
    return replace(heard, kind=Kind.UNBLOCKED if again else Kind.START)


def _unfollow(heard: Inbound, _: Fields) -> Inbound:
    """Return that a citizen blocked the account."""
    return replace(heard, kind=Kind.BLOCKED)


def _unsend(heard: Inbound, event: Fields) -> Inbound:
    """Return that a message was taken back."""
    message_id = identifier(inner(event, "unsend"), "messageId", ID)
    return replace(heard, kind=Kind.WITHDRAWN, message_id=message_id) if message_id else heard


_READERS: dict[str, Reader] = {
    "message": message,
    "postback": _postback,
    "follow": _follow,
    "unfollow": _unfollow,
    "unsend": _unsend,
}
