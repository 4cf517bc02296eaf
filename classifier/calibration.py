"""From scores to probabilities, and to how surely the first urusan is right."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
_LEAST = 1e-9
_BELOW = 0.999  # of the first's probability: the most that another class has
_HOT = 0.5  # what stands for "it is this class": less than 1 holds rare classes nearer to 0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Numbers fitted on texts that the model had not seen.

    Scores are text x class, and after the classes a column for each style of texts that is known.
    The first class is the one whose score + `offsets` is highest, and confidence is the
    probability that it is right: a logistic function of `base` and what `measured` returns,
    weighed by `measures`, and of the first class, which `classes` weighs. The others follow by the
    softmax of score x `stretch` + `shift`, which finds the second and third better than scores do.
    The first urusan is proposed when confidence is at least `threshold`.
    """

    offsets: tuple[float, ...]
    stretch: tuple[float, ...]
    shift: tuple[float, ...]
    measures: tuple[float, ...]
    classes: tuple[float, ...]
    base: float
    threshold: float

    def likelihoods(self, scores: Floats) -> Floats:
        """Return how likely each class is by its score alone (text x class)."""
        return softmax(scores[:, : len(self.shift)] * np.array(self.stretch) + np.array(self.shift))

    def judged(self, scores: Floats, words: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return probabilities (text x class) and confidence; `words` are each text's distinct.

        Confidence is the probability of the first class. The others share what is left in
        proportion to their likelihoods, and none has more than the first.
        """
        classes = len(self.shift)
        likely = self.likelihoods(scores)
        shifted = scores[:, :classes] + np.array(self.offsets)
        columns = measured(shifted, scores[:, classes:], likely, words)
        logit = columns @ np.array(self.measures + self.classes) + self.base
        confidence = np.asarray(1 / (1 + np.exp(-logit)))
        return _led(likely, shifted.argmax(axis=1), confidence), confidence

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Calibration":
        """Read what `save` wrote; OSError, ValueError, KeyError or TypeError when it is not."""
        read = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            offsets=tuple(map(float, read["offsets"])),
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


def measured(scores: Floats, styles: Floats, likely: Floats, words: NDArray[np.int64]) -> Floats:
    """Return what tells whether the class with the highest score is right (a column each).

    `scores` and `likely` are text x class, `styles` text x style. The last columns are the class.
    """
    first = scores.argmax(axis=1)
    each = np.arange(len(scores))
    top = -np.sort(-scores, axis=1)
    margin, length = top[:, 0] - top[:, 1], np.log1p(words)
    own = likely[each, first]
    others = likely.copy()
    others[each, first] = 0
    odds = np.log((own + _LEAST) / (1 - own + _LEAST))
    entropy = -(likely * np.log(likely + _LEAST)).sum(axis=1)
    apart = [margin, margin * length, top[:, 0] - top[:, 2], own - others.max(axis=1)]
    columns = [odds, top[:, 0], *apart, entropy, length]
    return np.hstack([np.stack(columns, axis=1), styles, one_hot(first, scores.shape[1])])


def _led(likely: Floats, first: NDArray[np.int64], confidence: Floats) -> Floats:
    """Return `likely` with `confidence` at the `first` class, and less than it at all others."""
    each = np.arange(len(likely))
    others = likely.copy()
    others[each, first] = 0
    whole = others.sum(axis=1)
    most = np.maximum(others.max(axis=1), _LEAST)
    share = np.minimum((1 - confidence) / np.maximum(whole, _LEAST), _BELOW * confidence / most)
    others *= share[:, None]
    others[each, first] = confidence
    return others
