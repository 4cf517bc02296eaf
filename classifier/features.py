"""From words to numbered features: words, stems, pairs of neighbours, pieces of words, by hash.

A feature is a row of a table of 2 x 2^bits rows: the first half holds pieces of words, the second
words, stems and pairs. What a row stands for is written down nowhere.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from classifier.normalise import stem

Rows = NDArray[np.int64]
Codes = NDArray[np.uint64]
Weights = NDArray[np.float32]

_EDGE = 1  # stands before and after a word; no letter has this number
_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MIX_AGAIN = np.uint64(0x94D049BB133111EB)
_PAIR = np.uint64(0xD6E8FEB86659FD93)
_STEM = np.uint64(0xA0761D6478BD642F)


@dataclass(frozen=True, slots=True)
class Shape:
    """How features are made: 2^bits rows for each half, pieces of `shortest` to `longest` letters.

    An edge of the word counts as a letter. A model is only good for the shape it was trained with.
    """

    bits: int = 20
    shortest: int = 3
    longest: int = 5

    @property
    def half(self) -> int:
        """Rows of one half."""
        return 1 << self.bits

    @property
    def rows(self) -> int:
        """Rows of both halves."""
        return 2 * self.half


@dataclass(frozen=True, slots=True)
class Counted:
    """Which features stand in which texts, sorted by text, and how heavily.

    The weight is 1 + log(times): what is said four times is not four reports.
    """

    text: Rows
    feature: Rows
    weight: Weights


def _rows(codes: Codes, shape: Shape) -> Rows:
    mixed = (codes ^ (codes >> np.uint64(30))) * _MIX
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX_AGAIN
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(64 - shape.bits)).astype(np.int64)


def _code(word: str) -> int:
    raw = word.encode()
    return (zlib.crc32(raw) << 32) | zlib.adler32(raw)


def codes(words: Iterable[str]) -> Codes:
    """Return 64 bits for each word, the same on every machine."""
    return np.fromiter(map(_code, words), dtype=np.uint64)


def stem_codes(words: Sequence[str]) -> Codes:
    """Return 64 bits for the stem of each word."""
    return codes(map(stem, words))


def word_rows(words: Sequence[str], shape: Shape) -> tuple[Rows, Rows]:
    """Return the rows of all words, with the index of its word for each.

    A word has one row, its stem one, and each of its pieces one.
    """
    each = np.arange(len(words))
    parts, owners = _pieces(words, shape)
    return (
        np.concatenate(
            [
                parts,
                _rows(codes(words), shape) + shape.half,
                _rows(stem_codes(words) ^ _STEM, shape) + shape.half,
            ]
        ),
        np.concatenate([owners, each, each]),
    )


def _pieces(words: Sequence[str], shape: Shape) -> tuple[Rows, Rows]:
    edge = chr(_EDGE)
    letters = np.array([ord(one) for one in f"{edge}{edge.join(words)}{edge}"], dtype=np.uint64)
    lengths = np.array([len(word) + 1 for word in words], dtype=np.int64)  # with the edge before
    owner = np.repeat(np.arange(len(words)), lengths)
    left = np.repeat(np.cumsum(lengths) + 1, lengths) - np.arange(len(owner))
    rows, owners = [], []
    hashes = np.zeros(len(owner), dtype=np.uint64)
    for size in range(1, shape.longest + 1):
        usable = max(len(letters) - size + 1, 0)
        hashes[:usable] = hashes[:usable] * _BASE + letters[size - 1 :][: len(owner)]
        if size >= shape.shortest:
            inside = left >= size
            rows.append(_rows(hashes[inside] + np.uint64(size), shape))
            owners.append(owner[inside])
    return np.concatenate(rows), np.concatenate(owners)


def pair_rows(stems: Codes, text: Rows, shape: Shape) -> tuple[Rows, Rows]:
    """Return text and row of each pair of neighbours, given every word's text and stem's code."""
    together = text[1:] == text[:-1]
    rows = _rows((stems[:-1] * _PAIR + stems[1:])[together], shape)
    return text[1:][together], rows + shape.half


def count(text: Rows, feature: Rows, features: int) -> Counted:
    """Count what stands in each text, of numbers from 0 to `features`."""
    keys, times = np.unique(text * features + feature, return_counts=True)
    return Counted(keys // features, keys % features, (1 + np.log(times)).astype(np.float32))


def numbered(texts: Sequence[Sequence[str]], index: dict[str, int]) -> tuple[Rows, Rows]:
    """Return text and number of each word of each text; KeyError for a word without a number."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    words = chain.from_iterable(texts)
    numbers = np.fromiter(map(index.__getitem__, words), np.int64, count=int(lengths.sum()))
    return np.repeat(np.arange(len(texts)), lengths), numbers
