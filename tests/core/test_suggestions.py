"""What is suggested: who is unread, what is stored, what is shown to whom."""

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from core import agencies, reports, suggestions, transcript
from core.channel import Limits
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Message, Region, Report, Suggestion
from core.message import Place
from core.reports import Officer, Told
from core.routing import Candidate, Decision, Manual
from core.suggestions import SHADOW, Suggested
from core.text import utf16_units
from core.transcript import Amendment
from core.understanding import Klasifikasi, Understanding, Urgency

OpenReport = Callable[..., str]
Statement = tuple[str, Any]
CITY = Officer("diskominfo")
ROOM = Limits(4096, utf16_units, 8, 64)


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR", "dlh": "Dinas Lingkungan Hidup"})
        session.execute(
            insert(Region).values(code="64.74", name="Kota Contoh", kind="kota", aliases=[])
        )
    return make


def decided(*slugs: str, region: str = "64.74", sure: bool = True) -> Decision:
    ranked = [
        Candidate("PUPR", slug, 0.9 / 2**n, ("jalan",), region) for n, slug in enumerate(slugs)
    ]
    return Decision(region, tuple(ranked), "v1", None if sure else Manual.UNSURE)


def of(report_id: UUID, decision: Decision, **rest: Any) -> Suggested:
    understood = Understanding("v1", "0" * 64, confidence=0.9, urgency=Urgency.SEGERA)
    return Suggested(report_id, decision, understood, **rest)


def id_of(session: Session, ticket: str) -> UUID:
    return session.scalars(select(Report.id).where(Report.ticket == ticket)).one()


def opened(make: Sessions, open_report: OpenReport, count: int = 1) -> list[UUID]:
    with transaction(make) as session:
        return [id_of(session, open_report(session)) for _ in range(count)]


def stored(make: Sessions, *suggested: Suggested) -> None:
    with transaction(make) as session:
        suggestions.store(session, suggested)


def regions(make: Sessions) -> list[tuple[str, int | None]]:
    with transaction(make) as session:
        columns = select(Report.region, Report.suggestion_id).order_by(Report.created_at)
        return [(row.region, row.suggestion_id) for row in session.execute(columns)]


def test_the_oldest_unread_come_first_as_they_were_written(
    make: Sessions, open_report: OpenReport
) -> None:
    with transaction(make) as session:
        read, new, old = (
            open_report(session, f"kabar {n}", created_at=text(f"now() - interval '{n} hours'"))
            for n in range(3)
        )
        session.execute(update(Report).where(Report.ticket == read).values(suggestion_id=7))
        pin = {"latitude": 0.5, "longitude": 117.5}
        session.execute(update(Report).where(Report.ticket == old).values(pin))
    with transaction(make) as session:
        found = suggestions.unread(session, 5)
        assert [(one.text, one.pin) for one in found] == [
            ("kabar 2", Place(0.5, 117.5)),
            ("kabar 1", None),
        ]
        assert (found[0].place, found[0].channel) == ("Jl. Contoh", "telegram")
        assert found[1].report_id == id_of(session, new)
    with transaction(make) as session:
        assert len(suggestions.unread(session, 1)) == 1


def test_two_workers_never_hold_the_same_report(make: Sessions, open_report: OpenReport) -> None:
    opened(make, open_report, 4)
    with transaction(make) as one, transaction(make) as two:
        first, second = suggestions.unread(one, 3), suggestions.unread(two, 3)
        assert (len(first), len(second)) == (3, 1)
        assert not {it.report_id for it in first} & {it.report_id for it in second}


MANY = text(
    """
    insert into report
        (id, ticket, channel, conversation_id, draft, state, text, place, suggestion_id, created_at)
    select gen_random_uuid(), n::text, channel, conversation_id, n + 1, state, text, place,
        case when n % 1000 > 0 then n end, now() - n * interval '1 minute'
    from report, generate_series(1, 10000) n
    """
)


def test_unread_reports_are_found_among_many(
    make: Sessions,
    open_report: OpenReport,
    statements: list[Statement],
    explain: Callable[[Statement], str],
) -> None:
    """Ten of ten thousand, and the one that was there."""
    opened(make, open_report)
    with transaction(make) as session:
        session.execute(MANY)
    with transaction(make) as session:
        session.execute(text("analyze report"))
        statements.clear()
        assert len(suggestions.unread(session, 50)) == 11
        sent = statements[0]
    plan = explain(sent)
    assert "Index Scan using ix_report_unread" in plan
    assert "Rows Removed" not in plan


def test_a_batch_is_stored_in_one_statement(
    ready: Sessions, open_report: OpenReport, statements: list[Statement]
) -> None:
    ids = opened(ready, open_report, 30)
    statements.clear()
    stored(ready, *(of(id_, decided("pupr", "dlh")) for id_ in ids))
    assert len(statements) == 1
    with transaction(ready) as session:
        assert suggestions.unread(session, 50) == []
        rows = session.scalars(select(Suggestion)).all()
        assert {(row.model, row.urusan, row.sure, row.urgency) for row in rows} == {
            ("v1", "PUPR", True, "segera")
        }
        assert rows[0].ranking == [
            {
                "urusan": "PUPR",
                "agency": "pupr",
                "probability": 0.9,
                "words": ["jalan"],
                "tier": "64.74",
            },
            {
                "urusan": "PUPR",
                "agency": "dlh",
                "probability": 0.45,
                "words": ["jalan"],
                "tier": "64.74",
            },
        ]
        assert {row.agency_id for row in rows} == {agencies.find(session, "pupr").id}
    stored(ready)
    assert len(regions(ready)) == 30


@pytest.mark.parametrize(
    ("there", "before", "now", "wanted"),
    [
        ("", None, "64.74", "64.74"),
        ("64.08", None, "64.74", "64.08"),  # somebody else has set it
        ("64.74", "64.74", "64.74.01", "64.74.01"),  # we had set it
        ("64.74", "64.74", "", ""),
        ("64.08", "64.74", "64.74.01", "64.08"),  # set by somebody else meanwhile
    ],
)
def test_a_region_that_somebody_has_set_stays(
    ready: Sessions, open_report: OpenReport, there: str, before: str | None, now: str, wanted: str
) -> None:
    [id_] = opened(ready, open_report)
    if before is not None:
        stored(ready, of(id_, decided("pupr", region=before)))
    with transaction(ready) as session:
        session.execute(update(Report).values(region=there, suggestion_id=None))
    stored(ready, of(id_, decided("pupr", region=now)))
    assert [region for region, _ in regions(ready)] == [wanted]


def test_a_shadow_is_kept_and_never_shown(ready: Sessions, open_report: OpenReport) -> None:
    [id_] = opened(ready, open_report)
    stored(ready, of(id_, decided("pupr")), of(id_, decided("dlh", region="64"), role=SHADOW))
    with transaction(ready) as session:
        assert session.scalars(select(Suggestion.role).order_by(Suggestion.id)).all() == [
            "live",
            "shadow",
        ]
        assert suggestions.for_reports(session, [id_])[id_].agency_slug == "pupr"
        shown = suggestions.shown(session, id_, None)
        assert shown is not None
        assert shown.suggestion.region_name == "Kota Contoh"
    assert regions(ready)[0][0] == "64.74"


@pytest.mark.parametrize("slugs", [(), ("",), ("tak-ada",)])
def test_an_opd_that_nobody_knows_is_left_out(
    ready: Sessions, open_report: OpenReport, slugs: Sequence[str]
) -> None:
    [id_] = opened(ready, open_report)
    stored(ready, of(id_, decided(*slugs, sure=False)))
    with transaction(ready) as session:
        first = suggestions.for_reports(session, [id_])[id_]
        assert (first.agency_slug, first.sure) == (None, False)
        shown = suggestions.shown(session, id_, None)
        assert shown is not None
        assert (shown.agencies, shown.suggestion.reason) == ({}, "unsure")


def test_what_a_rule_and_the_text_say_is_kept(ready: Sessions, open_report: OpenReport) -> None:
    [id_] = opened(ready, open_report)
    first = Candidate("", "dlh", 1.0, ("pohon",))
    decision = Decision("", (first,), "rule:pohon", None, Urgency.DARURAT, "Pohon tumbang")
    understood = Understanding(
        "", "ab", klasifikasi=Klasifikasi.ASPIRASI, category="928", urgency=Urgency.BIASA
    )
    stored(ready, Suggested(id_, decision, understood))
    with transaction(ready) as session:
        row = session.scalars(select(Suggestion)).one()
        assert (row.decided_by, row.note, row.urgency, row.klasifikasi, row.category) == (
            "rule:pohon",
            "Pohon tumbang",
            "darurat",
            "aspirasi",
            "928",
        )


def test_many_reports_take_one_statement(
    ready: Sessions, open_report: OpenReport, statements: list[Statement]
) -> None:
    ids = opened(ready, open_report, 20)
    stored(ready, *(of(id_, decided("pupr")) for id_ in ids[:10]))
    with transaction(ready) as session:
        statements.clear()
        found = suggestions.for_reports(session, ids)
        assert len(statements) == 1
        assert set(found) == set(ids[:10])
        assert suggestions.for_reports(session, []) == {}
        assert suggestions.shown(session, uuid4(), None) is None


def test_similar_cases_keep_their_order_and_an_opd_sees_its_own(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        pupr, dlh = (agencies.find(session, slug).id for slug in ("pupr", "dlh"))
        tickets = [open_report(session, agency_id=it) for it in (pupr, dlh, pupr, None)]
        ids = [id_of(session, ticket) for ticket in tickets]
        new = id_of(session, open_report(session))
        suggestions.store(session, [of(new, decided("pupr"), similar=(*ids[::-1], uuid4()))])
        for agency_id, wanted in [(None, tickets[2::-1]), (dlh, [tickets[1]])]:
            shown = suggestions.shown(session, new, agency_id)
            assert shown is not None
            assert [one.ticket for one in shown.similar] == wanted


@pytest.mark.parametrize(("state", "read_anew"), [("belum_terverifikasi", True), ("proses", False)])
def test_a_place_told_afterwards_has_the_report_read_anew(
    ready: Sessions, open_report: OpenReport, state: str, read_anew: bool
) -> None:
    [id_] = opened(ready, open_report)
    stored(ready, of(id_, decided("pupr")))
    with transaction(ready) as session:
        session.execute(update(Report).values(state=state))
        conversation = session.scalars(select(Report.conversation_id)).one()
        reports.supplement(session, [Told(conversation, 1, "", Place(0.1, 117.4))])
    with transaction(ready) as session:
        assert len(suggestions.unread(session, 5)) == read_anew
        assert len(session.scalars(select(Suggestion)).all()) == 1  # the former one is history


def test_what_is_taken_back_is_forgotten_by_the_suggestion_too(
    ready: Sessions, open_report: OpenReport
) -> None:
    [id_] = opened(ready, open_report)
    stored(ready, of(id_, decided("pupr", "dlh")))
    with transaction(ready) as session:
        conversation = session.scalars(select(Conversation.id)).one()
        own = {"conversation_id": conversation, "draft": 1, "platform_id": "1"}
        session.execute(insert(Message).values(text="Jalan berlubang", at=text("now()"), **own))
        gone = Amendment(conversation, "1", "", "message_withdrawn", withdrawn=True)
        transcript.amend(session, [gone])
    with transaction(ready) as session:
        assert len(suggestions.unread(session, 5)) == 1
        row = session.scalars(select(Suggestion)).one()
        assert [(entry["agency"], entry["words"]) for entry in row.ranking] == [
            ("pupr", []),
            ("dlh", []),
        ]
        assert row.digest == ""


def test_a_decision_waits_for_a_worker_and_is_not_lost(
    ready: Sessions, open_report: OpenReport
) -> None:
    """An officer assigns while a worker has the report in hand."""
    [id_] = opened(ready, open_report)
    limits = {"telegram": lambda address: ROOM}

    def assign() -> None:
        with transaction(ready) as session:
            ticket = session.scalars(select(Report.ticket)).one()
            reports.assign(session, reports.find(session, ticket, CITY), "dlh", CITY, limits)

    officer = threading.Thread(target=assign)
    with transaction(ready) as session:
        assert len(suggestions.unread(session, 5)) == 1
        officer.start()
        suggestions.store(session, [of(id_, decided("pupr"))])
    officer.join(10)
    assert not officer.is_alive()
    with transaction(ready) as session:
        report = session.scalars(select(Report)).one()
        assert (report.state, report.region, report.suggestion_id) == ("terdisposisi", "64.74", 1)
