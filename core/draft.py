"""What a conversation remembers between two messages."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.message import Place

DRAFT_TEXT = 20_000  # characters a draft holds; the transcript keeps every message whole
DRAFT_PLACE = 300  # characters of the words that name its place


class Stage(StrEnum):
    """What the citizen was asked last."""

    IDLE = "idle"  #: nothing; there is no draft
    TEXT = "text"  #: what happened
    PLACE = "place"  #: where it is
    EVIDENCE = "evidence"  #: a photo
    PREVIEW = "preview"  #: whether the report is right
    CHANGE = "change"  #: what of it shall be changed


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the citizen that belongs to the report's text."""

    message_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A report that is being told; `number` counts the drafts of one conversation from 1.

    `place_id` and `pin_id` name the messages that told the place in words, and on the map.
    """

    number: int
    lines: tuple[Line, ...] = ()
    place: str = ""
    place_id: str = ""
    pin: Place | None = None
    pin_id: str = ""
    files: tuple[str, ...] = ()
    evidence_settled: bool = False

    @property
    def text(self) -> str:
        """Return what the citizen told, in the order of the messages."""
        return "\n".join(line.text for line in self.lines if line.text)

    @property
    def has_place(self) -> bool:
        """Tell whether somebody could go there."""
        return bool(self.place or self.pin)

    def with_line(self, message_id: str, text: str) -> "Draft":
        """Return the draft with `text` added, or put in place of the same message's older text.

        What goes beyond DRAFT_TEXT characters is left out.
        """
        others = tuple(x for x in self.lines if x.message_id != message_id or not message_id)
        older = replace(self, lines=others).text
        line = Line(message_id, text[: max(0, DRAFT_TEXT - len(older) - bool(older))])
        if len(others) == len(self.lines):
            return replace(self, lines=(*self.lines, line) if line.text else self.lines)
        return replace(
            self, lines=tuple(line if x.message_id == message_id else x for x in self.lines)
        )

    def with_place(self, message_id: str, words: str) -> "Draft":
        """Return the draft with a place in words, of which the first DRAFT_PLACE signs are kept."""
        return replace(self, place=words[:DRAFT_PLACE], place_id=message_id)

    def with_file(self, message_id: str) -> "Draft":
        """Return the draft with the file of the message `message_id`, which it counts once."""
        known = message_id and message_id in self.files
        files = self.files if known else (*self.files, message_id)
        return replace(self, files=files, evidence_settled=True)

    def holds(self, message_id: str) -> bool:
        """Tell whether anything in the draft came with the message `message_id`."""
        brought = (self.place_id, self.pin_id, *self.files, *(x.message_id for x in self.lines))
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
        return replace(draft, pin=None, pin_id="") if message_id == self.pin_id else draft


@dataclass(frozen=True, slots=True)
class State:
    """A conversation between two messages; stored as JSON.

    `last_draft` is the number of the newest draft, open or not; `album` the album whose items
    were read last; `pointed_away` whether a group was already told to write in private.
    `menu` holds the values of the choices offered last, which a number can stand for.
    `public_address` is where the citizen last wrote in public; `threads` names the newest public
    threads with the number of the report each became, and `supplement` the report whose place was
    asked for in private, 0 for none. `withdrawn` names the messages taken back last, for those
    that come after their withdrawal. `told_unreadable` says that he knows we cannot read him.
    `minute` is when his latest minute of messages began, and `minute_count` how many came in it;
    `told_block` the end of the block that he was told of.
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
    told_unreadable: bool = False
    withdrawn: tuple[str, ...] = ()
    minute: datetime | None = None
    minute_count: int = 0
    told_block: datetime | None = None
