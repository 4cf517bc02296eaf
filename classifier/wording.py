"""Texts as words in one spelling, and tables of phrases that are looked for among them; pure."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

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


class Found(NamedTuple):
    """A phrase of the kind `kind`, which stands from word `start` to before word `end`."""

    start: int
    end: int
    kind: str


_Steps = tuple[frozenset[str] | None, ...]  # None for a gap


@dataclass(slots=True)
class _Node:
    """Where the first words of phrases lead: `kinds` of those that end here, words that go on.

    Behind the words may be a gap: `gapped` holds the kinds of such phrases and their other steps,
    by each word of the first of these.
    """

    kinds: list[str] = field(default_factory=list)
    further: dict[str, "_Node"] = field(default_factory=dict)
    gapped: dict[str, list[tuple[str, _Steps]]] = field(default_factory=dict)


class Phrases:
    """Phrases of several kinds. "a/b" is either word, ".." up to GAP words of one sentence."""

    def __init__(self, kinds: Mapping[str, Sequence[str]]) -> None:
        self._root = _Node()
        for kind, phrases in kinds.items():
            for phrase in phrases:
                _add(self._root, kind, tuple(map(_step, phrase.split())))

    def find(self, words: Sequence[str]) -> list[Found]:
        """Return all phrases among `words`, in no order; they may overlap.

        A word that is a phrase in several spellings counts for each of them.
        """
        first = self._root.further
        alone: list[Found] = []
        longer: set[Found] = set()
        for start in [at for at, one in enumerate(words) if one in first]:
            node: _Node | None = first[words[start]]
            end = start + 1
            if node and node.kinds:
                alone += [Found(start, end, kind) for kind in node.kinds]
            while node:
                if node.gapped and not node.gapped.keys().isdisjoint(words[end : end + GAP + 1]):
                    longer.update(_gapped(words, start, end, node))
                node = node.further.get(words[end]) if end < len(words) else None
                end += 1
                if node and node.kinds:
                    longer.update([Found(start, end, kind) for kind in node.kinds])
        return [*longer, *alone]


def _step(part: str) -> frozenset[str] | None:
    return None if part == ".." else frozenset(spelling(word) for word in part.split("/"))


def _add(node: _Node, kind: str, steps: _Steps) -> None:
    """Add a phrase whose words, without its first ones, are `steps`."""
    if not steps:
        node.kinds.append(kind)
    elif steps[0] is None:
        for one in steps[1] or ():
            node.gapped.setdefault(one, []).append((kind, steps[1:]))
    else:
        for one in steps[0]:
            _add(node.further.setdefault(one, _Node()), kind, steps[1:])


def _gapped(words: Sequence[str], start: int, at: int, node: _Node) -> list[Found]:
    """Return the phrases begun at `start` that have a gap at `at`."""
    return [
        Found(start, end, kind)
        for near in words[at : at + GAP + 1]
        if near in node.gapped
        for kind, steps in node.gapped[near]
        if (end := _end_after_gap(words, at, steps))
    ]


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
