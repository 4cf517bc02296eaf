"""The ministry's states: the table below is written from its words, not from the code."""

from itertools import product

import pytest

from core.errors import MoveRefused
from core.workflow import ReportState, move

# Rows: from; columns in the order of ORDER: to. x allowed, r allowed with a reason, . refused.
ORDER = ("belum_terverifikasi", "terdisposisi", "proses", "selesai", "tunda", "arsip")
MOVES = {
    "belum_terverifikasi": ". x . . r r",
    "terdisposisi": "r x x x r r",
    "proses": "r x . x r .",
    "selesai": ". . x . . .",
    "tunda": "r x x . . r",
    "arsip": "r . . . . .",
}
CASES = [
    (current, wanted, MOVES[current].split()[ORDER.index(wanted)])
    for current, wanted in product(ORDER, ORDER)
]


def test_the_table_knows_every_state() -> None:
    assert set(ORDER) == set(MOVES) == set(ReportState)


@pytest.mark.parametrize(("current", "wanted", "sign"), CASES)
@pytest.mark.parametrize("reason", ["", " \n", "sebab"])
def test_moves(current: str, wanted: str, sign: str, reason: str) -> None:
    allowed = sign == "x" or (sign == "r" and reason == "sebab")
    if allowed:
        assert move(ReportState(current), ReportState(wanted), reason) == wanted
    else:
        with pytest.raises(MoveRefused, match=wanted):
            move(ReportState(current), ReportState(wanted), reason)


def test_every_state_can_be_reached_and_left() -> None:
    reached = {wanted for _, wanted, sign in CASES if sign != "."}
    left = {current for current, wanted, sign in CASES if sign != "." and wanted != current}
    assert reached == left == set(ORDER)


@pytest.mark.parametrize(
    ("current", "wanted", "said"),
    [
        ("belum_terverifikasi", "proses", "POST .../assign"),
        ("belum_terverifikasi", "selesai", "POST .../assign"),
        ("tunda", "selesai", "POST .../state with proses"),
        ("selesai", "arsip", "POST .../state with proses"),
        ("arsip", "terdisposisi", "POST .../state with belum_terverifikasi"),
        ("proses", "arsip", "tunda"),
        ("proses", "proses", "it is that already"),
        ("terdisposisi", "tunda", "the field reason"),
    ],
)
def test_a_refusal_says_what_to_do(current: str, wanted: str, said: str) -> None:
    with pytest.raises(MoveRefused) as refused:
        move(ReportState(current), ReportState(wanted))
    assert said in str(refused.value)
