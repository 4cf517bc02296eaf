"""The map of a registry: which area a point lies in, or is near to. Pure; WGS 84 degrees, km."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.message import Place
from core.registry.registry import Region, Registry

EARTH = 6371.0  # km, its mean radius
# From the middle of the nearest area a pin may be as far away as this, in km, by the depth of the
# area's code: wider than most areas are, narrower than the way to the next but one.
NEAREST = {4: 2.0, 3: 12.0, 2: 40.0}
GOVERNMENT = 2  # depth of the code of a kabupaten or kota
CLEARLY_NEARER = 2.0  # times nearer than the nearest area of another government
_DEGREE = 111.0  # km, of latitude; a little less than the shortest


@dataclass(frozen=True, slots=True)
class Near:
    """The area `code`, whose middle is `distance` km away.

    `clearly`: no area of another government is less than CLEARLY_NEARER times as far.
    """

    code: str
    distance: float
    clearly: bool


NOWHERE = Near("", math.inf, False)


@dataclass(frozen=True, slots=True)
class _Area:
    """An area with a boundary: its polygons (rings of longitude, latitude), and the box around."""

    code: str
    box: tuple[float, float, float, float]
    polygons: Sequence[Sequence[Sequence[Sequence[float]]]]


class Atlas:
    """The map of a registry, prepared once: boundaries where they are loaded, middles otherwise."""

    def __init__(self, registry: Registry) -> None:
        regions = registry.regions.values()
        self._areas = [_area(region) for region in regions if region.boundary is not None]
        self._middles = [
            (region.code, region.latitude, region.longitude)
            for region in regions
            if region.latitude is not None and region.longitude is not None
        ]

    def around(self, pin: Place) -> str:
        """Return the smallest area whose boundary encloses the pin, "" when none does."""
        x, y = pin.longitude, pin.latitude
        found = [
            area.code
            for area in self._areas
            if area.box[0] <= x <= area.box[2]
            and area.box[1] <= y <= area.box[3]
            and any(encloses(polygon, x, y) for polygon in area.polygons)
        ]
        return max(found, key=depth_of, default="")

    def nearest(self, pin: Place) -> Near:
        """Return the nearest area of the smallest kind in reach, NOWHERE when none is."""
        for depth, limit in NEAREST.items():
            near = self._within(pin, depth, limit * CLEARLY_NEARER)
            if near and near[0][0] <= limit:
                distance, code = near[0]
                own = government_of(code)
                rivals = (far for far, other in near if government_of(other) != own)
                return Near(code, distance, next(rivals, math.inf) >= CLEARLY_NEARER * distance)
        return NOWHERE

    def _within(self, pin: Place, depth: int, limit: float) -> list[tuple[float, str]]:
        band = limit / _DEGREE
        return sorted(
            (distance, code)
            for code, latitude, longitude in self._middles
            if abs(latitude - pin.latitude) <= band and depth_of(code) == depth
            if (distance := kilometres(pin.latitude, pin.longitude, latitude, longitude)) <= limit
        )


def depth_of(code: str) -> int:
    """Return how many areas a code names one in the other: 2 for a kabupaten or kota, 0 for ""."""
    return code.count(".") + 1 if code else 0


def government_of(code: str) -> str:
    """Return the code of the kabupaten or kota that an area lies in, or its own if larger."""
    return ".".join(code.split(".")[:GOVERNMENT])


def kilometres(latitude: float, longitude: float, other_latitude: float, other: float) -> float:
    """Return the great-circle distance between two points in degrees (haversine)."""
    phi, psi = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((psi - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(psi) * math.sin(math.radians(other - longitude) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def encloses(polygon: Iterable[Sequence[Sequence[float]]], x: float, y: float) -> bool:
    """Tell whether a GeoJSON polygon (outer ring, then holes) encloses a point: even-odd rule."""
    inside = False
    for ring in polygon:
        last = ring[-1]
        for point in ring:
            if (point[1] > y) != (last[1] > y):
                slant = (last[0] - point[0]) / (last[1] - point[1])
                if x < point[0] + slant * (y - point[1]):
                    inside = not inside
            last = point
    return inside


def _area(region: Region) -> _Area:
    boundary: Mapping[str, Any] = region.boundary or {}
    shapes = boundary["coordinates"]
    polygons = [shapes] if boundary["type"] == "Polygon" else list(shapes)
    points = [point for polygon in polygons for point in polygon[0]]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return _Area(region.code, (min(xs), min(ys), max(xs), max(ys)), polygons)
