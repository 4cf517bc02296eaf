"""The names of areas as patterns for spaCy's PhraseMatcher, in every spelling that is in use."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice, product

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from classifier.place_vocabulary import FACILITIES, JOINED, ORDINARY, SAYINGS, SHORTENED
from core.registry.registry import Region, Registry, chain
from core.understanding import PlaceKind

TOKEN = re.compile(r"\w+|[^\w\s]")
MOST_SPELLINGS = 40  # of one name
_SHORT_NAME = 3  # letters; with a vowel among them it may be any word
_GOVERNMENT = 3  # codes in the chain of a kabupaten or kota: its own, the province, the country
_VOWELS = frozenset("aiueo")
_SMALL_AREAS = frozenset({PlaceKind.KECAMATAN, PlaceKind.KELURAHAN, PlaceKind.DESA})
_LEAST_TO_JOIN = 3  # letters of each of two words that are written together, too
_TITLE = re.compile(
    r"^(?:(?:kota|kabupaten) administrasi|kota|kabupaten|kab\.|provinsi|daerah istimewa"
    r"|daerah khusus ibukota|kecamatan|kelurahan|desa) +",
    re.IGNORECASE,
)
_UNITED = re.compile(r"[-'\u2019 ]+")


class Strength(IntEnum):
    """How far a name speaks for itself."""

    FEEBLE = 0  #: a thing or a people, "Pasar Pagi", "Jawa"
    WEAK = 1  #: a word or saying of every day, "Damai", "Harapan Baru"
    SHORT = 2  #: two or three letters
    MODEST = 3  #: everyday words that hardly meet but in a name, "Karang Asam"
    STRONG = 4


@dataclass(frozen=True, slots=True)
class Name:
    """What one spelling of so many different `words` can stand for: regions with their kinds."""

    regions: Mapping[str, PlaceKind]
    strength: Strength
    words: int


class Gazetteer:
    """All names of a registry; `found` gives those in a Doc, the longest where they overlap.

    The Doc's tokens must be runs of word characters and single marks, like those of TOKEN.
    """

    def __init__(self, vocab: Vocab, registry: Registry) -> None:
        self._matcher = PhraseMatcher(vocab, attr="LOWER")
        self._names: dict[int, Name] = {}
        for spelling, regions in _by_spelling(registry).items():
            words = spelling.split(" ")
            self._matcher.add(spelling, [Doc(vocab, words=words)])
            self._names[vocab.strings[spelling]] = Name(
                regions=regions,
                strength=_strength(words, set(regions.values())),
                words=len(set(filter(str.isalpha, words))),
            )

    def found(self, doc: Doc) -> list[tuple[int, int, Name]]:
        """Return (first token, token after the last, name), in the order of the text."""
        matches = self._matcher(doc)
        matches.sort(key=lambda match: (match[1] - match[2], match[1]))
        taken: set[int] = set()
        kept: list[tuple[int, int, Name]] = []
        for key, start, end in matches:
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                kept.append((start, end, self._names[key]))
        kept.sort(key=lambda match: match[0])
        return kept


def _by_spelling(registry: Registry) -> dict[str, dict[str, PlaceKind]]:
    table: dict[str, dict[str, PlaceKind]] = {}
    for region in _looked_for(registry):
        for name in _names(region, registry):
            for spelling in islice(_spellings(name), MOST_SPELLINGS):
                table.setdefault(spelling, {})[region.code] = PlaceKind(region.kind)
    return table


def _looked_for(registry: Registry) -> Iterator[Region]:
    """Yield provinces, kabupaten and kota, and the smaller areas of governments with own OPD.

    All villages of the country would take 260 MB, and most of their names are others' names, too.
    """
    served = {opd.region for opd in registry.agencies.values() if opd.region}
    for code, region in registry.regions.items():
        larger = chain(code)
        if len(larger) <= _GOVERNMENT or not served.isdisjoint(larger):
            yield region


def plain(name: str) -> str:
    """Return a name without what its area is: "Kota Samarinda" -> "Samarinda"."""
    return _TITLE.sub("", name.strip())


def _names(region: Region, registry: Registry) -> Iterator[str]:
    name = plain(region.name)
    yield name
    yield from region.aliases
    code = region.code
    while "." in code:
        code = code.rpartition(".")[0]
        around = registry.regions.get(code)
        if around and re.search(rf"\b{re.escape(plain(around.name))}\b", name, re.IGNORECASE):
            for alias in around.aliases:
                if alias.isalpha():  # "Smd Ulu"
                    yield re.sub(plain(around.name), alias, name, flags=re.IGNORECASE)


def _spellings(name: str) -> Iterator[str]:
    """Yield the spellings of a name, in lower case, its words and marks a blank apart."""
    lower = name.lower().replace("\u2019", "'")
    for written in (lower, lower.replace("-", " "), lower.replace("'", "")):
        yield " ".join(TOKEN.findall(written))
    words = [word for word in _UNITED.split(lower) if word]
    if not words:
        return
    yield from _together_and_apart(words)
    for spelled in product(*((word, *SHORTENED.get(word, ())) for word in words)):
        yield from _dotted(words, spelled)


def _together_and_apart(words: list[str]) -> Iterator[str]:
    first, *rest = words
    if len(rest) == 1 and min(map(len, words)) >= _LEAST_TO_JOIN:
        yield "".join(words)
        if first == rest[0]:
            yield f"{first}2"
    for head in JOINED:
        tail = first.removeprefix(head)
        if first != tail and len(tail) >= _LEAST_TO_JOIN:
            yield " ".join([head, tail, *rest])


def _dotted(words: list[str], spelled: tuple[str, ...]) -> Iterator[str]:
    """Yield shortened words without and with their full stop: "gn elai", "gn . elai"."""
    yield " ".join(word.replace(".", " .") for word in spelled)
    cut = [
        short if short == word or "." in short else f"{short}."
        for word, short in zip(words, spelled, strict=True)
    ]
    if tuple(cut) != spelled:
        yield " ".join(word.replace(".", " .") for word in cut)


def _strength(words: list[str], kinds: Set[PlaceKind]) -> Strength:
    letters = "".join(words)
    ordinary = all(word in ORDINARY or not word.isalpha() for word in words)
    if PlaceKind.PROVINSI in kinds:
        return Strength.STRONG
    if words[0] in FACILITIES and kinds <= _SMALL_AREAS:
        return Strength.FEEBLE
    if ordinary and (len(set(words) - {"-"}) == 1 or " ".join(words) in SAYINGS):
        return Strength.WEAK
    if len(letters) <= _SHORT_NAME and not _VOWELS.isdisjoint(letters):
        return Strength.SHORT
    return Strength.MODEST if ordinary else Strength.STRONG
