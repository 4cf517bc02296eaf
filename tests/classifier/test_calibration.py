"""From scores to probabilities: who is first, what the others get, and what cannot be learned."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from classifier.calibrate import calibrate
from classifier.calibration import Calibration, Floats
from core.errors import ConfigurationError

CLASSES = 4
MEASURES = 8
OFFSETS = (0.0, 0.1, 0.0, 0.0)
THRESHOLD = 0.6


def _calibration(base: float) -> Calibration:
    return Calibration(
        offsets=OFFSETS,
        stretch=(4.0, 9.0, 5.0, 6.0),
        shift=(0.5, -1.0, 0.0, 1.0),
        measures=(0.1, 0.5, 1.0, 0.3, 0.4, 0.5, -0.5, 0.2),
        classes=(0.0, -0.4, 0.3, 0.0),
        base=base,
        threshold=THRESHOLD,
    )


def _random(texts: int = 200) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int64]]:
    """Return scores, what is right (the highest score in two of three texts), and words."""
    random = np.random.default_rng(3)
    scores = random.normal(-0.5, 0.5, (texts, CLASSES))
    label = np.where(
        random.random(texts) < 2 / 3, scores.argmax(axis=1), random.integers(CLASSES, size=texts)
    )
    return scores, np.eye(CLASSES, dtype=bool)[label], random.integers(1, 60, texts)


@given(
    st.lists(st.floats(-2, 2), min_size=CLASSES, max_size=CLASSES),
    st.floats(-6, 6),
    st.integers(0, 500),
)
def test_the_first_has_its_confidence_and_the_others_less(
    scores: list[float], base: float, words: int
) -> None:
    calibration, given_scores = _calibration(base), np.array([scores])
    likely, confidence = calibration.judged(given_scores, np.array([words]))
    first = int((given_scores[0] + OFFSETS).argmax())
    others = np.delete(likely[0], first)
    assert likely[0, first] == confidence[0]
    assert others.max() < confidence[0]
    assert others.min() >= 0
    assert likely.sum() <= 1 + 1e-6
    alone = np.delete(calibration.likelihoods(given_scores)[0], first)
    assert others * alone.sum() == pytest.approx(alone * others.sum())


@pytest.mark.parametrize(("lead", "first"), [(0.05, 1), (0.15, 0)])
def test_an_offset_decides_what_is_close(lead: float, first: int) -> None:
    scores = np.array([[lead, 0.0, -1.0, -1.0]])
    likely, _ = _calibration(0.0).judged(scores, np.array([9]))
    assert likely[0].argmax() == first


def test_a_calibration_is_read_as_it_was_written(tmp_path: Path) -> None:
    _calibration(0.3).save(tmp_path / "c.json")
    assert Calibration.load(tmp_path / "c.json") == _calibration(0.3)


def test_confidence_is_as_high_as_the_first_is_often_right() -> None:
    scores, right, words = _random(2_000)
    weights, offsets = np.ones(len(scores)), np.array(OFFSETS)
    found = calibrate(scores, right, words, weights, offsets, THRESHOLD)
    likely, confidence = found.judged(scores, words)
    hit = right[np.arange(len(scores)), likely.argmax(axis=1)]
    assert found.offsets == OFFSETS
    assert len(found.measures) == MEASURES
    assert confidence.mean() == pytest.approx(hit.mean(), abs=0.01)
    assert confidence[hit].mean() > confidence[~hit].mean()


@pytest.mark.parametrize(("column", "said"), [(0, "200 of 200"), (1, "0 of 200")])
def test_what_is_always_right_or_never_teaches_no_confidence(column: int, said: str) -> None:
    scores, right, words = _random()
    scores[:, 0] = 3.0
    right[:] = np.arange(CLASSES) == column
    with pytest.raises(ConfigurationError, match=f"{said} texts are classified rightly"):
        calibrate(scores, right, words, np.ones(200), np.zeros(CLASSES), THRESHOLD)
