"""The data file of one government, as it is written and reviewed."""

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from core.registry.areas import CODE, LONGEST_NAME
from core.urusan import URUSAN

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
GOVERNMENT = r"^([0-9]{2}(\.[0-9]{2})?)?$"
MOST_AGENCIES = 2_000
MOST_AREAS = 10_000
MOST_ALIASES = 20

OpdKind = Literal[
    "dinas",
    "badan",
    "inspektorat",
    "sekretariat",
    "satuan",
    "rumah_sakit",
    "bumd",
    "kecamatan",
    "kelurahan",
    "desa",
    "kementerian",
    "lembaga",
    "bumn",
]


def _urusan(code: str) -> str:
    if code not in URUSAN:
        raise ValueError(f"there is no urusan {code[:40]!r}")
    return code


Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\p{Cc}]+$"
    ),
]
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=64)]
Code = Annotated[str, StringConstraints(pattern=CODE)]
UrusanCode = Annotated[str, AfterValidator(_urusan)]
Aliases = Annotated[tuple[Name, ...], Field(max_length=MOST_ALIASES)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Located(_Strict):
    """Something with other names and an approximate middle (degrees, WGS 84), both or neither."""

    aliases: Aliases = ()
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude stand together")
        return self


class Area(Located):
    """What a file says of an area: its name only where the table of areas lacks or misspells it."""

    code: Code
    name: Name | None = None


class Agency(_Strict):
    """An OPD; `by_hand` when no route shall lead to it: officers and rules choose it."""

    slug: Slug
    name: Name
    kind: OpdKind
    verified: bool = False
    source: Name
    by_hand: bool = False


class Office(_Strict):
    """One OPD for every area of a kind, which answers there for KEWILAYAHAN.

    `{code}` in the slug is the area's code after the government's, with dashes; `{name}` in the
    name is the area's.
    """

    kind: Literal["kecamatan", "kelurahan", "desa"]
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*-\{code\}$", max_length=60)
    name: str = Field(pattern=r"^[^\p{Cc}]*\{name\}[^\p{Cc}]*$", max_length=100)
    verified: bool = False
    source: Name


class Government(Located):
    """One government with its OPD and routes; `region` "" is the country.

    `falls_up` lists the urusan that it deliberately leaves to the tier above; the country leaves
    them to rules and people. `area_routes` are routes of single areas.
    """

    region: str = Field(pattern=GOVERNMENT)
    name: Name
    note: str = Field(default="", max_length=1_000)
    agencies: Annotated[tuple[Agency, ...], Field(max_length=MOST_AGENCIES)]
    offices: Annotated[tuple[Office, ...], Field(max_length=3)] = ()
    routes: dict[UrusanCode, Slug]
    falls_up: tuple[UrusanCode, ...] = ()
    areas: Annotated[tuple[Area, ...], Field(max_length=MOST_AREAS)] = ()
    area_routes: dict[Code, dict[UrusanCode, Slug]] = Field(
        default_factory=dict, max_length=MOST_AREAS
    )
