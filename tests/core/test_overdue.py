"""Misses are told unasked, each once, in daytime; silence ends what is done, as silence."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from core import agencies, days_off, overdue, reports
from core.channel import Limits, LimitsOf
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox, Report, ReportEvent
from core.outbox import Rank
from core.promise import Terms, day_of
from core.reports import Officer
from core.text import utf16_units
from core.workflow import ReportState
from core.zones import WIB, WIT, WITA, Daytime

OpenReport = Callable[..., str]
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: Limits(4096, utf16_units, 100, 64)}
CITY = Officer("diskominfo")
ALWAYS = Terms(hours=Daytime(time(0), time(23, 59, 59, 999999)))
DAY = timedelta(days=1)


def now() -> datetime:
    return datetime.now(UTC)


def end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), WITA)


YESTERDAY = end_of(datetime.now(WITA).date() - DAY)
FAR = end_of(datetime.now(WITA).date() + 90 * DAY)
LATE: dict[str, Any] = {"verify_by": YESTERDAY, "promise_at": YESTERDAY, "answer_by": FAR}


def sweep(make: Sessions, terms: Terms = ALWAYS, **options: int) -> overdue.Swept:
    with transaction(make) as session:
        return overdue.sweep(session, LIMITS, terms, **options)


def said(make: Sessions) -> list[str]:
    with transaction(make) as session:
        return [texts[0] for texts in session.scalars(select(Outbox.texts).order_by(Outbox.id))]


def told(make: Sessions, kind: str) -> list[dict[str, Any]]:
    with transaction(make) as session:
        found = select(ReportEvent.detail).where(ReportEvent.kind == kind).order_by(ReportEvent.id)
        return list(session.scalars(found))


def only(make: Sessions) -> Report:
    with transaction(make) as session:
        return session.scalars(select(Report)).one()


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR"})
    return make


def test_a_missed_check_is_told_once_with_new_dates(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, **LATE)
    assert sweep(ready) == overdue.Swept(1, frozenset({"telegram"}))
    assert sweep(ready) == overdue.Swept()
    (message,) = said(ready)
    report = only(ready)
    assert report.verify_by is not None
    assert report.promise_at == report.verify_by > now() + 5 * DAY
    assert (report.missed, report.answer_by, report.version) == (1, FAR, 1)
    for moment in (YESTERDAY, report.verify_by, FAR):
        assert f", {day_of(moment, WITA).day} " in message
    assert ticket in message
    assert "Ombudsman RI" in message
    (detail,) = told(ready, "promise_missed")
    assert detail.keys() == {"promise", "promised", "again", "told"}
    assert (detail["promise"], detail["told"]) == ("verify", True)
    assert datetime.fromisoformat(detail["promised"]) == YESTERDAY
    assert datetime.fromisoformat(detail["again"]) == report.verify_by
    with transaction(ready) as session:
        part = session.scalars(select(Outbox)).one()
    assert (part.rank, part.draft, part.state) == (Rank.REMINDER, 1, "open")


def test_the_opd_is_named_that_did_not_follow_up(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        report = reports.find(session, open_report(session), CITY)
        reports.assign(session, report, "pupr", CITY, LIMITS)
        report.promise_at = YESTERDAY
    sweep(ready)
    assert "belum ditindaklanjuti Dinas PUPR" in said(ready)[-1]
    assert told(ready, "promise_missed")[0]["promise"] == "follow_up"


def test_after_two_misses_there_is_no_further_date(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        open_report(session, **LATE)
    for _ in range(4):
        sweep(ready)
        with transaction(ready) as session:
            again = update(Report).where(Report.promise_at.is_not(None))
            session.execute(again.values(promise_at=YESTERDAY))
    messages = said(ready)
    assert ["Tanggal yang baru" in message for message in messages] == [True, True, False]
    assert all("Ombudsman RI" in message for message in messages)
    assert [it["again"] is None for it in told(ready, "promise_missed")] == [False, False, True]
    assert only(ready).promise_at is None


def test_the_ombudsmans_name_is_the_settings(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        open_report(session, **LATE)
    sweep(ready, Terms(hours=ALWAYS.hours, ombudsman="Ombudsman Perwakilan X"))
    assert "Ombudsman Perwakilan X." in said(ready)[0]
    assert "137" not in Terms().ombudsman


def test_an_added_day_off_moves_the_new_date(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        for _ in range(2):
            open_report(session, **LATE)
    sweep(ready, batch=1)
    with transaction(ready) as session:
        first = session.scalars(select(Report).where(Report.missed == 1)).one()
        assert first.promise_at is not None
        days_off.put(session, day_of(first.promise_at, WITA), "HUT Kota", works=False)
    sweep(ready)
    with transaction(ready) as session:
        dates = session.scalars(select(Report.promise_at).order_by(Report.promise_at)).all()
    assert dates[0] == first.promise_at
    assert dates[1] is not None
    assert dates[1] > dates[0]


NOT_DUE: list[dict[str, Any]] = [
    {"promise_at": None},
    {"promise_at": FAR},
    {"channel": "line"},  # is off
]


@pytest.mark.parametrize("columns", NOT_DUE)
def test_what_is_not_told(
    ready: Sessions, open_report: OpenReport, columns: dict[str, Any]
) -> None:
    with transaction(ready) as session:
        open_report(session, **{**LATE, **columns})
    assert sweep(ready) == overdue.Swept()
    assert said(ready) == []


def test_a_state_changed_by_hand_breaks_no_sweep(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        open_report(session, **LATE, state="arsip")
        open_report(session, **LATE)
    assert sweep(ready).reports == 2
    assert len(said(ready)) == 1
    assert sweep(ready) == overdue.Swept()


def test_a_report_that_fails_keeps_nobody_from_his_news(
    ready: Sessions, open_report: OpenReport, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction(ready) as session:
        open_report(session, **LATE)
        session.scalars(select(Conversation)).one().state = {"stage": "no such stage"}
        open_report(session, **LATE)
    assert sweep(ready).reports == 1
    assert [it.message for it in caplog.records] == ["a promise is not kept"]
    assert len(told(ready, "promise_missed")) == 1
    assert "no such stage" not in caplog.text
    assert sweep(ready).reports == 0


def test_a_pause_stops_the_clock_and_its_end_starts_it(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session)
        report = reports.find(session, ticket, CITY)
        before = report.verify_by
        reports.change_state(session, report, ReportState.TUNDA, "Foto kurang", CITY, LIMITS)
        session.flush()
    paused = only(ready)
    assert (paused.promise_at, paused.paused_at is None) == (None, False)
    with transaction(ready) as session:
        report = reports.find(session, ticket, CITY)
        report.paused_at = now() - 7 * DAY
        back = ReportState.BELUM_TERVERIFIKASI
        reports.change_state(session, report, back, "Lengkap", CITY, LIMITS)
    going = only(ready)
    assert going.paused_at is None
    assert before is not None
    assert going.verify_by is not None
    assert going.promise_at == going.verify_by >= before
    first, second = said(ready)
    assert "batas waktunya tidak dihitung" in first
    assert "Diperiksa paling lambat: " in second


def home_at(hour: int) -> ZoneInfo:
    """Return a zone in which it is `hour` o'clock now."""
    ahead = (hour - now().hour + 11) % 24 - 11  # -11 .. 12
    return ZoneInfo(f"Etc/GMT{-ahead:+d}")


def test_nobody_is_woken(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        open_report(session, **LATE)
    for hour in (0, 6, 20, 22):
        assert sweep(ready, Terms(home=home_at(hour))) == overdue.Swept()
    assert sweep(ready, Terms(home=home_at(10))).reports == 1


def test_the_night_is_the_regions_own(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        asleep = open_report(session, **LATE, region="31.71")
        awake = open_report(session, **LATE, region="91.71.01")
        other = open_report(session, **LATE, region="")
    local = datetime.now(WIT)
    begins = (local - timedelta(hours=1)).time() if local.hour >= 1 else time(0)
    ends = (local + timedelta(hours=1)).time() if local.hour < 23 else time(23, 59, 59, 999999)
    hours = Daytime(begins, ends)
    assert sweep(ready, Terms(home=WIB, hours=hours)).reports == 1
    (message,) = said(ready)
    assert awake in message
    assert sweep(ready, Terms(home=WIT, hours=hours)).reports == 1
    assert other in said(ready)[-1]
    assert not any(asleep in message for message in said(ready))


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"notices": False}, []),
        ({"reachable": False}, ["parked"]),
        ({"human_until": now() + DAY}, None),
        ({"human_until": now() - DAY}, ["open"]),
    ],
)
def test_who_wants_can_and_may_be_told(
    ready: Sessions, open_report: OpenReport, columns: dict[str, Any], parts: list[str] | None
) -> None:
    with transaction(ready) as session:
        open_report(session, **LATE)
        session.execute(update(Conversation).values(columns))
    sweep(ready)
    with transaction(ready) as session:
        assert list(session.scalars(select(Outbox.state))) == (parts or [])
    assert [it["told"] for it in told(ready, "promise_missed")] == (
        [] if parts is None else [bool(parts)]
    )


DONE: dict[str, Any] = {
    "state": "selesai",
    "promise_at": None,
    "done_at": YESTERDAY - 14 * DAY,
    "close_at": YESTERDAY,
}


@pytest.mark.parametrize(("language", "words"), [("id", "kami tutup"), ("en", "have closed")])
def test_silence_is_stored_as_silence(
    ready: Sessions, open_report: OpenReport, language: str, words: str
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, **DONE)
        session.scalars(select(Conversation)).one().state = {"language": language}
    assert sweep(ready).deliver == {"telegram"}
    assert sweep(ready) == overdue.Swept()
    report = only(ready)
    assert (report.verdict, report.state, report.close_at) == ("diam", "selesai", None)
    assert report.verdict_at is not None
    (message,) = said(ready)
    assert words in message
    assert ticket in message
    assert "10" in message
    (detail,) = told(ready, "closed_by_silence")
    assert datetime.fromisoformat(detail["done_at"]) == DONE["done_at"]


@pytest.mark.parametrize(
    "columns",
    [{"verdict": "sudah"}, {"verdict": "belum"}, {"state": "proses"}],
)
def test_who_spoke_is_not_called_silent(
    ready: Sessions, open_report: OpenReport, columns: dict[str, Any]
) -> None:
    wanted = {**DONE, **columns}
    with transaction(ready) as session:
        open_report(session, **wanted)
    sweep(ready)
    assert (only(ready).verdict, only(ready).close_at) == (wanted.get("verdict", ""), None)
    assert said(ready) == []
    assert told(ready, "closed_by_silence") == []


def test_done_starts_the_silence_and_opening_again_ends_it(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        report = reports.find(session, open_report(session), CITY)
        reports.assign(session, report, "pupr", CITY, LIMITS)
        reports.answer(session, report, "Sudah ditambal.", True, CITY, LIMITS)
        assert report.promise_at is None
        assert report.done_at is not None
        assert report.close_at is not None
        assert report.close_at > report.done_at + 11 * DAY
        reports.change_state(session, report, ReportState.PROSES, "", CITY, LIMITS)
    again = only(ready)
    assert (again.done_at, again.close_at) == (None, None)
    assert again.promise_at is not None


def test_an_answer_that_settles_nothing_leaves_the_date(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        report = reports.find(session, open_report(session), CITY)
        reports.assign(session, report, "pupr", CITY, LIMITS)
        follow_up = report.promise_at
        reports.answer(session, report, "Kami periksa besok.", False, CITY, LIMITS)
        assert report.promise_at == report.answer_by
        assert follow_up is not None
        assert report.answer_by is not None
        assert follow_up < report.answer_by


def test_who_was_never_asked_is_not_taken_for_silent(
    ready: Sessions, open_report: OpenReport
) -> None:
    with transaction(ready) as session:
        open_report(session, state="selesai", done_at=YESTERDAY, close_at=YESTERDAY)
        session.execute(update(Conversation).values(notices=False))
    assert sweep(ready) == overdue.Swept(1, frozenset())
    row = only(ready)
    assert (row.verdict, row.verdict_at, row.close_at) == ("", None, None)
    assert said(ready) == []
    assert len(told(ready, "closed_unasked")) == 1
    assert told(ready, "closed_by_silence") == []
    assert sweep(ready) == overdue.Swept()
