"""Seeing personal numbers that are hidden: for a reason, and never without a trace."""

from fastapi import APIRouter, Request

from app.web.api.access import Office, sessions
from app.web.api.errors import ApiRoute, Forbidden, documented
from app.web.api.identity_schemas import UnmaskedReport, Why
from app.web.api.report_schemas import Written
from app.web.api.reports import Ticket
from core import unmasking
from core.db.session import transaction
from core.reports import Officer
from core.tokens import Role
from core.unmasking import Unmasked

router = APIRouter(route_class=ApiRoute, tags=["reports"])


@router.post(
    "/reports/{ticket}/unmask",
    operation_id="unmaskReport",
    summary="The report with its personal numbers (NIK, phone ...); each look is logged",
    responses=documented(404, 413),
)
def unmask(request: Request, caller: Office, ticket: Ticket, body: Why) -> UnmaskedReport:
    """Note the look and its reason in the history, then return what was written.

    An OPD may look only into its own reports, and only when its urusan cannot do without
    (docs/OPERATIONS.md lists them). Of an anonim report nobody may, whatever his role: the answer
    is 403.
    """
    officer = Officer(caller.name, caller.agency_id)
    with transaction(sessions(request)) as session:
        subject = unmasking.subject(session, ticket, officer)
        if caller.role is Role.OPD and not subject.needs_identity:
            raise Forbidden("this report can be answered without personal numbers")
        return _unmasked(unmasking.unmask(session, subject, officer, body.reason))


def _unmasked(seen: Unmasked) -> UnmaskedReport:
    messages = [
        Written(
            at=row.at,
            text=row.sealed or row.text,
            edited_at=row.edited_at,
            decision=row.decision,
            reason=row.reason,
        )
        for row in seen.messages
    ]
    return UnmaskedReport(ticket=seen.ticket, text=seen.text, messages=messages)
