"""The contract between Kanal and a messenger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from core.errors import SendError, Sent
from core.message import Inbound, Outbound


class TextUnit(StrEnum):
    """How a platform counts the length of a text."""

    UTF16 = "utf16"  #: UTF-16 code units
    CHARACTERS = "characters"  #: Unicode code points


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message on the platform can hold.

    `text` is counted in `unit`; `choice_bytes` limits a button's value in UTF-8;
    `choices` is the number of buttons, 0 where the platform has none.
    """

    text: int
    unit: TextUnit
    choices: int
    choice_bytes: int


class Channel(Protocol):
    """A messenger: three pure methods for what comes in, one that sends."""

    @property
    def name(self) -> str:
        """Return the channel's name in URLs, rows and statistics."""
        ...

    @property
    def limits(self) -> Limits:
        """Return what one message can hold."""
        ...

    @property
    def secrets(self) -> Sequence[str]:
        """Return the tokens and secrets that must never be seen in a log."""
        ...

    def handshake(self, query: Mapping[str, str]) -> str | None:
        """Return the body that answers a GET set-up request, None when it is refused."""
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
    """A channel whose attachments are fetched by a call of ours."""

    def fetch(self, ref: str) -> Iterator[bytes]:
        """Yield the file's bytes in chunks.

        Raises MediaRefused when the platform will not give it, MediaAway when it may later.
        """
        ...


@runtime_checkable
class TakesWebhook(Protocol):
    """A channel whose webhook is registered by a call of ours."""

    def set_webhook(self, url: str) -> None:
        """Tell the platform to post events to `url`; raises ConfigurationError if it refuses."""
        ...
