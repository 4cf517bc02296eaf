"""Everything that can go wrong, as one tree and one value.

KanalError
├── ConfigurationError    the operator must change a setting; stops the start
├── BrokenPayload         a webhook body that is not the platform's format at all (HTTP 400)
├── DatabaseAway          PostgreSQL cannot be reached; the platform resends (HTTP 503)
├── NotFound              no such report, agency or row (HTTP 404)
├── MoveRefused           the workflow has no such move (HTTP 409)
├── IdentityWithheld      what names who told an anonim report, whoever asks (HTTP 403)
├── PollRefused           the platform does not hand out its events now
├── MediaRefused          a file that is gone, too large, of a type or a place that is not taken
├── MediaAway             a file that could not be fetched now; a later attempt may
├── SealBroken            what is stored sealed does not open: altered, or another key of that id
└── StorageAway           the storage for files fails (HTTP 503)

SendError is a value, not an exception: `channel.send` returns it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SendCode(StrEnum):
    """Why a platform did not take a message."""

    BLOCKED = "blocked"  #: the citizen blocked us or left the platform
    NO_CHAT = "no_chat"  #: the platform knows no such conversation
    REJECTED = "rejected"  #: the platform refuses this content for good
    MOVED = "moved"  #: the conversation has a new address
    CREDENTIALS = "credentials"  #: token wrong or revoked: nothing can be sent until it is mended
    CONFLICT = "conflict"  #: a second client uses the same credentials
    WINDOW_CLOSED = "window_closed"  #: not before the citizen writes again
    QUOTA = "quota"  #: what we may send in this period is used up; again after `retry_after`
    SUSPENDED = "suspended"  #: the platform lets this account send nothing for now
    THROTTLED = "throttled"  #: too fast; try after `retry_after`
    UNREACHABLE = "unreachable"  #: no connection was made; surely not sent
    OUTAGE = "outage"  #: the platform itself fails (HTTP 5xx); most likely not sent
    UNCERTAIN = "uncertain"  #: no proper answer came; the message may have been sent


class KanalError(Exception):
    """The root of all errors that Kanal raises on purpose."""


class ConfigurationError(KanalError):
    """A setting is missing or contradicts another; the message names it."""


class BrokenPayload(KanalError):
    """The body is not JSON, or not of the shape that carries events."""


class DatabaseAway(KanalError):
    """PostgreSQL did not take the rows; nothing was acknowledged."""


class NotFound(KanalError):
    """What was asked for does not exist, or not for this role."""


class MoveRefused(KanalError):
    """The report's state does not allow this move; the message names both states."""


class IdentityWithheld(KanalError):
    """Nobody may see who it was."""


class PollRefused(KanalError):
    """The platform refuses or fails a poll; `code` says why."""

    def __init__(self, code: SendCode) -> None:
        super().__init__(code)
        self.code = code


class MediaRefused(KanalError):
    """The file will never be stored.

    `code` is `too_large`, `type_refused`, `gone`, or `address_refused` for a private network's.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class MediaAway(KanalError):
    """The file could not be fetched now; a later attempt may succeed."""


class SealBroken(KanalError):
    """A sealed value does not open; the message names its column and nothing of what it holds."""


class StorageAway(KanalError, OSError):
    """The storage for files cannot be reached or refuses us; its message is safe to show."""


@dataclass(frozen=True, slots=True)
class SendError:
    """A refused or failed send.

    `retryable` tells whether the same part may go out later; `everyone` that the whole channel
    must rest for `retry_after`; `moved_to` is the new address of a MOVED conversation; `detail`
    is for operators and holds no text, address or secret. `memo` comes back to the channel as
    `Outbound.memo` at the next attempt.
    """

    code: SendCode
    retryable: bool
    retry_after: timedelta | None = None
    detail: str = ""
    moved_to: str = ""
    everyone: bool = False
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took the part and calls it `platform_id`."""

    platform_id: str
