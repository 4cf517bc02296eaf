"""What humans choose is kept beside what was suggested, and is what is learned from."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import agencies, corrections, reports, suggestions
from core.channel import Limits, LimitsOf
from core.corrections import Correction
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Report, Route
from core.reports import Officer
from core.routing import Candidate, Decision, Manual
from core.suggestions import Suggested
from core.text import utf16_units
from core.understanding import Understanding
from core.workflow import ReportState

OpenReport = Callable[..., str]
CITY = Officer("diskominfo")
ROOM = Limits(4096, utf16_units, 8, 64)
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: ROOM}
NAMES = {"pupr": "Dinas PUPR", "dlh": "Dinas LH", "camat": "Kecamatan", "wide": "Dinas Dua"}
ROUTES = [("PUPR", "pupr"), ("DLH", "dlh"), ("PERKIM", "wide"), ("PUPR", "wide")]


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, NAMES)
        for number, (urusan, slug) in enumerate(ROUTES):
            row = {"region": f"64.0{number}", "urusan": urusan}
            agency_id = agencies.find(session, slug).id
            session.execute(insert(Route).values(agency_id=agency_id, **row))
    return make


def suggest(session: Session, ticket: str, ranked: str, *, sure: bool = True) -> None:
    """Store a suggestion such as "PUPR:pupr DLH:dlh"."""
    pairs = [one.split(":") for one in ranked.split()]
    found = tuple(Candidate(urusan, slug, 0.5) for urusan, slug in pairs)
    id_ = session.scalars(select(Report.id).where(Report.ticket == ticket)).one()
    decision = Decision("64.74", found, "v1", None if sure else Manual.UNSURE)
    suggestions.store(session, [Suggested(id_, decision, Understanding("v1", ""))])


def assign(session: Session, ticket: str, slug: str, urusan: str = "") -> None:
    reports.assign(session, reports.find(session, ticket, CITY), slug, CITY, LIMITS, urusan)


def give_back(session: Session, ticket: str) -> None:
    report = reports.find(session, ticket, CITY)
    back = ReportState.BELUM_TERVERIFIKASI
    reports.change_state(session, report, back, "Bukan wewenang", CITY, LIMITS)


@pytest.mark.parametrize(
    ("suggested", "sure", "slug", "given", "urusan", "agreed"),
    [
        ("PUPR:pupr DLH:dlh", True, "pupr", "", "PUPR", True),
        ("PUPR:pupr DLH:dlh", True, "dlh", "", "DLH", False),
        ("PUPR:pupr DLH:dlh", True, "pupr", "PERKIM", "PERKIM", True),  # the officer's word
        ("PUPR:pupr DLH:dlh", False, "pupr", "", "PUPR", None),  # nothing was proposed
        ("EKSTERNAL:", True, "pupr", "", "PUPR", None),  # no OPD was
        ("DLH:dlh", True, "pupr", "", "PUPR", False),  # the only urusan with a route to it
        ("PERKIM:wide", True, "wide", "", "PERKIM", True),  # of two, the suggested one
        ("DLH:dlh", True, "wide", "", "", False),  # two lead there: which?
        ("DLH:dlh", True, "camat", "", "", False),  # none leads there
        ("", True, "pupr", "", "PUPR", None),  # nothing was suggested at all
    ],
)
def test_a_choice_stands_beside_the_suggestion(
    ready: Sessions,
    open_report: OpenReport,
    suggested: str,
    sure: bool,
    slug: str,
    given: str,
    urusan: str,
    agreed: bool | None,
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session)
        if suggested:
            suggest(session, ticket, suggested, sure=sure)
        assign(session, ticket, slug, given)
    with transaction(ready) as session:
        choice = session.scalars(select(Choice)).one()
        assert (choice.urusan, choice.agreed, choice.actor) == (urusan, agreed, "diskominfo")
        assert choice.suggestion_id == (1 if suggested else None)
        assert choice.agency_id == agencies.find(session, slug).id


def learned(make: Sessions) -> list[tuple[str, str]]:
    with transaction(make) as session:
        return [(one.text, one.urusan) for one in corrections.learned(session)]


def test_the_newest_choice_teaches(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        first, second = open_report(session, "Got mampet"), open_report(session, "Sampah")
        assign(session, first, "dlh")
        assign(session, second, "dlh")
        assign(session, first, "pupr")
    assert learned(ready) == [("Sampah", "DLH"), ("Got mampet", "PUPR")]
    with transaction(ready) as session:
        [one, *_] = corrections.learned(session)
        assert one == Correction("Sampah", "DLH", "", "telegram", one.at)


def test_bukan_wewenang_unteaches_until_the_next_choice(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, "Got mampet")
        assign(session, ticket, "dlh")
    assert learned(ready) == [("Got mampet", "DLH")]
    with transaction(ready) as session:
        give_back(session, ticket)
    assert learned(ready) == []
    with transaction(ready) as session:
        assign(session, ticket, "camat")  # says no urusan: the older one is not taken for it
    assert learned(ready) == []
    with transaction(ready) as session:
        assign(session, ticket, "pupr")
    assert learned(ready) == [("Got mampet", "PUPR")]


def test_a_refused_disposisi_leaves_no_choice(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, state="arsip")
    with pytest.raises(Exception, match="arsip"), transaction(ready) as session:
        assign(session, ticket, "pupr")
    with transaction(ready) as session:
        assert session.scalars(select(Choice)).all() == []
