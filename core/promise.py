"""By when a report is checked and answered, in working days. Pure.

A promise is a day, kept as its last second in the region's time. A day is counted when its morning
(`Terms.hours`) comes after the report did: what comes on Monday at ten, on Monday night, or on
Tuesday before the morning, counts Tuesday as its first day; what comes on a holiday counts the
next working day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.calendar import Calendar, add_working_days, working_days
from core.settings import CoreSettings
from core.understanding import Klasifikasi
from core.zones import WITA, Daytime, zone_of

_LAST_SECOND = time(23, 59, 59)
_HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many working days each step may take; where they come from: docs/PROMISE.md.

    `answer` is by class; `again` is the new length after a miss, `silence` what passes between
    "selesai" and the end of a report that nobody objects to.
    """

    verify: int = 3
    follow_up: int = 5
    answer: Mapping[Klasifikasi, int] = field(
        default_factory=lambda: {
            Klasifikasi.PERMINTAAN_INFORMASI: 5,
            Klasifikasi.PENGADUAN_TIDAK_BERKADAR: 14,
            Klasifikasi.PENGADUAN_BERKADAR: 60,
            Klasifikasi.ASPIRASI: 14,
        }
    )
    again: int = 5
    silence: int = 10


@dataclass(frozen=True, slots=True)
class Terms:
    """What the office promises: the lengths, its own time zone, and when citizens are awake.

    `ombudsman` names where a citizen can turn to when promises are broken.
    """

    lengths: Lengths = field(default_factory=Lengths)
    home: ZoneInfo = WITA
    hours: Daytime = field(default_factory=Daytime)
    ombudsman: str = "Ombudsman RI (ombudsman.go.id)"

    @classmethod
    def of(cls, settings: CoreSettings) -> "Terms":
        """Return the terms that the settings name."""
        answer = {
            Klasifikasi.PERMINTAAN_INFORMASI: settings.informasi_days,
            Klasifikasi.PENGADUAN_TIDAK_BERKADAR: settings.tidak_berkadar_days,
            Klasifikasi.PENGADUAN_BERKADAR: settings.berkadar_days,
            Klasifikasi.ASPIRASI: settings.aspirasi_days,
        }
        lengths = Lengths(
            settings.verify_days,
            settings.follow_up_days,
            answer,
            settings.again_days,
            settings.silence_days,
        )
        hours = Daytime(settings.day_begins, settings.day_ends)
        return cls(lengths, settings.timezone, hours, settings.ombudsman)


TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Desk:
    """Where and by which calendar days are counted for one report."""

    zone: ZoneInfo
    calendar: Calendar = field(default_factory=Calendar)
    terms: Terms = TERMS

    @classmethod
    def of(cls, region: str, calendar: Calendar, terms: Terms) -> "Desk":
        """Return the desk of a report about `region`, "" where that is not known."""
        return cls(zone_of(region, terms.home), calendar, terms)

    def end_of(self, moment: datetime, days: int) -> datetime:
        """Return the last second of the `days`-th working day that is counted from `moment` on."""
        day = add_working_days(self.before(moment), days, self.calendar)
        return datetime.combine(day, _LAST_SECOND, self.zone)

    def days_left(self, moment: datetime, deadline: datetime) -> int:
        """Return how many working days there still are at `moment` until `deadline`."""
        return working_days(self.before(moment), day_of(deadline, self.zone), self.calendar)

    def before(self, moment: datetime) -> date:
        """Return the day that stands before the first one that may be counted."""
        local = moment.astimezone(self.zone)
        return local.date() - timedelta(days=local.time() < self.terms.hours.begins)


@dataclass(frozen=True, slots=True)
class Promise:
    """By when a report is checked, and by when it is answered for good."""

    verify_by: datetime
    answer_by: datetime


def promise(opened_at: datetime, klasifikasi: str, desk: Desk) -> Promise:
    """Return what a citizen is promised for a report of `klasifikasi` that came at `opened_at`.

    A class that is not known has the length of a pengaduan tidak berkadar pengawasan. No answer is
    promised for a day before the check.
    """
    lengths = desk.terms.lengths
    by_class = {str(name): days for name, days in lengths.answer.items()}
    days = by_class.get(klasifikasi, lengths.answer[Klasifikasi.PENGADUAN_TIDAK_BERKADAR])
    verify_by = desk.end_of(opened_at, lengths.verify)
    return Promise(verify_by, max(verify_by, desk.end_of(opened_at, days)))


def resumed(deadline: datetime, paused_at: datetime, resumed_at: datetime, desk: Desk) -> datetime:
    """Return the deadline after a pause, with as many working days left as there were before it.

    It never comes earlier; one that had passed before the pause stays.
    """
    left = desk.days_left(paused_at, deadline)
    return max(deadline, desk.end_of(resumed_at, left)) if left else deadline


def day_of(deadline: datetime, zone: ZoneInfo) -> date:
    """Return the day that was promised, by the clock of any Indonesian `zone`.

    Half a day earlier it is noon, and the same day in all of them, so that a day that was promised
    stays the same when a report is found to be about a place in another zone.
    """
    return (deadline - _HALF_A_DAY).astimezone(zone).date()
