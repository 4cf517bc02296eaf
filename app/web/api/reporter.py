"""Seeing who told a report: for a reason, and never without a trace."""

from fastapi import APIRouter, Request

from app.web.api.access import Diskominfo, sessions
from app.web.api.errors import ApiRoute, documented
from app.web.api.identity_schemas import Reporter, Why
from app.web.api.reports import Ticket
from core.db.session import transaction
from core.reporter import identify
from core.reports import Officer

router = APIRouter(route_class=ApiRoute, tags=["reports"])


@router.post(
    "/reports/{ticket}/reporter",
    operation_id="readReporter",
    summary="Who told the report, unless it is anonim; each look is logged",
    responses=documented(404, 413),
)
def read_reporter(request: Request, caller: Diskominfo, ticket: Ticket, body: Why) -> Reporter:
    """Note the look and its reason in the history, then return who it was.

    Of an anonim report nobody is told, whatever his role: the answer is 403.
    """
    with transaction(sessions(request)) as session:
        return Reporter.model_validate(
            identify(session, ticket, body.reason, Officer(caller.name, caller.agency_id))
        )
