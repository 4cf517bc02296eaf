"""Where a report is about: names in its text, its pin and the deployment's own region, weighed.

Pure. Codes are Kemendagri's; "" stands for unknown, and contains every area.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.atlas import GOVERNMENT, NOWHERE, Atlas, Near, depth_of, government_of
from core.message import Place
from core.registry.areas import is_within
from core.registry.registry import Registry, chain
from core.understanding import Mention

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The smallest area that the evidence agrees on, and why, in Indonesian for the office.

    `certain`: nothing speaks for another government. `conflict`: the pin does, against the words.
    `region` is "" when unknown.
    """

    region: str
    reason: str
    certain: bool
    conflict: bool = False


def whereabouts(
    mentions: Sequence[Mention],
    pin: Place | None,
    home: str,
    registry: Registry,
    atlas: Atlas | None = None,
) -> Whereabouts:
    """Return where a report is about, in a deployment for the region `home` ("" for none).

    A pin inside a boundary wins over names that contradict it; a pin that is only near an area
    does not. Names that several areas bear are told apart by the other names, the pin and `home`.
    `atlas` is the registry's, for who asks often; else it is drawn when there is a pin.
    """
    inside, near = "", NOWHERE
    if pin is not None:
        atlas = atlas or Atlas(registry)
        inside = atlas.around(pin)
        near = NOWHERE if inside else atlas.nearest(pin)
    named = _narrowed(mentions, inside or near.code, home, registry)
    if inside:
        return _by_boundary(inside, named, registry)
    if named:
        return _by_names(named, near, home, registry)
    if near is not NOWHERE:
        return Whereabouts(near.code, _words_of(near, registry), near.clearly)
    if pin is not None:
        return _at_home(home, "pin jauh dari semua wilayah yang dikenal", registry, certain=False)
    return _at_home(home, "tidak ada nama wilayah", registry, certain=True)


def _narrowed(
    mentions: Iterable[Mention], pinned: str, home: str, registry: Registry
) -> list[Codes]:
    """Return for each name the areas it most likely stands for; several when it cannot be told."""
    known = (tuple(code for code in each.regions if code in registry.regions) for each in mentions)
    named = _without_namesakes(
        list(dict.fromkeys(codes for codes in known if codes)), [home, pinned]
    )
    return [
        _likeliest(codes, [other for other in named if other is not codes], pinned, home)
        for codes in named
    ]


def _without_namesakes(named: Sequence[Codes], known: Iterable[str]) -> list[Codes]:
    """Leave out small areas that lie neither in a government named beside them nor in a `known`.

    "Kelurahan Sukamaju, Surabaya" is a Sukamaju that the registry does not know.
    """
    governments = [
        codes[0] for codes in named if len(codes) == 1 and depth_of(codes[0]) == GOVERNMENT
    ]
    near = [*governments, *(government_of(code) for code in known if code)]
    small = [code for codes in named for code in codes if depth_of(code) > GOVERNMENT]
    return [
        codes
        for codes in named
        if not governments
        or min(map(depth_of, codes)) <= GOVERNMENT
        or any(is_within(code, area) for code in codes for area in near)
        or any(other not in codes and _are_kin(code, other) for code in codes for other in small)
    ]


def _likeliest(codes: Codes, others: Sequence[Codes], pinned: str, home: str) -> Codes:
    if len(codes) == 1:
        return codes
    sure = [other[0] for other in others if len(other) == 1]
    rest = [code for other in others for code in other]

    def support(code: str) -> tuple[bool, int, bool, int, int]:
        return (
            any(_are_kin(code, other) for other in sure),
            max((_shared_depth(code, other) for other in sure), default=0),
            any(_are_kin(code, other) for other in rest),
            _shared_depth(code, pinned),
            _shared_depth(code, home),
        )

    best = max(map(support, codes))
    return tuple(code for code in codes if support(code) == best)


def _by_boundary(inside: str, named: Sequence[Codes], registry: Registry) -> Whereabouts:
    leaves = _leaves(named)
    deeper = [code for code in leaves if is_within(code, inside)]
    region = deeper[0] if len(deeper) == 1 else inside
    own = government_of(inside)
    against = _leaves([codes for codes in named if not any(_are_kin(code, own) for code in codes)])
    reason = f"pin di dalam batas {_title(inside, registry)}"
    if against:
        reason += f", tetapi disebut {_titles(against, registry)}"
    return Whereabouts(region, reason, certain=not against, conflict=bool(against))


def _by_names(named: Sequence[Codes], near: Near, home: str, registry: Registry) -> Whereabouts:
    leaves = _leaves(named)
    reason = f"disebut {_titles(leaves, registry)}"
    region = _common(leaves)
    if len(leaves) > 1 and depth_of(region) < GOVERNMENT:
        at_home = [code for code in leaves if home and is_within(code, government_of(home))]
        region = _common(at_home) if at_home and depth_of(home) >= GOVERNMENT else region
        return _at_home(region or home, reason, registry, certain=False)
    if not region:
        return _at_home(home, "nama yang disebut ada di banyak daerah", registry, certain=False)
    if near is not NOWHERE and is_within(near.code, region):
        return Whereabouts(near.code, f"{reason}; {_words_of(near, registry)}", near.clearly)
    agreed = near is NOWHERE or _are_kin(government_of(near.code), region)
    if not agreed:
        reason += f", tetapi {_words_of(near, registry)}"
    sure = agreed and _is_sure(region, named, home)
    return Whereabouts(region, reason, sure, conflict=not agreed)


def _is_sure(region: str, named: Sequence[Codes], home: str) -> bool:
    """Tell whether names leave no doubt: at home, or with the area around them named as well."""
    if depth_of(region) < GOVERNMENT and region != home:
        return any(codes == (region,) for codes in named)
    if (home and is_within(region, home)) or depth_of(region) <= GOVERNMENT + 1:
        return True
    return any(codes[0] in chain(region)[1:] for codes in named)


def _at_home(home: str, reason: str, registry: Registry, *, certain: bool) -> Whereabouts:
    if not home:
        return Whereabouts("", f"{reason}; wilayah tidak diketahui", certain=False)
    return Whereabouts(home, f"{reason}; dianggap {_title(home, registry)}", certain)


def _leaves(named: Sequence[Codes]) -> list[str]:
    """Return the smallest areas that are named, none around another of them.

    For a name that stands for several, none of which agrees with the rest, the area around these.
    """
    sure = list(dict.fromkeys(codes[0] for codes in named if len(codes) == 1))
    smallest = [
        code for code in sure if not any(other != code and is_within(other, code) for other in sure)
    ]
    doubtful = (
        _common(codes)
        for codes in named
        if len(codes) > 1 and not any(_are_kin(code, leaf) for code in codes for leaf in smallest)
    )
    return smallest + [code for code in dict.fromkeys(doubtful) if code and code not in smallest]


def _common(codes: Sequence[str]) -> str:
    """Return the smallest area around all, "" for the country, or when there are none."""
    first, *rest = codes or [""]
    return next(area for area in chain(first) if all(is_within(code, area) for code in rest))


def _are_kin(one: str, other: str) -> bool:
    return is_within(one, other) or is_within(other, one)


def _shared_depth(one: str, other: str) -> int:
    return depth_of(_common((one, other)))


def _words_of(near: Near, registry: Registry) -> str:
    distance = f"{near.distance:.1f}".replace(".", ",")
    return f"pin {distance} km dari tengah {_title(near.code, registry)}"


def _title(code: str, registry: Registry) -> str:
    region = registry.regions.get(code)
    return region.name if region else code


def _titles(codes: Iterable[str], registry: Registry) -> str:
    return ", ".join(_title(code, registry) for code in codes)
