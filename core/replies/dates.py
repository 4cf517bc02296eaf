"""Days, as a citizen reads them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.clock import Clock
from core.promise import day_of
from core.replies import render
from core.workflow import ReportState


def say_date(language: str, day: date) -> str:
    """Return the day, as a moment's own clock has it, with the month's name."""
    return f"{day.day} {render(language, f'month-{day.month}')} {day.year}"


def say_day(language: str, deadline: datetime, zone: ZoneInfo) -> str:
    """Return the day that was promised, by the clock of `zone`, with its weekday."""
    day = day_of(deadline, zone)
    args = {
        "weekday": render(language, f"weekday-{day.isoweekday()}"),
        "date": say_date(language, day),
    }
    return render(language, "day", args)


def say_promise(language: str, clock: Clock, zone: ZoneInfo) -> str:
    """Return a line on what is promised now, "" where there is nothing to say."""
    if clock.pledge and clock.promise_at:
        date = say_day(language, clock.promise_at, zone)
        return render(language, f"promised-{clock.pledge}", {"date": date})
    if clock.state is ReportState.TUNDA:
        return render(language, "paused")
    return render(language, "overdue") if clock.given_up and not clock.closed else ""
