"""Drift: humans choose otherwise than before."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core import agencies, agreement, alarms, health
from core.agreement import Agreement, Counted, drifts
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Report, Suggestion
from core.settings import CoreSettings

OpenReport = Callable[..., str]
SETTINGS = CoreSettings(drift_choices=4, drift_drop=0.1)
NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("recent", "former", "own", "fallen"),
    [
        ((10, 8), (10, 9), None, False),  # by exactly the tolerated
        ((100, 79), (10, 9), None, True),
        ((10, 8), (3, 3), None, False),  # too few before to compare with
        ((3, 0), (10, 9), 0.9, False),  # too few now
        ((4, 3), (0, 0), 0.9, True),  # below what the model promises
        ((4, 3), (0, 0), 0.8, False),
        ((0, 0), (0, 0), 0.9, False),
        ((10, 10), (10, 1), 0.2, False),
    ],
)
def test_when_it_has_fallen(
    recent: tuple[int, int], former: tuple[int, int], own: float | None, fallen: bool
) -> None:
    found = Agreement(Counted(*recent), Counted(*former))
    assert drifts(found, own, 4, 0.1 + 1e-9) is fallen


counts = st.integers(0, 200).flatmap(lambda n: st.builds(Counted, st.just(n), st.integers(0, n)))


@given(counts, counts, st.none() | st.floats(0, 1), st.integers(1, 50), st.floats(0.01, 1))
def test_better_agreement_never_rings(
    recent: Counted, former: Counted, own: float | None, least: int, drop: float
) -> None:
    if drifts(Agreement(recent, former), own, least, drop):
        best = Counted(recent.choices, recent.choices)
        assert not drifts(Agreement(best, former), own, least, drop)
        assert recent.choices >= least


def choose(
    session: Session, ticket: str, agreed: bool | None, days: float, slug: str = "pupr"
) -> None:
    id_ = session.scalars(select(Report.id).where(Report.ticket == ticket)).one()
    row = {"report_id": id_, "at": NOW - timedelta(days=days), "actor": "a", "urusan": ""}
    agency = agencies.find(session, slug).id
    session.execute(insert(Choice).values(agency_id=agency, agreed=agreed, **row))


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR", "dlh": "Dinas LH"})
    return make


def test_what_is_counted(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        twice, once, open_ = (open_report(session) for _ in range(3))
        choose(session, twice, True, 2)
        choose(session, twice, False, 1)  # the newest counts
        choose(session, once, True, 29.9)
        choose(session, open_, None, 1)  # nothing was suggested
        choose(session, open_, True, 30.1)
        choose(session, twice, True, 59.9)
        choose(session, once, False, 60.1)  # too long ago
        assert agreement.agreement(session, NOW) == Agreement(Counted(2, 1), Counted(2, 2))


def test_the_alarm_is_rung_and_taken_back(
    ready: Sessions, open_report: OpenReport, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction(ready) as session:
        for number in range(8):
            choose(session, open_report(session), True, 40)
            choose(session, open_report(session), number % 2 == 0, 3)
        assert not agreement.is_rung(session)
        assert agreement.watch(session, None, SETTINGS)
        assert agreement.is_rung(session)
        assert agreement.watch(session, None, SETTINGS)
    assert [record.message for record in caplog.records] == [
        "humans agree less with what is suggested"
    ] * 2
    with transaction(ready) as session:
        noted = {one.channel: one.alarm for one in health.of_channels(session, ["telegram"])}
        assert noted == {"classifier": "drift", "telegram": ""}
        alarms.ring(session, "telegram", "credentials")
        patient = CoreSettings(drift_choices=9, drift_drop=0.1)
        assert not agreement.watch(session, None, patient)
        assert not agreement.is_rung(session)
        assert [one.alarm for one in alarms.standing(session)] == ["", "credentials"]


def test_two_models_are_compared_on_the_same_reports(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        by_slug = {slug: agencies.find(session, slug).id for slug in ("pupr", "dlh")}
        common = {"digest": "", "decided_by": "", "sure": False, "confidence": 0.5}
        common |= {"urusan": "", "ranking": [], "region": "", "klasifikasi": "", "urgency": ""}
        for live, shadow, chosen in [
            ("pupr", "dlh", "dlh"),
            ("pupr", "pupr", "pupr"),
            ("dlh", "dlh", "pupr"),
            ("pupr", "", "pupr"),  # not read by the shadow
        ]:
            ticket = open_report(session)
            id_ = session.scalars(select(Report.id).where(Report.ticket == ticket)).one()
            found = []
            for role, model, slug in [("live", "v1", live), ("shadow", "v2", shadow)]:
                if slug:
                    row = {"report_id": id_, "role": role, "model": model, "category": ""}
                    statement = insert(Suggestion).values(agency_id=by_slug[slug], **row, **common)
                    found.append(session.scalars(statement.returning(Suggestion.id)).one())
            choose(session, ticket, None, 1, chosen)
            session.execute(
                update(Choice).where(Choice.report_id == id_).values(suggestion_id=found[0])
            )
        compared = agreement.comparison(session, "v1", "v2")
        assert (compared.live, compared.shadow) == (Counted(3, 1), Counted(3, 2))
        assert agreement.comparison(session, "v1", "v3").live == Counted(0, 0)
        assert agreement.comparison(session, "v0", "v2").shadow.share is None
