"""One message of a conversation, and what it may come to: values only, decided elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.draft import DRAFT_TEXT, Draft, State
from core.message import Inbound, Media, Place
from core.understanding import Understanding
from core.words import Word, normalise

LEAST_WORDS = 2  # a text with fewer words, and fewer characters than LEAST_TEXT, tells nothing
LEAST_TEXT = 10


class Where(StrEnum):
    """Who shall be able to read a reply."""

    HERE = "here"  #: whoever could read the message it answers
    PRIVATE = "private"  #: nobody but the citizen
    PUBLIC = "public"  #: everybody, where the citizen last wrote in public; else nobody but him


@dataclass(frozen=True, slots=True)
class Reply:
    """A sentence to say: a key of the catalogue, its variables, and keys of its buttons."""

    key: str
    args: dict[str, str] = field(default_factory=dict)
    choices: tuple[Word, ...] = ()
    serial: int = 0
    where: Where = Where.HERE


@dataclass(frozen=True, slots=True)
class OpenReport:
    """The citizen confirmed, or told it in public: the draft becomes a report with a ticket.

    `public_address` is where its ticket is told then, "" for a report told in private.
    """

    draft: Draft
    public_address: str = ""


@dataclass(frozen=True, slots=True)
class Supplement:
    """The citizen told the place of his report `draft` afterwards, in words or on the map."""

    draft: int
    place: str
    pin: Place | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """The platform shows that it has our message `key`, and calls it `platform_id`."""

    key: UUID
    platform_id: str


@dataclass(frozen=True, slots=True)
class TellStatus:
    """The citizen asks how report `ticket` stands."""

    ticket: str


@dataclass(frozen=True, slots=True)
class SetReachable:
    """The citizen can, or can no longer, be written to."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class AmendMessage:
    """An earlier message reads `text` now, or was taken back."""

    message_id: str
    text: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class TellBlock:
    """The citizen wrote, though nobody listens to him until then."""

    until: datetime


Effect = OpenReport | Supplement | Arrived | TellStatus | SetReachable | AmendMessage | TellBlock


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one message; `draft` is the number of the draft it belongs to, or 0."""

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    draft: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with all that its handler may look at."""

    state: State
    inbound: Inbound
    place: str  #: words in the text that name a place, "" for none
    words: frozenset[Word]
    may_open: bool = True  #: whether he has not too many open reports for another one
    understanding: Understanding | None = None  #: what a model makes of a public message

    @property
    def evidence(self) -> bool:
        """Tell whether the message brings a file that may prove something."""
        return any(file.media is not Media.STICKER for file in self.inbound.attachments)

    @property
    def says(self) -> str:
        """Return the words of the text in plain spelling, "" when it is but emoji and blanks."""
        return normalise(self.inbound.text[:DRAFT_TEXT])

    @property
    def tells_something(self) -> bool:
        """Tell whether there is content that a report could begin with."""
        text = self.says
        long_enough = len(text.split()) >= LEAST_WORDS or len(text) >= LEAST_TEXT
        return long_enough or self.evidence or self.inbound.place is not None


Handler = Callable[[Turn], Step]
