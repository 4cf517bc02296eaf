"""A registry taken apart into government files again."""

from collections.abc import Collection, Iterable, Iterator

from core.registry.areas import owner
from core.registry.files import Source
from core.registry.government import Agency, Area, Government
from core.registry.registry import Opd, Region, Registry
from core.urusan import URUSAN

_COUNTRY = "Republik Indonesia"
_PROVINCE = len("64")


def governments(registry: Registry) -> list[Source]:
    """Return every government that has OPD, by code; OPD of a plain list (no kind) are left out.

    Offices are spelled out one by one. Urusan without a route count as falling up, OPD that no
    route leads to as chosen by hand.
    """
    codes = sorted({opd.region for opd in registry.agencies.values() if opd.kind})
    return [
        Source(f"stored {code or 'national'}", _government(registry, codes, code)) for code in codes
    ]


def one(registry: Registry, code: str) -> Government:
    """Return the file of the government `code`, without OPD when there are none yet."""
    known = {opd.region for opd in registry.agencies.values() if opd.kind}
    return _government(registry, sorted(known | {code}), code)


def _government(registry: Registry, codes: Collection[str], code: str) -> Government:
    region = registry.regions.get(code) or Region(code, _COUNTRY, "")
    routed = set(registry.routes.values())
    mine = [opd for opd in registry.agencies.values() if opd.region == code and opd.kind]
    own = {urusan: slug for (at, urusan), slug in registry.routes.items() if at == code}
    return Government(
        region=code,
        name=region.name,
        aliases=region.aliases,
        latitude=region.latitude,
        longitude=region.longitude,
        agencies=tuple(_agency(opd, opd.slug in routed) for opd in _sorted(mine)),
        routes={urusan: own[urusan] for urusan in URUSAN if urusan in own},
        falls_up=tuple(urusan for urusan in URUSAN if urusan not in own),
        areas=tuple(_areas(registry, codes, code)),
        area_routes=_area_routes(registry, codes, code),
    )


def _sorted(opds: Iterable[Opd]) -> list[Opd]:
    return sorted(opds, key=lambda opd: opd.slug)


def _agency(opd: Opd, is_routed: bool) -> Agency:
    return Agency.model_validate(
        {
            "slug": opd.slug,
            "name": opd.name,
            "kind": opd.kind,
            "verified": opd.verified,
            "source": opd.source,
            "by_hand": not is_routed,
        }
    )


def _areas(registry: Registry, codes: Collection[str], code: str) -> Iterator[Area]:
    """Yield what lies in the government itself; of larger ones only what more is known of."""
    for area in sorted(registry.regions.values(), key=lambda area: area.code):
        if area.code == code or owner(area.code, codes) != code:
            continue
        if len(code) > _PROVINCE or area.aliases or area.latitude is not None:
            yield Area(
                code=area.code,
                name=area.name,
                aliases=area.aliases,
                latitude=area.latitude,
                longitude=area.longitude,
            )


def _area_routes(
    registry: Registry, codes: Collection[str], code: str
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for (at, urusan), slug in sorted(registry.routes.items()):
        if at != code and owner(at, codes) == code:
            found.setdefault(at, {})[urusan] = slug
    return found
