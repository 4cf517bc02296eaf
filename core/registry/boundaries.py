"""Boundaries that the operator has: GeoJSON polygons, checked and kept beside their areas."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.db.tables import Region
from core.errors import ConfigurationError
from core.registry.government import Code
from core.registry.stored import lock, note

LARGEST = 32 * 2**20  # bytes of a file
MOST_FEATURES = 10_000
MOST_POINTS = 20_000  # of one area
MOST_POINTS_OF_ALL = 200_000  # about 30 MB in every worker
DIGITS = 5  # about a metre
_LEAST_RING = 4  # points, the first of which is the last

# Indonesia; latitude and longitude that were exchanged do not lie in it.
_WEST, _EAST, _SOUTH, _NORTH = 94, 142, -12, 8


def _ring(points: list[list[float]]) -> list[list[float]]:
    """Return the ring without heights, to DIGITS; raises ValueError where it cannot be one."""
    if points[0][:2] != points[-1][:2]:
        raise ValueError("a ring must end where it begins")
    for longitude, latitude, *_ in points:
        if not (_WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH):
            raise ValueError(f"{longitude}, {latitude} (longitude, latitude) is not in Indonesia")
    return [
        [round(longitude, DIGITS), round(latitude, DIGITS)] for longitude, latitude, *_ in points
    ]


_Position = Annotated[list[float], Field(min_length=2, max_length=3)]
_Ring = Annotated[
    list[_Position], Field(min_length=_LEAST_RING, max_length=MOST_POINTS), AfterValidator(_ring)
]
_Rings = Annotated[list[_Ring], Field(min_length=1)]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)


class _Polygon(_Loose):
    type: Literal["Polygon"]
    coordinates: _Rings

    def points(self) -> int:
        return sum(map(len, self.coordinates))


class _MultiPolygon(_Loose):
    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[_Rings], Field(min_length=1)]

    def points(self) -> int:
        return sum(len(ring) for polygon in self.coordinates for ring in polygon)


class _Properties(_Loose):
    code: Code


class _Feature(_Loose):
    type: Literal["Feature"]
    properties: _Properties
    geometry: Annotated[_Polygon | _MultiPolygon, Field(discriminator="type")]


class _Collection(_Loose):
    type: Literal["FeatureCollection"]
    features: Annotated[list[_Feature], Field(min_length=1, max_length=MOST_FEATURES)]


def read(file: Path) -> dict[str, dict[str, object]]:
    """Return code -> GeoJSON geometry of a FeatureCollection whose features have a `code`.

    Polygon and MultiPolygon only, longitude first, within the limits above; heights are left out.
    Raises ConfigurationError with the file's name, the feature (from 0) and what is wrong there.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise ConfigurationError(f"{file.name}: larger than {LARGEST} bytes")
        found = _Collection.model_validate_json(file.read_bytes())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise ConfigurationError(f"{file.name}: {place}: {first['msg']}") from None
    except OSError as error:
        raise ConfigurationError(f"{file.name}: {error}") from None
    return _by_code(found.features, file.name)


def _by_code(features: list[_Feature], name: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    total = 0
    for number, feature in enumerate(features):
        code, points = feature.properties.code, feature.geometry.points()
        total += points
        if code in found:
            raise ConfigurationError(f"{name}: features.{number}: {code} stands there twice")
        if points > MOST_POINTS:
            raise ConfigurationError(
                f"{name}: features.{number}: {code} has {points} points, over {MOST_POINTS}"
            )
        if total > MOST_POINTS_OF_ALL:
            raise ConfigurationError(f"{name}: more than {MOST_POINTS_OF_ALL} points: simplify it")
        found[code] = feature.geometry.model_dump()
    return found


def load(session: Session, boundaries: Mapping[str, Mapping[str, object]]) -> int:
    """Keep the boundaries of known areas; raises ConfigurationError for a code nobody knows."""
    lock(session)
    known = set(session.scalars(select(Region.code).where(Region.code.in_(boundaries))))
    if strange := sorted(set(boundaries) - known):
        raise ConfigurationError(f"no area {strange[0]} is loaded ({len(strange)} unknown in all)")
    for code, geometry in boundaries.items():
        session.execute(update(Region).where(Region.code == code).values(boundary=dict(geometry)))
    note(session, "boundaries")
    return len(boundaries)
