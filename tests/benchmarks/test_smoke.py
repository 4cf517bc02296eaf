"""Each benchmark once, as small as it goes: the figures mean nothing, the counts must be right."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bench(file: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "app", "bench", *arguments, "--json", str(file)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "verdict" in done.stdout
    assert str(ROOT) not in file.read_text()
    return dict(json.loads(file.read_text()))


def verdicts(found: dict[str, Any]) -> dict[str, bool]:
    return {target["name"]: target["reached"] for target in found["targets"]}


def left_behind() -> list[Path]:
    return list((ROOT / "var" / "bench").glob("*"))


@pytest.fixture
def nothing_left() -> Any:
    before = left_behind()
    yield
    assert set(left_behind()) <= set(before)


def test_ingest(tmp_path: Path, server_url: str, nothing_left: None) -> None:
    size = ("--seconds", "1", "--rounds", "1")
    found = bench(tmp_path / "found.json", "ingest", *size, DATABASE_URL=server_url)
    reached = verdicts(found)
    assert reached["acknowledged and lost"]
    assert reached["stored twice"]
    assert reached["refused or broken"]
    assert found["counted"]["acknowledged"] > 0
    assert found["rounds"]["webhook"][0]["rows"] >= found["rounds"]["webhook"][0]["answers"] > 0


def test_journey(tmp_path: Path, nothing_left: None) -> None:
    size = ("--seconds", "1", "--latency", "0", "--rate", "30")
    found = bench(tmp_path / "found.json", "journey", *size)
    reached = verdicts(found)
    assert reached["lost"]
    assert reached["doubled"]
    assert reached["refused, odd or unfinished"]
    assert found["account"]["messages"] == 5 + 40 + 30
    assert found["account"]["tickets"] == found["stored"]["reports"] > 0
    assert found["memory"]["web"]["rss"] > 0


def test_help_explains_each_in_one_line() -> None:
    for arguments, words in (
        (["--help"], "ingest"),
        (["--help"], "journey"),
        (["ingest", "--help"], "--rounds"),
        (["journey", "--help"], "--latency"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "app", "bench", *arguments],
            cwd=ROOT,
            env=os.environ | {"COLUMNS": "120", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert words in done.stdout
