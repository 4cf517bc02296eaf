"""Fits a calibration on the scores of texts that their model had not seen."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from classifier.calibration import Calibration, Floats, measured, softmax
from core.errors import ConfigurationError

_START = 4.0  # a stretch from which the search begins, and to which it is held
_HOLD = 0.1
# How far all classes are treated alike. What the classes need of their own changes with time and
# place: half of it kept a later time's accuracy (+.007) and cost an unseen city as much.
_COMMON = 0.35
_HALVES = 2
_LEAST = 1e-12


def calibrate(
    scores: Floats,
    right: NDArray[np.bool_],
    words: NDArray[np.int64],
    weights: Floats,
    offsets: Floats,
    threshold: float,
) -> Calibration:
    """Return what turns such scores into probabilities and confidence.

    `scores` are those of a Calibration, `right` (text x class) marks what counts as right,
    `words` counts the distinct words of each text, `weights` how much it counts, `offsets` are
    a Calibration's. Confidence is fitted on probabilities that come from the other half of the
    texts. A text for which nothing is right only teaches not to be confident. Raises
    ConfigurationError when the first class is always right, or never.
    """
    classes = right.shape[1]
    own_scores = scores[:, :classes]
    some = right.any(axis=1)
    stretch, shift = _fit_softmax(own_scores[some], right[some], weights[some])
    likely = np.zeros_like(own_scores)
    half = np.arange(len(scores)) % _HALVES
    for own in range(_HALVES):
        others = some & (half != own)
        factor, offset = _fit_softmax(own_scores[others], right[others], weights[others])
        likely[half == own] = softmax(own_scores[half == own] * factor + offset)
    shifted = own_scores + offsets
    hit = right[np.arange(len(scores)), shifted.argmax(axis=1)]
    if hit.all() or not hit.any():
        raise ConfigurationError(
            f"{hit.sum()} of {len(hit)} texts are classified rightly: no confidence can be learned"
        )
    columns = measured(shifted, scores[:, classes:], likely, words)
    logistic = LogisticRegression(max_iter=2000).fit(columns, hit, sample_weight=weights)
    measures = columns.shape[1] - classes
    return Calibration(
        offsets=_numbers(offsets),
        stretch=_numbers(stretch),
        shift=_numbers(shift),
        measures=_numbers(logistic.coef_[0, :measures]),
        classes=_numbers(logistic.coef_[0, measures:]),
        base=float(logistic.intercept_[0]),
        threshold=threshold,
    )


def _numbers(found: Floats) -> tuple[float, ...]:
    return tuple(round(float(one), 6) for one in found)


def _fit_softmax(
    scores: Floats, right: NDArray[np.bool_], weights: Floats
) -> tuple[Floats, Floats]:
    """Return stretch and shift that make what is right likeliest."""
    classes = scores.shape[1]
    start = np.concatenate([np.full(classes, _START), np.zeros(classes)])

    def loss(found: Floats) -> tuple[float, Floats]:
        likely = softmax(scores * found[:classes] + found[classes:])
        hit = (likely * right).sum(axis=1) + _LEAST
        slope = (likely - likely * right / hit[:, None]) * weights[:, None]
        held = found - start
        return (
            float(-(weights * np.log(hit)).sum() + _HOLD * held @ held / 2),
            np.concatenate([(scores * slope).sum(axis=0), slope.sum(axis=0)]) + _HOLD * held,
        )

    best: Floats = minimize(loss, start, jac=True, method="L-BFGS-B").x
    common = np.concatenate([np.full(classes, best[:classes].mean()), np.zeros(classes)])
    mixed = best + _COMMON * (common - best)
    return mixed[:classes], mixed[classes:]


def balanced(labels: NDArray[np.int64], weights: Floats, power: float) -> Floats:
    """Return `weights` where rare classes count more, by (mean / own number) ** power."""
    _, place = np.unique(labels, return_inverse=True)
    numbers = np.bincount(place, weights=weights)
    return np.asarray(weights * (numbers.mean() / numbers)[place] ** power)
