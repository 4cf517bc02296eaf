"""Tables of phrases, looked for in a text as people type it; pure.

A table of `data/*.toml` has phrases by kind, and `[spellings]`: how else people write a word. Of a
phrase "a/b" is either word, ".." up to GAP words of the same sentence. The classifier has a table
like it that is much larger; these here hold while there is no classifier.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import regex

from core.words import normalise, plain_word

GAP = 3  # most words that ".." stands for
READ = 4_000  # characters of a text that are looked at
_SENTENCE = regex.compile(r"[.!?\n;]+")

Steps = tuple[frozenset[str] | None, ...]  # None for a gap


class Found(NamedTuple):
    """A phrase of the kind `kind`, from word `start` to before word `end` of a sentence."""

    start: int
    end: int
    kind: str


class Phrases:
    """Phrases of several kinds, with the spellings of their words."""

    def __init__(
        self, kinds: Mapping[str, Sequence[str]], spellings: Mapping[str, str] | None = None
    ) -> None:
        self._spelt = {
            plain_word(spelling): word.replace("_", " ")
            for word, many in (spellings or {}).items()
            for spelling in many.split()
        }
        self._by_first: dict[str, list[tuple[str, Steps]]] = {}
        for kind, phrases in kinds.items():
            for phrase in phrases:
                steps = tuple(map(_step, phrase.split()))
                for first in steps[0] or ():
                    self._by_first.setdefault(first, []).append((kind, steps))

    def sentences(self, text: str) -> Iterator[list[str]]:
        """Yield the words of each sentence of `text` in the spelling of the table."""
        for sentence in _SENTENCE.split(text[:READ]):
            plain = map(plain_word, normalise(sentence).split())
            words = " ".join(self._spelt.get(word, word) for word in plain).split()
            if words:
                yield words

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield the phrases among the words of one sentence, from left to right."""
        present = frozenset(words)
        for start, word in enumerate(words):
            for kind, steps in self._by_first.get(word, ()):
                last = steps[-1]
                if last and not last.isdisjoint(present) and (end := _end(words, start, steps)):
                    yield Found(start, end, kind)


@cache
def phrase_table(name: str) -> Phrases:
    """Return the phrases of the data file `name`."""
    text = files("core").joinpath("data", f"{name}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Phrases(table["phrases"], table.get("spellings"))


def _step(part: str) -> frozenset[str] | None:
    return None if part == ".." else frozenset(map(plain_word, part.split("/")))


def _end(words: Sequence[str], at: int, steps: Steps) -> int:
    """Return the index after the words that `steps` match from `at` on, 0 when they do not."""
    for index, step in enumerate(steps):
        if step is None:
            later = range(at, min(at + GAP + 1, len(words)))
            ends = (_end(words, start, steps[index + 1 :]) for start in later)
            return next(filter(None, ends), 0)
        if at >= len(words) or words[at] not in step:
            return 0
        at += 1
    return at
