import re
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from core import statistics
from core.db.session import Sessions, transaction
from core.db.tables import Outbox, Report
from core.statistics import Figures, midnights

OpenReport = Callable[..., str]
Statement = tuple[str, Any]
MAKASSAR = ZoneInfo("Asia/Makassar")  # UTC+8
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 3)


def moment(written: str) -> datetime:
    return datetime.fromisoformat(f"2026-{written}+00:00")


def by_day(figures: list[Figures]) -> dict[tuple[str, date | None], Figures]:
    return {(one.channel, one.day): one for one in figures}


def test_every_day_of_every_channel_is_there_with_zeros(make: Sessions) -> None:
    with transaction(make) as session:
        figures = statistics.channels(session, FIRST, LAST, MAKASSAR, ["telegram", "line"])
    days: list[date | None] = [date(2026, 3, n) for n in (1, 2, 3)]
    assert figures == [
        Figures(channel, day, 0, 0, None, 0, 0)
        for channel in ("line", "telegram")
        for day in [*days, None]
    ]


def test_a_channel_that_was_switched_off_is_still_counted(
    make: Sessions, open_report: OpenReport
) -> None:
    with transaction(make) as session:
        open_report(session, channel="line", created_at=moment("03-02T01:00"))
        figures = statistics.channels(session, FIRST, LAST, MAKASSAR, [])
    assert [(one.channel, one.day, one.reports) for one in figures] == [
        ("line", date(2026, 3, 1), 0),
        ("line", date(2026, 3, 2), 1),
        ("line", date(2026, 3, 3), 0),
        ("line", None, 1),
    ]


@pytest.mark.parametrize(
    ("opened", "day"),
    [
        ("02-28T15:59:59.999999", None),
        ("02-28T16:00", date(2026, 3, 1)),
        ("03-01T15:59:59.999999", date(2026, 3, 1)),
        ("03-01T16:00", date(2026, 3, 2)),
        ("03-03T15:59:59.999999", date(2026, 3, 3)),
        ("03-03T16:00", None),
    ],
)
def test_a_day_is_a_day_of_the_zone(
    make: Sessions, open_report: OpenReport, opened: str, day: date | None
) -> None:
    with transaction(make) as session:
        open_report(session, created_at=moment(opened))
        figures = statistics.channels(session, FIRST, LAST, MAKASSAR, ["telegram"])
    assert [one.day for one in figures if one.reports and one.day] == ([day] if day else [])
    assert figures[-1].reports == (1 if day else 0)


def test_answered_waiting_and_the_median(make: Sessions, open_report: OpenReport) -> None:
    start = moment("03-02T01:00")
    rows: list[dict[str, object]] = [
        {"state": "selesai", "answered_at": start + timedelta(seconds=10)},
        {"state": "proses", "answered_at": start + timedelta(seconds=20)},
        {"state": "proses", "answered_at": start + timedelta(seconds=90)},
        {"state": "belum_terverifikasi"},
        {"state": "tunda"},
        {"state": "arsip"},  # put away unanswered: neither answered nor waiting
        {"state": "selesai"},  # closed without a word: the same
    ]
    with transaction(make) as session:
        for row in rows:
            open_report(session, created_at=start, **row)
        figures = by_day(statistics.channels(session, FIRST, LAST, MAKASSAR, []))
    day = date(2026, 3, 2)
    assert figures["telegram", day] == Figures("telegram", day, 7, 3, 20.0, 2, 0)
    assert figures["telegram", None] == Figures("telegram", None, 7, 3, 20.0, 2, 0)


def test_failed_deliveries_count_by_the_day_they_were_written(
    make: Sessions, open_report: OpenReport
) -> None:
    with transaction(make) as session:
        open_report(session, created_at=moment("03-01T01:00"))
        conversation = session.scalars(select(Report.conversation_id)).one()
        part = {"channel": "telegram", "address": "1", "conversation_id": conversation}
        part |= {"draft": 1, "part": 1, "parts": 1, "texts": ["x"]}
        written = [("03-02T01:00", "failed")] * 2 + [("03-03T01:00", "failed")]
        written += [("03-02T01:00", "sent"), ("03-09T01:00", "failed")]
        states = [part | {"created_at": moment(at), "state": state} for at, state in written]
        session.execute(insert(Outbox), states)
        figures = statistics.channels(session, FIRST, LAST, MAKASSAR, [])
    assert [(one.reports, one.failed) for one in figures] == [(1, 0), (0, 2), (0, 1), (1, 3)]


@pytest.mark.parametrize(
    ("last", "right"),
    [
        (FIRST - timedelta(days=1), False),
        (FIRST, True),
        (FIRST + timedelta(days=365), True),
        (FIRST + timedelta(days=366), False),
    ],
)
def test_a_range_is_1_to_366_days(make: Sessions, last: date, right: bool) -> None:
    with transaction(make) as session:
        if right:
            figures = statistics.channels(session, FIRST, last, MAKASSAR, ["telegram"])
            assert len(figures) == (last - FIRST).days + 2
        else:
            with pytest.raises(ValueError, match="366"):
                statistics.channels(session, FIRST, last, MAKASSAR, ["telegram"])


zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
days = st.dates(date(2000, 1, 1), date(2199, 12, 1))


@given(first=days, length=st.integers(0, 400), zone=zones)
def test_midnights_part_time_into_the_days_of_the_zone(
    first: date, length: int, zone: ZoneInfo
) -> None:
    """Also where the clocks change, and where a whole day was left out."""
    last = first + timedelta(days=length)
    starts = midnights(first, last, zone)
    assert len(starts) == length + 2
    assert starts == sorted(starts)
    for day, (start, end) in zip(
        (first + timedelta(days=n) for n in range(length + 1)),
        pairwise(starts),
        strict=True,
    ):
        if start < end:
            assert (start + (end - start) / 2).astimezone(zone).date() == day


seconds = st.integers(-86_400, 5 * 86_400)
told = st.tuples(seconds, st.none() | st.integers(1, 10**6), st.sampled_from(["a", "b"]))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(reports=st.lists(told, max_size=10), zone=zones)
def test_the_query_counts_as_plain_python_does(
    make: Sessions,
    open_report: OpenReport,
    reports: list[tuple[int, int | None, str]],
    zone: ZoneInfo,
) -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    starts = midnights(FIRST, LAST, zone)
    wanted: dict[tuple[str, date | None], list[int | None]] = {}
    with transaction(make) as session:
        session.execute(text("truncate report, conversation cascade"))
        for offset, wait, channel in reports:
            at = begin + timedelta(seconds=offset)
            answered = at + timedelta(seconds=wait) if wait else None
            open_report(session, channel=channel, created_at=at, answered_at=answered)
            day = bisect_right(starts, at)
            if 0 < day < len(starts):
                wanted.setdefault((channel, FIRST + timedelta(days=day - 1)), []).append(wait)
                wanted.setdefault((channel, None), []).append(wait)
        figures = by_day(statistics.channels(session, FIRST, LAST, zone, ["a", "b"]))
    assert set(wanted) <= set(figures)
    for key, one in figures.items():
        waits = [wait for wait in wanted.get(key, []) if wait]
        assert (one.reports, one.answered) == (len(wanted.get(key, [])), len(waits))
        assert one.median_seconds == (pytest.approx(median(waits)) if waits else None)


def fill(session: Session) -> None:
    """Make twenty thousand reports and failed parts over about four years."""
    session.execute(
        text(
            """
            insert into report (id, ticket, channel, conversation_id, draft, state, text, place,
                created_at)
            select gen_random_uuid(), n::text, channel, conversation_id, n + 1, state, text, place,
                timestamptz '2026-03-03' - n * interval '100 minutes'
            from report, generate_series(1, 20000) n
            """
        )
    )
    session.execute(
        text(
            """
            insert into outbox (key, note, channel, address, address_key, conversation_id, draft,
                part, parts, texts, state, created_at)
            select gen_random_uuid(), id, channel, '', '1', conversation_id, draft, 1, 1, '',
                'failed', created_at
            from report
            """
        )
    )


def test_the_cost_does_not_grow_with_the_days_or_the_years(
    make: Sessions,
    open_report: OpenReport,
    statements: list[Statement],
    explain: Callable[[Statement], str],
) -> None:
    with transaction(make) as session:
        open_report(session, created_at=moment("03-02T01:00"))
        fill(session)
    with transaction(make) as session:
        session.execute(text("analyze report, outbox"))
    with transaction(make) as session:
        statements.clear()
        statistics.channels(session, FIRST, LAST, MAKASSAR, ["telegram"])
        statistics.channels(
            session, LAST - timedelta(days=365), LAST, MAKASSAR, ["telegram", "line"]
        )
    assert len(statements) == 2
    few, many = [explain(sent) for sent in list(statements)]
    assert "Index Scan using ix_report_listed" in few
    assert "Index Scan using ix_outbox_failed" in few
    for plan in (few, many):  # each table is read once, and nothing is repeated for each day
        assert len(re.findall(r"Scan .*on (report|outbox) ", plan)) == 2
        assert max(int(loops) for loops in re.findall(r"loops=(\d+)", plan)) <= 2


def test_every_query_has_a_name_and_a_comment() -> None:
    assert set(statistics.queries()) == {"agreement", "channels", "comparison"}
    assert all(body.startswith("-- ") for body in statistics.queries().values())
