"""The registry as one value: areas, OPD, and which OPD answers for an urusan in an area."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Region:
    """An area: Kemendagri's code, official name, other names in use, and its middle if known.

    `kind` is a word of `core.understanding.PlaceKind`. `boundary` is a GeoJSON geometry.
    """

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    boundary: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Opd:
    """An agency of the government `region` ("" for a national body).

    `verified` tells whether `source` is an official place for its name.
    """

    slug: str
    name: str
    region: str
    kind: str
    verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything that routing looks up, by code, by slug, and by (region, urusan)."""

    regions: Mapping[str, Region] = field(default_factory=dict)
    agencies: Mapping[str, Opd] = field(default_factory=dict)
    routes: Mapping[tuple[str, str], str] = field(default_factory=dict)


def chain(code: str) -> tuple[str, ...]:
    """Return the code and those of the areas around it, the smallest first, "" the last.

    "64.74.01" -> ("64.74.01", "64.74", "64", "").
    """
    parts = code.split(".") if code else []
    return tuple(".".join(parts[:n]) for n in range(len(parts), -1, -1))
