"""Which message brought which part of a report, so that what is taken back leaves it whole.

Kept with the report as `{"lines": [[key, length], ...], "place": key, "pin": key, "when": key}`:
the lines of its text in their order, and what is there of the rest. A key stands for one message of
one conversation, and tells nobody which. Masking keeps lengths, so the lines of the masked and of
the sealed text are the same.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.draft import Draft
from core.privacy.columns import ring_of

WITHDRAWN_MARK = "[ditarik oleh warga]"  # officers read it in the place of what was taken back

Key = Callable[[UUID, str], str]  # of a conversation, and of a message on its platform
Lines = Sequence[tuple[str, int]]


def keys(session: Session) -> Key:
    """Return what makes a message's key, "" for one without an id."""
    ring = ring_of(session.get_bind().dialect)
    return lambda whose, message_id: (
        ring.blind(f"message {whose} {message_id}").hex() if message_id else ""
    )


def sources_of(draft: Draft, whose: UUID, key: Key) -> dict[str, Any]:
    """Return the sources of a report that is made of the draft of conversation `whose`."""
    told = {"place": draft.place_id, "pin": draft.pin_id, "when": draft.when_id}
    return {
        "lines": [[key(whose, it.message_id), len(it.text)] for it in draft.lines if it.text],
        **{part: key(whose, message_id) for part, message_id in told.items() if message_id},
    }


@dataclass(frozen=True, slots=True)
class Parts:
    """What a report holds of its citizen's words; columns of `core.db.tables.Report`."""

    text: str
    sealed: str | None
    place: str
    latitude: float | None
    longitude: float | None
    happened: str
    sources: Mapping[str, Any]


def without(parts: Parts, gone: Set[str]) -> Parts:
    """Return `parts` without what the messages with the keys `gone` brought."""
    lines = [(key, length) for key, length in parts.sources.get("lines", ())]
    text = _spliced(parts.text, lines, gone)
    sealed = _spliced(parts.sealed, lines, gone) if parts.sealed else None
    after = replace(parts, text=text, sealed=sealed if sealed != text else None)
    taken = {name for name in ("place", "pin", "when") if parts.sources.get(name) in gone}
    if "place" in taken:
        after = replace(after, place="")
    if "pin" in taken:
        after = replace(after, latitude=None, longitude=None)
    if "when" in taken:
        after = replace(after, happened="")
    left = {name: key for name, key in parts.sources.items() if name not in taken}
    marked = [[key, len(WITHDRAWN_MARK) if key in gone else length] for key, length in lines]
    return replace(after, sources=left | ({"lines": marked} if lines else {}))


def without_line(parts: Parts, line: str) -> Parts:
    """Return `parts`, of which nobody noted the sources, without a whole `line` of the text."""
    text = f"\n{parts.text}\n".replace(f"\n{line}\n", f"\n{WITHDRAWN_MARK}\n")[1:-1]
    if not line or text == parts.text:
        return parts
    place = "" if parts.place in line else parts.place
    return replace(parts, text=text, sealed=None, place=place)


def _spliced(text: str, lines: Lines, gone: Set[str]) -> str:
    if not lines:
        return text
    kept, start = [], 0
    for key, length in lines:
        kept.append(WITHDRAWN_MARK if key in gone else text[start : start + length])
        start += length + 1
    return "\n".join(kept)
