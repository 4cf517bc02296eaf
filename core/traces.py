"""The trace: what was called on the platforms and what they posted, without any content."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from core.db.tables import Trace
from core.text import clean

Direction = Literal["in", "out"]


class Line(NamedTuple):
    """One call to a platform (`out`) or one webhook of it (`in`); `status` 0 without an answer.

    `body` went through `core.text.outline`. A tuple, for a busy process makes thousands a second.
    """

    at: datetime
    channel: str
    direction: Direction
    method: str
    status: int
    milliseconds: int
    code: str = ""
    body: str = ""


# As JSON, because arrays of eight columns take psycopg six times as long.
_PUT = text(
    """
    insert into trace (at, channel, direction, method, status, milliseconds, code, body)
    select to_timestamp((line ->> 0)::double precision), line ->> 1, line ->> 2, line ->> 3,
        (line ->> 4)::integer, (line ->> 5)::integer, line ->> 6, line ->> 7
    from json_array_elements(cast(:lines as json)) as line
    """
)


def put(session: Session, lines: Sequence[Line]) -> None:
    """Write the lines, in one statement."""
    if lines:
        rows = [(at.timestamp(), *rest, clean(body)) for at, *rest, body in lines]
        session.execute(_PUT, {"lines": json.dumps(rows)})


def newest(session: Session, channel: str, limit: int) -> list[Line]:
    """Return the latest `limit` lines of a channel, oldest first."""
    statement = select(Trace).where(Trace.channel == channel).order_by(Trace.id.desc())
    rows = session.scalars(statement.limit(limit)).all()
    return [
        Line(
            at=row.at,
            channel=row.channel,
            direction="in" if row.direction == "in" else "out",
            method=row.method,
            status=row.status,
            milliseconds=row.milliseconds,
            code=row.code,
            body=row.body,
        )
        for row in reversed(rows)
    ]


def forget(session: Session, older_than: timedelta, limit: int) -> int:
    """Delete the oldest `limit` lines that are older than that; return how many there were.

    Costs one look at an index when there is none; lines that another process deletes are left.
    """
    oldest = (
        select(Trace.id)
        .where(Trace.at < func.now() - older_than)
        .order_by(Trace.at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    gone = session.scalars(delete(Trace).where(Trace.id.in_(oldest)).returning(Trace.id))
    return len(gone.all())
