"""By when, over Lebaran 2026 in three time zones; the holidays are those of test_calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.calendar import Calendar
from core.promise import Desk, Lengths, Terms, day_of, promise, resumed
from core.settings import CoreSettings
from core.understanding import Klasifikasi
from core.zones import WIB, WIT, WITA, Daytime

INFORMASI, BERKADAR = Klasifikasi.PERMINTAAN_INFORMASI, Klasifikasi.PENGADUAN_BERKADAR
TIDAK_BERKADAR, ASPIRASI = Klasifikasi.PENGADUAN_TIDAK_BERKADAR, Klasifikasi.ASPIRASI
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


LEBARAN = [  # when it came, on the clock there; by when it is checked, and answered
    # Monday 16 March; the 17th is the last working day before Lebaran, the 25th the first after
    ("2026-03-16T10:00", TIDAK_BERKADAR, "2026-03-26", "2026-04-13"),
    ("2026-03-16T07:59", TIDAK_BERKADAR, "2026-03-25", "2026-04-10"),  # before the morning
    ("2026-03-16T23:30", TIDAK_BERKADAR, "2026-03-26", "2026-04-13"),  # in the night
    ("2026-03-17T08:00", TIDAK_BERKADAR, "2026-03-27", "2026-04-14"),
    ("2026-03-17T10:00", INFORMASI, "2026-03-27", "2026-03-31"),
    ("2026-03-17T10:00", ASPIRASI, "2026-03-27", "2026-04-14"),
    ("2026-03-17T10:00", BERKADAR, "2026-03-27", "2026-06-26"),
    ("2026-03-17T10:00", "", "2026-03-27", "2026-04-14"),
    ("2026-03-21T09:00", TIDAK_BERKADAR, "2026-03-27", "2026-04-14"),  # on the feast itself
    ("2026-03-24T20:00", TIDAK_BERKADAR, "2026-03-27", "2026-04-14"),
    ("2026-03-25T00:30", TIDAK_BERKADAR, "2026-03-27", "2026-04-14"),  # before work begins again
    ("2026-03-25T08:30", TIDAK_BERKADAR, "2026-03-30", "2026-04-15"),
    ("2026-12-23T10:00", INFORMASI, "2026-12-30", "2027-01-04"),
    ("2026-11-22T06:00", TIDAK_BERKADAR, "2026-11-25", "2026-12-10"),
]


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
@pytest.mark.parametrize(("came", "klasifikasi", "verify", "answer"), LEBARAN)
def test_what_is_promised(
    zone: ZoneInfo, came: str, klasifikasi: str, verify: str, answer: str
) -> None:
    made = promise(at(came, zone).astimezone(UTC), klasifikasi, Desk(zone))
    assert made.verify_by == at(f"{verify}T23:59:59", zone)
    assert made.answer_by == at(f"{answer}T23:59:59", zone)


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        # 16 March 2026: midnight comes to Jayapura first, and to Jakarta last
        ("2026-03-16T14:59:59", {WIT: "16", WITA: "16", WIB: "16"}),
        ("2026-03-16T15:00:00", {WIT: "17", WITA: "16", WIB: "16"}),
        ("2026-03-16T16:00:00", {WIT: "17", WITA: "17", WIB: "16"}),
        ("2026-03-16T17:00:00", {WIT: "17", WITA: "17", WIB: "17"}),
    ],
)
def test_midnight_is_each_zones_own(moment: str, days: dict[ZoneInfo, str]) -> None:
    hours = Terms(hours=Daytime(time(0), time(23)))  # the morning begins at midnight
    for zone, day in days.items():
        before = Desk(zone, Calendar(), hours).before(at(moment, ZoneInfo("UTC")))
        assert before == date.fromisoformat(f"2026-03-{day}")


def test_the_morning_makes_two_zones_promise_another_day() -> None:
    moment = datetime(2026, 3, 15, 23, 30, tzinfo=UTC)  # Monday 06:30, 07:30 and 08:30
    said = {
        zone: day_of(promise(moment, INFORMASI, Desk(zone)).verify_by, zone)
        for zone in (WIB, WITA, WIT)
    }
    assert said == {
        WIB: date(2026, 3, 25),
        WITA: date(2026, 3, 25),
        WIT: date(2026, 3, 26),
    }


@pytest.mark.parametrize("promised_in", [WIB, WITA, WIT])
@pytest.mark.parametrize("told_in", [WIB, WITA, WIT])
def test_a_promised_day_is_the_same_everywhere(promised_in: ZoneInfo, told_in: ZoneInfo) -> None:
    made = promise(at("2026-03-17T10:00", promised_in), INFORMASI, Desk(promised_in))
    stored = made.verify_by.astimezone(UTC)
    assert day_of(stored, told_in) == date(2026, 3, 27)


PAUSES = [  # deadline, paused, resumed, new deadline
    ("2026-03-27", "2026-03-17T10:00", "2026-03-17T15:00", "2026-03-27"),  # the same day
    ("2026-03-27", "2026-03-17T10:00", "2026-03-21T15:00", "2026-03-27"),  # over days off
    ("2026-03-27", "2026-03-17T10:00", "2026-03-25T15:00", "2026-03-30"),
    ("2026-03-27", "2026-03-26T10:00", "2026-04-06T15:00", "2026-04-07"),  # one day was left
    ("2026-03-27", "2026-03-27T10:00", "2026-04-06T15:00", "2026-03-27"),  # none was left
    ("2026-03-27", "2026-03-30T10:00", "2026-04-06T15:00", "2026-03-27"),  # missed before
]


@pytest.mark.parametrize(("deadline", "paused", "back", "new"), PAUSES)
def test_the_clock_stands_still(deadline: str, paused: str, back: str, new: str) -> None:
    moments = at(f"{deadline}T23:59:59", WITA), at(paused, WITA), at(back, WITA)
    assert resumed(*moments, Desk(WITA)) == at(f"{new}T23:59:59", WITA)


def test_the_lengths_are_settings() -> None:
    given = CoreSettings(
        verify_days=1,
        follow_up_days=2,
        informasi_days=3,
        tidak_berkadar_days=15,
        berkadar_days=30,
        aspirasi_days=7,
        again_days=4,
        silence_days=6,
        timezone=WIB,
        day_begins=time(7),
        day_ends=time(21),
        ombudsman="Ombudsman",
    )
    answer = {INFORMASI: 3, TIDAK_BERKADAR: 15, BERKADAR: 30, ASPIRASI: 7}
    wanted = Terms(Lengths(1, 2, answer, 4, 6), WIB, Daytime(time(7), time(21)), "Ombudsman")
    assert Terms.of(given) == wanted
    assert Terms.of(CoreSettings()) == Terms()
    made = promise(at("2026-03-17T10:00", WIB), TIDAK_BERKADAR, Desk(WIB, Calendar(), wanted))
    assert [day_of(it, WIB).day for it in (made.verify_by, made.answer_by)] == [25, 15]


def test_no_answer_is_promised_before_the_check() -> None:
    terms = Terms(Lengths(verify=5, answer={TIDAK_BERKADAR: 2}))
    made = promise(at("2026-03-02T10:00", WITA), INFORMASI, Desk(WITA, Calendar(), terms))
    assert made.answer_by == made.verify_by


moments = st.integers(0, 366 * 24 * 3600).map(lambda it: NEW_YEAR + timedelta(seconds=it))
zones = st.sampled_from([WIB, WITA, WIT])
classes = st.sampled_from([*Klasifikasi, ""])
calendars = st.dictionaries(
    st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=30
).map(Calendar)


@given(moments, moments, classes, zones, calendars)
def test_who_comes_later_is_never_served_earlier(
    one: datetime, other: datetime, klasifikasi: str, zone: ZoneInfo, calendar: Calendar
) -> None:
    desk = Desk(zone, calendar)
    first, second = (promise(it, klasifikasi, desk) for it in sorted((one, other)))
    assert first.verify_by <= second.verify_by
    assert first.answer_by <= second.answer_by


@given(moments, classes, zones, calendars)
def test_a_promise_is_a_working_day_that_has_not_begun(
    moment: datetime, klasifikasi: str, zone: ZoneInfo, calendar: Calendar
) -> None:
    made = promise(moment, klasifikasi, Desk(zone, calendar))
    assert made.verify_by <= made.answer_by
    for deadline in (made.verify_by, made.answer_by):
        local = deadline.astimezone(zone)
        assert calendar.is_working(local.date())
        assert datetime.combine(local, time(8), zone) > moment


@given(moments, classes, zones, calendars, st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_further_day_off_makes_no_promise_earlier(
    moment: datetime, klasifikasi: str, zone: ZoneInfo, calendar: Calendar, added: date
) -> None:
    more = Calendar({**calendar.own, added: False})
    before = promise(moment, klasifikasi, Desk(zone, calendar))
    after = promise(moment, klasifikasi, Desk(zone, more))
    assert before.verify_by <= after.verify_by
    assert before.answer_by <= after.answer_by


@given(moments, moments, moments, zones, calendars, calendars)
def test_a_pause_never_shortens(
    came: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    zone: ZoneInfo,
    calendar: Calendar,
    later: Calendar,
) -> None:
    """Also when the calendar changed after the promise was made."""
    came, paused_at, resumed_at = sorted((came, paused_at, resumed_at))
    deadline = promise(came, "", Desk(zone, calendar)).answer_by
    assert resumed(deadline, paused_at, resumed_at, Desk(zone, later)) >= deadline


@given(moments, moments, moments, moments, zones, calendars)
def test_a_longer_pause_leaves_no_less_time(
    came: datetime,
    paused_at: datetime,
    one: datetime,
    other: datetime,
    zone: ZoneInfo,
    calendar: Calendar,
) -> None:
    came, paused_at, one, other = sorted((came, paused_at, one, other))
    desk = Desk(zone, calendar)
    deadline = promise(came, "", desk).answer_by
    assume(paused_at < deadline)
    assert resumed(deadline, paused_at, one, desk) <= resumed(deadline, paused_at, other, desk)
    after = resumed(deadline, paused_at, other, desk)
    assert desk.days_left(paused_at, deadline) <= desk.days_left(other, after) or (
        after == deadline
    )
