"""Figures of rows whose answers are known."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from classifier.evaluate import accuracy_at, calibration_error, draw_confusion, evaluate
from classifier.rows import Row, is_held_out, kin, read
from core.errors import ConfigurationError
from core.understanding import Likelihood, Text, Understanding


class Told:
    """Understands what a table tells it."""

    def __init__(self, answers: dict[str, tuple[tuple[str, ...], float]]) -> None:
        self._answers = answers

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        return [self._understood(one.text) for one in texts]

    def _understood(self, text: str) -> Understanding:
        ranked, confidence = self._answers[text]
        likely = tuple(Likelihood(code, 1 / (place + 2)) for place, code in enumerate(ranked))
        return Understanding("told", "", likely, sure=confidence >= 0.5, confidence=confidence)


ROWS = [
    Row("a", "DLH", channel="x"),
    Row("b", "DLH", channel="x"),
    Row("c", "PUPR", accept=("DISHUB",), channel="line"),
    Row("d", "PUPR", channel="line"),
    Row("e", "PDAM"),
]
ANSWERS = {
    "a": (("DLH", "PUPR"), 0.9),
    "b": (("PUPR", "PDAM", "DLH"), 0.6),
    "c": (("DISHUB", "PUPR"), 0.8),
    "d": (("DLH", "PDAM", "DISHUB", "PUPR"), 0.2),
    "e": ((), 0.0),
}


def test_figures() -> None:
    found = evaluate(Told(ANSWERS), ROWS)
    assert found.rows == 5
    assert found.accuracy == pytest.approx(2 / 5)
    assert found.top3 == pytest.approx(3 / 5)
    assert found.proposed == pytest.approx(3 / 5)
    assert found.accuracy_proposed == pytest.approx(2 / 3)
    assert found.coverage[-1] == pytest.approx((1.0, 2 / 5))
    assert found.coverage[7] == pytest.approx((0.4, 1.0))
    assert found.accuracy_at_90 == pytest.approx(2 / 5)
    # "c" was accepted as DISHUB: it counts there. f1: DLH 1/2, DISHUB 1, PUPR 0, PDAM 0.
    assert found.macro_f1 == pytest.approx((0.5 + 1 + 0 + 0) / 4)
    assert found.classes["DLH"].rows == 2
    assert found.classes["DLH"].recall == pytest.approx(0.5)
    assert found.confusion["PDAM"] == {"": 1}
    assert found.groups["channel"]["x"].accuracy == pytest.approx(0.5)
    assert found.groups["channel"]["line"].top3 == pytest.approx(0.5)
    assert found.groups["region"] == {}


def test_figures_are_plain_values_and_a_picture(tmp_path: Path) -> None:
    found = evaluate(Told(ANSWERS), ROWS)
    assert found.as_json()["groups"]["channel"]["x"]["rows"] == 2
    draw_confusion(found, tmp_path / "confusion.png")
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="no rows"):
        evaluate(Told({}), [])


@pytest.mark.parametrize(
    ("confidence", "right", "expected"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [False, False], 1.0),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.9, 0.1], [True, True], (0.1 + 0.9) / 2),
    ],
)
def test_calibration_error(confidence: list[float], right: list[bool], expected: float) -> None:
    assert calibration_error(np.array(confidence), np.array(right)) == pytest.approx(expected)


def test_coverage_takes_the_surest_first() -> None:
    confidence, right = np.array([0.1, 0.9, 0.5]), np.array([False, True, False])
    assert accuracy_at(confidence, right, 0.3) == 1
    assert accuracy_at(confidence, right, 0.6) == 0.5
    assert accuracy_at(confidence, right, 1.0) == pytest.approx(1 / 3)


def test_rows_are_read(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(
        '{"text": "lampu mati", "label": "DISHUB", "accept": ["PUPR"], "channel": null}\n\n'
        '{"text": "sampah", "label": "DLH", "region": "64.74", "topic": "lain"}\n'
    )
    assert read(file) == [
        Row("lampu mati", "DISHUB", accept=("PUPR",)),
        Row("sampah", "DLH", region="64.74"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", ":2: no row"),
        ("[]", ":2: no row"),
        ('{"text": "a"}', ":2: no row"),
        ('{"text": "a", "label": "NN"}', ":2: 'NN' is no urusan"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(f'{{"text": "a", "label": "DLH"}}\n{line}\n')
    with pytest.raises(ConfigurationError, match=said):
        read(file)


def test_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.jsonl"):
        read(tmp_path / "gone.jsonl")


def test_near_copies_are_kin() -> None:
    text = "lampu jalan di depan pos ronda padam sejak kemarin mohon segera dinyalakan lagi"
    assert kin(text) == kin(text.upper() + "!!!")
    assert kin(text) == kin(text.replace("jalan", "jln"))
    assert kin(text) != kin("ktp saya belum dicetak padahal sudah sebulan menunggu")


def test_about_eight_of_a_hundred_are_held_out() -> None:
    chance = np.random.default_rng(1)
    texts = [" ".join(map(str, chance.choice(list("abcdefgh"), 9))) for _ in range(2000)]
    assert 0.04 < np.mean([is_held_out(text) for text in texts]) < 0.13
