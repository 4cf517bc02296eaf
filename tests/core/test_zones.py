from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.registry.areas import packaged_areas
from core.understanding import PlaceKind
from core.zones import WIB, WIT, WITA, ZONES, Daytime, awake, zone_of

DAY = Daytime()
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def test_every_province_has_its_time() -> None:
    provinces = {
        code: area.name
        for code, area in packaged_areas().items()
        if area.kind is PlaceKind.PROVINSI
    }
    assert ZONES.keys() == provinces.keys()
    assert len(ZONES) == 38
    east = {name for code, name in provinces.items() if ZONES[code] is WIT}
    assert all("Papua" in name or "Maluku" in name for name in east)
    assert len(east) == 8
    middle = {name for code, name in provinces.items() if ZONES[code] is WITA}
    assert {"Bali", "Nusa Tenggara Timur", "Gorontalo", "Kalimantan Selatan"} < middle
    assert len(middle) == 12
    assert not middle & {"Kalimantan Barat", "Kalimantan Tengah", "Jawa Timur"}


@pytest.mark.parametrize(
    ("region", "zone"),
    [
        ("64.74", WITA),
        ("64.74.01.1001", WITA),
        ("33", WIB),
        ("62.71", WIB),
        ("91.71", WIT),
        ("", WIB),
        ("99.01", WIB),
    ],
)
def test_the_zone_of_an_area(region: str, zone: ZoneInfo) -> None:
    assert zone_of(region, WIB) is zone


@pytest.mark.parametrize(("zone", "name"), [(WIB, "WIB"), (WITA, "WITA"), (WIT, "WIT")])
def test_a_moment_knows_what_its_time_is_called(zone: ZoneInfo, name: str) -> None:
    assert datetime(2026, 3, 9, tzinfo=zone).tzname() == name


@pytest.mark.parametrize(
    ("moment", "zone", "inside"),
    [
        ("2026-03-09T00:59:59", WIB, False),
        ("2026-03-09T01:00:00", WIB, True),
        ("2026-03-09T12:59:59", WIB, True),
        ("2026-03-09T13:00:00", WIB, False),
        ("2026-03-09T11:30:00", WITA, True),
        ("2026-03-09T11:30:00", WIT, False),
        ("2026-12-31T16:00:00", WITA, False),
    ],
)
def test_daytime_by_the_clock_on_the_wall(moment: str, zone: ZoneInfo, inside: bool) -> None:
    asked = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert (asked.astimezone(zone) in DAY) is inside


moments = st.integers(0, 366 * 24 * 3600).map(lambda it: NEW_YEAR + timedelta(seconds=it))


@given(moments)
def test_who_is_awake(moment: datetime) -> None:
    now = awake(moment, WIB, DAY)
    assert now.home == ("31" in now.provinces)
    assert all(moment.astimezone(ZONES[it]) in DAY for it in now.provinces)
    assert now.anywhere == any(moment.astimezone(zone) in DAY for zone in (WIB, WITA, WIT))


def test_at_seven_in_jakarta_only_jakarta_sleeps() -> None:
    now = awake(datetime(2026, 3, 9, 0, 30, tzinfo=UTC), WIB, DAY)
    assert not now.home
    assert set(now.provinces) == {it for it, zone in ZONES.items() if zone is not WIB}
