"""The words every channel speaks: what came in, what goes out."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What an inbound event is, whatever the platform calls it."""

    MESSAGE = "message"  #: text, attachments or a place, in any mixture
    CHOICE = "choice"  #: a button of ours was pressed; `choice` holds its value
    START = "start"  #: the citizen opened the chat; `text` holds a deep link's parameter
    EDIT = "edit"  #: an earlier message (`message_id`) now reads `text`
    WITHDRAWN = "withdrawn"  #: an earlier message (`message_id`) was taken back
    BLOCKED = "blocked"  #: the citizen no longer receives us
    UNBLOCKED = "unblocked"  #: the citizen receives us again
    GROUP = "group"  #: somebody spoke to us where others read along
    UNKNOWN = "unknown"  #: kept, not understood
    UNREADABLE = "unreadable"  #: our own parser failed on it; quarantined, never lost


class Media(StrEnum):
    """What an attachment is, as the platform declares it."""

    PHOTO = "photo"  #: a still picture
    VIDEO = "video"  #: a film, round video notes and silent animations too
    VOICE = "voice"  #: speech recorded in the chat
    AUDIO = "audio"  #: a sound file
    DOCUMENT = "document"  #: any other file
    STICKER = "sticker"  #: decoration, never evidence


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the platform holds for us under `ref` until we fetch it.

    `size` is in bytes as declared by the platform, 0 where it says nothing;
    `name` and `mime` are the sender's claims and are never trusted.
    """

    media: Media
    ref: str
    unique_ref: str = ""
    mime: str = ""
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map in degrees (WGS 84), with the words the platform put beside it."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event of one citizen, parsed from `raw`.

    `external_id` is unique in its channel and names the event under redelivery.
    `address` is the conversation on the platform, empty when the event belongs to none.
    `raw` holds the bytes from which the channel's `parse` makes this very object again.
    """

    channel: str
    external_id: str
    address: str
    kind: Kind
    raw: bytes
    sent_at: datetime | None = None
    message_id: str = ""
    text: str = ""
    choice: str = ""
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    album: str = ""
    quoted_id: str = ""
    reply_token: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `label` is what the citizen reads, `value` what comes back as `Inbound.choice`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One part of a reply, short enough for one call to the platform.

    `key` is the same at every attempt, for platforms that take an idempotency key.
    `reply_token` is the platform's handle of the event being answered, "" without one.
    """

    key: UUID
    address: str
    text: str
    choices: tuple[Choice, ...] = ()
    reply_token: str = ""


def unreadable(channel: str, raw: bytes) -> Inbound:
    """Return what stands for bytes on which our own parser failed; their digest names them."""
    digest = hashlib.sha256(raw).hexdigest()
    return Inbound(channel, f"unreadable:{digest}", "", Kind.UNREADABLE, raw)
