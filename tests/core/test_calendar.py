"""Working days, held against the published holidays of 2026.

The dates are those of the joint decree (SKB) of the ministers of religion, of manpower and of
PANRB, numbers 1497, 2 and 5 of 2025, of 19 September 2025: 17 national holidays and 8 days of cuti
bersama. They are written down here as published, not taken from the package that is tested.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import (
    Calendar,
    Origin,
    add_working_days,
    decreed,
    working_days,
)

NATIONAL = [
    "2026-01-01",
    "2026-01-16",
    "2026-02-17",
    "2026-03-19",
    "2026-03-21",
    "2026-03-22",
    "2026-04-03",
    "2026-04-05",
    "2026-05-01",
    "2026-05-14",
    "2026-05-27",
    "2026-05-31",
    "2026-06-01",
    "2026-06-16",
    "2026-08-17",
    "2026-08-25",
    "2026-12-25",
]
JOINT = [
    "2026-02-16",
    "2026-03-18",
    "2026-03-20",
    "2026-03-23",
    "2026-03-24",
    "2026-05-15",
    "2026-05-28",
    "2026-12-24",
]
PLAIN = Calendar()
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def test_the_decree_of_2026_is_known() -> None:
    found = list(decreed(2026))
    assert [str(it.day) for it in found if it.origin is Origin.NATIONAL] == NATIONAL
    assert [str(it.day) for it in found if it.origin is Origin.JOINT] == JOINT
    lebaran = next(it for it in found if it.day == day("2026-03-20"))
    assert lebaran.name == "Cuti Bersama Hari Raya Idul Fitri"


def test_no_holiday_and_no_weekend_is_worked() -> None:
    year = [day("2026-01-01") + n * DAY for n in range(365)]
    off = {str(it) for it in year if not PLAIN.is_working(it)}
    weekends = {str(it) for it in year if it.isoweekday() > 5}
    assert off == {*NATIONAL, *JOINT} | weekends
    # 261 days from Monday to Friday; 4 of the 25 holidays fall on a weekend
    assert 365 - len(off) == 261 - 21


@pytest.mark.parametrize(
    ("after", "count", "reached"),
    [
        ("2026-03-17", 0, "2026-03-17"),
        ("2026-03-16", 1, "2026-03-17"),
        ("2026-03-17", 1, "2026-03-25"),  # Nyepi 18-19, Lebaran 20-24, with its weekend
        ("2026-03-17", 3, "2026-03-27"),
        ("2026-03-22", 3, "2026-03-27"),  # from a holiday in the midst of it
        ("2026-03-17", 14, "2026-04-14"),  # with Good Friday in between
        ("2026-05-13", 3, "2026-05-20"),  # Ascension, its cuti bersama, a weekend
        ("2026-05-26", 5, "2026-06-05"),  # Idul Adha, Vesak on a Sunday, Pancasila on a Monday
        ("2026-12-23", 1, "2026-12-28"),
        ("2026-12-29", 3, "2027-01-04"),  # over the end of the year
        ("2026-11-22", 3, "2026-11-25"),
    ],
)
def test_so_many_working_days_later(after: str, count: int, reached: str) -> None:
    assert add_working_days(day(after), count, PLAIN) == day(reached)


def test_the_office_has_the_last_word() -> None:
    own = Calendar({day("2026-03-24"): True, day("2026-03-28"): True, day("2026-03-25"): False})
    worked = [str(it) for n in range(12) if own.is_working(it := day("2026-03-17") + n * DAY)]
    assert worked == ["2026-03-17", "2026-03-24", "2026-03-26", "2026-03-27", "2026-03-28"]


@pytest.mark.parametrize("count", [-1, 3000])
def test_what_cannot_be_counted(count: int) -> None:
    with pytest.raises(ValueError, match=r"forwards|hardly"):
        add_working_days(day("2026-01-01"), count, PLAIN)


days = st.dates(date(2020, 1, 1), date(2060, 12, 31))
counts = st.integers(0, 90)
calendars = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=30
).map(Calendar)
days_of_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(days, st.integers(1, 90))
def test_it_is_a_working_day(start: date, count: int) -> None:
    reached = add_working_days(start, count, PLAIN)
    assert PLAIN.is_working(reached)
    assert working_days(start, reached, PLAIN) == count


@given(days_of_2026, days_of_2026, counts, counts, calendars)
def test_who_begins_or_ends_later_is_never_earlier(
    one: date, other: date, few: int, many: int, calendar: Calendar
) -> None:
    one, other = sorted((one, other))
    few, many = sorted((few, many))
    assert add_working_days(one, few, calendar) <= add_working_days(other, few, calendar)
    assert add_working_days(one, few, calendar) <= add_working_days(one, many, calendar)


@given(days_of_2026, counts, calendars, days_of_2026)
def test_a_further_day_off_makes_nothing_earlier(
    start: date, count: int, calendar: Calendar, added: date
) -> None:
    more = Calendar({**calendar.own, added: False})
    assert add_working_days(start, count, calendar) <= add_working_days(start, count, more)


@given(days_of_2026, days_of_2026, calendars)
def test_counting_and_adding_agree(start: date, end: date, calendar: Calendar) -> None:
    between = working_days(start, end, calendar)
    assert between == 0 or add_working_days(start, between, calendar) <= end
    assert add_working_days(start, between + 1, calendar) > min(start, end) if between else True
