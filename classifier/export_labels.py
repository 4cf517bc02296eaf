"""Which urusan a row of SP4N-LAPOR!'s export is about: by its agency, else by its category."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.registry.registry import Registry

_DATA = Path(__file__).parent / "data"
_WORD = re.compile(r"[a-z0-9]+")
# What stands behind an agency's name: "Dinas Kesehatan Kab. Bandung".
_GOVERNMENT = re.compile(r"\s(?:kab|kabupaten|kota|prov|provinsi)\b\.?\s+\S.*$")
_LINKS = frozenset({"dan", "serta", "daerah", "dinas", "badan"})

Urusan = frozenset[str]
NOBODY: Urusan = frozenset()
NO_LABEL, AMBIGUOUS = "no_label", "ambiguous"


def _read(name: str) -> dict[str, list[str]]:
    table: dict[str, list[str]] = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return table


def _words(name: str) -> str:
    return " ".join(_WORD.findall(name.replace("\xa0", " ").casefold()))


def key(agency: str) -> str:
    """Return what names of one agency have in common: words without links and its government."""
    plain = _GOVERNMENT.sub("", agency.replace("\xa0", " ").casefold())
    words = _WORD.findall(plain)
    kept = [word for word in words if word not in _LINKS]
    return " ".join(kept or words)


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of agencies and categories; made once, asked for each row.

    `agencies` are those of the registry by government and key, `names` words of usual names, with
    a blank on both sides and "^" before those that begin one, `categories` those of SP4N-LAPOR!.
    """

    governments: Mapping[str, str]
    agencies: Mapping[tuple[str, str], Urusan]
    names: tuple[tuple[str, str], ...]
    categories: Mapping[str, str]

    @classmethod
    def of(cls, registry: Registry) -> "Labels":
        """Return the labels by this registry and the packaged tables."""
        names = _read("export_agencies.json").items()
        categories = _read("export_categories.json").items()
        return cls(
            {_words(region.name): code for code, region in registry.regions.items()},
            _routed(registry),
            tuple((_pattern(name), urusan) for urusan, known in names for name in known),
            {_words(name): urusan for urusan, known in categories for name in known},
        )

    def urusan(self, agency: str, parent: str, category: str) -> tuple[str, str]:
        """Return the urusan and "", or "" and why there is none: NO_LABEL or AMBIGUOUS.

        Of several that an agency has, the category decides.
        """
        by_category = self.categories.get(_words(category), "")
        found = self._of_agency(agency, parent)
        if not found:
            return (by_category, "") if by_category else ("", NO_LABEL)
        if len(found) == 1:
            return next(iter(found)), ""
        return (by_category, "") if by_category in found else ("", AMBIGUOUS)

    def _of_agency(self, agency: str, parent: str) -> Urusan:
        own = key(agency)
        if not own or own.startswith("pemerintah "):
            return NOBODY
        for government in (self._government(parent), ""):
            if known := self.agencies.get((government, own)):
                return known
        padded = f"^ {_words(agency)} "
        begun = frozenset(urusan for name, urusan in self.names if padded.startswith(name))
        return begun or frozenset(urusan for name, urusan in self.names if name in padded)

    def _government(self, parent: str) -> str:
        plain = _words(parent).removeprefix("pemerintah ")
        return self.governments.get(plain, "-")


def _pattern(name: str) -> str:
    """Return the words as they are looked for; "^" binds them to the beginning."""
    return f"{'^' if name.startswith('^') else ''} {_words(name)} "


def _routed(registry: Registry) -> dict[tuple[str, str], Urusan]:
    """Return the urusan that lead to each agency, by its government and its key."""
    by_slug: defaultdict[str, set[str]] = defaultdict(set)
    for (_, urusan), slug in registry.routes.items():
        by_slug[slug].add(urusan)
    found: dict[tuple[str, str], Urusan] = {}
    for opd in registry.agencies.values():
        for name in _names(opd.slug, opd.name):
            place = (opd.region, name)
            found[place] = found.get(place, NOBODY) | by_slug[opd.slug]
    return {place: urusan for place, urusan in found.items() if urusan}


def _names(slug: str, name: str) -> Iterable[str]:
    return {key(name), slug.rpartition("-")[2]}
