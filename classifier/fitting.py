"""Learns a linear model: the same features as in service, as a sparse matrix for scikit-learn."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.svm import LinearSVC

from classifier.features import (
    Rows,
    Shape,
    Weights,
    count,
    numbered,
    pair_rows,
    stem_codes,
    word_rows,
)
from classifier.linear import Linear, quantise

_LEAST = 1e-6
_REFUSED = -1.0  # the score of a class that nothing speaks for


@dataclass(frozen=True, slots=True)
class Raw:
    """Texts as counts: text x word, word x row (its own features), text x row (its pairs)."""

    shape: Shape
    words: csr_matrix
    inside: csr_matrix
    pairs: csr_matrix


@dataclass(frozen=True, slots=True)
class Design:
    """Texts as rows of length 1 over the `kept` features."""

    shape: Shape
    kept: Rows
    idf: Weights
    matrix: csr_matrix


def raw(texts: Sequence[Sequence[str]], shape: Shape) -> Raw:
    """Count the features of `texts`, given as their words in their one form."""
    forms = sorted(set(chain.from_iterable(texts)))
    text, numbers = numbered(texts, {form: number for number, form in enumerate(forms)})
    rows, owners = word_rows(forms, shape)
    inside = csr_matrix(
        (np.ones(len(rows), np.float32), (owners, rows)), shape=(len(forms), shape.rows)
    )
    inside.sum_duplicates()
    pair_text, pair = pair_rows(stem_codes(forms)[numbers], text, shape)
    return Raw(
        shape,
        _counts(text, numbers, (len(texts), len(forms))),
        inside,
        _counts(pair_text, pair, (len(texts), shape.rows)),
    )


def _counts(text: Rows, feature: Rows, size: tuple[int, int]) -> csr_matrix:
    found = count(text, feature, size[1])
    return csr_matrix((found.weight, (found.text, found.feature)), shape=size)


def idf_of(counted: Raw, reports: NDArray[np.bool_], floor: int, whole: float) -> Weights:
    """Return the weight of each row, 0 when fewer than `floor` of the `reports` have it.

    Rows of whole words count `whole` times as much as those of pieces.
    """
    present = (counted.words[reports] @ counted.inside + counted.pairs[reports]) > 0
    frequency = np.asarray(present.sum(axis=0)).ravel()
    idf = np.log((1 + present.shape[0]) / (1 + frequency)) + 1
    idf[counted.shape.half :] *= whole
    return np.where(frequency < floor, 0, idf).astype(np.float16).astype(np.float32)


def design(counted: Raw, idf: Weights) -> Design:
    """Return the texts as a model with this `idf` sees them."""
    kept = np.flatnonzero(idf)
    scale = diags(idf[kept])
    inside, pairs = counted.inside[:, kept] @ scale, counted.pairs[:, kept] @ scale
    squares = counted.words.power(2) @ inside.power(2).sum(axis=1) + pairs.power(2).sum(axis=1)
    lengths = np.maximum(np.sqrt(np.asarray(squares).ravel()), _LEAST)
    matrix = (diags((1 / lengths).astype(np.float32)) @ (counted.words @ inside + pairs)).tocsr()
    return Design(counted.shape, kept, idf[kept], matrix.astype(np.float32))


def fit(
    matrix: csr_matrix,
    targets: NDArray[np.bool_],
    costs: Weights,
    seed: int,
    tell: Callable[[float], None],
) -> tuple[Weights, Weights]:
    """Return weights (feature x class) and intercepts: each class against the rest.

    `targets` and `costs` are text x class; a cost is what an error there counts, 0 for nothing.
    `tell` is told which share is done. A class without a text is always refused.
    """
    weights = np.zeros((matrix.shape[1], targets.shape[1]), dtype=np.float32)
    intercept = np.full(targets.shape[1], _REFUSED, dtype=np.float32)
    for column in range(targets.shape[1]):
        if 0 < targets[:, column].sum() < len(targets):
            found = _fit_one(matrix, targets[:, column], costs[:, column], seed)
            weights[:, column], intercept[column] = found
        tell((column + 1) / targets.shape[1])
    return weights, intercept


def _fit_one(
    matrix: csr_matrix, target: NDArray[np.bool_], cost: Weights, seed: int
) -> tuple[Weights, float]:
    used = np.flatnonzero(cost)
    svm = LinearSVC(C=1.0, tol=1e-3, random_state=seed)
    svm.fit(matrix[used], target[used], sample_weight=cost[used])
    return svm.coef_[0], float(svm.intercept_[0])


def packed(classes: Iterable[str], made: Design, weights: Weights, intercept: Weights) -> Linear:
    """Return the model that goes into service."""
    return quantise(made.shape, tuple(classes), made.kept, made.idf, weights, intercept)
