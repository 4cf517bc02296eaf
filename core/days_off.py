"""The office's own days off, and holidays on which it works after all: what an admin may change.

Dates that were told already stay as they are; only what is promised from now on counts anew.
"""

from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.calendar import Calendar, Holiday, Origin, decreed
from core.db.tables import DayOff
from core.errors import ConfigurationError, NotFound

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Almanac:
    """The moment at which this transaction began, and the calendar that holds in it."""

    now: datetime
    calendar: Calendar


def almanac(session: Session) -> Almanac:
    """Return now and the calendar, in one statement."""
    days = func.json_object_agg(DayOff.day, DayOff.works).filter(DayOff.day.is_not(None))
    now, own = session.execute(select(func.now(), days).select_from(DayOff)).one()
    works = {date.fromisoformat(day): bool(value) for day, value in (own or {}).items()}
    return Almanac(now, Calendar(works))


def put(session: Session, day: date, name: str, works: bool) -> None:
    """Note that the office is closed on `day`, or that it `works` then; replaces what was noted.

    Raises ConfigurationError for a name that is empty, or longer than a line of LONGEST_NAME signs.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise ConfigurationError(f"the name of a day is one line of up to {LONGEST_NAME} signs")
    row = {"day": day, "name": name, "works": works}
    statement = insert(DayOff).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[DayOff.day], set_={"name": name, "works": works}
        )
    )


def remove(session: Session, day: date) -> None:
    """Let the national calendar decide on `day` again; raises NotFound when nothing was noted."""
    found = session.scalar(delete(DayOff).where(DayOff.day == day).returning(DayOff.day))
    if found is None:
        raise NotFound(f"nothing was noted for {day}")


def listed(session: Session, year: int) -> list[Holiday]:
    """Return the days off of a year, and those on which the office works all the same, by date."""
    rows = session.scalars(select(DayOff).where(func.extract("year", DayOff.day) == year))
    own = {
        row.day: Holiday(row.day, row.name, Origin.WORKS if row.works else Origin.OFFICE)
        for row in rows
    }
    others = (it for it in decreed(year) if it.day not in own)
    return list(merge(others, (own[day] for day in sorted(own)), key=lambda it: it.day))
