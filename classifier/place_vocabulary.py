"""Words around the names of places, from data/places.toml: what announces or denies one."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from core.understanding import PlaceKind

Kinds = frozenset[PlaceKind]

_FILE = tomllib.loads(
    files("classifier").joinpath("data", "places.toml").read_text(encoding="utf-8")
)
# People say "desa" and "kelurahan" of either.
VILLAGES: Kinds = frozenset({PlaceKind.KELURAHAN, PlaceKind.DESA})


def _words(section: str, key: str) -> frozenset[str]:
    return frozenset(_FILE[section][key].split())


def _kinds(words: Mapping[str, str]) -> dict[str, PlaceKind]:
    return {word: PlaceKind(kind) for kind, line in words.items() for word in line.split()}


AREAS = _kinds(_FILE["areas"])
OFFICES = _kinds(_FILE["offices"])
LEADING = _words("names", "leading")
DENYING = _words("names", "denying")
FOUNDED = _words("names", "founded")
FACILITIES = _words("names", "facilities")
ORDINARY = _words("names", "ordinary")
SAYINGS = frozenset(_FILE["names"]["sayings"].strip().split("\n"))
JOINED = tuple(_FILE["names"]["joined"].split())
SHORTENED = {word: tuple(line.split()) for word, line in _FILE["shortened"].items()}

ENDS = _words("streets", "ends")
COMMON = _words("streets", "common")
OPENING = _words("streets", "opening")
CLOSING = _words("streets", "closing")
TITLES = _words("streets", "titles")
NO_VERBS = _words("streets", "no_verbs")
UNITS = _words("streets", "units")
LIKELY_NAMED = _words("streets", "likely_named")
