"""The learning loop from end to end, with a small model of our own sentences."""

import json
import os
import selectors
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import insert

from app.__main__ import main
from app.commands.run import run as start
from app.deciding import Decider
from app.learning.__main__ import model
from app.learning.suggest import answers, batches, read
from app.learning.workshop import workshop
from classifier.export_file import NEEDED
from classifier.modelless import Modelless
from classifier.models import tell
from classifier.rows import is_held_out
from core import agencies
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Conversation, Report
from core.matching import Rulebook
from core.registry import files
from core.urusan import URUSAN
from tests.app.learning.conftest import ENDS, PLACES, Said, run, sentences, write_rows

ROOT = Path(__file__).parents[3]
KEYS = {
    *("urusan", "opd", "sure", "manual", "confidence", "region", "region_reason", "places"),
    *("klasifikasi", "urgency", "category", "purpose", "decided_by", "note", "model"),
}
LINES = (
    "jalan berlubang besar di Bontang Utara",
    '{"text": "lampu penerangan padam", "region": "64.72", "channel": "twitter", "label": "X"}',
    "",
    "{rusak",
    '{"region": "64"}',
    '{"text": "x", "region": "Bontang"}',
    "😀😀😀 " * 3000,
    "дорога разбита",
)


@pytest.fixture(scope="module")
def decider() -> Decider:
    return Decider(files.packaged(), Rulebook())


def test_each_line_is_answered_in_its_place(trained: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_text("\n".join(LINES), encoding="utf-8")
    said = run(trained, "suggest", "--region", "64.74", given=file)
    assert said.code == 1  # three lines were none
    assert [line.get("line") for line in said.lines] == [None, None, None, 4, 5, 6, None, None]
    first, second, blank, *_, smileys, cyrillic = said.lines
    assert set(first) == KEYS
    assert first["urusan"][0]["code"] == "PUPR"
    assert {one["code"] for one in first["urusan"]} <= set(URUSAN)
    assert "berlubang" in first["urusan"][0]["words"]
    assert (first["opd"][0]["slug"], first["region"]) == ("bontang-pupr", "64.74.01")
    assert first["decided_by"] == first["model"] != ""
    assert (second["opd"][0]["slug"], second["region"]) == ("samarinda-dishub", "64.72")
    for nothing in (blank, smileys, cyrillic):
        assert (nothing["sure"], nothing["manual"]) == (False, "unsure")
    assert "rusak" not in json.dumps(said.lines[3])


def test_who_writes_one_line_gets_its_answer_at_once(trained: Path) -> None:
    environment = os.environ | {"KANAL_MODELS": str(trained)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "app.learning", "suggest"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=ROOT
    ) as asked:
        assert asked.stdin
        assert asked.stdout
        try:
            with selectors.DefaultSelector() as waiting:
                waiting.register(asked.stdout, selectors.EVENT_READ)
                for _ in range(2):
                    asked.stdin.write(b"air keran mati\n")
                    asked.stdin.flush()
                    assert waiting.select(90), "no answer while the input is open"
                    assert json.loads(asked.stdout.readline())["urusan"][0]["code"] == "PDAM"
            asked.stdin.close()
            assert asked.wait(60) == 0
        finally:
            asked.kill()


def test_without_a_model_everything_goes_to_a_human(tmp_path: Path, decider: Decider) -> None:
    moment = datetime.now(UTC)
    lines = [read(line.encode(), number) for number, line in enumerate(LINES, 1)]
    found = list(answers(lines, decider, Modelless(decider.registry), "64.74", moment))
    assert [one.get("manual") for one in found].count("no_model") == 5
    assert (found[0]["urusan"], found[0]["region"], found[0]["model"]) == ([], "64.74.01", "")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_question_or_an_error(raw: bytes) -> None:
    line = read(raw, 7)
    assert (line.question is None) == bool(line.error)
    assert line.number == 7


@given(st.lists(st.binary(max_size=9).filter(lambda line: b"\n" not in line), max_size=8))
def test_lines_are_counted_however_they_come(lines: list[bytes]) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb", 0) as pen:
        pen.write(b"".join(line + b"\n" for line in lines))
    with os.fdopen(reading, "rb", 0) as stream:
        found = [line for batch in batches(stream) for line in batch]
    assert [line.number for line in found] == list(range(1, len(lines) + 1))


def test_evaluate_writes_figures_and_a_picture(trained: Path, data: Path, tmp_path: Path) -> None:
    out, picture = tmp_path / "figures.json", tmp_path / "confusion.png"
    words = ["--data", str(data / "train.jsonl"), "--json", str(out), "--picture", str(picture)]
    said = run(trained, "evaluate", *words)
    assert said.code == 0, said.err
    figures = json.loads(out.read_text())
    assert figures["rows"] == 500
    assert figures["accuracy"] > 0.9
    assert f"accuracy {figures['accuracy']:.3f}" in said.out
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert "accuracy by coverage: 100%" in said.out


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "no rows"),
        ([{"text": "a", "label": "TIDAKADA"}], "rows.jsonl:1: 'TIDAKADA' is no urusan"),
        ([{"text": "a", "label": "DLH"}, {"label": "DLH"}], "rows.jsonl:2"),
    ],
)
def test_what_cannot_be_measured_with_is_said_in_a_line(
    trained: Path, tmp_path: Path, rows: list[dict[str, Any]], said: str
) -> None:
    answer = run(trained, "evaluate", "--data", str(write_rows(tmp_path / "rows.jsonl", rows)))
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_line_that_is_not_in_utf_8_is_named(trained: Path, tmp_path: Path) -> None:
    rows = [{"text": f"sampah menumpuk {n}", "label": "DLH"} for n in range(2000)]
    file = write_rows(tmp_path / "rows.jsonl", rows)
    file.write_bytes(file.read_bytes() + '{"text": "caf\xe9", "label": "DLH"}\n'.encode("latin-1"))
    answer = run(trained, "evaluate", "--data", str(file))
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "kanal: rows.jsonl:2001: not in UTF-8\n"


def test_one_urusan_alone_is_measured_without_a_warning(trained: Path, tmp_path: Path) -> None:
    row = {"text": "sampah menumpuk di depan pasar", "label": "DLH"}
    out = tmp_path / "figures.json"
    file = write_rows(tmp_path / "rows.jsonl", [row] * 3)
    answer = run(trained, "evaluate", "--data", str(file), "--json", str(out))
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(out.read_text())["confusion"] == {"DLH": {"DLH": 3}}


def own_model(trained: Path, folder: Path) -> Path:
    """Make a folder in which an office's own model is live; return that model."""
    [one] = [one for one in trained.iterdir() if one.is_dir()]
    shutil.copytree(one, folder / one.name)
    assert run(folder, "promote", one.name, "--anyway").code == 0
    return folder / one.name


def test_of_a_live_model_that_does_not_load_it_is_told_what_answers(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    packaged = tmp_path / "packaged"
    shutil.copytree(next(one for one in trained.iterdir() if one.is_dir()), packaged)
    tell(packaged, {"version": "bawaan-1"})
    monkeypatch.setattr("app.learning.folder.PACKAGED", packaged)
    own = own_model(trained, tmp_path / "models")
    asked = tmp_path / "asked.txt"
    asked.write_text("sampah menumpuk", encoding="utf-8")
    whole = run(own.parent, "suggest", str(asked))
    assert (whole.err, whole.lines[0]["model"]) == ("", own.name)
    assert "does not load" not in run(own.parent, "list").err
    (own / "meta.json").write_text("{")
    broken = run(own.parent, "suggest", str(asked))
    assert (broken.code, broken.lines[0]["model"]) == (0, "bawaan-1")
    said = "the live model does not load: the packaged one answers ("
    assert broken.err.startswith(said)
    assert f"{own.name}/meta.json" in broken.err
    listed = run(own.parent, "list")
    assert listed.code == 0
    assert said in listed.err
    assert f"{own.name}\tlive\tdoes not load: " in listed.out
    shutil.rmtree(packaged)
    none = run(own.parent, "suggest", str(asked))
    assert none.lines[0]["manual"] == "no_model"
    assert "no model is there" in none.err
    assert "no model is there" in run(own.parent, "list").err


def decide(make: Sessions, slug: str, urusan: str, texts: list[str]) -> None:
    """Write reports that triage has handed to an OPD."""
    with transaction(make) as session:
        agencies.load(session, {slug: slug})
        agency = agencies.find(session, slug).id
        conversation = uuid4()
        session.execute(insert(Conversation).values(id=conversation, channel="line", address=slug))
        reports = [
            {"id": uuid4(), "ticket": f"{slug}{number}", "draft": number, "text": text}
            for number, text in enumerate(texts)
        ]
        same = {"channel": "line", "conversation_id": conversation, "state": "terdisposisi"}
        same |= {"place": "", "agency_id": agency}
        session.execute(insert(Report), [one | same for one in reports])
        choice = {"actor": "petugas", "agency_id": agency, "urusan": urusan}
        session.execute(insert(Choice), [{"report_id": one["id"]} | choice for one in reports])


def test_what_triage_chose_is_learned_the_same_day(
    trained: Path,
    make: Sessions,
    database_url: str,
    tmp_path: Path,
    numbers: Path,
) -> None:
    """An office where lamps belong to PUPR; the base rows are not there."""
    folder = tmp_path / "models"
    folder.mkdir()
    for one in trained.iterdir():
        (folder / one.name).symlink_to(one) if one.is_dir() else None
    [before] = [one.name for one in trained.iterdir() if one.is_dir()]
    assert run(folder, "promote", before, "--anyway").code == 0
    lamps = [text for text, _ in sentences() if text.startswith(("lampu", "rambu"))]
    measured = [
        text
        for place, end in product(PLACES, ENDS)
        if is_held_out(text := f"lampu jalan redup {place} {end}")
    ]
    assert measured
    decide(make, "pupr", "PUPR", lamps * 3 + measured)
    decide(make, "pdam", "PDAM", [text for text, _ in sentences() if text.startswith("air")])
    words = ["train", "--from-corrections", "--config", str(numbers)]
    said = run(folder, *words, database=database_url)
    assert said.code == 0, said.err
    assert f"corrections: {len(lamps) * 3 + len(measured) + 50} rows" in said.out
    [new] = {one.name for one in folder.iterdir() if (one / "meta.json").is_file()} - {before}
    asked = tmp_path / "asked.txt"
    asked.write_text("lampu jalan gelap", encoding="utf-8")
    assert run(folder, "suggest", given=asked).lines[0]["urusan"][0]["code"] == "DISHUB"
    assert run(folder, "promote", new).code == 0  # it fares better on what was kept
    after = run(folder, "suggest", str(asked)).lines[0]
    assert (after["urusan"][0]["code"], after["model"]) == ("PUPR", new)
    assert run(folder, "rollback").out == f"live: {before}\n"
    listed = run(folder, "list", database=database_url)
    assert f"{before}\tlive" in listed.out
    assert "the suggested OPD was chosen: none of 0" in listed.out


def export(file: Path, rows: list[tuple[str, str]]) -> Path:
    book = Workbook()
    sheet = book.active
    sheet.append(["Tracking ID", *NEEDED])
    for text, agency in rows:
        cells = {"Isi Laporan Awal": text, "Instansi Terdisposisi": agency}
        sheet.append([1234567, *(cells.get(name, "") for name in NEEDED)])
    book.save(file)
    return file


def test_an_export_that_is_too_short_makes_nothing(trained: Path, tmp_path: Path) -> None:
    file = export(tmp_path / "e.xlsx", [("sampah", "Dinas Lingkungan Hidup"), ("x", "Kantor Y")])
    before = sorted(one.name for one in trained.iterdir())
    said = run(trained, "train", "--from-export", str(file))
    assert said.code == 1
    assert "e.xlsx: 1 rows; skipped: 1 no_label" in said.err
    assert "at least 100 without --data" in said.err
    assert sorted(one.name for one in trained.iterdir()) == before


def test_one_row_is_too_few_and_that_is_all_that_is_said(
    trained: Path, make: Sessions, database_url: str
) -> None:
    [text] = [text for text, _ in sentences() if not is_held_out(text)][:1]
    decide(make, "dlh", "DLH", [text])
    said = run(trained, "train", "--from-corrections", database=database_url)
    assert said == Said(1, "", "kanal: 1 rows to learn from, at least 100 without --data\n")


MISTAKES: list[tuple[list[str], str]] = [
    (["train"], "nothing to learn from"),
    (["train", "--from-corrections"], "DATABASE_URL"),
    (["evaluate"], "--data FILE"),
    (["promote", "tidak-ada"], "no model 'tidak-ada'"),
    (["rollback"], "no model was live before"),
    (["suggest", "--region", "Bontang"], "64.74"),
    (["suggest", "tidak-ada.txt"], "tidak-ada.txt"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=lambda it: " ".join(it)[:30])
def test_mistakes_are_said_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    for name in ("DATABASE_URL", "KANAL_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KANAL_MODELS", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["kanal model", *words])
    with pytest.raises(SystemExit) as ended:
        start(workshop if words[0] in {"train", "evaluate"} else model)
    assert ended.value.code in {1, 2}
    err = capfd.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_the_program_lists_its_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    became: list[list[str]] = []

    def note(program: str, arguments: list[str]) -> None:
        became.append(arguments)
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", note)
    for name in ("suggest", "train", "evaluate", "list", "shadow", "promote", "rollback"):
        monkeypatch.setattr("sys.argv", ["kanal", "model", name, "--help", "-x"])
        with pytest.raises(SystemExit):
            main()
    assert [arguments[3:] for arguments in became] == [
        [name, "--help", "-x"]
        for name in ("suggest", "train", "evaluate", "list", "shadow", "promote", "rollback")
    ]
