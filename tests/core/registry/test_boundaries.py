"""Boundaries: GeoJSON that is a polygon in Indonesia, of an area that is known."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.db.session import Sessions, transaction
from core.errors import ConfigurationError
from core.registry import boundaries, files, stored

SQUARE = [[117.4, 0.1], [117.5, 0.1], [117.5, 0.2], [117.4, 0.1]]


def feature(code: str = "64.74.01", **changes: Any) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry} | changes


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    return feature(geometry={"type": "Polygon", "coordinates": list(rings)})


def write(folder: Path, *features: Any, **changes: Any) -> Path:
    file = folder / "b.geojson"
    whole = {"type": "FeatureCollection", "features": list(features)} | changes
    file.write_text(json.dumps(whole), "utf-8")
    return file


def ring(points: int) -> list[list[float]]:
    inner = [[117 + n / points, 0.1] for n in range(points - 1)]
    return [*inner, inner[0]]


def test_polygons_are_read_without_heights_to_a_metre(tmp_path: Path) -> None:
    high = [[117.4, 0.1, 12], [117.123456789, 0.1], [117.5, 0.2], [117.4, 0.1]]
    many = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE, SQUARE]]}
    file = write(tmp_path, polygon(high), feature("64.74.02", geometry=many), name="x", crs=None)
    assert boundaries.read(file) == {
        "64.74.01": {
            "type": "Polygon",
            "coordinates": [[[117.4, 0.1], [117.12346, 0.1], [117.5, 0.2], [117.4, 0.1]]],
        },
        "64.74.02": many,
    }


BROKEN: dict[str, tuple[list[Any], str]] = {
    "no features": ([], "features: "),
    "a point": (
        [feature(geometry={"type": "Point", "coordinates": [117, 0]})],
        "features.0.geometry: ",
    ),
    "no geometry": ([feature(), feature(geometry=None)], "features.1.geometry"),
    "no code": ([feature(properties={"nama": "A"})], "features.0.properties.code: "),
    "a wrong code": ([feature("64.7")], "features.0.properties.code: "),
    "a code twice": ([feature(), feature()], "features.1: 64.74.01 stands there twice"),
    "an open ring": ([polygon([*SQUARE[:-1], [117.4, 0.2]])], "must end where it begins"),
    "three points": ([polygon([*SQUARE[:2], SQUARE[0]])], "at least 4 items"),
    "no ring": ([polygon()], "at least 1 item"),
    "exchanged": ([polygon([[y, x] for x, y in SQUARE])], "is not in Indonesia"),
    "a single number": ([polygon([[117.4], *SQUARE[1:]])], "at least 2 items"),
    "words": ([polygon([["timur", "utara"], *SQUARE[1:]])], "valid number"),  # type: ignore[list-item]  # what a file can hold
    "too many points": ([polygon(ring(10_001), ring(10_000))], "has 20001 points, over 20000"),
    "a ring too long": ([polygon(ring(20_001))], "at most 20000 items"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_names_the_feature(tmp_path: Path, name: str) -> None:
    features, complaint = BROKEN[name]
    with pytest.raises(ConfigurationError, match=r"^b\.geojson: ") as error:
        boundaries.read(write(tmp_path, *features))
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"type": "Feature"}', b"\xff", b"NaN"])
def test_what_is_no_collection(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "b.geojson"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"^b\.geojson: "):
        boundaries.read(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^none\.geojson: "):
        boundaries.read(tmp_path / "none.geojson")


def test_at_the_limits_it_is_taken(tmp_path: Path) -> None:
    ten = [feature(f"64.74.{n:02}", geometry=polygon(ring(20_000))["geometry"]) for n in range(10)]
    assert len(boundaries.read(write(tmp_path, *ten))) == 10
    with pytest.raises(ConfigurationError, match="more than 200000 points"):
        boundaries.read(write(tmp_path, *ten, feature("64.74.99")))


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    file = write(tmp_path, feature())
    with file.open("ab") as end:
        end.truncate(boundaries.LARGEST + 1)
    with pytest.raises(ConfigurationError, match="larger than"):
        boundaries.read(file)


def test_boundaries_are_kept_until_new_ones_come(make: Sessions, tmp_path: Path) -> None:
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
        before = stored.fingerprint(session)
        shapes = boundaries.read(write(tmp_path, feature(), feature("64.74")))
        assert boundaries.load(session, shapes) == 2
        assert stored.fingerprint(session) > before
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
    with transaction(make) as session:
        regions = stored.read(session).regions
    assert regions["64.74"].boundary == shapes["64.74"]
    assert sum(area.boundary is not None for area in regions.values()) == 2


def test_an_unknown_area_is_refused_and_nothing_is_written(make: Sessions) -> None:
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
    shapes = {"64.74.01": shape, "64.74.99": shape}
    said = r"no area 64\.74\.99 is loaded \(1 unknown"
    with pytest.raises(ConfigurationError, match=said), transaction(make) as session:
        boundaries.load(session, shapes)
    with transaction(make) as session:
        assert all(area.boundary is None for area in stored.read(session).regions.values())
