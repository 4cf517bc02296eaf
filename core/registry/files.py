"""Registry files: read and checked for their form, laid over the table of areas, written."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from core.errors import ConfigurationError
from core.registry.areas import DATA, is_within, kind_of, packaged_areas
from core.registry.government import Agency, Government, Office
from core.registry.registry import Opd, Region, Registry

LARGEST = 4 * 2**20  # bytes of a registry file
OFFICE_URUSAN = "KEWILAYAHAN"
_NEEDED = {"region", "agencies", "routes"}


@dataclass(frozen=True, slots=True)
class Source:
    """A government as it was read, and where: the file, and which one in it."""

    origin: str
    government: Government


def packaged() -> Registry:
    """Return the registry that comes with Kanal; read anew at every call (some 50 ms)."""
    return assemble(packaged_sources(), packaged_areas())


def packaged_sources() -> list[Source]:
    """Return the governments that come with Kanal, the country first."""
    return [one for file in sorted(DATA.glob("[0-9n]*.json"), reverse=True) for one in read(file)]


def read(file: Path) -> list[Source]:
    """Return the governments of a JSON file: one object, or a list of them.

    Raises ConfigurationError with the file's name, the place in it and what is wrong there.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise ConfigurationError(f"{file}: larger than {LARGEST} bytes")
        content = json.loads(file.read_text("utf-8"), object_pairs_hook=_without_doubles)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file}: {error}") from None
    many = isinstance(content, list)
    return [
        _parsed(one, f"{file.name}[{n}]" if many else file.name)
        for n, one in enumerate(content if many else [content])
    ]


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(
            name for name, count in Counter(name for name, _ in pairs).items() if count > 1
        )
        raise ValueError(f"{twice[:80]!r} stands twice in one object")
    return found


def _parsed(content: object, origin: str) -> Source:
    try:
        return Source(origin, Government.model_validate(content))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the whole"
        raise ConfigurationError(f"{origin}: {place}: {first['msg']}") from None


def assemble(sources: Iterable[Source], areas: Mapping[str, Region]) -> Registry:
    """Lay governments over the table of areas; of two that say the same, the last one counts."""
    governments = [source.government for source in sources]
    regions = dict(areas)
    for government in governments:
        regions |= _regions(government, regions)
    agencies: dict[str, Opd] = {}
    routes: dict[tuple[str, str], str] = {}
    for government in governments:
        for opd, codes in opds(government, regions.values()):
            agencies[opd.slug] = opd
            routes |= dict.fromkeys(((code, OFFICE_URUSAN) for code in codes), opd.slug)
        routes |= own_routes(government)
    return Registry(regions, agencies, routes)


def _regions(government: Government, known: Mapping[str, Region]) -> dict[str, Region]:
    found: dict[str, Region] = {}
    own = [(government.region, government.name, government)] if government.region else []
    for code, name, said in [*own, *((area.code, area.name, area) for area in government.areas)]:
        before = known.get(code) or Region(code, name or code, kind_of(code))
        found[code] = replace(
            before,
            name=name or before.name,
            aliases=said.aliases,
            latitude=said.latitude,
            longitude=said.longitude,
        )
    return found


def opds(
    government: Government, regions: Iterable[Region]
) -> Iterable[tuple[Opd, tuple[str, ...]]]:
    """Yield the OPD of a government, each with the codes of the areas whose office it is."""
    for agency in government.agencies:
        yield _opd(agency, government.region), ()
    inside = [one for one in regions if is_within(one.code, government.region)]
    for office in government.offices:
        for region in inside:
            if region.kind == office.kind:
                yield _office(office, government.region, region), (region.code,)


def _opd(agency: Agency, region: str) -> Opd:
    return Opd(agency.slug, agency.name, region, agency.kind, agency.verified, agency.source)


def _office(office: Office, government: str, region: Region) -> Opd:
    number = region.code.removeprefix(f"{government}.").replace(".", "-")
    return Opd(
        slug=office.slug.replace("{code}", number),
        name=office.name.replace("{name}", region.name),
        region=government,
        kind=office.kind,
        verified=office.verified,
        source=office.source,
    )


def own_routes(government: Government) -> dict[tuple[str, str], str]:
    """Return the routes that a file spells out."""
    routes = {(government.region, urusan): slug for urusan, slug in government.routes.items()}
    for code, there in government.area_routes.items():
        routes |= {(code, urusan): slug for urusan, slug in there.items()}
    return routes


def render(governments: Sequence[Government]) -> str:
    """Return the text of a registry file, one OPD, area or office on a line.

    One government makes an object, several a list; `read` understands both.
    """
    texts = [_rendered(government) for government in governments]
    return f"{texts[0]}\n" if len(texts) == 1 else "[\n" + ",\n".join(texts) + "\n]\n"


def _rendered(government: Government) -> str:
    lines: dict[str, str] = {}
    for name in ("region", "name", *type(government).model_fields):
        value = getattr(government, name)
        if value not in ((), {}, "", None) or name in _NEEDED:
            lines[name] = f"  {json.dumps(name)}: {_value(value)}"
    return "{\n" + ",\n".join(lines.values()) + "\n}"


def _value(value: object) -> str:
    match value:
        case tuple() if any(isinstance(one, BaseModel) for one in value):
            return "[\n" + ",\n".join(f"    {_line(one)}" for one in value) + "\n  ]"
        case dict():
            pairs = (f"    {_line(name)}: {_line(one)}" for name, one in value.items())
            return "{\n" + ",\n".join(pairs) + "\n  }"
        case _:
            return _line(value)


def _line(value: object) -> str:
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_defaults=True)
    return json.dumps(value, ensure_ascii=False)
