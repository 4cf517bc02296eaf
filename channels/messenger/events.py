"""One event of a page's inbox, read into `Inbound`; pure and tolerant.

Source of the shapes:
https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels.messenger import content
from core.message import Inbound, Kind
from core.payload import Fields, count, identifier, inner, words

CHANNEL = "messenger"
GET_STARTED = "GET_STARTED"  #: the payload of the button that begins a conversation

_OURS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Event:
    """One event: who, when, its JSON, its checksum, and the body it is read from again."""

    sender: str
    recipient: str
    at: datetime | None
    fields: Fields
    checksum: Callable[[], str]
    raw: bytes

    def named(self, prefix: str, mid: str) -> str:
        """Return the id that redelivery repeats: the platform's, or the event's checksum."""
        return f"{prefix}:{mid}" if mid else self.checksum()

    def inbound(self, external_id: str, kind: Kind, **found: Any) -> Inbound:
        """Return what was found as an event of the sender."""
        return Inbound(CHANNEL, external_id, self.sender, kind, self.raw, self.at, **found)

    def unknown(self, external_id: str = "") -> Inbound:
        """Return the event as one that is kept, but answered by nobody."""
        return Inbound(CHANNEL, external_id or self.checksum(), "", Kind.UNKNOWN, self.raw, self.at)


def read(event: Event, page_id: str) -> Inbound:
    """Return what `event` means; what is not of a citizen, or not known here, is UNKNOWN."""
    message = inner(event.fields, "message")
    if message.get("is_echo") is True:
        return _echo(event, message)
    if not event.sender or event.sender == page_id:
        return event.unknown()
    for word, reader in _READERS.items():
        fields = event.fields.get(word)
        if isinstance(fields, dict):
            return reader(event, fields)
    return event.unknown()


def standby(event: Event) -> Inbound:
    """Return an event of a conversation that another app, or an officer, holds: not ours."""
    return event.unknown(event.named("standby", identifier(inner(event.fields, "message"), "mid")))


def _echo(event: Event, message: Fields) -> Inbound:
    """Read a message of the page itself; ours has the outbox's key in its metadata."""
    mid, key = identifier(message, "mid"), words(message, "metadata")
    external_id = event.named("echo", mid)
    if not _OURS.fullmatch(key) or not event.recipient:
        return event.unknown(external_id)
    return Inbound(
        channel=CHANNEL,
        external_id=external_id,
        address=event.recipient,
        kind=Kind.RECEIPT,
        raw=event.raw,
        sent_at=event.at,
        message_id=mid,
        receipt=key,
    )


def _message(event: Event, message: Fields) -> Inbound:
    mid = identifier(message, "mid")
    external_id = event.named("mid", mid)
    quoted_id = identifier(inner(message, "reply_to"), "mid")
    if choice := words(inner(message, "quick_reply"), "payload"):
        return event.inbound(external_id, Kind.CHOICE, message_id=mid, choice=choice)
    found = content.read(message)
    return event.inbound(
        external_id,
        Kind.MESSAGE,
        message_id=mid,
        text=found.text,
        attachments=tuple(found.files),
        place=found.place,
        quoted_id=quoted_id,
    )


def _edit(event: Event, edit: Fields) -> Inbound:
    mid, number = identifier(edit, "mid"), count(edit, "num_edit")
    if not mid:
        return event.unknown()
    external_id = f"edit:{mid}:{number}" if number else event.checksum()
    return event.inbound(external_id, Kind.EDIT, message_id=mid, text=words(edit, "text"))


def _postback(event: Event, postback: Fields) -> Inbound:
    mid, payload = identifier(postback, "mid"), words(postback, "payload")
    external_id = event.named("mid", mid)
    if payload == GET_STARTED:
        ref = words(inner(postback, "referral"), "ref")
        return event.inbound(external_id, Kind.START, message_id=mid, text=ref)
    if not payload:
        return event.unknown(external_id)
    return event.inbound(external_id, Kind.CHOICE, message_id=mid, choice=payload)


def _referral(event: Event, referral: Fields) -> Inbound:
    return event.inbound(event.checksum(), Kind.START, text=words(referral, "ref"))


def _reaction(event: Event, reaction: Fields) -> Inbound:
    """Read a reaction; taking one back is no sign of life."""
    if reaction.get("action") != "react":
        return event.unknown()
    mid = identifier(reaction, "mid")
    return event.inbound(event.checksum(), Kind.REACTION, message_id=mid)


# What is read, delivered, handed over, or enforced by policy stands in no row: it is UNKNOWN.
_READERS: dict[str, Callable[[Event, Fields], Inbound]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "referral": _referral,
    "reaction": _reaction,
}
