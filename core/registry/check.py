"""What is wrong with registry files: gaps, overlaps and dead ends, each with its file and place."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.registry.areas import kind_of, owner
from core.registry.files import OFFICE_URUSAN, Source, opds, own_routes
from core.registry.government import Government
from core.registry.registry import Opd, Region, Registry, chain
from core.urusan import URUSAN


class Fault(StrEnum):
    """What sort of mistake a file holds."""

    GAP = "gap"  #: an urusan that no tier routes, though nobody said so
    OVERLAP = "overlap"  #: two answers where there must be one
    DEAD_END = "dead end"  #: a way that leads nowhere, or an OPD that no way leads to


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake: `origin` is the file and the place in it."""

    fault: Fault
    region: str
    origin: str
    what: str

    def __str__(self) -> str:
        return f"{self.fault}: {self.origin}: {self.what}"


def findings(sources: Sequence[Source], areas: Mapping[str, Region]) -> list[Finding]:
    """Return the mistakes of `sources` beside each other, over the table of `areas`.

    Areas that a file names itself count as known.
    """
    return _Check(sources, areas).run()


def unverified(registry: Registry) -> dict[str, tuple[int, int]]:
    """Return, by government, how many of its OPD bear an unverified name, and of how many."""
    everyone = Counter(opd.region for opd in registry.agencies.values())
    doubtful = Counter(opd.region for opd in registry.agencies.values() if not opd.verified)
    return {region: (doubtful[region], everyone[region]) for region in sorted(everyone)}


class _Check:
    """One run over files that are laid beside each other."""

    def __init__(self, sources: Sequence[Source], areas: Mapping[str, Region]) -> None:
        self._sources = sources
        self._governments = {one.government.region: one.government for one in sources}
        self._table = areas
        named = (area for one in sources for area in one.government.areas if area.name)
        self._known = set(areas) | {area.code for area in named}
        self._opds = {id(one): self._opds_of(one.government) for one in sources}
        self._slugs = {opd.slug for mine in self._opds.values() for opd, _ in mine}

    def run(self) -> list[Finding]:
        """Return every finding: those between files first, then file by file."""
        found = [*self._doubles()]
        for source in self._sources:
            found += self._areas(source)
            found += self._routes(source)
            found += self._agencies(source)
            found += self._gaps(source)
        return found

    def _opds_of(self, government: Government) -> list[tuple[Opd, tuple[str, ...]]]:
        here = {area.code: area.name for area in government.areas if area.name}
        added = [Region(code, name, kind_of(code)) for code, name in here.items()]
        inside = {one.code: one for one in [*self._table.values(), *added]}
        return list(opds(government, inside.values()))

    def _doubles(self) -> Iterator[Finding]:
        """Find what stands in two places: governments, slugs, areas, routes."""
        seen: dict[tuple[str, str], str] = {}
        for source in self._sources:
            region = source.government.region
            for kind, name, place in self._unique(source):
                where = f"{source.origin}: {place}"
                if (kind, name) in seen:
                    what = f"{kind} {name or 'of the country'} stands in {seen[kind, name]} too"
                    yield Finding(Fault.OVERLAP, region, where, what)
                seen.setdefault((kind, name), where)

    def _unique(self, source: Source) -> Iterator[tuple[str, str, str]]:
        """Yield what may stand only once in all files: its kind, its name, its place."""
        government = source.government
        yield "the government", government.region, "region"
        if government.region:
            yield "the area", government.region, "region"
        for area in government.areas:
            yield "the area", area.code, f"areas: {area.code}"
        for opd, codes in self._opds[id(source)]:
            place = "offices" if codes else "agencies"
            yield "the slug", opd.slug, f"{place}: {opd.slug}"
            for code in codes:
                yield "the route", f"{code} {OFFICE_URUSAN}", f"offices: {opd.kind}"
        for code, urusan in own_routes(government):
            yield "the route", f"{code} {urusan}", f"routes: {code or 'the country'}"

    def _areas(self, source: Source) -> Iterator[Finding]:
        """Find areas that nobody knows, or that are another government's."""
        government = source.government
        if government.region and government.region not in self._table:
            yield self._dead_end(source, "region", f"{government.region} is in no table of areas")
        said = [(f"areas: {area.code}", area.code) for area in government.areas]
        said += [(f"area_routes: {code}", code) for code in government.area_routes]
        for place, code in said:
            holder = owner(code, self._governments)
            if code not in self._known:
                yield self._dead_end(source, place, "in no table of areas, and without a name")
            elif holder != government.region:
                whose = f"belongs to {holder}" if holder else f"is not in {government.region}"
                yield self._dead_end(source, place, f"{code} {whose}")
        for office in government.offices:
            if not any(opd.kind == office.kind and at for opd, at in self._opds[id(source)]):
                what = f"{government.region} has no known {office.kind}"
                yield self._dead_end(source, f"offices: {office.kind}", what)

    def _routes(self, source: Source) -> Iterator[Finding]:
        """Find routes that lead to nobody, or that are said and left out at once."""
        for (code, urusan), slug in own_routes(source.government).items():
            if slug not in self._slugs:
                place = f"routes: {code or 'the country'} {urusan}"
                yield self._dead_end(source, place, f"leads to {slug}, which no file names")
        for urusan in source.government.falls_up:
            if urusan in source.government.routes:
                what = f"{urusan} has a route and falls up"
                yield self._finding(Fault.OVERLAP, source, "falls_up", what)

    def _agencies(self, source: Source) -> Iterator[Finding]:
        """Find OPD that nothing leads to, unless a person or a rule is meant to choose them."""
        routed = {slug for one in self._sources for slug in own_routes(one.government).values()}
        for agency in source.government.agencies:
            place = f"agencies: {agency.slug}"
            if agency.by_hand and agency.slug in routed:
                what = "by_hand, yet a route leads here"
                yield self._finding(Fault.OVERLAP, source, place, what)
            elif not agency.by_hand and agency.slug not in routed:
                yield self._dead_end(
                    source, place, "no route leads here (by_hand, if that is meant)"
                )

    def _gaps(self, source: Source) -> Iterator[Finding]:
        """Find urusan that this government leaves out, or that no tier above it takes."""
        government = source.government
        above = chain(government.region)[1:]
        tiers = [self._governments[code] for code in above if code in self._governments]
        for urusan in URUSAN:
            if urusan in government.routes:
                continue
            if urusan not in government.falls_up:
                what = f"{urusan} has no route, and falls_up does not name it"
            elif any(urusan in tier.routes for tier in tiers) or self._is_left_open(urusan):
                continue
            else:
                what = f"{urusan} falls up, but no tier above has a route"
            yield self._finding(Fault.GAP, source, "routes", what)

    def _is_left_open(self, urusan: str) -> bool:
        country = self._governments.get("")
        return country is not None and urusan in country.falls_up

    def _dead_end(self, source: Source, place: str, what: str) -> Finding:
        return self._finding(Fault.DEAD_END, source, place, what)

    def _finding(self, fault: Fault, source: Source, place: str, what: str) -> Finding:
        return Finding(fault, source.government.region, f"{source.origin}: {place}", what)
