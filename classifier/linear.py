"""A linear model over hashed features: int8 weights, scores for a whole batch at once.

A text's score is the sum of its words' scores over the text's length, so a word that was met
before costs one addition: what each word weighs is remembered, up to a limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.features import (
    Codes,
    Counted,
    Rows,
    Shape,
    Weights,
    count,
    numbered,
    pair_rows,
    stem_codes,
    word_rows,
)

Quantised = NDArray[np.int8]

REMEMBERED = 15_000  # words whose scores are kept: about 3 MB for 27 classes
_STEPS = 127
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Linear:
    """Weights of `classes` for the features that enough reports had, and nothing of the others.

    `kept` holds their rows, sorted; `weights` (feature x class) times `scales` counts for what is
    already multiplied by `idf`, and `idf` weighs a feature in a text's length.
    """

    shape: Shape
    classes: tuple[str, ...]
    kept: Rows
    weights: Quantised
    scales: Weights
    intercept: Weights
    idf: Weights

    def save(self, path: Path) -> None:
        """Write the model as one compressed file of numbers."""
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                shape=np.array([self.shape.bits, self.shape.shortest, self.shape.longest]),
                classes=np.array(self.classes),
                kept=np.diff(self.kept, prepend=0).astype(np.uint32),
                weights=self.weights,
                scales=self.scales,
                intercept=self.intercept,
                idf=self.idf.astype(np.float16),
            )

    @classmethod
    def load(cls, path: Path) -> "Linear":
        """Read what `save` wrote; OSError, ValueError or KeyError when it is not that."""
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return cls(
                shape=Shape(*map(int, stored["shape"])),
                classes=tuple(map(str, stored["classes"])),
                kept=np.cumsum(stored["kept"], dtype=np.int64),
                weights=stored["weights"],
                scales=stored["scales"],
                intercept=stored["intercept"],
                idf=stored["idf"].astype(np.float32),
            )


def quantise(
    shape: Shape,
    classes: Sequence[str],
    kept: Rows,
    idf: Weights,
    weights: Weights,
    intercept: Weights,
) -> Linear:
    """Return the model in int8 of `weights` (feature x class, for features already times idf)."""
    folded = weights * idf[:, None]
    scales = np.maximum(np.abs(folded).max(axis=0), _LEAST) / _STEPS
    return Linear(
        shape=shape,
        classes=tuple(classes),
        kept=kept,
        weights=np.rint(folded / scales).astype(np.int8),
        scales=scales.astype(np.float32),
        intercept=intercept.astype(np.float32),
        idf=idf.astype(np.float16).astype(np.float32),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a batch: scores (text x class), and what each word gave to them.

    `given[i]` is what the word `forms[i]` of the text `words.text[i]` gave, before its division
    by that text's length; a text of length 0 holds nothing that the model knows.
    """

    classes: Sequence[str]
    scores: Weights
    lengths: Weights
    words: Counted
    forms: Sequence[str]
    given: Weights


@dataclass(slots=True)
class Scorer:
    """Scores batches of words by one model and remembers words; for one thread at a time."""

    model: Linear
    remembered: int = REMEMBERED
    _place: NDArray[np.int32] = field(init=False)  # of each row in the model's tables; 0 is nothing
    _weights: Quantised = field(init=False)
    _idf: Weights = field(init=False)
    _index: dict[str, int] = field(init=False, default_factory=dict)
    _forms: list[str] = field(init=False, default_factory=list)
    _stems: Codes = field(init=False)
    _given: Weights = field(init=False)
    _squares: Weights = field(init=False)

    def __post_init__(self) -> None:
        model = self.model
        self._place = np.zeros(model.shape.rows, dtype=np.int32)
        self._place[model.kept] = np.arange(1, len(model.kept) + 1)
        self._weights = np.concatenate(
            [np.zeros_like(model.weights, shape=(1, len(model.classes))), model.weights]
        )
        self._idf = np.concatenate([np.zeros(1, dtype=np.float32), model.idf])
        self._forget()

    def read(self, texts: Sequence[Sequence[str]]) -> Reading:
        """Return the scores of each text, which is given as its words in their one form."""
        self._learn(texts)
        model = self.model
        text, numbers = numbered(texts, self._index)
        words = count(text, numbers, max(len(self._forms), 1))
        pairs = self._pairs(text, numbers)
        given = self._given[words.feature] * words.weight[:, None]
        sums = np.zeros((len(texts), len(model.classes)), dtype=np.float32)
        _add(sums, words.text, given)
        _add(sums, pairs.text, self._weighed(pairs.feature) * pairs.weight[:, None])
        squares = np.zeros(len(texts), dtype=np.float32)
        _add(squares, words.text, self._squares[words.feature] * words.weight**2)
        _add(squares, pairs.text, (self._idf[pairs.feature] * pairs.weight) ** 2)
        lengths = np.sqrt(squares)
        scores = np.asarray(
            sums / np.maximum(lengths, _LEAST)[:, None] + model.intercept, np.float32
        )
        forms = [self._forms[number] for number in words.feature.tolist()]
        return Reading(model.classes, scores, lengths, words, forms, given)

    def _pairs(self, text: Rows, numbers: Rows) -> Counted:
        """Count the pairs of neighbours that the model knows."""
        pair_text, rows = pair_rows(self._stems[numbers], text, self.model.shape)
        places = self._placed(rows)
        known = places > 0
        return count(pair_text[known], places[known], len(self._idf))

    def _placed(self, rows: Rows) -> Rows:
        return self._place[rows].astype(np.int64)

    def _weighed(self, places: Rows) -> Weights:
        return self._weights[places] * self.model.scales

    def _learn(self, texts: Sequence[Sequence[str]]) -> None:
        """Remember what the words of `texts` weigh."""
        if len(self._forms) > self.remembered:
            self._forget()
        fresh = sorted(set(chain.from_iterable(texts)).difference(self._index))
        if not fresh:
            return
        rows, owners = word_rows(fresh, self.model.shape)
        order = np.argsort(owners, kind="stable")
        places, owners = self._placed(rows[order]), owners[order]
        given = np.zeros((len(fresh), len(self.model.classes)), dtype=np.float32)
        _add(given, owners, self._weighed(places))
        self._index.update((word, number) for number, word in enumerate(fresh, len(self._forms)))
        self._forms += fresh
        self._stems = np.concatenate([self._stems, stem_codes(fresh)])
        self._given = np.concatenate([self._given, given])
        self._squares = np.concatenate([self._squares, squares(places, owners, self._idf)])

    def _forget(self) -> None:
        self._index, self._forms = {}, []
        self._stems = np.zeros(0, dtype=np.uint64)
        self._given = np.zeros((0, len(self.model.classes)), dtype=np.float32)
        self._squares = np.zeros(0, dtype=np.float32)


def squares(rows: Rows, owners: Rows, idf: Weights) -> Weights:
    """Return the square of each word's length: of its rows, each times its idf."""
    word = count(owners, rows, len(idf))
    times = np.exp(word.weight - 1)
    found = np.zeros(int(owners[-1]) + 1, dtype=np.float32)
    _add(found, word.text, (times * idf[word.feature]) ** 2)
    return found


def _add(sums: Weights, place: Rows, values: Weights) -> None:
    """Add each of `values` to the row of `sums` that `place` (sorted) names."""
    if len(place):
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        sums[place[starts]] += np.add.reduceat(values, starts, axis=0)
