"""Trains the model: labelled rows in, a folder out. Same rows and numbers, same model."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import pipeline
from classifier.calibrate import balanced, calibrate
from classifier.calibration import Calibration, Floats
from classifier.config import Config, Svm
from classifier.data_folder import Material
from classifier.features import Weights
from classifier.fitting import Design, design, fit, idf_of, packed, raw
from classifier.linear import Linear
from classifier.load import FORMAT, KANAL
from classifier.normalise import words
from classifier.rows import Row, kin
from core.errors import ConfigurationError
from core.urusan import URUSAN

CLASSES = tuple(URUSAN)
NONE = -1  # the number of a row about nothing
EVERY = -1  # the fold of what every training learns from
LEAST_ROWS = 20  # below this there is nothing to calibrate with

Progress = Callable[[str, float], None]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and its calibration, ready to be written or used."""

    model: Linear
    calibration: Calibration


def train(
    material: Material, config: Config, folder: Path, version: str, progress: Progress
) -> None:
    """Train on `material` and write the model `version` into `folder`, which is made.

    `progress` is told what is done and which share of all, from 0 to 1. Raises
    ConfigurationError when the rows do not suffice.
    """
    trained = fitted(material, config, progress)
    write(trained, folder, _about(material, config, version, datetime.now(UTC).date()))


def write(trained: Trained, folder: Path, about: Mapping[str, Any]) -> None:
    """Write a model and what there is to tell `about` it; no text and no word is in it."""
    nlp = pipeline.empty()
    pipeline.ranker(nlp).set(trained.model, trained.calibration)
    nlp.meta["version"] = about["version"]
    nlp.meta["description"] = "Urusan of citizens' reports, by hashed features"
    nlp.meta[KANAL] = dict(about)
    nlp.to_disk(folder, exclude=["vocab"])


def _about(material: Material, config: Config, version: str, today: date) -> dict[str, Any]:
    every = (*material.reports, *material.phrases, *material.nothing)
    rows = Counter(row.source for row in every)
    return {
        "format": FORMAT,
        "version": version,
        "trained_at": today.isoformat(),
        "rows": dict(sorted(rows.items())),
        "config": config.digest,
    }


def fitted(material: Material, config: Config, progress: Progress) -> Trained:
    """Train on `material`; see `train`."""
    if len(material.reports) < LEAST_ROWS:
        raise ConfigurationError(f"{len(material.reports)} rows; at least {LEAST_ROWS} are needed")
    course = _Course(material, config, progress)
    scores, counts = course.unseen_scores()
    calibration = course.calibrated(scores, counts)
    return Trained(course.final(), calibration)


class _Course:
    """One training: the texts as features, and the fits over them."""

    def __init__(self, material: Material, config: Config, progress: Progress) -> None:
        self._config, self._progress = config, progress
        self._fits, self._done = config.folds + 1, 0
        self._unseen = (*material.reports, *material.nothing)
        self._learned = (*self._unseen, *material.phrases)
        texts = [words(row.text) for row in self._learned]
        self._counts = np.array([len(set(each)) for each in texts[: len(self._unseen)]])
        self._columns = (*CLASSES, *(f"style:{one}" for one in config.calibration.styles))
        self._texts = _designed(texts, len(material.reports), config)
        self._folds = _folds(self._learned, len(self._unseen), config.folds)

    def unseen_scores(self) -> tuple[Weights, Numbers]:
        """Return scores of each text by a model that had not seen it, and its distinct words."""
        scores = np.zeros((len(self._unseen), len(self._columns)), dtype=np.float32)
        for fold in range(self._config.folds):
            weights, intercept = self._fit(self._folds != fold, f"fold {fold + 1}")
            left = np.flatnonzero(self._folds == fold)
            scores[left] = self._texts.matrix[left] @ weights + intercept
        return scores, self._counts

    def calibrated(self, scores: Weights, counts: Numbers) -> Calibration:
        """Return the calibration that fits the unseen scores."""
        right = np.array([[name in row.right for name in CLASSES] for row in self._unseen])
        weights = np.array([self._weight(row) for row in self._unseen])
        power = self._config.calibration.balance
        return calibrate(
            scores,
            right,
            counts,
            balanced(_numbers(self._unseen), weights, power),
            _by_class(self._config.calibration.offsets),
            self._config.triage.threshold,
        )

    def final(self) -> Linear:
        """Return the model of all rows."""
        weights, intercept = self._fit(np.ones(len(self._learned), dtype=bool), "model")
        return packed(self._columns, self._texts, weights, intercept)

    def _fit(self, used: NDArray[np.bool_], what: str) -> tuple[Weights, Weights]:
        rows = [row for row, taken in zip(self._learned, used, strict=True) if taken]
        weights = np.array([self._weight(row) for row in rows], dtype=np.float32)
        targets, costs = class_targets(rows, weights, self._config.svm)
        style_targets, style_costs = _style_targets(rows, self._config.calibration.styles)
        found = fit(
            self._texts.matrix[np.flatnonzero(used)],
            np.hstack([targets, style_targets]),
            np.hstack([costs, style_costs]) * self._config.svm.cost,
            self._config.seed,
            lambda share: self._tell(what, share),
        )
        self._done += 1
        return found

    def _tell(self, what: str, share: float) -> None:
        self._progress(what, (self._done + share) / self._fits)

    def _weight(self, row: Row) -> float:
        return row.weight * self._config.weights.get(row.source, 1.0)


def _designed(texts: Sequence[Sequence[str]], reports: int, config: Config) -> Design:
    counted = raw(texts, config.features.shape)
    of_reports = np.arange(len(texts)) < reports
    return design(
        counted, idf_of(counted, of_reports, config.features.floor, config.features.whole)
    )


def _numbers(rows: Sequence[Row]) -> Numbers:
    """Return the number of each row's class, NONE for a row about nothing."""
    return np.array([CLASSES.index(row.label) if row.label else NONE for row in rows])


def _by_class(numbers: Mapping[str, float]) -> Floats:
    """Return the number of each class, 0 for those without."""
    return np.array([numbers.get(name, 0.0) for name in CLASSES])


def _folds(rows: Sequence[Row], unseen: int, folds: int) -> Numbers:
    """Return the fold of each row, kin texts in the same, EVERY for what is always learned."""
    return np.array(
        [kin(row.text) % folds if place < unseen else EVERY for place, row in enumerate(rows)]
    )


def class_targets(
    rows: Sequence[Row], weights: Weights, svm: Svm
) -> tuple[NDArray[np.bool_], Weights]:
    """Return which row is of which class, and what an error there costs.

    A row of a class counts more by the mean number of rows over the class's own, to the power
    `svm.balance`; nothing against a class that is right for it too.
    """
    labels = _numbers(rows)
    targets = labels[:, None] == np.arange(len(CLASSES))
    numbers = targets.T @ weights
    mean = numbers[numbers > 0].mean()
    factors = (mean / np.maximum(numbers, 1)) ** svm.balance
    costs = np.where(targets, weights[:, None] * factors, weights[:, None] * _against(rows, svm))
    return targets, costs.astype(np.float32)


def _against(rows: Sequence[Row], svm: Svm) -> Floats:
    """Return how far (0 to 1) each row tells that it is of no other class than its own."""
    topics = np.where(np.isin(CLASSES, svm.vague), 1.0, svm.beside)
    vague = np.array([row.label in svm.vague for row in rows])
    accepted = np.array([[name in row.accept for name in CLASSES] for row in rows])
    return np.where(accepted, 0.0, np.where(vague[:, None], topics, 1.0))


def _style_targets(rows: Sequence[Row], styles: Sequence[str]) -> tuple[NDArray[np.bool_], Weights]:
    """Return which row is of which style, and costs that make each style half of the rows."""
    targets = np.array([[row.source == style for style in styles] for row in rows], dtype=bool)
    own = targets.sum(axis=0)
    others = len(rows) - own
    costs = np.where(targets, len(rows) / np.maximum(2 * own, 1), len(rows) / (2 * others))
    return targets, costs.astype(np.float32)
