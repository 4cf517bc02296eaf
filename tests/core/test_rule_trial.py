"""The dry run of a rule: past reports, beside what humans decided about them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core import rule_trial, rulebook, suggestions
from core.db.session import Sessions, transaction
from core.db.tables import Agency, Report, Suggestion
from core.errors import MoveRefused
from core.matching import Rulebook
from core.registry.registry import Opd, Registry
from core.routing import Asked, route
from core.rule_trial import Office
from core.rulebook import Trial
from core.rules import Rule
from core.suggestions import Suggested
from core.understanding import Likelihood, Understanding

OpenReport = Callable[..., str]
Past = Callable[..., str]

SLUGS = ("dlh", "pupr", "national-pln")
OFFICE = Office(
    Registry(
        agencies={slug: Opd(slug, slug, "", "dinas", False, "") for slug in SLUGS},
        routes={("64.74", "DLH"): "dlh", ("64.74", "PUPR"): "pupr"},
    ),
    "64.74",
    ZoneInfo("Asia/Makassar"),
)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Makassar, a Monday
ACTOR = "diskominfo"


def rule(name: str = "satu", outcome: dict[str, str] | None = None, **conditions: Any) -> Rule:
    given = {"name": name, "conditions": conditions, "outcome": outcome or {"urusan": "DLH"}}
    return Rule.model_validate(given)


@pytest.fixture
def past(make: Sessions, open_report: OpenReport) -> Past:
    """Open a report that a human has given to `final`, and for which `suggested` stood there."""
    with transaction(make) as session:
        session.execute(insert(Agency), [{"slug": slug, "name": slug} for slug in SLUGS])

    def act(text: str, final: str = "dlh", suggested: dict[str, Any] | None = None) -> str:
        with transaction(make) as session:
            ids = {row.slug: row.id for row in session.scalars(select(Agency))}
            ticket = open_report(session, text, agency_id=ids.get(final), created_at=NOON)
            if suggested is not None:
                _suggest(session, ticket, ids, suggested)
        return ticket

    return act


def _suggest(session: Session, ticket: str, ids: dict[str, int], said: dict[str, Any]) -> None:
    report = session.scalars(select(Report).where(Report.ticket == ticket)).one()
    ranking = [{"urusan": "PUPR", "agency": "pupr", "probability": 0.7, "words": []}]
    row = {
        "report_id": report.id,
        "model": "m1",
        "digest": "",
        "decided_by": "m1",
        "sure": True,
        "reason": "",
        "confidence": 0.7,
        "urusan": "PUPR",
        "agency_id": ids["pupr"],
        "ranking": ranking,
        "region": "64.74",
        "klasifikasi": "aspirasi",
        "urgency": "segera",
        "category": "1397",
        **said,
    }
    statement = insert(Suggestion).values(row).returning(Suggestion.id)
    report.suggestion_id = session.execute(statement).scalar_one()


def tried(make: Sessions, one: Rule, most: int = 1000, *before: Rule, **named: Any) -> Trial:
    with transaction(make) as session:
        for other in before:
            filed = rulebook.add(session, other, ACTOR)
            rulebook.set_state(session, filed.id, "live", ACTOR, untried=True)
        filed = rulebook.add(session, one, ACTOR)
        return rule_trial.run(session, filed, OFFICE, most, **named)


def counts(trial: Trial) -> dict[str, int]:
    names = ("matched", "overtaken", "nowhere", "changed", "agreed", "disagreed")
    return {name: value for name in names if (value := getattr(trial, name))}


def test_what_the_rule_would_have_done_stands_beside_the_human(make: Sessions, past: Past) -> None:
    agreeing = past("tiang miring", "dlh")
    disagreeing = past("tiang roboh", "pupr", {})
    past("lampu mati", "dlh")
    past("tiang bengkok", "")
    trial = tried(make, rule(any_of=["tiang"]))
    assert trial.reports == 3
    assert counts(trial) == {"matched": 2, "changed": 2, "agreed": 1, "disagreed": 1}
    assert (trial.agreeing, trial.disagreeing) == ((agreeing,), (disagreeing,))
    with transaction(make) as session:
        assert rulebook.named(session, "satu").trial == trial


@pytest.mark.parametrize(
    ("suggested", "outcome", "changed"),
    [
        ({}, {"urusan": "DLH"}, 1),
        ({}, {"urusan": "PUPR"}, 0),
        ({"agency_id": None}, {"urusan": "PUPR"}, 1),
        (None, {"urusan": "PUPR"}, 1),
    ],
)
def test_a_change_is_another_opd_than_was_suggested(
    make: Sessions,
    past: Past,
    suggested: dict[str, Any] | None,
    outcome: dict[str, str],
    changed: int,
) -> None:
    past("tiang miring", "dlh", suggested)
    assert tried(make, rule(outcome=outcome, any_of=["tiang"])).changed == changed


@pytest.mark.parametrize(
    ("conditions", "matched"),
    [
        ({"urusan": ["PUPR"], "probability": 0.7}, 1),
        ({"urusan": ["PUPR"], "probability": 0.8}, 0),
        ({"urusan": ["DLH"]}, 0),
        ({"klasifikasi": ["aspirasi"]}, 1),
        ({"urgency": ["segera"]}, 1),
        ({"categories": ["1397"]}, 1),
        ({"categories": ["1"]}, 0),
        ({"channels": ["telegram"]}, 1),
        ({"regions": ["64.74"]}, 1),
        ({"weekdays": ["senin"], "hours": {"start": "12:00", "end": "12:01"}}, 1),
        ({"hours": {"start": "04:00", "end": "04:01"}}, 0),
    ],
)
def test_conditions_are_read_from_report_and_suggestion(
    make: Sessions, past: Past, conditions: dict[str, Any], matched: int
) -> None:
    past("tiang miring", "dlh", {})
    assert tried(make, rule(**conditions)).matched == matched


def test_what_a_rule_decided_then_is_not_what_the_model_said(make: Sessions, past: Past) -> None:
    ranking = [
        {"urusan": "DLH", "agency": "dlh", "probability": 1.0, "words": ["tiang"]},
        {"urusan": "PUPR", "agency": "pupr", "probability": 0.4, "words": []},
    ]
    past("tiang miring", "dlh", {"decided_by": "rule:9", "ranking": ranking})
    assert tried(make, rule("satu", urusan=["DLH"])).matched == 0
    assert tried(make, rule("dua", urusan=["PUPR"], probability=0.4)).matched == 1


def test_what_the_report_says_of_its_region_goes_before_home(make: Sessions, past: Past) -> None:
    ticket = past("tiang miring", "dlh")
    with transaction(make) as session:
        session.execute(update(Report).where(Report.ticket == ticket).values(region="33.24"))
    assert tried(make, rule("satu", regions=["64"])).matched == 0
    assert counts(tried(make, rule("dua", regions=["33"]))) == {"matched": 1, "nowhere": 1}


def test_a_rule_stands_behind_the_live_ones_before_it(make: Sessions, past: Past) -> None:
    past("tiang miring", "dlh")
    past("tiang", "dlh")
    earlier = rule("dulu", {"urusan": "PUPR"}, any_of=["miring"])
    trial = tried(make, rule(any_of=["tiang"]), 1000, earlier)
    assert counts(trial) == {"matched": 2, "overtaken": 1, "changed": 1, "agreed": 1}


def test_drafts_and_later_rules_do_not_overtake(make: Sessions, past: Past) -> None:
    past("tiang miring", "dlh")
    with transaction(make) as session:
        rulebook.add(session, rule("draf", {"urusan": "PUPR"}, any_of=["tiang"]), ACTOR)
        one = rulebook.add(session, rule(any_of=["tiang"]), ACTOR)
        later = rulebook.add(session, rule("nanti", any_of=["tiang"]), ACTOR)
        rulebook.set_state(session, later.id, "live", ACTOR, untried=True)
        assert counts(rule_trial.run(session, one, OFFICE, 10))["agreed"] == 1


def test_where_nothing_can_be_tried_nothing_is(make: Sessions, past: Past) -> None:
    past("tiang miring", "")
    trial = tried(make, rule(any_of=["tiang"]))
    assert (trial.reports, counts(trial)) == (0, {})
    with transaction(make) as session:
        assert rulebook.named(session, "satu").trial is None


def test_the_newest_are_read_in_batches(
    make: Sessions, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule_trial, "BATCH", 2)
    tickets = [past("tiang miring") for _ in range(7)]
    with transaction(make) as session:  # three of the same moment stand at a border
        for n, ticket in enumerate(tickets):
            moment = NOON - timedelta(days=max(n - 2, 0))
            session.execute(update(Report).where(Report.ticket == ticket).values(created_at=moment))
    steps: list[int] = []
    trial = tried(make, rule(any_of=["tiang"]), 5, progress=steps.append)
    assert (trial.reports, trial.agreed, steps) == (5, 5, [2, 2, 1])
    assert set(trial.agreeing) == set(tickets[:5])
    assert tried(make, rule("dua", any_of=["tiang"]), 1000).reports == 7


def test_examples_are_few(make: Sessions, past: Past) -> None:
    for _ in range(rule_trial.EXAMPLES + 1):
        past("tiang miring", "dlh")
        past("tiang miring", "pupr")
    trial = tried(make, rule(any_of=["tiang"]))
    assert len(trial.agreeing) == len(trial.disagreeing) == rule_trial.EXAMPLES


def test_an_edit_meanwhile_makes_the_dry_run_void(make: Sessions, past: Past) -> None:
    past("tiang miring")
    with transaction(make) as session:
        one = rulebook.add(session, rule(any_of=["tiang"]), ACTOR)
    with transaction(make) as session, pytest.raises(MoveRefused, match="edited while"):
        rule_trial.run(session, one, OFFICE, 10, lambda _: edit(make, one.id))
    with transaction(make) as session:
        assert rulebook.find(session, one.id).trial is None


def edit(make: Sessions, rule_id: int) -> None:
    with transaction(make) as session:
        rulebook.replace(session, rule_id, rule(any_of=["kabel"]), "lain")


def test_what_the_worker_stores_is_what_a_dry_run_reads(make: Sessions, past: Past) -> None:
    ticket = past("tiang miring", "dlh")
    said = Understanding("m1", "", (Likelihood("PUPR", 0.8),), sure=True, category="1397")
    asked = Asked("tiang miring", "telegram", NOON)
    decision = route(said, "64.74", OFFICE.registry, Rulebook(), asked)
    with transaction(make) as session:
        report_id = session.scalars(select(Report.id).where(Report.ticket == ticket)).one()
        suggestions.store(session, [Suggested(report_id, decision, said)])
    conditions: dict[str, Any] = {"urusan": ["PUPR"], "probability": 0.8, "categories": ["1397"]}
    trial = tried(make, rule(**conditions))
    assert counts(trial) == {"matched": 1, "changed": 1, "agreed": 1}
    same = tried(make, rule("dua", {"urusan": "PUPR"}, **conditions))
    assert counts(same) == {"matched": 1, "disagreed": 1}
