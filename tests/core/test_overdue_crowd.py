"""Many sweep, and many reports are swept: once each, whatever breaks, and cheaply."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from core import overdue, reports
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Report
from tests.core.test_overdue import (
    ALWAYS,
    CITY,
    DONE,
    FAR,
    LATE,
    LIMITS,
    OpenReport,
    only,
    said,
    sweep,
    told,
)


def test_two_who_sweep_at_once_tell_once(make: Sessions, open_report: OpenReport) -> None:
    with transaction(make) as session:
        for _ in range(40):
            open_report(session, **LATE)
    together = threading.Barrier(4)

    def work(_: int) -> int:
        together.wait()
        return sum(sweep(make, batch=7).reports for _ in range(8))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 40
    assert len(said(make)) == len(told(make, "promise_missed")) == 40


def test_a_crash_before_the_commit_tells_nothing_and_loses_nothing(
    make: Sessions, open_report: OpenReport
) -> None:
    with transaction(make) as session:
        open_report(session, **LATE)

    def crash() -> None:
        with transaction(make) as session:
            assert overdue.sweep(session, LIMITS, ALWAYS).reports == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert (said(make), told(make, "promise_missed"), only(make).missed) == ([], [], 0)
    assert sweep(make).reports == 1


def test_what_an_officer_holds_is_left_for_later(make: Sessions, open_report: OpenReport) -> None:
    with transaction(make) as session:
        ticket = open_report(session, **LATE)
    with transaction(make) as office:
        reports.find(office, ticket, CITY)
        assert sweep(make) == overdue.Swept()
    assert sweep(make).reports == 1


def test_many_reports_take_no_more_statements_than_one(
    make: Sessions, open_report: OpenReport, statements: list[tuple[str, Any]]
) -> None:
    counts = []
    for size in (1, 30):
        with transaction(make) as session:
            for _ in range(size):
                open_report(session, **LATE)
                open_report(session, **DONE)
        statements.clear()
        assert sweep(make).reports == 2 * size
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8


def test_the_sweep_reads_an_index(
    make: Sessions,
    open_report: OpenReport,
    statements: list[tuple[str, Any]],
    explain: Callable[[tuple[str, Any]], str],
) -> None:
    with transaction(make) as session:
        open_report(session, **LATE)
        template = {c.name: getattr(session.scalars(select(Report)).one(), c.name) for c in COLUMNS}
        conversation = session.scalars(select(Conversation.id)).one()
        many = [
            {**template, "ticket": f"T{n}", "draft": n, "promise_at": FAR, "close_at": FAR}
            for n in range(2, 3000)
        ]
        session.execute(insert(Report), [{**row, "conversation_id": conversation} for row in many])
    with transaction(make) as session:
        session.execute(text("analyze report"))
    statements.clear()
    sweep(make)
    claims = [it for it in statements if "FOR NO KEY UPDATE" in it[0]]
    plans = [explain(claim) for claim in claims]
    assert ["ix_report_promise" in plans[0], "ix_report_close" in plans[1]] == [True, True]


COLUMNS = [
    column
    for column in Report.__table__.columns
    if column.name not in {"id", "conversation_id", "ticket", "draft", "promise_at", "close_at"}
]
