"""Points in polygons and near middles: borders, holes, islands, limits."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.atlas import (
    CLEARLY_NEARER,
    EARTH,
    NEAREST,
    NOWHERE,
    Atlas,
    depth_of,
    encloses,
    government_of,
    kilometres,
)
from core.message import Place
from core.registry.registry import Region, Registry
from core.understanding import PlaceKind

Ring = Sequence[Sequence[float]]

KM = 360 / (2 * math.pi * EARTH)  # degrees of latitude
SQUARE = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]
HOLE = [[4.0, 4.0], [6.0, 4.0], [6.0, 6.0], [4.0, 6.0], [4.0, 4.0]]


def atlas(*regions: Region) -> Atlas:
    return Atlas(Registry(regions={each.code: each for each in regions}))


def spot(code: str, latitude: float, longitude: float = 117.0) -> Region:
    return Region(code, code, PlaceKind.KECAMATAN, (), latitude, longitude)


def area(code: str, *polygons: list[Ring]) -> Region:
    shape = {"type": "MultiPolygon", "coordinates": list(polygons)}
    return Region(code, code, PlaceKind.KECAMATAN, boundary=shape)


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [(5, 1, True), (1, 5, True), (5, 5, False), (-1, 5, False), (11, 5, False), (5, 11, False)],
)
def test_a_polygon_with_a_hole(x: float, y: float, inside: bool) -> None:
    assert encloses([SQUARE, HOLE], x, y) is inside


def test_a_ring_may_be_left_open() -> None:
    assert encloses([SQUARE[:-1]], 5, 5)
    assert not encloses([SQUARE[:-1]], 15, 5)


_COORDINATE = st.floats(-20, 20)


@given(_COORDINATE, _COORDINATE)
def test_a_box_encloses_what_lies_between_its_sides(x: float, y: float) -> None:
    if not {x, y} & {0.0, 10.0}:
        assert encloses([SQUARE], x, y) is (0 < x < 10 and 0 < y < 10)


@given(
    st.lists(st.tuples(_COORDINATE, _COORDINATE), min_size=3, max_size=8),
    _COORDINATE,
    _COORDINATE,
    st.integers(0, 7),
)
def test_where_a_ring_begins_and_its_direction_do_not_matter(
    ring: list[tuple[float, float]], x: float, y: float, turn: int
) -> None:
    turned = ring[turn % len(ring) :] + ring[: turn % len(ring)]
    assert encloses([ring], x, y) is encloses([turned], x, y)


@given(st.lists(st.floats(0.1, 9), min_size=3, max_size=12), st.floats(0.01, 0.99), st.data())
def test_a_star_encloses_the_way_to_its_border_and_nothing_beyond(
    radii: list[float], share: float, data: st.DataObject
) -> None:
    step = 2 * math.pi / len(radii)
    star = [(r * math.cos(n * step), r * math.sin(n * step)) for n, r in enumerate(radii)]
    side = data.draw(st.integers(0, len(star) - 1))
    (ax, ay), (bx, by) = star[side - 1], star[side]
    x, y = (ax + bx) / 2, (ay + by) / 2
    assert encloses([star], x * share, y * share)
    assert not encloses([star], x / share, y / share)


def test_the_smallest_area_around_a_pin() -> None:
    far = [[20.0, 0.0], [30.0, 0.0], [30.0, 10.0], [20.0, 0.0]]
    map_ = atlas(area("64", [SQUARE], [far]), area("64.74", [SQUARE, HOLE]))
    assert map_.around(Place(latitude=1, longitude=5)) == "64.74"
    assert map_.around(Place(latitude=5, longitude=5)) == "64"
    assert map_.around(Place(latitude=1, longitude=27)) == "64"
    assert map_.around(Place(latitude=9, longitude=21)) == ""
    assert map_.around(Place(latitude=50, longitude=5)) == ""


def test_a_single_polygon() -> None:
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    map_ = atlas(Region("64", "64", PlaceKind.PROVINSI, boundary=shape))
    assert map_.around(Place(latitude=5, longitude=5)) == "64"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 0), (0, 0), 0),
        ((0, 0), (0, 180), math.pi * EARTH),
        ((90, 0), (-90, 0), math.pi * EARTH),
        ((0.1333, 117.5), (-0.5022, 117.1536), 80.4),  # Bontang - Samarinda, as the crow flies
    ],
)
def test_kilometres(one: tuple[float, float], other: tuple[float, float], expected: float) -> None:
    assert kilometres(*one, *other) == pytest.approx(expected, rel=0.01)


_DEGREES = (st.floats(-90, 90), st.floats(-180, 180))


@given(*_DEGREES, *_DEGREES)
def test_distance_is_the_same_both_ways_and_never_beyond_half_the_earth(
    a: float, b: float, c: float, d: float
) -> None:
    there = kilometres(a, b, c, d)
    assert there == pytest.approx(kilometres(c, d, a, b), abs=1e-3)
    assert 0 <= there <= math.pi * EARTH + 1e-6


@pytest.mark.parametrize(("depth", "limit"), NEAREST.items())
def test_near_ends_at_the_limit(depth: int, limit: float) -> None:
    code = "64.74.01.1001"[: {4: 13, 3: 8, 2: 5}[depth]]
    map_ = atlas(spot(code, 0.0))
    near = map_.nearest(Place(latitude=(limit - 0.01) * KM, longitude=117))
    assert (near.code, near.clearly) == (code, True)
    assert near.distance == pytest.approx(limit - 0.01, abs=1e-6)
    assert map_.nearest(Place(latitude=(limit + 0.01) * KM, longitude=117)) is NOWHERE


def test_the_smallest_kind_in_reach_is_preferred() -> None:
    map_ = atlas(spot("64.74", 0.0), spot("64.74.01", 5 * KM), spot("64.74.01.1001", 8 * KM))
    assert map_.nearest(Place(latitude=0, longitude=117)).code == "64.74.01"
    assert map_.nearest(Place(latitude=7 * KM, longitude=117)).code == "64.74.01.1001"
    assert map_.nearest(Place(latitude=-20 * KM, longitude=117)).code == "64.74"


@pytest.mark.parametrize(("times", "clearly"), [(-0.01, False), (0.01, True)])
def test_near_is_clear_when_other_governments_are_far(times: float, clearly: bool) -> None:
    rival = spot("64.08.01", -3 * (CLEARLY_NEARER + times) * KM)
    sibling = spot("64.74.02", -3 * KM * 1.01)
    near = atlas(spot("64.74.01", 3 * KM), rival, sibling).nearest(Place(latitude=0, longitude=117))
    assert (near.code, near.clearly) == ("64.74.01", clearly)


def test_no_map_and_no_sense() -> None:
    assert atlas().nearest(Place(latitude=0, longitude=117)) is NOWHERE
    assert atlas(spot("64.74", 0.0)).nearest(Place(math.nan, math.nan)) is NOWHERE


@pytest.mark.parametrize(
    ("code", "depth", "government"),
    [
        ("", 0, ""),
        ("64", 1, "64"),
        ("64.74", 2, "64.74"),
        ("64.74.01", 3, "64.74"),
        ("64.74.01.1001", 4, "64.74"),
    ],
)
def test_codes(code: str, depth: int, government: str) -> None:
    assert (depth_of(code), government_of(code)) == (depth, government)
