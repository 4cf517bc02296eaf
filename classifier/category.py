"""The category of SP4N-LAPOR! that a report belongs to: by its urusan, then by words in common.

`data/categories.json` holds the official ids and names, the words that people use for them, and
for each urusan the id of its general category ("" for none) and of those that are more exact.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from classifier.normalise import stem
from classifier.wording import words_of

CLEAR = 1.5  # times the weight of the second best; anything less is not clear
_SHORTEST = 2  # letters of a word that is looked at
_CONNECTING = frozenset(("terkait", "dan", "atas", "untuk", "dengan", "lain", "lainnya", "kartu"))


@dataclass(frozen=True, slots=True)
class Category:
    """One category of SP4N-LAPOR!: its official id and name, and the roots of its words."""

    id: str
    name: str
    roots: frozenset[str]


def _root(word: str) -> str:
    return stem(word) if len(word) > _SHORTEST else word


@lru_cache(maxsize=65_536)
def _rooted(word: str) -> str:
    """Return the root of a word that may count, "" for any other."""
    usable = len(word) >= _SHORTEST and word not in _CONNECTING
    return _root(word) if usable else ""


def _roots(text: str) -> frozenset[str]:
    return frozenset(filter(None, map(_rooted, words_of(text))))


_DATA = json.loads(
    files("classifier").joinpath("data", "categories.json").read_text(encoding="utf-8")
)
CATEGORIES = {
    id_: Category(id_, name, _roots(f"{name} {words}"))
    for id_, (name, words) in _DATA["categories"].items()
}
_BY_URUSAN: dict[str, tuple[str, ...]] = {
    urusan: tuple(ids) for urusan, ids in _DATA["urusan"].items()
}


def _weights() -> dict[str, float]:
    """Return what each root weighs: the fewer categories have it, the more."""
    frequency = Counter(root for one in CATEGORIES.values() for root in one.roots)
    return {root: math.log(len(CATEGORIES) / times) for root, times in frequency.items()}


_WEIGHT = _weights()


def _holders(ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return for each root of some categories those that have it."""
    roots = frozenset[str]().union(*(CATEGORIES[id_].roots for id_ in ids if id_))
    return {
        root: tuple(id_ for id_ in ids if id_ and root in CATEGORIES[id_].roots) for root in roots
    }


_HOLDERS = {urusan: _holders(ids) for urusan, ids in _BY_URUSAN.items()}


def category(words: Sequence[str], urusan: str) -> str:
    """Return the official id for a text (`wording.words_of`) about `urusan`, "" when unknown.

    The general category of the urusan, unless a more exact one clearly has more of the words.
    """
    if urusan not in _BY_URUSAN:
        return ""
    holders = _HOLDERS[urusan]
    weights: dict[str, float] = {}
    for root in holders.keys() & set(map(_rooted, words)):
        for id_ in holders[root]:
            weights[id_] = weights.get(id_, 0.0) + _WEIGHT[root]
    return _clearest(weights) or _BY_URUSAN[urusan][0]


def _clearest(weights: dict[str, float]) -> str:
    ranked = sorted(weights.items(), key=lambda one: -one[1])[:2]
    if not ranked or (len(ranked) > 1 and ranked[0][1] < CLEAR * ranked[1][1]):
        return ""
    return ranked[0][0]
