"""Figures for the office and for those who watch it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError

from app.web.api.access import Counter, sessions
from app.web.api.errors import ApiRoute, documented
from app.web.api.shapes import channel_figures, suggestion_statistics
from app.web.api.statistics_schemas import ChannelStatistics, DaysWanted
from app.web.api.suggestion_schemas import SuggestionStatistics
from core import agreement, statistics
from core.db.session import transaction

router = APIRouter(route_class=ApiRoute, tags=["statistics"])

_USUAL = timedelta(days=29)


@router.get(
    "/statistics/channels",
    operation_id="channelStatistics",
    summary="Reports, answers and failed deliveries for each channel and day",
    responses=documented(),
)
def channel_statistics(
    request: Request, _: Counter, wanted: Annotated[DaysWanted, Query()]
) -> ChannelStatistics:
    """Return the figures of up to 366 days; a report counts on the day it was opened."""
    last = wanted.last or datetime.now(wanted.zone).date()
    first = wanted.first or last - _USUAL
    if not 0 <= (last - first).days < statistics.LONGEST:
        raise RequestValidationError([RANGE])
    with transaction(sessions(request)) as session:
        names = list(request.app.state.limits)
        figures = statistics.channels(session, first, last, wanted.zone, names)
    return ChannelStatistics(
        first=first, last=last, tz=wanted.tz, channels=channel_figures(figures)
    )


@router.get(
    "/statistics/suggestions",
    operation_id="suggestionStatistics",
    summary="How often humans choose the OPD that was suggested, and whether that has fallen",
    responses=documented(),
)
def suggestion_figures(request: Request, _: Counter) -> SuggestionStatistics:
    """Return the agreement of 30 days and of the 30 days before; sure suggestions are counted."""
    with transaction(sessions(request)) as session:
        found = agreement.agreement(session)
        alarm = agreement.is_rung(session)
    return suggestion_statistics(found, alarm)


RANGE = {
    "type": "range",
    "loc": ("query", "to"),
    "msg": f"The range should be 1 to {statistics.LONGEST} days",
}
