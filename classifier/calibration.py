"""From scores to probabilities, and to how surely the first urusan is right."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
_LEAST = 1e-9
_HOT = 0.5  # what stands for "it is this class": less than 1 holds rare classes nearer to 0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Numbers fitted on texts that the model had not seen.

    Scores are text x class, and after the classes a column for each style of texts that is known.
    The likelihood of a class is the softmax of score x `stretch` + `shift`. Confidence is a
    logistic function of `base` and what `measured` returns, weighed by `measures`, and of the
    first class, which `classes` weighs.
    The first urusan is proposed when confidence is at least `threshold`.
    """

    stretch: tuple[float, ...]
    shift: tuple[float, ...]
    measures: tuple[float, ...]
    classes: tuple[float, ...]
    base: float
    threshold: float

    def likelihoods(self, scores: Floats) -> Floats:
        """Return the probabilities (text x class) of `scores`."""
        return softmax(scores[:, : len(self.shift)] * np.array(self.stretch) + np.array(self.shift))

    def confidence(self, scores: Floats, likely: Floats, words: NDArray[np.int64]) -> Floats:
        """Return for each text how likely its first class is right; `words` are its distinct."""
        columns = np.hstack(
            [
                measured(scores, likely, words),
                one_hot(likely.argmax(axis=1), len(self.classes)),
            ]
        )
        logit = columns @ np.array(self.measures + self.classes) + self.base
        return np.asarray(1 / (1 + np.exp(-logit)))

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Calibration":
        """Read what `save` wrote; OSError, ValueError, KeyError or TypeError when it is not."""
        read = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            stretch=tuple(map(float, read["stretch"])),
            shift=tuple(map(float, read["shift"])),
            measures=tuple(map(float, read["measures"])),
            classes=tuple(map(float, read["classes"])),
            base=float(read["base"]),
            threshold=float(read["threshold"]),
        )


def softmax(logits: Floats) -> Floats:
    """Return the probabilities of each row of `logits`."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def one_hot(classes: NDArray[np.int64], number: int) -> Floats:
    """Return for each of `classes` a row that is not 0 at its place alone."""
    return _HOT * np.eye(number)[classes]


def measured(scores: Floats, likely: Floats, words: NDArray[np.int64]) -> Floats:
    """Return what tells whether the first class of each text is right (a column each)."""
    classes = likely.shape[1]
    best = -np.sort(-likely, axis=1)
    top = -np.sort(-scores[:, :classes], axis=1)
    entropy = -(likely * np.log(likely + _LEAST)).sum(axis=1)
    odds = np.log((best[:, 0] + _LEAST) / (1 - best[:, 0] + _LEAST))
    columns = [odds, top[:, 0], top[:, 0] - top[:, 1], best[:, 0] - best[:, 1], entropy]
    return np.hstack([np.stack([*columns, np.log1p(words)], axis=1), scores[:, classes:]])
