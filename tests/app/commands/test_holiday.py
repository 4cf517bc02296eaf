"""`kanal holiday`, as a person types it."""

import pytest
from sqlalchemy import select

from core.db.session import Sessions, transaction
from core.db.tables import DayOff
from tests.app.commands.said import Kanal, running


@pytest.fixture
def kanal(
    make: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    monkeypatch.setenv("DATABASE_URL", database_url)
    return running(monkeypatch, capsys)


def test_added_listed_and_removed(kanal: Kanal) -> None:
    assert kanal("holiday", "add", "2026-10-12", "HUT Kota").out == "2026-10-12 is a day off\n"
    said = kanal("holiday", "add", "2026-03-24", "Piket", "--works")
    assert (said.code, said.out) == (0, "2026-03-24 is a working day\n")
    lines = kanal("holiday", "list", "--year", "2026").out.splitlines()
    assert len(lines) == 26
    assert lines[0] == "2026-01-01\tlibur nasional\tTahun Baru Masehi"
    assert "2026-03-24\thari kerja\tPiket" in lines
    assert "2026-10-12\tkantor\tHUT Kota" in lines
    assert kanal("holiday", "remove", "2026-03-24").out == "removed 2026-03-24\n"
    lines = kanal("holiday", "list", "--year", "2026").out.splitlines()
    assert "2026-03-24\tcuti bersama\tCuti Bersama Hari Raya Idul Fitri" in lines


def test_this_year_is_listed_without_a_year(kanal: Kanal) -> None:
    lines = kanal("holiday", "list").out.splitlines()
    assert len(lines) > 15
    assert len({line[:4] for line in lines}) == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["add", "2026-13-01", "x"], 2, "2026-13-01"),
        (["add", "besok", "x"], 2, "besok"),
        (["add", "2026-10-12", " "], 1, "one line"),
        (["add", "2026-10-12", "x" * 101], 1, "100"),
        (["add", "2026-10-12", "dua\nbaris"], 1, "one line"),
        (["add", "2026-10-12"], 2, "Missing argument"),
        (["remove", "2026-10-12"], 1, "nothing was noted for 2026-10-12"),
        (["list", "--year", "2101"], 2, "2100"),
    ],
)
def test_mistakes_are_said_in_a_line(
    kanal: Kanal, make: Sessions, words: list[str], code: int, said: str
) -> None:
    answer = kanal("holiday", *words)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert "Traceback" not in answer.err
    with transaction(make) as session:
        assert session.scalars(select(DayOff)).all() == []
