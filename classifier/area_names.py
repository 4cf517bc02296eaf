"""Decides whether a name in a text means the area of that name, by what stands around it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from classifier.addresses import CUE_WORDS
from classifier.gazetteer import Name, Strength
from classifier.place_vocabulary import (
    AREAS,
    DENYING,
    ENDS,
    FOUNDED,
    LEADING,
    OFFICES,
    VILLAGES,
    Kinds,
)
from core.registry.areas import is_within
from core.registry.registry import chain
from core.understanding import Mention, PlaceKind

NEAR = 14  # characters between two names that explain each other: ", Kec. "
_BETWEEN = re.compile(
    r"(?:[\s,./()&-]|\b(?:kec|kecamatan|kel|kelurahan|desa|kota|kab|kabupaten|di|prov)\b)*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"@|\.(?:go|com|co|id|org|net|sch)\b", re.IGNORECASE)
_LINKS = frozenset({",", "/", "&", "-", "dan", "serta", "and"})
_LARGEST_FIRST = (
    PlaceKind.PROVINSI,
    PlaceKind.KOTA,
    PlaceKind.KABUPATEN,
    PlaceKind.KECAMATAN,
    PlaceKind.KELURAHAN,
    PlaceKind.DESA,
)
_NEXT_CAPITAL = re.compile(r" ([A-Z][^\W\d_]*)")
_STARTS = frozenset({"", ".", "!", "?"})
_NO_KINDS: Kinds = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name at `start` to `end` (characters) of a text, and what stands around it.

    `before` is the word or mark before it, "" at the beginning of a line. When that tells the
    kind of the area, `kinds` holds it, and the mention begins at `whole`.
    """

    start: int
    end: int
    whole: int
    before: str
    kinds: Kinds
    capital: bool
    goes_on: bool  # with a capital, so that it may be the beginning of another name
    words: int
    strength: Strength
    regions: Mapping[str, PlaceKind]

    @property
    def announced(self) -> bool:
        """Whether the word before says that an area of this kind follows."""
        return bool(self.kinds)

    @property
    def denied(self) -> bool:
        """Whether it is surely the name of something else."""
        if self.announced:
            return False
        founded = self.before in FOUNDED
        ordinary = self.strength <= Strength.MODEST
        return (
            self.before in DENYING
            or self.before == "@"
            or (founded and (ordinary or (self.goes_on and self.capital)))
        )

    @property
    def led(self) -> bool:
        """Whether something stands before it that places follow: "di", a number of an RT."""
        return self.before in LEADING or self.before.isdigit()

    @property
    def certain(self) -> bool:
        """Whether it means the area, whatever else the text names."""
        if self.goes_on and VILLAGES.issuperset(self.regions.values()):
            return False  # "Kel. Sukamaju Permai": a village elsewhere
        if self.announced or self.strength is Strength.STRONG:
            return True
        proper = self.capital and not self.goes_on
        match self.strength:
            case Strength.MODEST:
                return self.led or proper or not self.capital
            case Strength.SHORT:
                return self.led or self.capital
            case Strength.WEAK:
                return self.led or proper if self.words > 1 else self.led and proper
        return False

    @property
    def possible(self) -> bool:
        """Whether it may mean the area, if the text names that area's surroundings."""
        return self.capital or self.led


@dataclass(frozen=True, slots=True)
class _Surroundings:
    doc: Doc
    text: str
    shouted: bool
    alone: bool  # no other known name follows at once


def candidates(
    doc: Doc, text: str, found: Sequence[tuple[int, int, Name]], shouted: bool
) -> Iterator[Candidate]:
    """Yield the names `found` in `doc` (by tokens) that lie in `text` and in no web address."""
    firsts = {first for first, _, _ in found}
    for first, last, name in found:
        start = doc[first].idx
        end = doc[last - 1].idx + len(doc[last - 1])
        if end <= len(text) and not _ADDRESS.match(text, end):
            surroundings = _Surroundings(doc, text, shouted, last not in firsts)
            yield _candidate(surroundings, (first, last), (start, end), name)


def accepted(text: str, names: Sequence[Candidate]) -> list[Candidate]:
    """Return those that mean areas: by themselves, or because a neighbour explains them."""
    sure = [each for each in names if not each.denied and each.certain]
    return [
        each for each in names if each in sure or (not each.denied and _explained(text, each, sure))
    ]


def mention(text: str, name: Candidate, names: Iterable[Candidate]) -> Mention:
    """Return a name as a mention, beside all `names` of the text.

    Its kind is the largest that it can stand for.
    """
    codes = _meant(name, names)
    kinds = {name.regions[code] for code in codes}
    kind = next(kind for kind in _LARGEST_FIRST if kind in kinds)
    start = name.whole if kinds & name.kinds else name.start
    return Mention(text[start : name.end], start, name.end, kind, codes)


def _candidate(
    around: _Surroundings, tokens: tuple[int, int], span: tuple[int, int], name: Name
) -> Candidate:
    doc, text = around.doc, around.text
    before, at = _before(doc, tokens[0])
    capital = text[span[0]].isupper() and not around.shouted
    if before in _STARTS and name.words > 1:  # a sentence's capital says nothing
        capital = capital and doc[tokens[1] - 1].text[0].isupper()
    return Candidate(
        start=span[0],
        end=span[1],
        whole=at if before in AREAS and not _is_office(text, at) else span[0],
        before=before,
        kinds=_kinds(before, name),
        capital=capital,
        goes_on=capital and around.alone and _goes_on(text, span[1]),
        words=name.words,
        strength=name.strength,
        regions=name.regions,
    )


def _before(doc: Doc, first: int) -> tuple[str, int]:
    """Return the word or mark before the token `first`, and its place in the text.

    Colons, and full stops behind a shortened word, are passed over.
    """
    index = first - 1
    passed = ""
    while index >= 0 and (doc[index].text.isspace() or doc[index].text in {".", ":"}):
        if "\n" in doc[index].text:
            return "", 0
        passed += doc[index].text.strip()
        index -= 1
    if index < 0:
        return "", 0
    word = doc[index].lower_
    if "." in passed and word not in AREAS and word not in LEADING:
        return ".", 0
    return word, doc[index].idx


def _kinds(before: str, name: Name) -> Kinds:
    """Return which kinds of area the word before announces, none that the name never is."""
    kind = AREAS.get(before) or OFFICES.get(before)
    if kind is None:
        return _NO_KINDS
    known = frozenset(name.regions.values())
    if kind in known:
        return frozenset({kind})
    return known & VILLAGES if kind in VILLAGES else _NO_KINDS


def _is_office(text: str, at: int) -> bool:
    """Tell whether the word at `at` ends the name of an office or a capital: "wali kota"."""
    return text[max(0, at - 5) : at].strip().lower() in {"wali", "ibu"}


def _goes_on(text: str, end: int) -> bool:
    after = _NEXT_CAPITAL.match(text, end)
    word = after[1].lower() if after else ""
    return bool(word) and not (
        word in ENDS or word in AREAS or word in LEADING or word in CUE_WORDS
    )


def _meant(name: Candidate, names: Iterable[Candidate]) -> tuple[str, ...]:
    """Return the codes of its kind that a name stands for, else those in an area named, too.

    None of them lies in another.
    """
    regions = name.regions
    if len(regions) == 1:
        return tuple(regions)
    if codes := [code for code, kind in regions.items() if kind in name.kinds]:
        return tuple(codes)
    outer = {code for each in names if each is not name for code in each.regions}
    inside = {code for code in regions if not outer.isdisjoint(chain(code)[1:])}
    codes = [code for code in regions if not set(regions).intersection(chain(code)[1:])]
    return tuple(code for code in codes if code in inside) or tuple(codes)


def _explained(text: str, name: Candidate, sure: Sequence[Candidate]) -> bool:
    """Tell whether a sure name makes this one a place: anywhere after "di", or nearby."""
    related = [each for each in sure if _are_related(name, each)]
    if related and (name.announced or name.strength is Strength.STRONG):
        return True
    if related and name.led and name.strength >= Strength.WEAK:
        return True
    near = [each for each in related if _are_near(text, name, each)]
    if name.possible or name.before == "" or name.strength is Strength.SHORT:
        return bool(near) or (name.possible and _is_listed(text, name, sure))
    return any(each.end < name.start and _is_around(name, each) for each in near)


def _are_near(text: str, one: Candidate, other: Candidate) -> bool:
    left, right = sorted((one, other), key=lambda each: each.start)
    gap = text[left.end : right.start]
    return len(gap) <= NEAR and _BETWEEN.fullmatch(gap) is not None


def _is_listed(text: str, name: Candidate, sure: Sequence[Candidate]) -> bool:
    """Tell whether it goes on a list of areas of one kind: "Kel. Baru dan Damai"."""
    if name.before not in _LINKS:
        return False
    kinds = set(name.regions.values())
    for each in sure:
        gap = text[each.end : name.start].strip().lower()
        if each.end < name.start and gap in _LINKS and kinds & set(each.regions.values()):
            return True
    return False


def _is_around(name: Candidate, other: Candidate) -> bool:
    return any(is_within(b, a) for a in name.regions for b in other.regions)


def _are_related(one: Candidate, other: Candidate) -> bool:
    return one is not other and any(
        is_within(a, b) or is_within(b, a) for a in one.regions for b in other.regions
    )
