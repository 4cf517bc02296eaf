"""Measures a classifier on labelled rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_fscore_support

from classifier.rows import Row
from core.understanding import Text, Understanding

BINS = 15  # of confidence, for the calibration error
COVERAGE = 0.9
TOP = 3
_SHARES = tuple(round(share / 20, 2) for share in range(1, 21))
_LENGTHS = (50, 150, 400, 1000)  # characters
NOTHING = ""  # what an empty ranking says


class Understands(Protocol):
    """Whatever can be measured."""

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what each text says."""


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How one urusan fares."""

    rows: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How one channel, region or band of length fares."""

    rows: int
    accuracy: float
    top3: float


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one measurement, each from 0 to 1 but for counts.

    `coverage` pairs a share of the texts, the surest first, with the accuracy on these;
    `proposed` is the share that is sure, `accuracy_proposed` the accuracy on it. `confusion`
    counts by label and first urusan, NOTHING for none.
    """

    rows: int
    accuracy: float
    macro_f1: float
    top3: float
    calibration_error: float
    accuracy_at_90: float
    proposed: float
    accuracy_proposed: float
    coverage: tuple[tuple[float, float], ...]
    classes: Mapping[str, ClassFigures]
    groups: Mapping[str, Mapping[str, GroupFigures]]
    confusion: Mapping[str, Mapping[str, int]]

    def as_json(self) -> dict[str, Any]:
        """Return plain values for a JSON file."""
        return asdict(self)


def evaluate(classifier: Understands, rows: Sequence[Row]) -> Figures:
    """Return how well `classifier` does on `rows`; ValueError when there are none."""
    if not rows:
        raise ValueError("no rows to measure with")
    found = classifier.understand([Text(row.text, row.channel) for row in rows])
    ranked = [[one.urusan for one in each.urusan] for each in found]
    first = [each[0] if each else NOTHING for each in ranked]
    right = _array([one in row.right for one, row in zip(first, rows, strict=True)])
    near = _array(
        [not row.right.isdisjoint(each[:TOP]) for each, row in zip(ranked, rows, strict=True)]
    )
    sure = _array([each.sure for each in found])
    confidence = np.array([each.confidence for each in found])
    labels = [one if ok else row.label for one, ok, row in zip(first, right, rows, strict=True)]
    classes = _by_class(labels, first)
    return Figures(
        rows=len(rows),
        accuracy=_share(right),
        macro_f1=float(np.mean([one.f1 for one in classes.values()])),
        top3=_share(near),
        calibration_error=calibration_error(confidence, right),
        accuracy_at_90=accuracy_at(confidence, right, COVERAGE),
        proposed=_share(sure),
        accuracy_proposed=_share(right[sure]),
        coverage=tuple((share, accuracy_at(confidence, right, share)) for share in _SHARES),
        classes=classes,
        groups=_by_group(rows, right, near),
        confusion=_confusion(labels, first),
    )


def _array(values: Sequence[bool]) -> NDArray[np.bool_]:
    return np.array(values, dtype=bool)


def _share(values: NDArray[np.bool_]) -> float:
    return float(values.mean()) if len(values) else 0.0


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the mean distance of confidence and accuracy over BINS bins, weighed by rows."""
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    apart = np.bincount(place, weights=confidence - right, minlength=BINS)
    return float(np.abs(apart).sum() / len(right))


def accuracy_at(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], coverage: float
) -> float:
    """Return the accuracy on the share `coverage` of the rows that is surest."""
    order = np.argsort(-confidence, kind="stable")
    return _share(right[order[: max(1, int(np.ceil(len(order) * coverage)))]])


def _by_class(labels: Sequence[str], first: Sequence[str]) -> dict[str, ClassFigures]:
    names = sorted(set(labels))
    scores = precision_recall_fscore_support(labels, first, labels=names, zero_division=0)
    return {
        name: ClassFigures(int(rows), float(precision), float(recall), float(f1))
        for name, precision, recall, f1, rows in zip(names, *scores, strict=True)
    }


def _by_group(
    rows: Sequence[Row], right: NDArray[np.bool_], near: NDArray[np.bool_]
) -> dict[str, dict[str, GroupFigures]]:
    groups: dict[str, Callable[[Row], str]] = {
        "channel": lambda row: row.channel,
        "region": lambda row: row.region,
        "source": lambda row: row.source,
        "length": _band,
    }
    return {name: _grouped([key(row) for row in rows], right, near) for name, key in groups.items()}


def _grouped(
    keys: Sequence[str], right: NDArray[np.bool_], near: NDArray[np.bool_]
) -> dict[str, GroupFigures]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        places[key].append(place)
    return {
        key: GroupFigures(len(each), _share(right[each]), _share(near[each]))
        for key, each in sorted(places.items())
        if key
    }


def _band(row: Row) -> str:
    longer = [length for length in _LENGTHS if len(row.text) > length]
    return f"over {longer[-1]:04}" if longer else "short"


def _confusion(labels: Sequence[str], first: Sequence[str]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for (label, other), times in sorted(Counter(zip(labels, first, strict=True)).items()):
        table.setdefault(label, {})[other] = times
    return table


def draw_confusion(figures: Figures, file: Path) -> None:
    """Write the confusion matrix as a picture; a row's shades are shares of that urusan."""
    names = sorted(
        {*figures.confusion, *(one for row in figures.confusion.values() for one in row)}
    )
    table = np.array([[figures.confusion.get(a, {}).get(b, 0) for b in names] for a in names])
    figure = Figure(figsize=(11, 10), layout="constrained")
    axes = figure.subplots()
    axes.imshow(
        table / np.maximum(table.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1
    )
    shown = [name or "(none)" for name in names]
    axes.set_xticks(range(len(names)), shown, rotation=90)
    axes.set_yticks(range(len(names)), shown)
    axes.set_xlabel("urusan proposed first")
    axes.set_ylabel("urusan of the report")
    for row, column in zip(*np.nonzero(table), strict=True):
        axes.text(column, row, str(table[row, column]), ha="center", va="center", fontsize=6)
    figure.savefig(file, dpi=110)
