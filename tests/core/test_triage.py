import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core import agencies, reports, triage
from core.channel import Limits, LimitsOf
from core.db.session import Sessions, transaction
from core.db.tables import File, Message, Outbox, Report, ReportEvent
from core.errors import NotFound
from core.reports import Officer
from core.text import utf16_units
from core.triage import SHOWN, Filters, Position
from core.workflow import ReportState

OpenReport = Callable[..., str]
Statement = tuple[str, Any]
ROOM = Limits(4096, utf16_units, 8, 64)
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: ROOM}
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ENOUGH = 50  # more pages than any list here has
FRESH_TABLES = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

moments = st.datetimes(timezones=st.just(UTC))


@given(moments, st.uuids())
def test_a_cursor_brings_its_position_back(moment: datetime, id_: UUID) -> None:
    position = Position(moment, id_)
    assert Position.read(position.cursor()) == position
    assert len(position.cursor()) == 32


@given(st.text() | st.text("ABCxyz019-_=", min_size=28, max_size=36))
def test_anything_else_is_a_value_error_or_a_position(cursor: str) -> None:
    try:
        position = Position.read(cursor)
    except ValueError as error:
        assert len(cursor) < 9 or cursor not in str(error)  # noqa: PT017 - both ways are right
    else:
        assert position.cursor() == cursor


def walk(session: Session, filters: Filters, limit: int) -> Iterator[list[str]]:
    """Yield the tickets of each page."""
    after = None
    for _ in range(ENOUGH):
        page = triage.page(session, filters, limit, after)
        yield [row.ticket for row in page.rows]
        if page.after is None:
            return
        after = page.after
    pytest.fail("the list does not end")


def opened(make: Sessions, open_report: OpenReport, seconds: list[int]) -> list[str]:
    """Open a report for each second after MORNING; equal seconds are equal moments."""
    with transaction(make) as session:
        return [open_report(session, created_at=MORNING + timedelta(seconds=s)) for s in seconds]


@FRESH_TABLES
@given(
    before=st.lists(st.integers(0, 3), max_size=12),
    meanwhile=st.lists(st.integers(-3, 6), max_size=6),
    limit=st.integers(1, 5),
)
def test_a_walk_meets_each_report_once_whatever_is_added(
    make: Sessions,
    open_report: OpenReport,
    before: list[int],
    meanwhile: list[int],
    limit: int,
) -> None:
    with transaction(make) as session:
        session.execute(text("truncate report, conversation cascade"))
    there = opened(make, open_report, before)
    met: list[str] = []
    after, new = None, list(meanwhile)
    for _ in range(ENOUGH):
        with transaction(make) as session:
            page = triage.page(session, Filters(), limit, after)
        met += [row.ticket for row in page.rows]
        if page.after is None:
            break
        after = page.after
        if new:
            opened(make, open_report, [new.pop()])
    else:
        pytest.fail("the list does not end")
    assert len(met) == len(set(met))
    assert set(there) <= set(met)


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 200])
def test_pages_are_full_but_the_last_and_never_empty(
    make: Sessions, open_report: OpenReport, limit: int
) -> None:
    opened(make, open_report, [0, 1, 1, 1])
    with transaction(make) as session:
        pages = list(walk(session, Filters(), limit))
    assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)
    assert 0 < len(pages[-1]) <= limit
    assert sum(map(len, pages)) == 4


def test_the_newest_come_first(make: Sessions, open_report: OpenReport) -> None:
    tickets = opened(make, open_report, [2, 0, 1])
    with transaction(make) as session:
        [page] = walk(session, Filters(), 10)
    assert page == [tickets[0], tickets[2], tickets[1]]


def test_no_reports_are_one_empty_page(make: Sessions) -> None:
    with transaction(make) as session:
        assert list(walk(session, Filters(), 10)) == [[]]


FILTERS: list[tuple[Filters, str]] = [
    (Filters(), "abcd"),
    (Filters(states=[ReportState.PROSES]), "b"),
    (Filters(states=[ReportState.PROSES, ReportState.SELESAI]), "bc"),
    (Filters(agency="pupr"), "b"),
    (Filters(agency="unknown"), ""),
    (Filters(channel="line"), "d"),
    (Filters(created_from=MORNING + timedelta(seconds=2)), "cd"),
    (Filters(created_to=MORNING + timedelta(seconds=2)), "ab"),
    (Filters(created_from=MORNING, created_to=MORNING), ""),
    (Filters(states=[ReportState.SELESAI], agency="pupr"), ""),
    (Filters(urgency="darurat"), "ad"),
    (Filters(urgency="darurat", channel="line"), "d"),
    (Filters(verdict="belum"), "b"),
    (Filters(verdict="belum", agency="pupr"), "b"),
    (Filters(overdue=True), "b"),
    (Filters(overdue=True, verdict="sudah"), ""),
]


@pytest.mark.parametrize(("filters", "wanted"), FILTERS)
def test_filters(make: Sessions, open_report: OpenReport, filters: Filters, wanted: str) -> None:
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR", "dlh": "Dinas Lingkungan Hidup"})
        pupr, dlh = (agencies.find(session, slug).id for slug in ("pupr", "dlh"))
        rows: dict[str, dict[str, object]] = {
            "a": {"state": "belum_terverifikasi", "urgency": "darurat"},
            "b": {"state": "proses", "agency_id": pupr, "missed": 1, "verdict": "belum"},
            "c": {"state": "selesai", "agency_id": dlh, "missed": 2, "verdict": "sudah"},
            "d": {"state": "arsip", "channel": "line", "missed": 1, "urgency": "darurat"},
        }
        names = {
            open_report(session, created_at=MORNING + timedelta(seconds=n), **row): name
            for n, (name, row) in enumerate(rows.items())
        }
        found = [names[ticket] for page in walk(session, filters, 2) for ticket in page]
    assert found == sorted(wanted, reverse=True)


def fill(session: Session, ticket: str, count: int) -> None:
    """Give the report `count` messages each way, as many files, and one more event each."""
    report = session.scalars(select(Report).where(Report.ticket == ticket)).one()
    own = {"conversation_id": report.conversation_id, "draft": report.draft}
    numbers = range(count)
    messages = [own | {"platform_id": str(n), "text": f"pesan {n}"} for n in numbers]
    files = [
        own | {"channel": "telegram", "platform_id": str(n), "media": "photo", "ref": str(n)}
        for n in numbers
    ]
    out = {"channel": "telegram", "address": "1", "part": 1, "parts": 1}
    parts = [own | out | {"texts": [f"balasan {n}"]} for n in numbers]
    events = [{"report_id": report.id, "actor": "kanal", "kind": f"k{n}"} for n in numbers]
    for table, rows in ((Message, messages), (File, files), (Outbox, parts), (ReportEvent, events)):
        session.execute(insert(table), rows)


@pytest.mark.parametrize("count", [1, 20])
def test_a_dossier_takes_five_statements_and_a_page_one(
    make: Sessions, open_report: OpenReport, statements: list[Statement], count: int
) -> None:
    with transaction(make) as session:
        tickets = [open_report(session) for _ in range(count)]
        fill(session, tickets[0], count)
    statements.clear()
    with transaction(make) as session:
        dossier = triage.dossier(session, tickets[0], None)
    assert len(statements) == 5
    lists = (dossier.messages, dossier.parts, dossier.files)
    assert [len(rows) for rows in lists] == [count] * 3
    assert len(dossier.events) == count + 1
    assert dossier.complete
    statements.clear()
    with transaction(make) as session:
        assert len(triage.page(session, Filters(), 50, None).rows) == count
    assert len(statements) == 1


def test_a_dossier_holds_what_is_its_own(make: Sessions, open_report: OpenReport) -> None:
    with transaction(make) as session:
        one, two = open_report(session), open_report(session)
        fill(session, one, 2)
        assert [row.kind for row in triage.dossier(session, one, None).events] == [
            "opened",
            "k0",
            "k1",
        ]
        other = triage.dossier(session, two, None)
        assert (other.messages, other.parts, other.files) == ([], [], [])


def test_a_flooded_report_shows_the_newest(make: Sessions, open_report: OpenReport) -> None:
    with transaction(make) as session:
        ticket = open_report(session)
        fill(session, ticket, SHOWN + 3)
        dossier = triage.dossier(session, ticket, None)
    assert not dossier.complete
    assert len(dossier.messages) == SHOWN
    assert (dossier.messages[0].text, dossier.messages[-1].text) == (
        "pesan 3",
        f"pesan {SHOWN + 2}",
    )


def test_another_opds_dossier_is_not_there(make: Sessions, open_report: OpenReport) -> None:
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR", "dlh": "Dinas Lingkungan Hidup"})
        officer = Officer("diskominfo")
        ticket = open_report(session)
        reports.assign(session, reports.find(session, ticket, officer), "pupr", officer, LIMITS)
        own, other = agencies.find(session, "pupr").id, agencies.find(session, "dlh").id
        assert triage.dossier(session, ticket, own).report.ticket == ticket
        with pytest.raises(NotFound):
            triage.dossier(session, ticket, other)


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (Filters(), "ix_report_listed"),
        (Filters(created_from=MORNING), "ix_report_listed"),
        (Filters(states=[ReportState.TUNDA]), "ix_report_state"),
        (Filters(agency_id=1), "ix_report_agency"),
        (Filters(channel="line"), "ix_report_channel"),
        (Filters(urgency="darurat"), "ix_report_urgency"),
        (Filters(verdict="belum"), "ix_report_verdict"),
        (Filters(overdue=True), "ix_report_overdue"),
    ],
)
def test_a_page_deep_inside_reads_its_own_rows_only(
    make: Sessions,
    open_report: OpenReport,
    statements: list[Statement],
    explain: Callable[[Statement], str],
    filters: Filters,
    index: str,
) -> None:
    """Ten thousand reports, one in a hundred of them within each filter."""
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR"})
        open_report(session)
        session.execute(MANY)
    with transaction(make) as session:
        session.execute(text("analyze report"))
        moment = session.scalars(select(Report.created_at).where(Report.ticket == "5000")).one()
        statements.clear()
        triage.page(session, filters, 20, Position(moment, UUID(int=0)))
    plan = explain(statements[0])
    assert f"Index Scan Backward using {index}" in plan
    assert "Sort" not in plan
    assert not re.search(r"Removed by Filter: \d{3}", plan)


MANY = text(
    """
    insert into report
        (id, ticket, channel, conversation_id, draft, state, text, place, agency_id, created_at,
            urgency, verdict, missed)
    select gen_random_uuid(), n::text, case when n % 100 = 0 then 'line' else channel end,
        conversation_id, n + 1, case when n % 100 = 1 then 'tunda' else state end, text, place,
        case when n % 100 = 2 then 1 end, now() - n * interval '1 minute',
        case when n % 100 = 3 then 'darurat' else 'biasa' end,
        case when n % 100 = 4 then 'belum' else '' end, case when n % 100 = 5 then 1 else 0 end
    from report, generate_series(1, 10000) n
    """
)
