"""Working days: Monday to Friday, without national holidays and cuti bersama.

National holidays and cuti bersama are those of the yearly joint decree of three ministers (SKB 3
Menteri), as the package `holidays` has them. What it does not know, or what the office decides
besides, stands in the table `day_off` (`core.days_off`). Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from holidays import HolidayBase, country_holidays
from holidays.constants import GOVERNMENT, PUBLIC

WEEKEND = frozenset({5, 6})  # Saturday and Sunday, by date.weekday()
DAY = timedelta(days=1)
LAST_YEAR = 2100  # of which the package knows holidays
LONGEST = 3660  # days that are looked through for a working one: ten years


class Origin(StrEnum):
    """Who says that a day is off, or is none."""

    NATIONAL = "libur nasional"
    JOINT = "cuti bersama"
    OFFICE = "kantor"  #: added here
    WORKS = "hari kerja"  #: a holiday on which the office here works after all


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day that is off, or of which the office said that it is none."""

    day: date
    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are working days; `own` are the office's additions: day -> whether it works."""

    own: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Tell whether the office works on `day`; its own word counts more than the decree's."""
        known = self.own.get(day)
        if known is not None:
            return known
        return day.weekday() not in WEEKEND and day not in _national(day.year)


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """Return the `count`-th working day after `day`, which itself does not count; `day` for 0.

    Raises ValueError below 0, and where ten years hold too few.
    """
    if count < 0:
        raise ValueError("days are counted forwards")
    last = day + LONGEST * DAY
    while count and day < last:
        day += DAY
        count -= calendar.is_working(day)
    if count:
        raise ValueError("hardly any day of this calendar is a working day")
    return day


def working_days(after: date, until: date, calendar: Calendar) -> int:
    """Return how many working days lie behind `after`, up to `until` inclusive; 0 for none."""
    span = (until - after).days
    return sum(calendar.is_working(after + n * DAY) for n in range(1, span + 1))


def decreed(year: int) -> Iterator[Holiday]:
    """Yield the national holidays and the cuti bersama of `year`, by date, in Indonesian.

    A name that ends in "(perkiraan)" is reckoned: the decree for its year was not known yet.
    """
    joint = _decree(year, GOVERNMENT)
    for day, name in sorted(_national(year).items()):
        yield Holiday(day, name, Origin.JOINT if day in joint else Origin.NATIONAL)


@cache
def _national(year: int) -> dict[date, str]:
    """Return the holidays of one year; in the package, cuti bersama is the category government."""
    return dict(_decree(year, PUBLIC, GOVERNMENT).items())


def _decree(year: int, *categories: str) -> HolidayBase:
    """Return the holidays of one year that are of any of these categories.

    Asked this way, the package loads its countries, some 8 MB, with the first question: a process
    that never counts working days is spared them.
    """
    return country_holidays("ID", years=year, categories=categories, language="id", expand=False)
