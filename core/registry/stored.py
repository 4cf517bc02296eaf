"""The registry's tables: read as one value, and written from files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from core.db.tables import Agency, RegistryLoad
from core.db.tables import Region as RegionRow
from core.db.tables import Route as RouteRow
from core.errors import ConfigurationError
from core.registry import check, export
from core.registry.areas import owner, packaged_areas
from core.registry.check import Fault, Finding
from core.registry.files import Source, assemble
from core.registry.registry import Opd, Region, Registry

LOCK = 0x6B616E616C02  # held while the registry is written, so that two loads never mix
_GOVERNMENT_CODE = len("64.74")
_SAID = ("name", "kind", "aliases", "latitude", "longitude")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load wrote; `gaps` are urusan that no tier answers for: triage sorts those by hand."""

    agencies: int
    routes: int
    retired: int
    gaps: tuple[Finding, ...] = ()


def fingerprint(session: Session) -> int:
    """Return a number that grows whenever the registry is changed; one look into an index."""
    return session.scalar(select(func.max(RegistryLoad.id))) or 0


def read(session: Session, besides: Collection[str] = ()) -> Registry:
    """Return the active OPD, their routes, and the areas, in three statements.

    Kecamatan and villages only of governments that have OPD, and of `besides`: 1,144 areas of the
    packaged registry, read in some 30 ms, and 70 ms with all villages of the country loaded.
    """
    found = session.execute(_REGIONS, {"besides": list(besides)})
    regions = {
        code: Region(code, name, kind, tuple(names), *at) for code, name, kind, names, *at in found
    }
    agencies = {row.slug: Opd(*row) for row in session.execute(_AGENCIES)}
    routes = {(row.region, row.urusan): row.slug for row in session.execute(_ROUTES)}
    return Registry(regions, agencies, routes)


_WITH_OPD = select(Agency.region).where(Agency.active, Agency.kind != "")
_REGIONS = select(
    RegionRow.code,
    RegionRow.name,
    RegionRow.kind,
    RegionRow.aliases,
    RegionRow.latitude,
    RegionRow.longitude,
    RegionRow.boundary,
).where(
    or_(
        func.length(RegionRow.code) <= _GOVERNMENT_CODE,
        func.left(RegionRow.code, _GOVERNMENT_CODE).in_(_WITH_OPD),
        func.left(RegionRow.code, _GOVERNMENT_CODE).in_(bindparam("besides", expanding=True)),
    )
)
_AGENCIES = select(
    Agency.slug, Agency.name, Agency.region, Agency.kind, Agency.verified, Agency.source
).where(Agency.active)
_ROUTES = (
    select(RouteRow.region, RouteRow.urusan, Agency.slug)
    .join(Agency, Agency.id == RouteRow.agency_id)
    .where(Agency.active)
)


def load(session: Session, given: Sequence[Source]) -> Loaded:
    """Write the governments of `given`; the other ones stay as they are.

    OPD that a government's file no longer names become inactive and reports keep them. Raises
    ConfigurationError, and writes nothing, when a file overlaps with another one or with what is
    stored, or has dead ends.
    """
    lock(session)
    regions = {one.government.region for one in given}
    before = read(session, besides=regions)
    others = [one for one in export.governments(before) if one.government.region not in regions]
    areas = {code: _plain(area) for code, area in before.regions.items()} | packaged_areas()
    found = [one for one in check.findings([*others, *given], areas) if one.region in regions]
    if faults := [one for one in found if one.fault is not Fault.GAP]:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise ConfigurationError(f"{faults[0]}{more}")
    after = assemble([*others, *given], areas)
    _refuse_used_slugs(session, after, regions)
    _write_regions(session, after.regions)
    retired = _write_agencies(session, after, regions)
    routes = _write_routes(session, after, regions)
    note(session, ", ".join(sorted(code or "national" for code in regions)))
    agencies = sum(opd.region in regions for opd in after.agencies.values())
    return Loaded(agencies, routes, retired, tuple(found))


def note(session: Session, what: str) -> None:
    """Write down that the registry was changed, for `fingerprint`."""
    session.execute(insert(RegistryLoad).values(what=what))


def lock(session: Session) -> None:
    """Let nobody else write the registry until this transaction ends."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})


def _plain(area: Region) -> Region:
    return Region(area.code, area.name, area.kind)


def _write_regions(session: Session, regions: Mapping[str, Region]) -> None:
    """Write every area that is new or changed; boundaries stay."""
    rows = [
        {
            "code": area.code,
            "name": area.name,
            "kind": area.kind,
            "aliases": list(area.aliases),
            "latitude": area.latitude,
            "longitude": area.longitude,
        }
        for area in regions.values()
    ]
    statement = upsert(RegionRow)
    new = {name: statement.excluded[name] for name in _SAID}
    statement = statement.on_conflict_do_update(
        index_elements=["code"],
        set_=new,
        where=or_(*(getattr(RegionRow, name).is_distinct_from(new[name]) for name in _SAID)),
    )
    session.execute(statement, rows)


def _refuse_used_slugs(session: Session, registry: Registry, regions: set[str]) -> None:
    """Raise ConfigurationError for a slug that once was another government's: none is reused."""
    slugs = [opd.slug for opd in registry.agencies.values() if opd.region in regions]
    used = select(Agency.slug, Agency.region).where(
        Agency.slug.in_(slugs), Agency.region.not_in(regions), Agency.kind != ""
    )
    for slug, region in session.execute(used):
        raise ConfigurationError(f"the slug {slug} was given to {region or 'the country'} before")


def _write_agencies(session: Session, registry: Registry, regions: set[str]) -> int:
    """Write the OPD of these governments; return how many became inactive."""
    opds = [opd for opd in registry.agencies.values() if opd.region in regions]
    names = ("slug", "name", "region", "kind", "verified", "source")
    rows = [{name: getattr(opd, name) for name in names} for opd in opds]
    statement = upsert(Agency)
    values = {name: statement.excluded[name] for name in names[1:]}
    if rows:
        statement = statement.on_conflict_do_update(
            index_elements=["slug"], set_=values | {"active": True}
        )
        session.execute(statement, rows)
    retire = (
        update(Agency)
        .where(Agency.region.in_(regions), Agency.kind != "", Agency.active)
        .where(Agency.slug.not_in([opd.slug for opd in opds]))
        .values(active=False)
        .returning(Agency.id)
    )
    return len(session.scalars(retire).all())


def _write_routes(session: Session, registry: Registry, regions: set[str]) -> int:
    """Replace the routes of these governments' areas; return how many there are now."""
    governments = regions | {opd.region for opd in registry.agencies.values() if opd.kind}
    there = session.scalars(select(RouteRow.region).distinct()).all()
    mine = [code for code in there if owner(code, governments) in regions]
    session.execute(delete(RouteRow).where(RouteRow.region.in_(mine)))
    ids = dict(session.execute(select(Agency.slug, Agency.id)).all())
    rows = [
        {"region": code, "urusan": urusan, "agency_id": ids[slug]}
        for (code, urusan), slug in registry.routes.items()
        if owner(code, governments) in regions
    ]
    if rows:
        session.execute(insert(RouteRow), rows)
    return len(rows)
