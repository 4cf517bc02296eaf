"""What a conversation remembers between two messages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from core.guard import Kind, kinds, mask
from core.message import Place

DRAFT_TEXT = 20_000  # characters a draft holds; the transcript keeps every message whole
DRAFT_PLACE = 300  # characters of the words that name its place
DRAFT_TIME = 100  # characters of the words that tell its day


class Stage(StrEnum):
    """What the citizen was asked last."""

    IDLE = "idle"  #: nothing; there is no draft
    TEXT = "text"  #: what happened
    PLACE = "place"  #: where it is
    EVIDENCE = "evidence"  #: a photo
    PREVIEW = "preview"  #: whether the report is right
    CHANGE = "change"  #: what of it shall be changed
    WHICH = "which"  #: whether it is a new report, or belongs to one that was sent
    CLASS = "class"  #: whether it is a complaint, a wish or a question
    TIME = "time"  #: when it happened


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the citizen that belongs to the report's text."""

    message_id: str
    text: str


def _joined(lines: Iterable[Line]) -> str:
    return "\n".join(line.text for line in lines if line.text)


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is being told; `number` counts the drafts of one conversation from 1.

    `place_id` and `pin_id` name the messages that told the place in words, and on the map,
    `when_id` the one that told the day, in the words `happened`, which mean `happened_on`.
    `klasifikasi` is its class, "" as long as it is unclear; `unplaced` tells that an answer to
    "where is it" named no place, and `placeless` that he cannot tell one. `alarm` is the
    emergency that it tells of, "" for none, and `advised` names what its citizen was told once
    because of its words.
    An `unsure` one may belong to a report that was sent, until he says that it `stands_alone`.
    """

    number: int
    lines: tuple[Line, ...] = ()
    place: str = ""
    place_id: str = ""
    pin: Place | None = None
    pin_id: str = ""
    files: tuple[str, ...] = ()
    evidence_settled: bool = False
    happened: str = ""
    happened_on: date | None = None
    when_id: str = ""
    klasifikasi: str = ""
    anonim: bool = False
    rahasia: bool = False
    unplaced: bool = False
    placeless: bool = False
    alarm: str = ""
    advised: tuple[str, ...] = ()
    unsure: bool = False
    stands_alone: bool = False

    @property
    def undecided(self) -> bool:
        """Tell whether the citizen must still say that it is no part of another report."""
        return self.unsure and not self.stands_alone

    @property
    def text(self) -> str:
        """Return what the citizen told, in the order of the messages."""
        return _joined(self.lines)

    @property
    def masked(self) -> str:
        """Return the text as officers read it: without personal numbers, message by message.

        Each line is what the transcript shows of its message, so that it can be taken back.
        """
        return "\n".join(mask(line.text) for line in self.lines if line.text)

    @property
    def private(self) -> tuple[Kind, ...]:
        """Return the kinds of personal numbers that are hidden in what was told."""
        told = (self.place, self.happened, *(line.text for line in self.lines))
        return tuple(sorted(frozenset().union(*map(kinds, told)), key=tuple(Kind).index))

    @property
    def when(self) -> str:
        """Return when it happened, in the citizen's words and with the day that they mean."""
        return f"{self.happened} ({self.happened_on})" if self.happened_on else self.happened

    @property
    def has_place(self) -> bool:
        """Tell whether somebody could go there."""
        return bool(self.place or self.pin)

    def with_line(self, message_id: str, text: str) -> "Draft":
        """Return the draft with `text` added, or put in place of the same message's older text.

        What goes beyond DRAFT_TEXT characters is left out.
        """
        others = tuple(x for x in self.lines if x.message_id != message_id or not message_id)
        older = _joined(others)
        line = Line(message_id, text[: max(0, DRAFT_TEXT - len(older) - bool(older))])
        if len(others) == len(self.lines):
            return replace(self, lines=(*self.lines, line) if line.text else self.lines)
        return replace(
            self, lines=tuple(line if x.message_id == message_id else x for x in self.lines)
        )

    def with_place(self, message_id: str, words: str) -> "Draft":
        """Return the draft with a place in words, of which the first DRAFT_PLACE signs are kept."""
        return replace(self, place=words[:DRAFT_PLACE], place_id=message_id)

    def with_time(self, message_id: str, words: str, day: date | None) -> "Draft":
        """Return the draft with a day in words, of which the first DRAFT_TIME signs are kept."""
        return replace(self, happened=words[:DRAFT_TIME], happened_on=day, when_id=message_id)

    def with_file(self, message_id: str) -> "Draft":
        """Return the draft with the file of the message `message_id`, which it counts once."""
        known = message_id and message_id in self.files
        files = self.files if known else (*self.files, message_id)
        return replace(self, files=files, evidence_settled=True)

    def holds(self, message_id: str) -> bool:
        """Tell whether anything in the draft came with the message `message_id`."""
        lines = (line.message_id for line in self.lines)
        brought = (self.place_id, self.pin_id, self.when_id, *self.files, *lines)
        return bool(message_id) and message_id in brought

    def edited(self, message_id: str, text: str, place: str) -> "Draft":
        """Return the draft with `text`, whose words `place` name a place, as the held message.

        What was an answer to "where is it" is that again, without becoming a part of the text.
        """
        told = message_id in self.files or any(x.message_id == message_id for x in self.lines)
        draft = self.with_line(message_id, text) if told else self
        words = place or (self.place if told else text)
        if message_id != self.place_id or not text:
            return draft
        return draft.with_place(message_id, words)

    def without_message(self, message_id: str) -> "Draft":
        """Return the draft without what the message `message_id` brought."""
        draft = replace(
            self,
            lines=tuple(line for line in self.lines if line.message_id != message_id),
            files=tuple(file for file in self.files if file != message_id),
        )
        if message_id == self.place_id:
            draft = replace(draft, place="", place_id="")
        if message_id == self.when_id:
            draft = replace(draft, happened="", happened_on=None, when_id="")
        return replace(draft, pin=None, pin_id="") if message_id == self.pin_id else draft


@dataclass(frozen=True, slots=True)
class State:
    """A conversation between two messages; stored as JSON.

    `last_draft` is the number of the newest draft, open or not; `album` the album whose items
    were read last; `pointed_away` whether a group was already told to write in private.
    `menu` holds the values of the choices offered last, which a number can stand for.
    `public_address` is where the citizen last wrote in public; `threads` names the newest public
    threads with the number of the report each became, and `supplement` the report whose place
    was asked for in private, 0 for none, and `supplement_until` how long that answer is
    awaited. `withdrawn` names the messages taken back last, for those that come after their
    withdrawal. `told_unreadable` says that he knows we cannot read him. `minute` is when his
    latest minute of messages began, and `minute_count` how many came in it; `told_block` the
    end of the block that he was told of. `greeted` says that his language was guessed,
    `told_abuse` that he was once asked to stay polite, and `anonim` that his next report shall
    not name him. What he writes until `focus_until` belongs to the report `focus`, "" for
    a new one.
    Once he had his data erased he is `nameless`: what the platform calls him is not kept.
    `welcomed_at` is when he was told who we are, None before.
    """

    language: str = "id"
    stage: Stage = Stage.IDLE
    draft: Draft | None = None
    last_draft: int = 0
    album: str = ""
    pointed_away: bool = False
    menu: tuple[str, ...] = ()
    public_address: str = ""
    threads: tuple[tuple[str, int], ...] = ()
    supplement: int = 0
    supplement_until: datetime | None = None
    told_unreadable: bool = False
    withdrawn: tuple[str, ...] = ()
    minute: datetime | None = None
    minute_count: int = 0
    told_block: datetime | None = None
    greeted: bool = False
    told_abuse: bool = False
    anonim: bool = False
    focus: str = ""
    focus_until: datetime | None = None
    nameless: bool = False
    welcomed_at: datetime | None = None
