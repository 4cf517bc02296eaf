"""The files citizens sent: which are still to be fetched, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ARRAY, String, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from core.db.tables import File
from core.media import StoredMedia


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claimed row: where the platform holds the file, and which attempt this is, from 1."""

    id: int
    channel: str
    ref: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of a claimed file; `code` says why it is not stored, or cannot be shown."""

    id: int
    state: str
    due_at: datetime
    code: str = ""
    stored: StoredMedia | None = None


_CLAIM = text(
    """
    with due as (
        select id from file
        where state = 'waiting' and due_at <= now() and channel = any(:channels)
        order by due_at limit :files
        for update skip locked
    )
    update file set due_at = now() + :lease, attempts = file.attempts + 1
    from due where file.id = due.id
    returning file.id, file.channel, file.ref, file.attempts
    """
).bindparams(bindparam("channels", type_=ARRAY(String)))
_WAITING = _CLAIM.columns(ref=File.ref.type)

_RECORD = (
    update(File)
    .where(File.id == bindparam("row_id"), File.state == "waiting")
    .values(
        state=bindparam("new_state"),
        due_at=bindparam("new_due_at"),
        code=bindparam("new_code"),
        path=bindparam("new_path"),
        sha256=bindparam("new_sha256"),
        mime=bindparam("new_mime"),
        size=bindparam("new_size"),
        shown_path=bindparam("new_shown_path"),
        shown_mime=bindparam("new_shown_mime"),
    )
)


def claim(session: Session, channels: Iterable[str], files: int, lease: timedelta) -> list[Waiting]:
    """Lease up to `files` due rows of channels that are on, the longest due first."""
    rows = session.execute(_WAITING, {"channels": list(channels), "files": files, "lease": lease})
    return [Waiting(row.id, row.channel, row.ref, row.attempts) for row in rows]


def record(session: Session, fetched: Sequence[Fetched]) -> None:
    """Write what became of the claimed rows."""
    rows = [
        {
            "row_id": one.id,
            "new_state": one.state,
            "new_due_at": one.due_at,
            "new_code": one.code,
            "new_path": one.stored.path if one.stored else "",
            "new_sha256": one.stored.sha256 if one.stored else "",
            "new_mime": one.stored.mime if one.stored else "",
            "new_size": one.stored.size if one.stored else 0,
            "new_shown_path": one.stored.shown_path if one.stored else "",
            "new_shown_mime": one.stored.shown_mime if one.stored else "",
        }
        for one in fetched
    ]
    if rows:
        session.connection().execute(_RECORD, rows)


def next_due(session: Session, channels: Iterable[str]) -> datetime | None:
    """Return when the next file is due, None when none waits."""
    waiting = select(func.min(File.due_at)).where(File.state == "waiting")
    return session.scalar(waiting.where(File.channel.in_(list(channels))))
