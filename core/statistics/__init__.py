"""Figures, counted by the queries in queries.sql beside this file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.resources import files

from sqlalchemy import ARRAY, DateTime, String, bindparam, text
from sqlalchemy.orm import Session

LONGEST = 366  # days

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one channel brought on `day`, or over the whole range when that is None.

    `answered` and `waiting` are among the `reports` of that day; `median_seconds` from a report
    to its first answer, None when none is answered. `waiting` have no answer and are neither
    selesai nor arsip. `failed` counts parts of messages that a platform did not take for good.
    """

    channel: str
    day: date | None
    reports: int
    answered: int
    median_seconds: float | None
    waiting: int
    failed: int


@cache
def queries() -> dict[str, str]:
    """Return the queries by name."""
    source = files(__name__).joinpath("queries.sql").read_text(encoding="utf-8")
    parts = _NAME.split(source)
    return {
        name: body.strip().removesuffix(";")
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def midnights(first: date, last: date, zone: tzinfo) -> list[datetime]:
    """Return in UTC when each day from `first` to `last` begins in `zone`, and when `last` ends."""
    days = (last - first).days + 2
    return [
        datetime.combine(first + timedelta(days=n), time(), zone).astimezone(UTC)
        for n in range(days)
    ]


_CHANNELS = text(queries()["channels"]).bindparams(
    bindparam("starts", type_=ARRAY(DateTime(timezone=True))),
    bindparam("channels", type_=ARRAY(String)),
)


def channels(
    session: Session, first: date, last: date, zone: tzinfo, names: Sequence[str]
) -> list[Figures]:
    """Return the figures of each channel for each day, both ends included, then for all of them.

    Channels are those in `names` and all that brought something; a day without anything has
    zeros. Raises ValueError for a range that is empty or longer than LONGEST days.
    """
    if not 0 <= (last - first).days < LONGEST:
        raise ValueError(f"the range must be 1 to {LONGEST} days")
    starts = midnights(first, last, zone)
    rows = session.execute(
        _CHANNELS,
        {"starts": starts, "begin": starts[0], "end": starts[-1], "channels": list(names)},
    )
    return [
        Figures(
            row.channel,
            first + timedelta(days=row.day - 1) if row.day else None,
            row.reports,
            row.answered,
            row.median_seconds,
            row.waiting,
            row.failed,
        )
        for row in rows
    ]
