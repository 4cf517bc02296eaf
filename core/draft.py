"""What a conversation remembers between two messages."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from core.message import Place

DRAFT_TEXT = 20_000  # characters a draft holds; the transcript keeps every message whole


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
    """A report that is being told; `number` counts the drafts of one conversation from 1."""

    number: int
    lines: tuple[Line, ...] = ()
    place: str = ""
    pin: Place | None = None
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
        older = replace(self, lines=tuple(x for x in self.lines if x.message_id != message_id))
        line = Line(message_id, text[: max(0, DRAFT_TEXT - len(older.text))])
        if len(older.lines) == len(self.lines):
            return replace(self, lines=(*self.lines, line) if line.text else self.lines)
        return replace(
            self, lines=tuple(line if x.message_id == message_id else x for x in self.lines)
        )

    def without_message(self, message_id: str) -> "Draft":
        """Return the draft without what the message `message_id` brought."""
        return replace(
            self,
            lines=tuple(line for line in self.lines if line.message_id != message_id),
            files=tuple(file for file in self.files if file != message_id),
        )


@dataclass(frozen=True, slots=True)
class State:
    """A conversation between two messages; stored as JSON.

    `last_draft` is the number of the newest draft, open or not; `album` the album whose items
    were read last; `pointed_away` whether a group was already told to write in private.
    """

    language: str = "id"
    stage: Stage = Stage.IDLE
    draft: Draft | None = None
    last_draft: int = 0
    album: str = ""
    pointed_away: bool = field(default=False)
