"""What the API shows of suggestions, and what an officer's choice leaves behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update

from core import agencies, agreement, alarms, suggestions
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Region, Report
from core.routing import Candidate, Decision, Manual
from core.suggestions import Suggested
from core.understanding import Klasifikasi, Understanding

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
Statement = tuple[str, Any]
PUPR = {"slug": "dinas-pupr", "name": "Dinas PUPR"}
DLH = {"slug": "dlh", "name": "Dinas Lingkungan Hidup"}
RANKED = (
    Candidate("PUPR", "dinas-pupr", 0.8, ("jalan", "berlubang"), "64.74"),
    Candidate("DLH", "dlh", 0.15, (), "64.74"),
    Candidate("EKSTERNAL", "", 0.03),
)


def suggest(make: Sessions, manual: Manual | None = None, similar: tuple[str, ...] = ()) -> None:
    """Suggest RANKED for every report that is unread; `similar` are tickets."""
    understood = Understanding(
        "v7", "", confidence=0.9, klasifikasi=Klasifikasi.ASPIRASI, category="928"
    )
    with transaction(make) as session:
        session.execute(
            insert(Region).values(code="64.74.01", name="Contoh Utara", kind="kecamatan")
        )
        ids = session.execute(select(Report.ticket, Report.id)).all()
        alike = tuple(id_ for ticket, id_ in ids if ticket in similar)
        decision = Decision("64.74.01", RANKED, "v7", manual)
        suggestions.store(
            session,
            [
                Suggested(one.report_id, decision, understood, similar=alike)
                for one in suggestions.unread(session, 10)
            ],
        )


@pytest.fixture
def ticket(client: httpx.Client, make: Sessions, open_report: OpenReport) -> str:
    with transaction(make) as session:
        return open_report(session)


def test_all_that_is_suggested_for_a_report(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    before = client.get(f"/reports/{ticket}", headers=bearer("admin")).json()
    assert before["suggestion"] is None
    suggest(make)
    found = client.get(f"/reports/{ticket}", headers=bearer("admin")).json()["suggestion"]
    assert datetime.fromisoformat(found.pop("at")) > datetime.now(UTC) - timedelta(minutes=5)
    others = found.pop("ranked")
    assert found == SHOWN
    assert [(one["urusan"], one["agency"], one["probability"]) for one in others] == [
        ("PUPR", PUPR, 0.8),
        ("DLH", DLH, 0.15),
        ("EKSTERNAL", None, 0.03),
    ]
    assert [one["words"] for one in others] == [["jalan", "berlubang"], [], []]
    assert [one["verified"] for one in others] == [True, True, False]


SHOWN: dict[str, Any] = {
    "sure": True,
    "reason": None,
    "urusan": "PUPR",
    "agency": PUPR,
    "urgency": "biasa",
    "klasifikasi": "aspirasi",
    "category": "928",
    "region": "64.74.01",
    "region_name": "Contoh Utara",
    "model": "v7",
    "decided_by": "v7",
    "note": "",
    "confidence": 0.9,
    "similar": [],
}


def test_the_list_shows_the_first_in_one_more_statement(
    client: httpx.Client,
    make: Sessions,
    open_report: OpenReport,
    bearer: Bearer,
    ticket: str,
    statements: list[Statement],
) -> None:
    with transaction(make) as session:
        for _ in range(5):
            open_report(session)
    suggest(make, Manual.UNSURE)
    headers = bearer("admin")
    statements.clear()
    reports = client.get("/reports", headers=headers).json()["reports"]
    assert len(statements) == 3
    assert [report["suggestion"] for report in reports] == [
        {"sure": False, "urusan": "PUPR", "agency": PUPR, "urgency": "biasa"}
    ] * 6
    detail = client.get(f"/reports/{ticket}", headers=headers).json()
    assert detail["suggestion"]["reason"] == "unsure"


def test_an_opd_sees_no_case_of_others(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer, ticket: str
) -> None:
    with transaction(make) as session:
        pupr, dlh = (agencies.find(session, slug).id for slug in ("dinas-pupr", "dlh"))
        mine = open_report(session, agency_id=pupr, suggestion_id=1)
        theirs = open_report(session, agency_id=dlh, suggestion_id=1)
    suggest(make, similar=(mine, theirs))
    with transaction(make) as session:
        session.execute(update(Report).where(Report.ticket == ticket).values(agency_id=pupr))
    seen = {}
    for role in ("admin", "opd"):
        answer = client.get(f"/reports/{ticket}", headers=bearer(role))
        cases = answer.json()["suggestion"]["similar"]
        seen[role] = {one["ticket"]: one["agency"]["slug"] for one in cases}
        assert (theirs in answer.text) == (role == "admin")
    assert seen == {"admin": {mine: "dinas-pupr", theirs: "dlh"}, "opd": {mine: "dinas-pupr"}}


@pytest.mark.parametrize(
    ("body", "urusan", "agreed"),
    [
        ({"agency": "dinas-pupr"}, "PUPR", True),
        ({"agency": "dlh"}, "DLH", False),
        ({"agency": "dlh", "urusan": "DAMKAR"}, "DAMKAR", False),
        ({"agency": "dlh", "urusan": None}, "DLH", False),
    ],
)
def test_disposisi_is_kept_beside_the_suggestion(
    client: httpx.Client,
    make: Sessions,
    bearer: Bearer,
    ticket: str,
    body: dict[str, Any],
    urusan: str,
    agreed: bool,
) -> None:
    suggest(make)
    answer = client.post(f"/reports/{ticket}/assign", json=body, headers=bearer("admin"))
    assert answer.status_code == 200, answer.text
    assert answer.json()["suggestion"]["agency"] == PUPR
    with transaction(make) as session:
        choice = session.scalars(select(Choice)).one()
        assert (choice.urusan, choice.agreed, choice.suggestion_id) == (urusan, agreed, 1)


@pytest.mark.parametrize("urusan", ["", "pupr", "TIDAKADA8731", 7])
def test_an_unknown_urusan_is_refused_and_nothing_done(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, urusan: object
) -> None:
    body = {"agency": "dlh", "urusan": urusan}
    answer = client.post(f"/reports/{ticket}/assign", json=body, headers=bearer("admin"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")
    assert "8731" not in answer.text
    with transaction(make) as session:
        assert session.scalars(select(Choice)).all() == []


def test_how_humans_agree(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer
) -> None:
    now = datetime.now(UTC)
    nothing = client.get("/statistics/suggestions", headers=bearer("analyst")).json()
    assert nothing["recent"] == {"choices": 0, "agreed": 0, "share": None}
    with transaction(make) as session:
        agency = agencies.find(session, "dlh").id
        for days, agreed in [(1, True), (2, True), (3, False), (4, None), (40, True)]:
            ticket = open_report(session)
            id_ = session.scalars(select(Report.id).where(Report.ticket == ticket)).one()
            row = {"report_id": id_, "at": now - timedelta(days=days), "actor": "a", "urusan": ""}
            session.execute(insert(Choice).values(agency_id=agency, agreed=agreed, **row))
        alarms.ring(session, agreement.NAME, agreement.DRIFT)
    found = client.get("/statistics/suggestions", headers=bearer("admin")).json()
    assert found == {
        "recent": {"choices": 3, "agreed": 2, "share": pytest.approx(2 / 3)},
        "former": {"choices": 1, "agreed": 1, "share": 1.0},
        "alarm": True,
    }
    assert client.get("/statistics/suggestions", headers=bearer("opd")).status_code == 403
