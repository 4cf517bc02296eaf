from datetime import UTC, date, datetime, timedelta

import pytest

from core import days_off
from core.calendar import Origin, decreed
from core.db.session import Sessions, transaction
from core.errors import NotFound

NYEPI, PLAIN = date(2026, 3, 19), date(2026, 10, 12)


def test_the_office_adds_and_takes_back(make: Sessions) -> None:
    with transaction(make) as session:
        days_off.put(session, PLAIN, "HUT Kota", works=False)
        days_off.put(session, NYEPI, "Piket", works=False)
        days_off.put(session, NYEPI, "Tetap buka", works=True)
    with transaction(make) as session:
        almanac = days_off.almanac(session)
        assert almanac.calendar.own == {PLAIN: False, NYEPI: True}
        assert abs(almanac.now - datetime.now(UTC)) < timedelta(minutes=1)
        found = {it.day: (it.name, it.origin) for it in days_off.listed(session, 2026)}
        assert found[PLAIN] == ("HUT Kota", Origin.OFFICE)
        assert found[NYEPI] == ("Tetap buka", Origin.WORKS)
        assert list(found) == sorted(found)
        assert len(found) == 26
        assert days_off.listed(session, 2025) == list(decreed(2025))
        days_off.remove(session, NYEPI)
        assert not days_off.almanac(session).calendar.is_working(NYEPI)
        with pytest.raises(NotFound, match="2026-03-19"):
            days_off.remove(session, NYEPI)


def test_an_empty_table_leaves_the_decree(make: Sessions, statements: list[object]) -> None:
    with transaction(make) as session:
        statements.clear()
        assert days_off.almanac(session).calendar.own == {}
        assert len(statements) == 1
