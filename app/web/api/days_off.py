"""Which days the office does not work, by which promised dates are counted."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field

from app.web.api.access import Diskominfo, sessions
from app.web.api.errors import ApiRoute, documented
from app.web.api.schemas import EARLIEST, Given, Sent, Words
from core import days_off
from core.calendar import LAST_YEAR, Holiday, Origin
from core.days_off import LONGEST_NAME
from core.db.session import transaction

router = APIRouter(route_class=ApiRoute, tags=["days off"])


class DayOffOrder(Sent):
    """The office is closed on a day, or works although it is a holiday."""

    name: Words = Field(
        min_length=1,
        max_length=LONGEST_NAME,
        pattern=r"^[^\p{Cc}]+$",
        description="Why; one line.",
        examples=["HUT Kota"],
    )
    works: bool = Field(
        default=False, description="True for a holiday, or a weekend, on which the office works."
    )


class DayOffLine(Given):
    """One day."""

    day: date = Field(examples=["2026-10-12"])
    name: str = Field(examples=["HUT Kota"])
    origin: Origin = Field(description="Who says so; only those of the office can be removed.")


class DaysOff(Given):
    """The days off of one year, by date, beside Saturdays and Sundays."""

    days: list[DayOffLine]


class YearWanted(Sent):
    """Which year."""

    year: Annotated[int, Field(ge=EARLIEST.year, le=LAST_YEAR)] | None = Field(
        default=None, description="The year; this one, if not given."
    )


Day = Annotated[
    date,
    Path(
        ge=EARLIEST.date(),
        le=date(LAST_YEAR, 12, 31),
        description="The day.",
        examples=["2026-10-12"],
    ),
]


@router.get(
    "/days-off",
    operation_id="listDaysOff",
    summary="National holidays, cuti bersama and the office's own days of a year",
    responses=documented(),
)
def list_days_off(
    request: Request, _: Diskominfo, wanted: Annotated[YearWanted, Query()]
) -> DaysOff:
    """Return all of them; a name that ends in (perkiraan) is not decreed yet."""
    with transaction(sessions(request)) as session:
        year = wanted.year or days_off.almanac(session).now.year
        return _shown(days_off.listed(session, year))


@router.put(
    "/days-off/{day}",
    operation_id="putDayOff",
    summary="Note that the office is closed on a day, or works on a holiday",
    responses=documented(413),
)
def put(request: Request, _: Diskominfo, day: Day, body: DayOffOrder) -> DaysOff:
    """Note it, in place of what was noted before; dates that were told already stay."""
    with transaction(sessions(request)) as session:
        days_off.put(session, day, body.name, body.works)
        return _shown(days_off.listed(session, day.year))


@router.delete(
    "/days-off/{day}",
    operation_id="removeDayOff",
    summary="Let the national calendar decide on a day again",
    responses=documented(404),
)
def remove(request: Request, _: Diskominfo, day: Day) -> DaysOff:
    """Take back what the office noted for the day."""
    with transaction(sessions(request)) as session:
        days_off.remove(session, day)
        return _shown(days_off.listed(session, day.year))


def _shown(days: list[Holiday]) -> DaysOff:
    return DaysOff(days=[DayOffLine.model_validate(day) for day in days])
