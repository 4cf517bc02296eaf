"""A model moves towards an office's rows, as far as these hold on rows that are kept apart."""

import random
from pathlib import Path

import numpy as np
import pytest

from classifier.adapt import Adapted, adapt
from classifier.calibration import Calibration
from classifier.linear import Linear, Scorer
from classifier.normalise import words
from classifier.pipeline import CALIBRATION, COMPONENT, WEIGHTS
from classifier.rows import Row
from tests.app.learning.conftest import THINGS, sentences


@pytest.fixture(scope="module")
def live(trained: Path) -> Path:
    return next(one for one in trained.iterdir() if one.is_dir())


def first(model: Linear, live: Path, text: str) -> str:
    calibration = Calibration.load(live / COMPONENT / CALIBRATION)
    likely = calibration.likelihoods(Scorer(model).read([words(text)]).scores)
    return model.classes[int(likely[0].argmax())]


@pytest.fixture(scope="module")
def moved(live: Path) -> Adapted:
    """An office where PUPR sees to the lamps; the rest is as it was."""
    rows = [
        Row(text, "PUPR" if text.startswith("lampu") else label)
        for text, label in sentences()
        if text.startswith(("lampu", "sampah", "air keran mati"))
    ]
    told: list[float] = []
    found = adapt(live, rows, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    return found


def test_what_the_office_says_is_learned_and_the_rest_stays(live: Path, moved: Adapted) -> None:
    before = Linear.load(live / COMPONENT / WEIGHTS)
    for text, was, now in [
        ("lampu gelap", "DISHUB", "PUPR"),
        ("sampah di pasar", "DLH", "DLH"),
        ("pipa bocor", "PDAM", "PDAM"),
        ("ktp belum jadi", "DISDUKCAPIL", "DISDUKCAPIL"),
    ]:
        assert (first(before, live, text), first(moved.model, live, text)) == (was, now)
    assert moved.hold is not None
    assert moved.after < moved.before
    assert (before.weights != moved.model.weights).mean() > 0.01


def test_no_feature_is_added(live: Path, moved: Adapted) -> None:
    before = Linear.load(live / COMPONENT / WEIGHTS)
    assert np.array_equal(moved.model.kept, before.kept)
    assert moved.model.weights.shape == before.weights.shape
    assert moved.model.classes == before.classes


def test_the_same_rows_make_the_same_model(live: Path) -> None:
    rows = [Row(text, "PUPR") for text, _ in sentences() if text.startswith("lampu")] * 4
    one, other = adapt(live, rows), adapt(live, rows)
    assert np.array_equal(one.model.weights, other.model.weights)
    assert (one.hold, one.after) == (other.hold, other.after)


def test_few_rows_and_many_are_searched_alike(live: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [Row(text, "PUPR" if text.startswith("lampu") else label) for text, label in sentences()]
    few = adapt(live, rows[::4])
    monkeypatch.setattr("classifier.adapt.FEW", 0)
    many = adapt(live, rows[::4])
    assert few.hold == many.hold is not None
    assert few.after == pytest.approx(many.after, rel=1e-3)
    assert np.abs(few.model.weights.astype(int) - many.model.weights).max() <= 2


def test_labels_that_mean_nothing_teach_nothing(live: Path) -> None:
    dice = random.Random(8731)
    rows = [Row(text, dice.choice(list(THINGS))) for text, _ in sentences()]
    calm = [row for row, (_, label) in zip(rows, sentences(), strict=True) if row.label != label]
    right = [Row(text, label) for text, label in sentences()]
    found = adapt(live, [*right, *calm[:20]])
    assert found.hold is None or found.after < found.before
    assert first(found.model, live, "jalan berlubang besar") == "PUPR"


def test_an_urusan_that_the_model_has_no_class_for_is_passed_over(live: Path) -> None:
    found = adapt(live, [Row(text, "TIDAKADA") for text, _ in sentences()][:120])
    assert found.hold is None
    assert found.before == found.after == 0
