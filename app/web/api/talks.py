"""Who waits for an officer, and talking to him where there is no report."""

from collections.abc import Callable
from datetime import timedelta
from operator import attrgetter
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy.orm import Session

from app.web.api.access import Diskominfo, sessions
from app.web.api.actions import ChannelLimits
from app.web.api.errors import ApiRoute, documented
from app.web.api.report_schemas import Written
from app.web.api.shapes import told
from app.web.api.takeover_schemas import (
    OwnWords,
    Takeover,
    TalkDetail,
    TalkLine,
    TalkPage,
    TalksWanted,
)
from core import takeover, talks
from core.db.session import transaction
from core.errors import MoveRefused
from core.reports import Officer
from core.takeover import About
from core.tokens import Caller
from core.triage import Position

router = APIRouter(route_class=ApiRoute, tags=["talks"])

Act = Callable[[Session, About, Officer, ChannelLimits], frozenset[str]]
TalkId = Annotated[
    UUID, Path(description="From the list.", examples=["6f1c2f0e-0000-4000-8000-000000000000"])
]


@router.get(
    "/talks",
    operation_id="listTalks",
    summary="Who waits for an officer, longest first; or to whom one talks now",
    responses=documented(),
)
def list_talks(
    request: Request, _: Diskominfo, wanted: Annotated[TalksWanted, Query()]
) -> TalkPage:
    """Return one page; follow `next_cursor` until it is null."""
    after = Position.read(wanted.cursor) if wanted.cursor else None
    with transaction(sessions(request)) as session:
        page = talks.page(session, wanted.waiting, wanted.limit, after)
    return TalkPage(
        talks=[TalkLine.model_validate(row) for row in page.rows],
        next_cursor=page.after.cursor() if page.after else None,
    )


@router.get(
    "/talks/{talk_id}",
    operation_id="readTalk",
    summary="What was said in a talk since an officer was called, and right before",
    responses=documented(404),
)
def read_talk(request: Request, _: Diskominfo, talk_id: TalkId) -> TalkDetail:
    """Return the newest messages of both sides, also of a draft, personal numbers masked.

    Beside a report that is anonim nothing of the same citizen's others is shown, nor the other way
    round.
    """
    with transaction(sessions(request)) as session:
        heard = talks.read(session, talk_id)
    messages = [
        *(Written.model_validate(row) for row in heard.messages),
        *(told(row) for row in heard.parts),
    ]
    line = TalkLine.model_validate(heard.line)
    return TalkDetail(**line.model_dump(), messages=sorted(messages, key=attrgetter("at")))


@router.post(
    "/talks/{talk_id}/takeover",
    operation_id="takeOverTalk",
    summary="Talk to who waits oneself: the program is silent for a while",
    responses=documented(404, 409, 413),
)
def take_over(request: Request, caller: Diskominfo, talk_id: TalkId, body: Takeover) -> TalkLine:
    """Take the chat over; nobody is waited for any more."""
    length = timedelta(minutes=body.minutes) if body.minutes else _usual(request)

    def act(
        session: Session, about: About, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return takeover.take_over(session, about, length, officer, limits)

    return _carry_out(request, caller, talk_id, act)


@router.post(
    "/talks/{talk_id}/messages",
    operation_id="writeInTalk",
    summary="Write in one's own words to who waits; keeps the program silent",
    responses=documented(404, 409, 413),
)
def write(request: Request, caller: Diskominfo, talk_id: TalkId, body: OwnWords) -> TalkLine:
    """Send the words as they are, marked as a human's; takes the chat over where nobody has."""

    def act(
        session: Session, about: About, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return takeover.write(session, about, body.text, _usual(request), officer, limits)

    return _carry_out(request, caller, talk_id, act)


@router.post(
    "/talks/{talk_id}/handback",
    operation_id="handBackTalk",
    summary="Let the program answer again",
    responses=documented(404, 409),
)
def hand_back(request: Request, caller: Diskominfo, talk_id: TalkId) -> TalkLine:
    """End the talk before its time, and tell the citizen."""
    return _carry_out(request, caller, talk_id, takeover.hand_back)


def _usual(request: Request) -> timedelta:
    """Return for how long a chat is taken over unless somebody asks for another time."""
    length: timedelta = request.app.state.takeover
    return length


def _carry_out(request: Request, caller: Caller, talk_id: UUID, act: Act) -> TalkLine:
    """Act on the locked conversation in one transaction, then have the citizen told."""
    limits: ChannelLimits = request.app.state.limits
    with transaction(sessions(request)) as session:
        conversation, about = talks.find(session, talk_id)
        if conversation.channel not in limits:
            raise MoveRefused(f"the channel {conversation.channel} is off: nobody can be told")
        said = act(session, about, Officer(caller.name, caller.agency_id), limits)
        session.flush()
        line = TalkLine.model_validate(talks.line(session, talk_id))
    for channel in said:
        request.app.state.waker.wake_deliver(channel)
    return line
