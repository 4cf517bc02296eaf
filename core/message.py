"""The words every channel speaks: what came in, what goes out."""

import hashlib
from dataclasses import dataclass, field
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
    GROUP = "group"  #: somebody spoke to us in a group of the platform
    REACTION = "reaction"  #: a sign of life without words, as an emoji on a message of ours
    RECEIPT = "receipt"  #: the platform shows that it has our message; `receipt` names which
    ENCRYPTED = "encrypted"  #: a private message that the platform does not let us read
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


_UNNAMED = frozenset(
    {"lokasi", "lokasi saya", "titik lokasi", "location", "my location", "pinned location"}
    | {"dropped pin", "pinned", "pin", "peta", "map"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map in degrees (WGS 84), with the words the platform put beside it."""

    latitude: float
    longitude: float
    label: str = ""

    @property
    def named(self) -> str:
        """The words beside it, "" where they only say that it is a place."""
        return "" if self.label.casefold().strip() in _UNNAMED else self.label


@dataclass(frozen=True, slots=True)
class Inbound:
    """One event of one citizen, parsed from `raw`.

    `external_id` is unique in its channel and names the event under redelivery.
    `address` is the conversation on the platform, empty when the event belongs to none.
    `raw` holds the bytes from which the channel's `parse` makes this very object again.
    A message that everybody can read has a `public_address`, where an answer to it goes that
    everybody can read too, and the `thread` it stands in; `address` stays the private one.
    `receipt` is the `Outbound.key` of the message that a RECEIPT is about. `name` is what the
    platform calls the citizen, "" where the event does not tell; it is never shown nor logged.
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
    public_address: str = ""
    thread: str = ""
    receipt: str = ""
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `label` is what the citizen reads, `value` what comes back as `Inbound.choice`."""

    label: str
    value: str


#: The memo of a part whose sender died before it could note what became of it.
UNRECORDED = "unrecorded"


@dataclass(frozen=True, slots=True)
class Outbound:
    """One part of a reply, small enough for one call to the platform.

    `texts` are one to `Limits.messages` messages, in order; `choices` belong to the last.
    `key` is the same at every attempt, for platforms that take an idempotency key.
    `reply_token` is the platform's handle of the event being answered, "" without one, and
    `token_at` when that event reached us. `heard_at` is when the citizen last did anything here,
    None if he never did. `human` marks the own words of an officer. `after` is the platform's id
    of the part before this one, where a longer text was cut. `memo` is what the channel itself
    noted at the latest failed attempt, `SendError.memo`; "" at the first, and UNRECORDED after an
    attempt of which nothing is known.
    """

    key: UUID
    address: str
    texts: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    reply_token: str = ""
    token_at: datetime | None = None
    heard_at: datetime | None = None
    human: bool = False
    after: str = ""
    memo: str = ""

    @property
    def text(self) -> str:
        """All its messages as one text, for platforms that take one message a call."""
        return "\n\n".join(self.texts)


def unreadable(channel: str, raw: bytes) -> Inbound:
    """Return what stands for bytes on which our own parser failed; their digest names them."""
    digest = hashlib.sha256(raw).hexdigest()
    return Inbound(channel, f"unreadable:{digest}", "", Kind.UNREADABLE, raw)
