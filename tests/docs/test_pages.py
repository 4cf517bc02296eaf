"""The commands of the pages on registry and rules are run as they stand there."""

import gzip
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from app.learning.__main__ import model
from app.learning.workshop import workshop
from core.db.session import Sessions
from tests.app.commands.said import Kanal, running
from tests.running_demo import ROOT

REGISTRY, RULES, MODELS = (
    (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
    for name in ("REGISTRY", "RULES", "MODELS")
)


def block(page: str, language: str) -> str:
    """Return the one block of code in this language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return str(found)


def commands(text: str) -> list[list[str]]:
    """Return what stands behind ./kanal on each line of a block, and in each `quotation`."""
    lines = re.findall(r"(?:^|`)(?:\./)?kanal ([^`\n]+)", text, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize(
    "words", [words for words in commands(MODELS) if words[0] == "model"], ids=" ".join
)
def test_every_option_of_the_models_page_is_one(words: list[str]) -> None:
    """What the commands do is shown by the tests of the learning loop."""
    programs: list[Any] = [get_command(model), get_command(workshop)]
    known = {name: one for program in programs for name, one in program.commands.items()}
    options = {option for param in known[words[1]].params for option in param.opts}
    named = {word.strip("[]") for word in words if word.strip("[]").startswith("--")}
    assert named <= options


@pytest.fixture
def kanal(
    make: Sessions,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    """The program over an empty database, in an empty folder."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("KANAL_REGION", "64.74")
    monkeypatch.chdir(tmp_path)
    return running(monkeypatch, capsys)


def test_the_registry_is_checked_loaded_exported_and_listed(kanal: Kanal, tmp_path: Path) -> None:
    said = [kanal(*words) for words in commands(block(REGISTRY, "sh"))]
    assert [one.code for one in said] == [0] * 4, said
    assert json.loads((tmp_path / "bontang.json").read_text())["region"] == "64.74"
    assert "bontang-dlh" in said[-1].out


def test_a_government_is_added_in_the_steps_of_the_page(kanal: Kanal, tmp_path: Path) -> None:
    assert kanal("registry", "load", "--packaged").code == 0
    table = gzip.compress(b"code,name\n65.71.01,Tarakan Barat\n")
    (tmp_path / "wilayah.csv.gz").write_bytes(table)
    shape = {"type": "Polygon", "coordinates": [[[117, 3], [118, 3], [118, 4], [117, 3]]]}
    feature = {"type": "Feature", "properties": {"code": "65.71.01"}, "geometry": shape}
    found = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "batas.geojson").write_text(json.dumps(found))
    steps = commands(REGISTRY.partition("## Adding a government")[2].partition("## What a load")[0])
    assert len(steps) == 6
    for words in steps:
        said = kanal(*words)
        (tmp_path / "tarakan.json").write_text(block(REGISTRY, "json"))
        faults = {line.partition(":")[0] for line in said.out.splitlines() if "\t" not in line}
        # The file of the page is short: it says what most urusan lead to no more than a new one.
        gaps_alone = words[:2] == ["registry", "check"] and faults == {"gap"}
        assert said.code == 0 or gaps_alone, (words, said)
    assert "tarakan-pupr\t" in kanal("agency", "list").out


def test_a_rule_goes_from_the_page_into_the_book(kanal: Kanal, tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(block(RULES, "json"))
    names = {"FILE": [str(file)], "[FILE]": ["out.json"], "NAME": ["1"], "[NAME": ["1"], "...]": []}
    names["..."] = ["--untried"]  # there are no past reports to try it on
    assert kanal("registry", "load", "--packaged").code == 0
    table = RULES.partition("## From draft to live")[2].partition("A dry run")[0]
    steps = commands(table)
    assert [words[1] for words in steps] == ["list", "add", "try", "live", "off", "move", "export"]
    for words in steps:
        given = [part for word in words for part in names.get(word, [word])]
        said = kanal(*given)
        assert said.code == 0, (given, said.err)
    assert json.loads((tmp_path / "out.json").read_text()) == []
