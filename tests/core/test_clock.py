"""What a report waits for, in which state, and what follows a miss."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.calendar import Calendar
from core.clock import DATES_AGAIN, Clock, Miss, Pledge
from core.promise import Desk
from core.understanding import Klasifikasi
from core.workflow import ALLOWED, ReportState
from core.zones import WIB, WIT, WITA

DESK = Desk(WITA)
BELUM, TERDISPOSISI, PROSES = (
    ReportState.BELUM_TERVERIFIKASI,
    ReportState.TERDISPOSISI,
    ReportState.PROSES,
)
SELESAI, TUNDA, ARSIP = ReportState.SELESAI, ReportState.TUNDA, ReportState.ARSIP
VERIFY, FOLLOW_UP, ANSWER = Pledge


def on(day: str, hour: int = 10) -> datetime:
    """A moment of 2026, in Central Indonesia."""
    return datetime.fromisoformat(f"2026-{day}").replace(hour=hour, tzinfo=WITA)


def end(day: str) -> datetime:
    return datetime.fromisoformat(f"2026-{day}T23:59:59").replace(tzinfo=WITA)


def begun(day: str = "03-17", klasifikasi: str = "") -> Clock:
    return clock.opened(on(day), klasifikasi, DESK)


def road(start: Clock, *moves: tuple[ReportState, str]) -> Clock:
    for state, day in moves:
        start = clock.moved(start, state, on(day), DESK)
    return start


ROADS = [  # moves from a report of Tuesday 17 March on; then what is waited for, until when
    ([], VERIFY, "03-27"),
    ([(TERDISPOSISI, "03-25")], FOLLOW_UP, "04-01"),
    ([(TERDISPOSISI, "04-10")], ANSWER, "04-14"),  # the follow-up would come after the answer
    ([(TERDISPOSISI, "03-25"), (TERDISPOSISI, "03-27")], FOLLOW_UP, "04-06"),
    ([(TERDISPOSISI, "03-25"), (PROSES, "03-26")], ANSWER, "04-14"),
    ([(TERDISPOSISI, "03-25"), (BELUM, "03-26")], ANSWER, "04-14"),  # bukan wewenang: goes on
    ([(TERDISPOSISI, "03-25"), (SELESAI, "03-26")], None, ""),
    ([(TUNDA, "03-25")], None, ""),
    ([(ARSIP, "03-25")], None, ""),
    # two days were left of the check, thirteen of the answer
    ([(TUNDA, "03-25"), (BELUM, "04-01")], VERIFY, "04-06"),
    ([(TUNDA, "03-25"), (PROSES, "04-01")], ANSWER, "04-21"),
    ([(ARSIP, "03-25"), (BELUM, "04-01")], VERIFY, "04-06"),
    ([(TUNDA, "03-25"), (ARSIP, "03-30"), (BELUM, "04-01")], VERIFY, "04-06"),
    ([(TUNDA, "03-25"), (TERDISPOSISI, "04-01")], FOLLOW_UP, "04-09"),
    # done, and opened again: at least five days more
    ([(TERDISPOSISI, "03-25"), (SELESAI, "03-26"), (PROSES, "03-30")], ANSWER, "04-14"),
    ([(TERDISPOSISI, "03-25"), (SELESAI, "03-26"), (PROSES, "04-13")], ANSWER, "04-20"),
]


@pytest.mark.parametrize(("moves", "pledge", "until"), ROADS)
def test_what_is_waited_for(
    moves: list[tuple[ReportState, str]], pledge: Pledge | None, until: str
) -> None:
    found = road(begun(), *moves)
    assert found.pledge is pledge
    assert found.promise_at == (end(until) if until else None)


def test_done_is_closed_by_ten_days_of_silence() -> None:
    done = road(begun(), (TERDISPOSISI, "03-25"), (SELESAI, "03-26"))
    assert (done.done_at, done.close_at) == (on("03-26"), end("04-10"))  # with Good Friday
    again = road(done, (PROSES, "03-30"))
    assert (again.done_at, again.close_at) == (None, None)


def test_the_first_check_is_remembered() -> None:
    found = road(begun(), (TERDISPOSISI, "03-25"), (BELUM, "03-26"), (TERDISPOSISI, "03-27"))
    assert found.verified_at == on("03-25")


def test_a_report_without_a_promise_breaks_none() -> None:
    """One that was opened by a version that promised nothing."""
    old = Clock(BELUM)
    assert old.pledge is None
    assert road(old, (TUNDA, "03-25"), (BELUM, "03-26")).pledge is None
    handed = road(old, (TERDISPOSISI, "03-25"))
    assert (handed.pledge, handed.promise_at) == (FOLLOW_UP, end("04-01"))
    assert road(handed, (PROSES, "03-26")).pledge is None


MISSES = [  # until the miss; when it is seen; what was promised, what is now
    ([], "03-28", VERIFY, "03-27", "04-06"),
    ([(TERDISPOSISI, "03-25")], "04-02", FOLLOW_UP, "04-01", "04-10"),
    ([(TERDISPOSISI, "04-02")], "04-11", FOLLOW_UP, "04-10", "04-14"),  # not beyond the answer
    ([(TERDISPOSISI, "03-25")], "04-15", ANSWER, "04-14", "04-22"),  # both had passed
    ([(TERDISPOSISI, "03-25"), (PROSES, "03-26")], "04-15", ANSWER, "04-14", "04-22"),
]


@pytest.mark.parametrize(("moves", "seen", "pledge", "promised", "again"), MISSES)
def test_a_miss_brings_a_new_date(
    moves: list[tuple[ReportState, str]], seen: str, pledge: Pledge, promised: str, again: str
) -> None:
    after, miss = clock.missed(road(begun(), *moves), on(seen, 8), DESK)
    assert miss == Miss(pledge, end(promised), end(again))
    assert (after.promise_at, after.missed) == (end(again), 1)
    assert after.pledge is (ANSWER if again == "04-14" else pledge)


def test_no_answer_is_left_before_the_check() -> None:
    short = begun(klasifikasi=Klasifikasi.PERMINTAAN_INFORMASI)
    assert (short.verify_by, short.answer_by) == (end("03-27"), end("03-31"))
    after, _ = clock.missed(short, on("03-28", 8), DESK)
    assert (after.verify_by, after.answer_by) == (end("04-06"), end("04-06"))
    long = begun()
    after, _ = clock.missed(long, on("03-28", 8), DESK)
    assert (after.verify_by, after.answer_by) == (end("04-06"), long.answer_by)


def test_two_new_dates_and_no_third() -> None:
    found, dates, now = begun(), [], on("03-28", 8)
    while found.promise_at:
        found, miss = clock.missed(found, now, DESK)
        dates.append(miss.again)
        now = (miss.again or now) + timedelta(hours=9)
    assert dates == [end("04-06"), end("04-14"), None]
    assert found.given_up
    for state in (TERDISPOSISI, TUNDA):
        assert clock.moved(found, state, now, DESK).pledge is None
    with pytest.raises(ValueError, match="nothing was promised"):
        clock.missed(found, now, DESK)


def test_a_clock_is_read_from_what_it_was_written_to() -> None:
    found = road(begun(), (TERDISPOSISI, "03-25"), (TUNDA, "03-26"))
    assert Clock(**clock.columns(found)) == found


moments = st.integers(1, 60 * 24 * 3600).map(lambda it: timedelta(seconds=it))
choices = st.integers(0, 99)
zones = st.sampled_from([WIB, WITA, WIT])
START = datetime(2026, 3, 1, tzinfo=UTC)


@given(zones, st.sampled_from([*Klasifikasi]), st.lists(st.tuples(choices, moments), max_size=12))
def test_no_road_loses_a_promise(
    zone: object, klasifikasi: Klasifikasi, acts: list[tuple[int, timedelta]]
) -> None:
    """Whatever the office does, and whenever: dates never come earlier, states keep their rules."""
    assert isinstance(zone, type(WIB))
    desk = Desk(zone, Calendar())
    found, now = clock.opened(START, klasifikasi, desk), START
    for number, wait in acts:
        now += wait
        before = found
        if found.pledge and found.promise_at and found.promise_at <= now:
            found, miss = clock.missed(found, now, desk)
            assert miss.again is None or miss.again > now
            assert found.missed == before.missed + 1 <= DATES_AGAIN + 1
        allowed = sorted(ALLOWED[found.state])
        found = clock.moved(found, allowed[number % len(allowed)], now, desk)
        assert found.answer_by is not None
        assert before.answer_by is not None
        assert found.answer_by >= before.answer_by
        assert (found.paused_at is not None) == (found.state in {TUNDA, ARSIP})
        assert (found.close_at is not None) == (found.state is SELESAI)
        waits = found.state in {BELUM, TERDISPOSISI, PROSES} and not found.given_up
        assert (found.pledge is not None) == waits
        assert replace(found, promise_at=None).pledge is None
