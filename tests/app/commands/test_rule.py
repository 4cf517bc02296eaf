"""`kanal rule`, as a person types it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from core import rule_files, rulebook
from core.db.session import Sessions, transaction
from core.db.tables import Agency, Route
from core.registry import files, stored
from core.rules import Rule
from tests.app.commands.said import Kanal, running

OpenReport = Callable[..., str]

TIANG = {
    "name": "Tiang miring",
    "conditions": {"any_of": ["tiang miring"]},
    "outcome": {"urusan": "PUPR"},
}
KABEL = {"name": "Kabel", "conditions": {"any_of": ["kabel"]}, "outcome": {"agency": "pupr"}}


@pytest.fixture
def kanal(
    make: Sessions,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("KANAL_REGION", "64.74")
    with transaction(make) as session:
        rows = [{"slug": slug, "name": slug} for slug in ("pupr", "dlh")]
        ids = session.scalars(insert(Agency).values(rows).returning(Agency.id)).all()
        route = {"region": "64.74", "urusan": "PUPR", "agency_id": ids[0]}
        session.execute(insert(Route).values(route))

    return running(monkeypatch, capsys)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.json"
    path.write_text(json.dumps([TIANG, KABEL]), "utf-8")
    return path


@pytest.fixture
def past(make: Sessions, kanal: Kanal, open_report: OpenReport) -> list[str]:
    with transaction(make) as session:
        ids = {row.slug: row.id for row in session.scalars(select(Agency))}
        return [
            open_report(session, "Rahasia: tiang miring", agency_id=ids[slug])
            for slug in ("pupr", "dlh")
        ]


def test_from_the_file_to_the_live_rule(
    kanal: Kanal, make: Sessions, file: Path, past: list[str]
) -> None:
    assert kanal("rule", "add", str(file)).out == "2 new, 0 changed, 0 as before\n"
    assert kanal("rule", "list").out == (
        "1\tdraft\tTiang miring\tPUPR\tuntried\n2\tdraft\tKabel\tpupr\tuntried\n"
    )
    refused = kanal("rule", "live", "Tiang miring")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == ("kanal: rule 1 was not tried since it was written: try it first\n")
    tried = kanal("rule", "try", "Tiang miring")
    assert (tried.code, tried.err) == (0, "")
    assert tried.out.splitlines() == [
        "rule 1, Tiang miring: 2 reports with a final OPD",
        "  2 match; 0 decided by an earlier rule, 0 led to no OPD",
        "  2 differ from what was suggested",
        f"  1 as the human decided ({past[0]})",
        f"  1 not as the human ({past[1]})",
    ]
    assert "Rahasia" not in tried.out
    assert kanal("rule", "live", "1").out == "live: Tiang miring\n"
    assert kanal("rule", "list").out.startswith(
        "1\tlive\tTiang miring\tPUPR\t2 of 2 match, 1 of 2 as the human\n"
    )
    assert kanal("rule", "off", "Tiang miring").out == "off: Tiang miring\n"
    with transaction(make) as session:
        assert rulebook.find(session, 1).state == "off"


def test_without_names_every_draft_is_tried(kanal: Kanal, file: Path, past: list[str]) -> None:
    kanal("rule", "add", str(file))
    tried = kanal("rule", "try", "--reports", "1")
    assert [line for line in tried.out.splitlines() if not line.startswith(" ")] == [
        "rule 1, Tiang miring: 1 reports with a final OPD",
        "rule 2, Kabel: 1 reports with a final OPD",
    ]
    assert kanal("rule", "live", "--drafts").out == "live: Tiang miring\nlive: Kabel\n"
    assert kanal("rule", "try").out == "no drafts\n"


def test_where_nothing_can_be_tried_it_says_so(kanal: Kanal, file: Path) -> None:
    kanal("rule", "add", str(file))
    assert "nothing could be tried" in kanal("rule", "try", "1").out
    assert kanal("rule", "live", "1").code == 1
    assert kanal("rule", "live", "1", "--untried").out == "live: Tiang miring\n"


def test_all_become_live_or_none(kanal: Kanal, make: Sessions, file: Path) -> None:
    gone = {**KABEL, "name": "Gone", "outcome": {"agency": "dlh"}}
    file.write_text(json.dumps([TIANG, gone]), "utf-8")
    kanal("rule", "add", str(file))
    with transaction(make) as session:
        session.execute(update(Agency).where(Agency.slug == "dlh").values(active=False))
    refused = kanal("rule", "live", "--drafts", "--untried")
    assert (refused.code, refused.out) == (1, "")
    assert "'dlh'" in refused.err
    assert kanal("rule", "list").out.count("\tdraft\t") == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"outcome": {"agency": "tidak-ada"}},
            "rule 'Kabel' leads to 'tidak-ada', which is no active agency",
        ),
        (
            {"conditions": {"any_of": ["kabel"], "regions": ["64.99"]}},
            "rule 'Kabel' asks for '64.99', which is no area we know",
        ),
    ],
)
def test_what_nobody_knows_is_refused_at_once(
    kanal: Kanal, file: Path, changed: dict[str, Any], said: str
) -> None:
    file.write_text(json.dumps([TIANG, KABEL | changed]), "utf-8")
    refused = kanal("rule", "add", str(file))
    assert (refused.code, refused.out, refused.err) == (1, "", f"kanal: {said}\n")
    assert kanal("rule", "list").out == ""


def test_the_packaged_rules_come_after_the_packaged_registry(kanal: Kanal) -> None:
    refused = kanal("rule", "add", "--packaged")
    assert (refused.code, refused.out) == (1, "")
    assert "`kanal registry load --packaged` goes first" in refused.err


def test_a_file_again_changes_what_differs(kanal: Kanal, file: Path) -> None:
    kanal("rule", "add", str(file))
    kanal("rule", "live", "--drafts", "--untried")
    file.write_text(json.dumps([{**TIANG, "outcome": {"urusan": "DLH"}}, KABEL]), "utf-8")
    assert kanal("rule", "add", str(file)).out == "0 new, 1 changed, 1 as before\n"
    assert kanal("rule", "list").out == (
        "1\tdraft\tTiang miring\tDLH\tuntried\n2\tlive\tKabel\tpupr\tuntried\n"
    )


def test_the_order_is_changed(kanal: Kanal, file: Path) -> None:
    kanal("rule", "add", str(file))
    assert kanal("rule", "move", "Kabel", "1").out == "rule 2 is number 1\n"
    assert kanal("rule", "list").out.splitlines()[0].startswith("2\t")


def test_what_is_exported_can_be_added(
    kanal: Kanal, make: Sessions, file: Path, tmp_path: Path
) -> None:
    kanal("rule", "add", str(file))
    written = tmp_path / "out.json"
    assert kanal("rule", "export", str(written)).out == "2 rules\n"
    assert kanal("rule", "export").out == written.read_text("utf-8")
    assert rule_files.read(written) == [Rule.model_validate(one) for one in (TIANG, KABEL)]
    assert kanal("rule", "add", str(written)).out == "0 new, 0 changed, 2 as before\n"
    kanal("rule", "off", "Kabel")
    assert kanal("rule", "export", str(written)).out == "1 rules\n"


def test_the_packaged_rules_leave_ones_own_alone(kanal: Kanal, make: Sessions, file: Path) -> None:
    with transaction(make) as session:
        stored.load(session, files.packaged_sources())
    count = len(rule_files.packaged())
    own = {**TIANG, "name": rule_files.packaged()[0].name}
    file.write_text(json.dumps([own]), "utf-8")
    kanal("rule", "add", str(file))
    assert kanal("rule", "add", "--packaged").out == f"{count - 1} new, 0 changed, 1 as before\n"
    assert kanal("rule", "add", "--packaged").out == f"0 new, 0 changed, {count} as before\n"
    with transaction(make) as session:
        found = rulebook.in_force(session)
    assert found[0].rule.conditions.any_of == ("tiang miring",)
    assert {one.state for one in found} == {"draft"}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("rule add", 1, "name a file or --packaged"),
        ("rule add x.json --packaged", 1, "name a file or --packaged"),
        ("rule add no-such-file.json", 1, "no-such-file.json"),
        ("rule live", 1, "name the rules or --drafts"),
        ("rule live x --drafts", 1, "name the rules or --drafts"),
        ("rule live tidak-ada", 1, "no rule 'tidak-ada'"),
        ("rule try tidak-ada", 1, "no rule 'tidak-ada'"),
        ("rule off 7", 1, "no rule 7"),
        ("rule move 7 1", 1, "no rule 7"),
        ("rule move 7 0", 2, "Invalid value"),
        ("rule try --reports 0", 2, "Invalid value"),
        ("rule try --reports 10001", 2, "Invalid value"),
        ("rule export no-such-folder/x.json", 1, "no-such-folder"),
    ],
)
def test_mistakes_are_said_in_a_line(kanal: Kanal, words: str, code: int, said: str) -> None:
    answer = kanal(*words.split())
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    if code == 1:
        assert answer.err.startswith("kanal: ")
        assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "words", ["list", "add --packaged", "export", "move 1 1", "try", "live 1", "off 1"]
)
def test_without_a_database_each_command_says_so(
    kanal: Kanal, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    answer = kanal("rule", *words.split())
    assert (answer.code, answer.out) == (1, "")
    assert "DATABASE_URL" in answer.err
