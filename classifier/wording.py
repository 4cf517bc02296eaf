"""Texts as words in one spelling, and tables of phrases that are looked for among them; pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from classifier.normalise import LONGEST_TEXT, word

GAP = 4  # most words that ".." of a phrase stands for
MARKS = frozenset(".?!\n")  # end a sentence
PAUSES = MARKS | frozenset(",;:")  # end a clause

_TOKEN = re.compile(r"\w+|[.?!,;:\n]")
_ADDRESS = re.compile(r"https?:\S*|www\.\S+|@\w+")  # of the web, of an account
_SHORTEST_STEM = 3

Table = dict[str, list[str]]


def table(name: str) -> Table:
    """Return the lists of phrases of the data file `name`, by kind."""
    text = files("classifier").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _words(kind: str) -> frozenset[str]:
    return frozenset(" ".join(table("words")[kind]).split())


_SHORTENED = _words("shortened")
_WHOLE = _words("whole")
_COMMON = _words("common")


def _read_spellings() -> dict[str, str]:
    """Return the one spelling of each word of the table, of the chosen one too."""
    return {
        variant: chosen
        for chosen, lines in table("spellings").items()
        for variant in [chosen, *" ".join(lines).split()]
    }


_SPELLINGS = _read_spellings()


@lru_cache(maxsize=65_536)
def spelling(token: str) -> str:
    """Return the one spelling of a token: synonyms, slang, drawn-out letters and "-nya" gone.

    A mark is itself, what says nothing is "".
    """
    if token in PAUSES:
        return token
    plain = token.lower()
    if plain in _SPELLINGS:
        return _SPELLINGS[plain]
    plain = word(plain)
    long_enough = len(plain) >= len("nya") + _SHORTEST_STEM
    if plain.endswith("nya") and long_enough and plain not in _WHOLE:
        plain = word(plain[: -len("nya")])
    return _SPELLINGS.get(plain, plain)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, as far as it is read, and the marks between them, in order."""
    text = _ADDRESS.sub(" ", text[:LONGEST_TEXT])
    tokens = _TOKEN.findall(text)
    if "." in text:
        pairs = pairwise(["", *tokens])
        tokens = [two for one, two in pairs if two != "." or one.lower() not in _SHORTENED]
    return tuple(filter(None, map(spelling, tokens)))


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A phrase of the kind `kind`, which stands from word `start` to before word `end`."""

    start: int
    end: int
    kind: str


_Steps = tuple[frozenset[str] | None, ...]  # None for a gap
# Kind and steps, and at which step a word stands by which the phrase is found; None where a gap
# before that step lets it stand anywhere.
_Phrase = tuple[str, _Steps, int | None]


class Phrases:
    """Phrases of several kinds. "a/b" is either word, ".." up to GAP words of one sentence."""

    def __init__(self, kinds: Mapping[str, Sequence[str]]) -> None:
        self._single: dict[str, list[str]] = {}
        # By each word of the step that is likely to be the rarest: hardly any is tried in vain.
        self._by_rarest: dict[str, list[_Phrase]] = {}
        for kind, phrases in kinds.items():
            for phrase in phrases:
                self._add(kind, tuple(map(_step, phrase.split())))

    def _add(self, kind: str, steps: _Steps) -> None:
        rarest = max(filter(None, steps), key=_rarity)
        place = steps.index(rarest)
        known = None if None in steps[:place] else place
        for one in rarest:
            if len(steps) == 1:
                self._single.setdefault(one, []).append(kind)
            else:
                self._by_rarest.setdefault(one, []).append((kind, steps, known))

    def find(self, words: Sequence[str]) -> list[Found]:
        """Return all phrases among `words`, in no order; they may overlap."""
        at = _places(tuple(words))
        single = [one for one in at if one in self._single]
        found = {
            Found(start, end, kind)
            for rare in at
            if rare in self._by_rarest
            for kind, steps, place in self._by_rarest[rare]
            for start in _beginnings(at, rare, steps, place)
            if (end := _end(words, start, steps))
        }
        alone = [(kind, start) for one in single for kind in self._single[one] for start in at[one]]
        return [*found, *(Found(start, start + 1, kind) for kind, start in alone)]


@lru_cache(maxsize=16)  # several tables look at the same words
def _places(words: tuple[str, ...]) -> dict[str, list[int]]:
    at: dict[str, list[int]] = {}
    for index, one in enumerate(words):
        at.setdefault(one, []).append(index)
    return at


def _rarity(step: frozenset[str]) -> int:
    """Return how rare a step is: few and long words are, those that every report has are not."""
    return -len(_COMMON) if step & _COMMON else min(map(len, step)) - len(step)


def _step(part: str) -> frozenset[str] | None:
    return None if part == ".." else frozenset(spelling(word) for word in part.split("/"))


def _beginnings(
    at: Mapping[str, Sequence[int]], rare: str, steps: _Steps, place: int | None
) -> list[int]:
    """Return where a phrase may begin that has the word `rare` at its step `place`."""
    if None in steps and any(step and at.keys().isdisjoint(step) for step in steps):
        return []  # a word of it is missing: no gap need be looked into
    if place is None:
        return [start for one in steps[0] or () for start in at.get(one, ())]
    return [start - place for start in at[rare] if start >= place]


def _end(words: Sequence[str], at: int, steps: _Steps) -> int:
    """Return the index after the words that `steps` match from `at` on, 0 when they do not."""
    for index, step in enumerate(steps):
        if step is None:
            return _end_after_gap(words, at, steps[index + 1 :])
        if at >= len(words) or words[at] not in step:
            return 0
        at += 1
    return at


def _end_after_gap(words: Sequence[str], at: int, steps: _Steps) -> int:
    return next(filter(None, (_end(words, start, steps) for start in _starts(words, at))), 0)


def _starts(words: Sequence[str], at: int) -> Iterator[int]:
    for start in range(at, min(at + GAP + 1, len(words))):
        yield start
        if words[start] in MARKS:
            return
