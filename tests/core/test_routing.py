"""Routing: which OPD a report is proposed to, and when a human sorts it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching import Rulebook
from core.registry.registry import Opd, Registry
from core.routing import Asked, Candidate, Decision, Manual, route
from core.rules import Rule
from core.understanding import Likelihood, Understanding, Urgency
from core.urusan import URUSAN

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))
ROUTES = {
    ("64.74", "PUPR"): "bontang-pupr",
    ("64.74", "PERKIM"): "bontang-pupr",  # one dinas for both
    ("64.74", "DLH"): "bontang-dlh",
    ("64.74", "DISDIK"): "bontang-disdik",
    ("64.74", "DINSOS"): "bontang-lama",  # not in the registry any more
    ("64.74", "KEWILAYAHAN"): "bontang-setda",
    ("64.74", "EKSTERNAL"): "bontang-setda",
    ("64.74", "SETDA"): "bontang-setda",
    ("64.74.01", "KEWILAYAHAN"): "bontang-kec-01",
    ("64.74.01.1001", "KEWILAYAHAN"): "bontang-kel-01-1001",
    ("64.72", "DLH"): "samarinda-dlh",
    ("64", "DISDIK"): "kaltim-disdik",
    ("64", "DINSOS"): "kaltim-dinsos",
    ("64", "PUPR"): "kaltim-pupr",
    ("", "PUPR"): "national-pu",
    ("", "DINKES"): "national-kemenkes",
}
SLUGS = {*ROUTES.values(), "national-pln"} - {"bontang-lama"}
REGISTRY = Registry(
    agencies={slug: Opd(slug, slug, "", "dinas", False, "") for slug in SLUGS}, routes=ROUTES
)
ONE = "64.74.01.1001"


def said(*ranked: tuple[str, float], sure: bool = True, model: str = "m1") -> Understanding:
    found = tuple(Likelihood(urusan, chance, (urusan.lower(),)) for urusan, chance in ranked)
    return Understanding(model, "", found, sure=sure)


def decided(
    understanding: Understanding,
    region: str = ONE,
    rules: Rulebook | None = None,
    text: str = "tiang miring",
) -> Decision:
    asked = Asked(text, "telegram", NOW)
    return route(understanding, region, REGISTRY, rules or Rulebook(), asked)


@pytest.mark.parametrize(
    ("urusan", "region", "agency", "tier", "manual"),
    [
        ("PUPR", "64.74", "bontang-pupr", "64.74", None),
        ("PUPR", ONE, "bontang-pupr", "64.74", None),
        ("DLH", "64.72.03", "samarinda-dlh", "64.72", None),
        ("PUPR", "64.72", "kaltim-pupr", "64", None),
        ("DINSOS", "64.74", "kaltim-dinsos", "64", None),
        ("DINKES", "64.74", "national-kemenkes", "", None),
        ("PUPR", "64", "kaltim-pupr", "64", None),
        ("DAMKAR", "64.74", "", "", Manual.NO_OPD),
        ("KEWILAYAHAN", ONE, "bontang-kel-01-1001", ONE, None),
        ("KEWILAYAHAN", "64.74.01.1002", "bontang-kec-01", "64.74.01", None),
        ("KEWILAYAHAN", "64.74.01", "bontang-kec-01", "64.74.01", None),
        ("KEWILAYAHAN", "64.74.02", "", "", Manual.NO_OPD),
        ("KEWILAYAHAN", "64.74", "", "", Manual.AREA_UNKNOWN),
        ("KEWILAYAHAN", "64", "", "", Manual.AREA_UNKNOWN),
        ("EKSTERNAL", ONE, "", "", Manual.BODY_UNKNOWN),
        ("SETDA", ONE, "", "", Manual.UNDECIDED),
        ("PUPR", "", "", "", Manual.REGION_UNKNOWN),
        ("DINKES", "", "", "", Manual.REGION_UNKNOWN),
        ("PUPR", "64.71", "kaltim-pupr", "64", Manual.GOVERNMENT_UNKNOWN),
        ("DINKES", "35.78", "national-kemenkes", "", Manual.GOVERNMENT_UNKNOWN),
        ("DINKES", "35", "national-kemenkes", "", Manual.GOVERNMENT_UNKNOWN),
        ("tidak ada", ONE, "", "", Manual.NO_OPD),
    ],
)
def test_an_urusan_falls_up_to_the_opd_that_has_it(
    urusan: str, region: str, agency: str, tier: str, manual: Manual | None
) -> None:
    decision = decided(said((urusan, 0.9)), region)
    words = (urusan.lower(),)
    assert decision.candidates == (Candidate(urusan, agency, 0.9, words, tier),)
    assert (decision.manual, decision.sure) == (manual, manual is None)
    assert (decision.decided_by, decision.region) == ("m1", region)


def test_without_a_model_a_human_sorts() -> None:
    decision = decided(Understanding("", ""))
    assert decision == Decision(ONE, manual=Manual.NO_MODEL)
    assert decision.first is None


@pytest.mark.parametrize("ranked", [(), (("PUPR", 0.4),)])
def test_what_the_model_does_not_know_a_human_sorts(ranked: tuple[tuple[str, float], ...]) -> None:
    decision = decided(said(*ranked, sure=False))
    assert (decision.manual, decision.decided_by) == (Manual.UNSURE, "m1")
    assert [one.agency for one in decision.candidates] == ["bontang-pupr"] * len(ranked)


def test_nothing_ranked_is_not_sure_whatever_the_model_says() -> None:
    assert decided(said(sure=True)).manual is Manual.UNSURE


def test_what_leads_to_the_same_opd_is_one_candidate() -> None:
    decision = decided(said(("PERKIM", 0.3), ("DLH", 0.25), ("PUPR", 0.2), ("SETDA", 0.1)))
    assert decision.candidates == (
        Candidate("PERKIM", "bontang-pupr", 0.5, ("perkim", "pupr"), "64.74"),
        Candidate("DLH", "bontang-dlh", 0.25, ("dlh",), "64.74"),
        Candidate("SETDA", "", 0.1, ("setda",)),
    )
    assert decision.sure


def test_two_that_overtake_the_first_together_are_not_sure() -> None:
    decision = decided(said(("DLH", 0.4), ("PERKIM", 0.3), ("PUPR", 0.25)))
    assert [one.agency for one in decision.candidates] == ["bontang-pupr", "bontang-dlh"]
    assert decision.manual is Manual.UNSURE


def test_what_leads_nowhere_is_not_added_up() -> None:
    decision = decided(said(("EKSTERNAL", 0.3), ("SETDA", 0.3), ("DAMKAR", 0.3)))
    assert [one.urusan for one in decision.candidates] == ["EKSTERNAL", "SETDA", "DAMKAR"]


def book(**outcome: Any) -> Rulebook:
    conditions = {"any_of": ["tiang*"]}
    one = Rule.model_validate({"name": "x", "conditions": conditions, "outcome": outcome})
    return Rulebook({"7": one})


@pytest.mark.parametrize(
    ("outcome", "region", "agency", "tier", "manual"),
    [
        ({"agency": "national-pln"}, ONE, "national-pln", "", None),
        ({"agency": "national-pln"}, "", "national-pln", "", None),
        ({"agency": "national-pln"}, "35.78", "national-pln", "", None),
        ({"agency": "bontang-lama"}, ONE, "", "", Manual.NO_OPD),
        ({"urusan": "EKSTERNAL", "agency": "national-pln"}, ONE, "national-pln", "", None),
        ({"urusan": "DISDIK"}, ONE, "bontang-disdik", "64.74", None),
        ({"urusan": "DISDIK"}, "", "", "", Manual.REGION_UNKNOWN),
        ({"urusan": "DISDIK", "tier": "provinsi"}, ONE, "kaltim-disdik", "64", None),
        ({"urusan": "DISDIK", "tier": "provinsi"}, "64.71", "kaltim-disdik", "64", None),
        ({"urusan": "DISDIK", "tier": "provinsi"}, "33.24", "", "", Manual.NO_OPD),
        ({"urusan": "DISDIK", "tier": "provinsi"}, "", "", "", Manual.REGION_UNKNOWN),
        ({"urusan": "DLH", "tier": "provinsi"}, ONE, "", "", Manual.NO_OPD),
        ({"urusan": "PUPR", "tier": "pusat"}, ONE, "national-pu", "", None),
        ({"urusan": "PUPR", "tier": "pusat"}, "", "national-pu", "", None),
        ({"urusan": "DLH", "tier": "pusat"}, ONE, "", "", Manual.NO_OPD),
        ({"urusan": "SETDA"}, ONE, "", "", Manual.UNDECIDED),
        ({"urusan": "EKSTERNAL"}, ONE, "", "", Manual.BODY_UNKNOWN),
        ({"urusan": "KEWILAYAHAN"}, ONE, "bontang-kel-01-1001", ONE, None),
        ({"urusan": "KEWILAYAHAN"}, "64.74", "", "", Manual.AREA_UNKNOWN),
        ({"urusan": "PUPR"}, "64.71", "kaltim-pupr", "64", Manual.GOVERNMENT_UNKNOWN),
    ],
)
@pytest.mark.parametrize("model", [Understanding("", ""), said(("SETDA", 0.2), sure=False)])
def test_a_rule_decides_before_the_model(
    model: Understanding,
    outcome: dict[str, Any],
    region: str,
    agency: str,
    tier: str,
    manual: Manual | None,
) -> None:
    decision = decided(model, region, book(**outcome), "TIANG-nya miring")
    urusan = outcome.get("urusan", "")
    assert decision.first == Candidate(urusan, agency, 1.0, ("TIANG",), tier)
    assert (decision.decided_by, decision.manual) == ("rule:7", manual)
    assert len(decision.candidates) == 1 + len(model.urusan)


def test_behind_a_rule_stand_the_other_candidates_of_the_model() -> None:
    ranked = said(("DLH", 0.5), ("PUPR", 0.2), ("PERKIM", 0.1), sure=False)
    rules = book(urusan="PUPR", urgency="darurat", note="Tiang roboh.")
    decision = decided(ranked, rules=rules)
    assert [(one.agency, one.probability) for one in decision.candidates] == [
        ("bontang-pupr", 1.0),
        ("bontang-dlh", 0.5),
    ]
    assert (decision.urgency, decision.note) == (Urgency.DARURAT, "Tiang roboh.")
    other = decided(ranked, rules=rules, text="lampu")
    assert (other.decided_by, other.urgency, other.note) == ("m1", None, "")


CODES = st.sampled_from([*URUSAN, "tidak ada"])
CHANCES = st.floats(0, 1)
REGIONS = st.sampled_from(["", "64", "64.74", "64.74.01", ONE, "64.72", "35", "99.99.99", "x", "."])
RANKINGS = st.lists(st.tuples(CODES, CHANCES), max_size=8, unique_by=lambda one: one[0])


@given(RANKINGS, REGIONS, st.booleans(), st.text(max_size=60))
def test_a_decision_is_always_made_and_holds_together(
    ranked: list[tuple[str, float]], region: str, sure: bool, text: str
) -> None:
    decision = decided(said(*ranked, sure=sure), region, book(urusan="DLH"), f"tiang {text}")
    assert decision.decided_by == "rule:7"
    decision = decided(said(*ranked, sure=sure), region, text=text)
    chances = [one.probability for one in decision.candidates]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)
    slugs = [one.agency for one in decision.candidates if one.agency]
    assert len(slugs) == len(set(slugs))
    assert set(slugs) <= SLUGS
    assert {one.urusan for one in decision.candidates} <= {urusan for urusan, _ in ranked}
    if decision.sure:
        assert sure
        assert decision.first is not None
        assert decision.first.agency
