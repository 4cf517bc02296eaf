"""One message of a conversation, and what it may come to: values only, decided elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

from core.draft import DRAFT_TEXT, State
from core.effects import Effect, Own
from core.message import Inbound, Media
from core.understanding import Understanding
from core.words import Word, normalise

SURE = "sure"  # in the value of a button that asks for what cannot be undone
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LEAST_WORDS = 2  # a text with fewer words, and fewer characters than LEAST_TEXT, tells nothing
LEAST_TEXT = 10


class Where(StrEnum):
    """Who shall be able to read a reply."""

    HERE = "here"  #: whoever could read the message it answers
    PRIVATE = "private"  #: nobody but the citizen
    PUBLIC = "public"  #: everybody, where the citizen last wrote in public; else nobody but him


class Decision(StrEnum):
    """What a message was taken for."""

    NEW = "new"  #: the beginning of a report
    DRAFT = "draft"  #: a part of the open draft, or the answer to a question about it
    ADDITION = "addition"  #: something more about a report that was sent
    REPLY = "reply"  #: an answer to what the office or the OPD wrote about a report
    COMMAND = "command"  #: a word or button that steers the conversation
    TALK = "talk"  #: greetings, thanks, small talk
    UNSURE = "unsure"  #: the citizen is asked which of these it is
    HUMAN = "human"  #: said to an officer who talks here himself


class Evidence(StrEnum):
    """Why it was taken for that, the strongest first."""

    BUTTON = "button"  #: the button's own value
    QUOTE = "quote"  #: the message that it answers
    TICKET = "ticket"  #: the ticket in its text
    STATE = "state"  #: what was asked last, or what it came right after
    WORDING = "wording"  #: its words
    NONE = "none"  #: nothing tells


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message besides its own words, worked out at the worker's edge.

    `place` are words in it that name a place, `when` those that tell a day, "" for none, and
    `day` is that day where they mean a single one.
    `quoted` is the number of the draft or report that the message it answers belongs to, 0 for
    none, in the conversation `quoted_in`, None for this one. `reports` are the citizen's own, the
    newest first. He `may_open` another unless too many are open. `understanding` is what a model
    makes of the text, None without one. `human` tells whether an officer talks to him now, and
    `at` is when the message came. `just_sent` is what he
    confirmed in the same batch of messages, which has no ticket yet; what comes `unasked` was
    written before he could read our last question.
    """

    place: str = ""
    when: str = ""
    day: date | None = None
    quoted: int = 0
    quoted_in: UUID | None = None
    reports: tuple[Own, ...] = ()
    may_open: bool = True
    understanding: Understanding | None = None
    human: bool = False
    at: datetime = LONG_AGO
    just_sent: Own | None = None
    unasked: bool = False

    @property
    def quoted_own(self) -> Own | None:
        """Return the report that the message it answers belongs to, None for none."""
        if self.quoted_in is None:
            return self.numbered(self.quoted)
        there = (one for one in self.reports if one.conversation_id == self.quoted_in)
        return next((one for one in there if one.number == self.quoted), None)

    def numbered(self, number: int) -> Own | None:
        """Return the report that draft `number` of this conversation became, None for none."""
        here = (one for one in self.reports if one.here and one.number == number)
        return next(here, None) if number else None

    def own(self, ticket: str) -> Own | None:
        """Return the citizen's report `ticket`, None when it is not his."""
        return next((one for one in self.reports if one.ticket == ticket), None)


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Option:
    """A button about a report, or none: `word` is what it does, `label` what it reads.

    Without a label it reads what the word reads, which is asked again unless the citizen is `sure`.
    Its value is `word::ticket` or `word:sure:ticket`, so that it holds whatever draft is open.
    """

    word: Word
    ticket: str = ""
    label: str = ""
    sure: bool = False

    @property
    def value(self) -> str:
        """Return what comes back when it is pressed."""
        return f"{self.word}:{SURE if self.sure else ''}:{self.ticket}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A sentence to say: a key of the catalogue, its variables, and keys of its buttons.

    The buttons about reports come first, then those of the draft `serial`. One that stands `alone`
    is a message of its own: nothing else shall be read before it.
    """

    key: str
    args: dict[str, str] = field(default_factory=dict, hash=False)
    choices: tuple[Word, ...] = ()
    serial: int = 0
    where: Where = Where.HERE
    options: tuple[Option, ...] = ()
    alone: bool = False

    @property
    def values(self) -> tuple[str, ...]:
        """Return what its buttons stand for, in their order."""
        chosen = tuple(f"{word}:{self.serial}" for word in self.choices)
        return tuple(option.value for option in self.options) + chosen


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one message; `draft` is the number of the draft it belongs to, or 0.

    A message `beside` a report that was told on another channel belongs to that one. `decision`
    is what the message was taken for, None for events that say nothing, and `evidence` why.
    """

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    draft: int = 0
    beside: Own | None = None
    decision: Decision | None = None
    evidence: Evidence = Evidence.NONE


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with all that its handler may look at."""

    state: State
    inbound: Inbound
    words: frozenset[Word]
    known: Known = NOTHING

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
