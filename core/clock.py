"""The clock of one report: what it waits for, when it stands still, what follows a miss. Pure.

While a report waits for its check, that is promised; handed to an OPD, its first follow-up; then
that the matter is settled. Tunda and arsip stop the clock. After DATES_AGAIN misses no further date
is promised: who was let down twice is not put off a third time, but told where else to turn. Who
has it opened again is told one date more.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.db.tables import Report
from core.promise import Desk, promise, resumed
from core.workflow import CLOSED, ReportState

DATES_AGAIN = 2
PAUSED = frozenset({ReportState.TUNDA, ReportState.ARSIP})
STILL = PAUSED | CLOSED
VERIFIED = frozenset({ReportState.TERDISPOSISI, ReportState.PROSES, ReportState.SELESAI})


class Pledge(StrEnum):
    """What a report waits for."""

    VERIFY = "verify"  #: that Diskominfo checks it
    FOLLOW_UP = "follow_up"  #: that the OPD takes it up
    ANSWER = "answer"  #: that the matter is settled


@dataclass(frozen=True, slots=True)
class Clock:
    """The columns of a report that tell its time, and its state; see `core.db.tables.Report`."""

    state: ReportState
    verify_by: datetime | None = None
    answer_by: datetime | None = None
    promise_at: datetime | None = None
    paused_at: datetime | None = None
    verified_at: datetime | None = None
    done_at: datetime | None = None
    close_at: datetime | None = None
    missed: int = 0

    @property
    def pledge(self) -> Pledge | None:
        """Return what is waited for at `promise_at`, None where nothing is."""
        match self.state:
            case _ if self.promise_at is None or self.state in STILL:
                return None
            case ReportState.BELUM_TERVERIFIKASI if self.verified_at is None:
                return Pledge.VERIFY
            case ReportState.TERDISPOSISI if self.promise_at != self.answer_by:
                return Pledge.FOLLOW_UP
            case _:
                return Pledge.ANSWER

    @property
    def closed(self) -> bool:
        """Tell whether nothing is to be expected any more."""
        return self.state in CLOSED

    @property
    def given_up(self) -> bool:
        """Tell whether so much was missed that no date is told any more."""
        return self.missed > DATES_AGAIN


COLUMNS = tuple(field.name for field in fields(Clock))
SELECTED = tuple(getattr(Report, name) for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Miss:
    """A broken promise: what, for which moment, and for when it is promised now, if it is."""

    pledge: Pledge
    promised: datetime
    again: datetime | None


def read(row: object) -> Clock:
    """Return the clock of a report, or of a row with its columns."""
    values: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
    return Clock(**values | {"state": ReportState(values["state"])})


def columns(clock: Clock) -> dict[str, Any]:
    """Return the columns of a report with this clock."""
    return {name: getattr(clock, name) for name in COLUMNS}


def write(report: Report, clock: Clock) -> None:
    """Set the report's columns."""
    for name, value in columns(clock).items():
        setattr(report, name, value)


def opened(now: datetime, klasifikasi: str, desk: Desk) -> Clock:
    """Return the clock of a report of this class that comes now."""
    made = promise(now, klasifikasi, desk)
    state = ReportState.BELUM_TERVERIFIKASI
    return Clock(state, made.verify_by, made.answer_by, promise_at=made.verify_by)


def moved(clock: Clock, wanted: ReportState, now: datetime, desk: Desk) -> Clock:
    """Return the clock of a report that goes to the state `wanted` now."""
    clock = replace(_going(clock, now, desk), state=wanted)
    if wanted in VERIFIED:
        clock = replace(clock, verified_at=clock.verified_at or now)
    if wanted in PAUSED:
        return replace(clock, paused_at=now, promise_at=None)
    if wanted is ReportState.SELESAI:
        close_at = desk.end_of(now, desk.terms.lengths.silence)
        return replace(clock, done_at=now, close_at=close_at, promise_at=None)
    return replace(clock, promise_at=None if clock.given_up else _next(clock, now, desk))


def _going(clock: Clock, now: datetime, desk: Desk) -> Clock:
    """Return the clock going again, after a pause or after "selesai"."""
    if clock.paused_at:
        verify_by, answer_by = (
            resumed(deadline, clock.paused_at, now, desk) if deadline else None
            for deadline in (clock.verify_by, clock.answer_by)
        )
        return replace(clock, paused_at=None, verify_by=verify_by, answer_by=answer_by)
    if clock.done_at:
        again = desk.end_of(now, desk.terms.lengths.again)
        answer_by = max(clock.answer_by, again) if clock.answer_by else again
        missed = min(clock.missed, DATES_AGAIN)
        return replace(clock, done_at=None, close_at=None, answer_by=answer_by, missed=missed)
    return clock


def _next(clock: Clock, now: datetime, desk: Desk) -> datetime | None:
    """Return when the promise that stands in this state ends, None where none was made."""
    if clock.state is ReportState.BELUM_TERVERIFIKASI and not clock.verified_at:
        return clock.verify_by
    if clock.state is ReportState.TERDISPOSISI:
        follow_up = desk.end_of(now, desk.terms.lengths.follow_up)
        return min(follow_up, clock.answer_by) if clock.answer_by else follow_up
    return clock.answer_by


def missed(clock: Clock, now: datetime, desk: Desk) -> tuple[Clock, Miss]:
    """Return the clock of a report whose `promise_at` has passed, and what was missed.

    The answer counts where several promises passed at once. No answer is promised for a day before
    the new one of the check. Raises ValueError where nothing was promised.
    """
    if clock.pledge is None or clock.promise_at is None:
        raise ValueError("nothing was promised")
    pledge, promised, answer_by = clock.pledge, clock.promise_at, clock.answer_by
    if pledge is Pledge.FOLLOW_UP and answer_by and answer_by <= now:
        pledge, promised = Pledge.ANSWER, answer_by
    clock = replace(clock, missed=clock.missed + 1)
    if clock.given_up:
        return replace(clock, promise_at=None), Miss(pledge, promised, None)
    again = desk.end_of(now, desk.terms.lengths.again)
    if pledge is Pledge.FOLLOW_UP:
        again = min(again, answer_by) if answer_by else again
        return replace(clock, promise_at=again), Miss(pledge, promised, again)
    if pledge is Pledge.VERIFY:
        clock = replace(clock, verify_by=again)
    later = max(answer_by, again) if pledge is Pledge.VERIFY and answer_by else again
    return replace(clock, promise_at=again, answer_by=later), Miss(pledge, promised, again)
