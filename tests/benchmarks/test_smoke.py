"""Each benchmark once, as small as it goes: the figures mean nothing, the counts must be right."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from app.commands.bench import bench as named
from benchmarks.__main__ import Crossing, bench, channels_of
from benchmarks.posts import ChannelName

ROOT = Path(__file__).resolve().parents[2]


def run_as_command(file: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "app", "bench", *arguments, "--json", str(file)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return read(file, done.stdout)


def run_here(file: Path, *arguments: str) -> dict[str, Any]:
    """Run what the command becomes: one smoke that goes through two processes is enough."""
    done = CliRunner().invoke(bench, [*arguments, "--json", str(file)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return read(file, done.stdout)


def read(file: Path, shown: str) -> dict[str, Any]:
    assert "verdict" in shown
    assert str(ROOT) not in file.read_text()
    return dict(json.loads(file.read_text()))


def verdicts(found: dict[str, Any]) -> dict[str, bool]:
    return {target["name"]: target["reached"] for target in found["targets"]}


def left_behind() -> list[Path]:
    return list((ROOT / "var" / "bench").glob("*"))


@pytest.fixture
def nothing_left() -> Iterator[None]:
    before = left_behind()
    yield
    assert set(left_behind()) <= set(before)


def test_ingest(tmp_path: Path, server_url: str, nothing_left: None) -> None:
    size = ("--seconds", "1", "--rounds", "1", "--channel", "line", "--channel", "twitter")
    found = run_as_command(tmp_path / "found.json", "ingest", *size, DATABASE_URL=server_url)
    reached = verdicts(found)
    for channel in ("line", "twitter"):
        assert reached[f"{channel}: acknowledged and lost"]
        assert reached[f"{channel}: stored twice"]
        assert reached[f"{channel}: refused or broken"]
        assert found["counted"][channel]["acknowledged"] > 0
        [shot] = found["rounds"][channel]
        assert shot["rows"] >= shot["answers"] > 0
    assert "telegram" not in found["rounds"]


def test_classifier(tmp_path: Path, nothing_left: None) -> None:
    size = ("--texts", "20", "--seconds", "1")
    found = run_here(tmp_path / "found.json", "classifier", *size)
    assert verdicts(found)["reports without a suggestion"]
    assert found["serving"]["reports"] == 20
    assert found["serving"]["worker_mb"] > 50
    assert len(found["reading"]["rates"]) == len(found["reading"]["reference"]) > 1
    assert found["reading"]["alone"]["count"] == 20


@pytest.mark.timeout(180)
def test_journey(tmp_path: Path, nothing_left: None) -> None:
    size = ("--seconds", "1", "--latency", "0", "--rate", "30")
    found = run_here(tmp_path / "found.json", "journey", *size)
    reached = verdicts(found)
    assert reached["lost"]
    assert reached["doubled"]
    assert reached["refused, odd or unfinished"]
    assert all(ok for name, ok in reached.items() if "calls failing" in name)
    assert set(found["lanes"]) == {"telegram", "line", "twitter", "twitter, public", "messenger"}
    calm, step, failing, beside = 40, 30, 40, 2 * 20
    assert found["account"]["messages"] == 5 + calm + step + failing + beside
    assert found["account"]["tickets"] == found["stored"]["reports"] > 0
    assert found["beside"]["flood"]["flooded"]["messages"] > 50
    assert found["memory"]["web"]["rss"] > 0


@pytest.mark.parametrize(
    ("wanted", "channels"),
    [
        (["mixed"], list(ChannelName)),
        (["line", "mixed"], list(ChannelName)),
        (["line", "telegram", "line"], [ChannelName.LINE, ChannelName.TELEGRAM]),
    ],
)
def test_channels_of_a_journey(wanted: list[str], channels: list[ChannelName]) -> None:
    assert channels_of(list(map(Crossing, wanted))) == channels


@pytest.mark.parametrize(
    ("group", "arguments", "words"),
    [
        (named, ["--help"], "Events a second into the web process"),
        (named, ["--help"], "Citizens who walk to a ticket"),
        (bench, ["ingest", "--help"], "--rounds"),
        (bench, ["ingest", "--help"], "--channel"),
        (bench, ["journey", "--help"], "--latency"),
        (bench, ["journey", "--help"], "mixed"),
    ],
)
def test_help(group: Typer, arguments: list[str], words: str) -> None:
    shown = CliRunner().invoke(group, arguments, env={"COLUMNS": "140", "NO_COLOR": "1"})
    assert shown.exit_code == 0
    assert words in shown.output


def test_every_benchmark_is_a_command() -> None:
    ours = {command.name for command in bench.registered_commands}
    assert ours == {
        command.callback.__name__ for command in named.registered_commands if command.callback
    }
