"""Talking to a citizen oneself, by the report's own channel: take over, write, hand back."""

from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from app.web.api.access import Diskominfo
from app.web.api.actions import RESPONSES, ChannelLimits, IfMatch, acting
from app.web.api.errors import ApiRoute, documented
from app.web.api.reports import WITH_ETAG, Ticket, etag
from app.web.api.takeover_schemas import OwnWords, Takeover, Talk
from core import takeover
from core.db.tables import Conversation, Report
from core.reports import Officer
from core.tokens import Caller

router = APIRouter(route_class=ApiRoute, tags=["talks"])

Act = Callable[[Session, Report, Officer, ChannelLimits], frozenset[str]]


@router.post(
    "/reports/{ticket}/takeover",
    operation_id="takeOver",
    summary="Talk to the citizen oneself: the program is silent for a while",
    responses=RESPONSES,
)
def take_over(
    request: Request,
    response: Response,
    caller: Diskominfo,
    ticket: Ticket,
    body: Takeover,
    if_match: IfMatch = None,
) -> Talk:
    """Keep the program silent from now on; the citizen is told, and his words stand beside it."""
    length = timedelta(minutes=body.minutes) if body.minutes else _usual(request)

    def act(
        session: Session, report: Report, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return takeover.take_over(session, report, length, officer, limits)

    return _carry_out(request, response, caller, ticket, if_match, act)


@router.post(
    "/reports/{ticket}/messages",
    operation_id="writeToCitizen",
    summary="Write to the citizen in one's own words; keeps the program silent",
    responses=RESPONSES,
)
def write(
    request: Request,
    response: Response,
    caller: Diskominfo,
    ticket: Ticket,
    body: OwnWords,
    if_match: IfMatch = None,
) -> Talk:
    """Send the words as they are, marked as a human's; takes the chat over where nobody has."""

    def act(
        session: Session, report: Report, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return takeover.write(session, report, body.text, _usual(request), officer, limits)

    return _carry_out(request, response, caller, ticket, if_match, act)


@router.post(
    "/reports/{ticket}/handback",
    operation_id="handBack",
    summary="Let the program answer the citizen again",
    responses={**WITH_ETAG, **documented(404, 409, 412)},
)
def hand_back(
    request: Request,
    response: Response,
    caller: Diskominfo,
    ticket: Ticket,
    if_match: IfMatch = None,
) -> Talk:
    """End the talk before its time, and tell the citizen."""
    return _carry_out(request, response, caller, ticket, if_match, takeover.hand_back)


def _usual(request: Request) -> timedelta:
    """Return for how long a chat is taken over unless somebody asks for another time."""
    length: timedelta = request.app.state.takeover
    return length


def _carry_out(
    request: Request,
    response: Response,
    caller: Caller,
    ticket: str,
    if_match: str | None,
    act: Act,
) -> Talk:
    with acting(request, caller, ticket, if_match) as (session, report, officer, limits):
        told = act(session, report, officer, limits)
        conversation = session.get_one(Conversation, report.conversation_id)
        talk = Talk(
            ticket=report.ticket, version=report.version, human_until=conversation.human_until
        )
    for channel in told:
        request.app.state.waker.wake_deliver(channel)
    response.headers["ETag"] = etag(talk.version)
    return talk
