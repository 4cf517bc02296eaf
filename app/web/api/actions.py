"""Acting on reports: assign, move, answer; the citizen is told of each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from sqlalchemy.orm import Session

from app.web.api.access import Diskominfo, Office, Waker, sessions
from app.web.api.errors import ApiRoute, Forbidden, Outdated, documented
from app.web.api.report_schemas import Answer, Assignment, Move, ReportLine, ToldLine
from app.web.api.reports import WITH_ETAG, Ticket, etag
from app.web.api.shapes import report_line
from core import reports, suggestions, triage
from core.channel import LimitsOf
from core.db.session import transaction
from core.db.tables import Report
from core.errors import MoveRefused
from core.guard import kinds
from core.promise import Terms
from core.reports import OPD_MOVES, Officer
from core.tokens import Caller, Role

router = APIRouter(route_class=ApiRoute, tags=["reports"])

ChannelLimits = Mapping[str, LimitsOf]
Act = Callable[[Session, Report, Officer, ChannelLimits], frozenset[str]]  # who is told where
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag that was read: when the report has changed since, the answer is 412 "
        "and nothing is done. Makes it safe to send the same request again.",
        examples=['"3"'],
    ),
]
RESPONSES = {**WITH_ETAG, **documented(404, 409, 412, 413)}


@router.post(
    "/reports/{ticket}/assign",
    operation_id="assignReport",
    summary="Hand the report to an OPD (disposisi)",
    responses=RESPONSES,
)
def assign(
    request: Request,
    response: Response,
    caller: Diskominfo,
    ticket: Ticket,
    body: Assignment,
    if_match: IfMatch = None,
) -> ReportLine:
    """Assign, and tell the citizen to whom."""
    terms: Terms = request.app.state.terms

    def act(
        session: Session, report: Report, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return reports.assign(
            session, report, body.agency, officer, limits, body.urusan or "", terms
        )

    return _carry_out(request, response, caller, ticket, if_match, act)


@router.post(
    "/reports/{ticket}/state",
    operation_id="moveReport",
    summary="Move the report to another state; an OPD to proses, selesai, belum_terverifikasi",
    responses=RESPONSES,
)
def move(
    request: Request,
    response: Response,
    caller: Office,
    ticket: Ticket,
    body: Move,
    if_match: IfMatch = None,
) -> ToldLine:
    """Move, and tell the citizen why."""
    if caller.role is Role.OPD and body.state not in OPD_MOVES:
        raise Forbidden(f"an OPD may not move a report to {body.state}")
    terms: Terms = request.app.state.terms

    def act(
        session: Session, report: Report, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return reports.change_state(
            session, report, body.state, body.reason, officer, limits, terms
        )

    line = _carry_out(request, response, caller, ticket, if_match, act)
    return _with_warnings(line, body.reason)


@router.post(
    "/reports/{ticket}/answer",
    operation_id="answerReport",
    summary="Answer the citizen",
    responses=RESPONSES,
)
def answer(
    request: Request,
    response: Response,
    caller: Office,
    ticket: Ticket,
    body: Answer,
    if_match: IfMatch = None,
) -> ToldLine:
    """Send the answer by the report's own channel; it is in proses or selesai then."""
    terms: Terms = request.app.state.terms

    def act(
        session: Session, report: Report, officer: Officer, limits: ChannelLimits
    ) -> frozenset[str]:
        return reports.answer(session, report, body.text, body.done, officer, limits, terms)

    line = _carry_out(request, response, caller, ticket, if_match, act)
    return _with_warnings(line, body.text)


def _with_warnings(line: ReportLine, sent: str) -> ToldLine:
    """Return the line with what an officer may not have meant to send; it is sent as it is."""
    return ToldLine(**dict(line), warnings=sorted(kinds(sent)))


def _carry_out(
    request: Request,
    response: Response,
    caller: Caller,
    ticket: str,
    if_match: str | None,
    act: Act,
) -> ReportLine:
    """Act on the locked report in one transaction, then have the citizen told."""
    waker: Waker = request.app.state.waker
    with acting(request, caller, ticket, if_match) as (session, report, officer, limits):
        told = act(session, report, officer, limits)
        suggested = suggestions.for_reports(session, [report.id]).get(report.id)
        line = report_line(triage.line(session, report.id), suggested)
    for channel in told:
        waker.wake_deliver(channel)
    response.headers["ETag"] = etag(line.version)
    return line


@contextmanager
def acting(
    request: Request, caller: Caller, ticket: str, if_match: str | None
) -> Iterator[tuple[Session, Report, Officer, ChannelLimits]]:
    """Lock the report for what is done with it in one transaction.

    Raises NotFound, Outdated when it is not the version that was read, MoveRefused when its
    channel is off.
    """
    limits: ChannelLimits = request.app.state.limits
    officer = Officer(caller.name, caller.agency_id)
    with transaction(sessions(request)) as session:
        report = reports.find(session, ticket, officer)
        if not matches(if_match, report.version):
            raise Outdated
        if report.channel not in limits:
            raise MoveRefused(f"the channel {report.channel} is off: the citizen cannot be told")
        yield session, report, officer, limits


def matches(if_match: str | None, version: int) -> bool:
    """Tell whether an If-Match header, when there is one, names this version (RFC 9110, 13.1.1)."""
    if if_match is None or if_match.strip() == "*":
        return True
    return etag(version) in (tag.strip() for tag in if_match.split(","))
