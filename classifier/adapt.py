"""Learns from an office's own rows on top of a model, where what that was trained with is absent.

Weights move from the model's as little as the rows allow. No feature is added that the model did
not have, so nothing that few reports say can be read from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from classifier.calibration import Calibration, Floats, softmax
from classifier.fitting import design, raw
from classifier.linear import Linear, quantise
from classifier.normalise import words
from classifier.pipeline import CALIBRATION, COMPONENT, WEIGHTS
from classifier.rows import Row, kin

LEAST_ROWS = 100  # from which on something can be learned and checked
LEAST_REPORTS = 3  # of these that must have a feature, for its weights to move
FOLDS = 4
HOLDS = (0.03, 0.01, 0.003, 0.001)  # how strongly weights are held to the model's: tried in turn
FEW = 2000  # rows up to which the search runs in as many coordinates as there are rows
_STEPS = 60
_TINY = 1e-12
_LEAST_IDF = 1e-6
_LEAST_PART = 1e-10  # of the longest direction: shorter ones are what rounding left

Progress = Callable[[float], None]  # told the share that is done, from 0 to 1


@dataclass(frozen=True, slots=True)
class Adapted:
    """The model that was learned, and the loss per row on texts that it had not seen.

    `hold` is how strongly it was held to the model before, whose loss is `before`; None when that
    one was better than all that could be learned, which then is `model`.
    """

    model: Linear
    hold: float | None
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class _Space:
    """Where the search runs: texts in few `coordinates`, and the `features` that these stand for.

    Both are text x column. `back` (text x coordinate) leads from coordinates to features.
    """

    features: csr_matrix
    coordinates: csr_matrix | Floats
    back: Floats | None

    @classmethod
    def of(cls, features: csr_matrix) -> "_Space":
        """Return the space that the texts span, unless they are too many to be worth it.

        Held to 0, weights never leave that span, and in an orthonormal basis of it all lengths
        and products are what they were: the search takes the same steps on far fewer numbers.
        """
        if features.shape[0] > FEW:
            return cls(features, features, None)
        wide = features.astype(np.float64)
        squares, directions = eigh((wide @ wide.T).toarray())
        long = squares > _LEAST_PART * max(float(squares.max(initial=0)), _TINY)
        lengths, directions = np.sqrt(squares[long]), directions[:, long]
        return cls(features, directions * lengths, directions / lengths)

    def weights(self, found: Floats) -> Floats:
        """Return as weights of features what was found for coordinates."""
        return found if self.back is None else np.asarray(self.features.T @ (self.back @ found))


@dataclass(frozen=True, slots=True)
class _Task:
    """Rows as the model sees them: text x coordinate, which classes are right, how each counts.

    `base` (text x class) are the model's own logits, `stretch` what a score is multiplied by.
    """

    matrix: csr_matrix | Floats
    right: NDArray[np.bool_]
    counts: Floats
    base: Floats
    stretch: Floats


def adapt(folder: Path, rows: Sequence[Row], progress: Progress = lambda _: None) -> Adapted:
    """Learn from `rows` on top of the model in `folder`.

    How far it may move is chosen on rows that are held out in turn, near copies together. Raises
    OSError, ValueError or KeyError when there is no such model.
    """
    linear = Linear.load(folder / COMPONENT / WEIGHTS)
    calibration = Calibration.load(folder / COMPONENT / CALIBRATION)
    task, space, places = _task(linear, calibration, rows)
    folds = np.array([kin(row.text) % FOLDS for row in rows])
    before = _loss(task.base, task)
    losses: dict[float, float] = {}
    for number, hold in enumerate(HOLDS):
        losses[hold] = _checked(task, folds, hold)
        progress((number + 1) / (len(HOLDS) + 1))
    best = min(losses, key=losses.__getitem__)
    if losses[best] >= before:
        return Adapted(linear, None, before, before)
    moved, shift = _moved(task, best)
    progress(1.0)
    return Adapted(_added(linear, places, space.weights(moved), shift), best, before, losses[best])


def _task(
    linear: Linear, calibration: Calibration, rows: Sequence[Row]
) -> tuple[_Task, _Space, NDArray[np.int64]]:
    """Return the task, its space, and which of the model's features that one's columns are."""
    idf = np.zeros(linear.shape.rows, dtype=np.float32)
    idf[linear.kept] = np.maximum(linear.idf, _LEAST_IDF)
    made = design(raw([words(row.text) for row in rows], linear.shape), idf)
    stretch, shift = np.array(calibration.stretch), np.array(calibration.shift)
    names = linear.classes[: len(shift)]  # behind the classes stand styles, which do not move
    scores = (made.matrix @ _plain(linear) + linear.intercept)[:, : len(names)]
    used = np.flatnonzero(made.matrix.getnnz(axis=0) >= LEAST_REPORTS)
    right = np.array([[name in row.right for name in names] for row in rows])
    counts = np.array([row.weight for row in rows], dtype=np.float64)
    counts[~right.any(axis=1)] = 0  # an urusan that the model has no class for
    space = _Space.of(made.matrix[:, used])
    task = _Task(space.coordinates, right, counts, scores * stretch + shift, stretch)
    return task, space, used


def _plain(linear: Linear) -> Floats:
    """Return the weights (feature x class) for features that are already times idf."""
    folded = linear.weights.astype(np.float32) * linear.scales
    return np.asarray(folded / np.maximum(linear.idf, _LEAST_IDF)[:, None])


def _checked(task: _Task, folds: NDArray[np.int64], hold: float) -> float:
    """Return the loss on each fold of what was learned from the others."""
    logits = task.base.copy()
    for fold in range(FOLDS):
        outside = folds == fold
        if outside.any() and not outside.all():
            moved, shift = _moved(_part(task, ~outside), hold)
            logits[outside] += (task.matrix[outside] @ moved + shift) * task.stretch
    return _loss(logits, task)


def _part(task: _Task, chosen: NDArray[np.bool_]) -> _Task:
    return replace(
        task,
        matrix=task.matrix[chosen],
        right=task.right[chosen],
        counts=task.counts[chosen],
        base=task.base[chosen],
    )


def _loss(logits: Floats, task: _Task) -> float:
    hit = (softmax(logits) * task.right).sum(axis=1) + _TINY
    return float(-(task.counts * np.log(hit)).sum() / max(task.counts.sum(), _TINY))


def _moved(task: _Task, hold: float) -> tuple[Floats, Floats]:
    """Return by how much weights (coordinate x class) and intercepts move from where they were."""
    columns, classes = task.matrix.shape[1], task.base.shape[1]
    backwards = task.matrix.T
    total = max(float(task.counts.sum()), _TINY)

    def loss(found: Floats) -> tuple[float, Floats]:
        moved = found.reshape(columns + 1, classes)
        logits = task.base + (task.matrix @ moved[:-1] + moved[-1]) * task.stretch
        likely = softmax(logits)
        hit = (likely * task.right).sum(axis=1) + _TINY
        slope = (likely - likely * task.right / hit[:, None]) * task.counts[:, None] / total
        slope *= task.stretch
        back = np.vstack([backwards @ slope, slope.sum(axis=0)]) + hold * moved
        lost = -(task.counts * np.log(hit)).sum() / total + hold * (found @ found) / 2
        return float(lost), back.ravel()

    start = np.zeros((columns + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x
    moved = found.reshape(columns + 1, classes)
    return moved[:-1], moved[-1]


def _added(linear: Linear, places: NDArray[np.int64], moved: Floats, shift: Floats) -> Linear:
    classes = len(shift)
    weights, intercept = _plain(linear), linear.intercept.copy()
    weights[places, :classes] += moved
    intercept[:classes] += shift
    return quantise(
        linear.shape,
        linear.classes,
        linear.kept,
        linear.idf,
        weights.astype(np.float32),
        intercept.astype(np.float32),
    )
