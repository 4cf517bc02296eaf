"""The contract between Kanal and a messenger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable

from core.errors import SendError, Sent
from core.message import Inbound, Outbound


class Power(StrEnum):
    """What a platform can do, or tells us of; what it lacks has a fallback in the core."""

    BUTTONS = "buttons"  #: a message can carry choices; without, they are numbered in the text
    PINS = "pins"  #: a citizen can send a point on the map; without, a place is asked in words
    FILES = "files"  #: a citizen can send photos and files
    ALBUMS = "albums"  #: several pictures arrive as events of their own, named alike
    EDITS = "edits"  #: we learn when a message is edited
    WITHDRAWALS = "withdrawals"  #: we learn when a message is taken back
    BLOCKS = "blocks"  #: we learn when a citizen blocks us, and when he lets us back in
    PUBLIC = "public"  #: citizens can write to us where everybody reads along
    WINDOW = "window"  #: we may write only for a while after the citizen did
    IDEMPOTENCE = "idempotence"  #: the same `Outbound.key` is never delivered twice


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message at one address can hold.

    `text` is the length as `measure` counts it (see `core.text`); `choices` is the number of
    buttons, 0 where there are none, `choice_bytes` limits a button's value in UTF-8, and `label`
    its label in characters. `messages` is how many messages one call carries. `numbered` says
    that the parts of a longer text are marked (1/3), because others may stand between them.
    """

    text: int
    measure: Callable[[str], int]
    choices: int
    choice_bytes: int
    label: int = 64
    messages: int = 1
    numbered: bool = False


LimitsOf = Callable[[str], Limits]  # by address


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` calls in `seconds`, for all addresses together or `per_address`."""

    name: str
    count: int
    seconds: int
    per_address: bool = False


@dataclass(frozen=True, slots=True)
class Handshake:
    """The answer to a platform's GET set-up request."""

    body: str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the platform, or one webhook of it, as the trace keeps it.

    `method` names the call without ids and secrets; `status` is the HTTP status, 0 without an
    answer; `body` went through `core.text.outline` and holds no word, address or secret.
    """

    method: str
    status: int
    seconds: float
    code: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Download:
    """Where a file is to be had now; `url` and `headers` may hold secrets."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a channel's check found, in one sentence for the operator."""

    ok: bool
    text: str


class Channel(Protocol):
    """A messenger: three pure methods for what comes in, one that sends."""

    @property
    def name(self) -> str:
        """Return the channel's name in URLs, rows and statistics."""
        ...

    @property
    def powers(self) -> frozenset[Power]:
        """Return what the platform can do."""
        ...

    def limits(self, address: str) -> Limits:
        """Return what one message at `address` can hold."""
        ...

    def rates(self, address: str) -> Sequence[Rate]:
        """Return how fast we may send to `address`, from the platform's documentation."""
        ...

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call to the platform from now on; it returns at once."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Return the tokens and secrets that must never be seen in a log."""
        ...

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:
        """Return the answer to a GET set-up request, None when it is refused."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether the platform itself sent these bytes; header names are lower case."""
        ...

    def parse(self, body: bytes) -> list[Inbound]:
        """Return the events in a webhook body, unknown kinds too.

        `parse(inbound.raw) == [inbound]` holds for each of them.
        Raises BrokenPayload when the body carries no events at all.
        """
        ...

    def send(self, part: Outbound) -> Sent | SendError:
        """Hand one part to the platform; blocks, and is called from many threads at once."""
        ...


@runtime_checkable
class Polls(Protocol):
    """A channel that can be asked for its events, without a public URL."""

    @property
    def polling(self) -> bool:
        """Tell whether the operator wants this channel polled."""
        ...

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """Return the events after `cursor` and the next cursor; waits a while for some.

        Raises PollRefused when the platform does not let us poll.
        """
        ...


@runtime_checkable
class FetchesMedia(Protocol):
    """A channel whose attachments are fetched by us."""

    def locate(self, ref: str) -> Download:
        """Return where the file is; may call the platform, from many threads at once.

        Raises MediaRefused when the platform will not give it, MediaAway when it may later.
        """
        ...


@runtime_checkable
class TakesWebhook(Protocol):
    """A channel whose webhook is registered by a call of ours."""

    def set_webhook(self, url: str) -> None:
        """Tell the platform to post events to `url`; raises ConfigurationError if it refuses."""
        ...


@runtime_checkable
class Prepares(Protocol):
    """A channel whose first call would take long, because much is loaded for it."""

    def prepare(self) -> None:
        """Load what sending needs; calls nobody, and does nothing the second time."""
        ...


@runtime_checkable
class Checks(Protocol):
    """A channel that can tell what is wrong with its set-up."""

    def check(self, webhook_url: str) -> Sequence[Finding]:
        """Ask the platform about credentials, webhook and quota; raises nothing for a failure."""
        ...
