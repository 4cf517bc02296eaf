"""Reading reports: the list, one of them, a file of it."""

import mimetypes
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse

from app.web.api.access import Office, sessions
from app.web.api.errors import ApiRoute, documented
from app.web.api.report_schemas import ReportDetail, ReportPage, ReportsWanted
from app.web.api.shapes import report_detail, report_line
from core import suggestions, triage
from core.db.session import transaction
from core.errors import NotFound
from core.storage import Storage
from core.ticket import read_ticket
from core.triage import Filters, Position

router = APIRouter(route_class=ApiRoute, tags=["reports"])

_LARGEST_ID = 2**63 - 1
_ETAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}
WITH_ETAG: dict[int | str, dict[str, Any]] = {200: {"headers": _ETAG}}
_BYTES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"application/octet-stream": {"example": "(bytes)"}},
        "description": "The file's bytes, with the type that was found in them.",
    }
}


def ticket_of(
    ticket: Annotated[
        str,
        InPath(
            description="Case, blanks, hyphens and I, L, O are forgiven.", examples=["7KQ2M-X9PAT"]
        ),
    ],
) -> str:
    """Return the ticket in its own spelling; raises NotFound when it is none."""
    read = read_ticket(ticket)
    if not read:
        raise NotFound("no such ticket")
    return read


Ticket = Annotated[str, Depends(ticket_of)]


def etag(version: int) -> str:
    """Return the ETag of a report's version."""
    return f'"{version}"'


@router.get(
    "/reports",
    operation_id="listReports",
    summary="Reports, newest first; an OPD sees its own",
    responses=documented(),
)
def list_reports(
    request: Request, caller: Office, wanted: Annotated[ReportsWanted, Query()]
) -> ReportPage:
    """Return one page; follow `next_cursor` until it is null."""
    filters = Filters(
        states=wanted.state,
        agency=wanted.agency or "",
        agency_id=caller.agency_id,
        channel=wanted.channel or "",
        urgency=wanted.urgency or "",
        verdict=wanted.verdict or "",
        overdue=wanted.overdue,
        created_from=wanted.created_from,
        created_to=wanted.created_to,
    )
    after = Position.read(wanted.cursor) if wanted.cursor else None
    with transaction(sessions(request)) as session:
        page = triage.page(session, filters, wanted.limit, after)
        suggested = suggestions.for_reports(session, [row.id for row in page.rows])
    return ReportPage(
        reports=[report_line(row, suggested.get(row.id)) for row in page.rows],
        next_cursor=page.after.cursor() if page.after else None,
    )


@router.get(
    "/reports/{ticket}",
    operation_id="readReport",
    summary="One report with its history, messages and files",
    responses={**WITH_ETAG, **documented(404)},
)
def read_report(
    request: Request, response: Response, caller: Office, ticket: Ticket
) -> ReportDetail:
    """Return all that happened to the report; the ETag is its version."""
    with transaction(sessions(request)) as session:
        dossier = triage.dossier(session, ticket, caller.agency_id)
        shown = suggestions.shown(session, dossier.report.id, caller.agency_id)
    response.headers["ETag"] = etag(dossier.report.version)
    return report_detail(dossier, shown)


@router.get(
    "/reports/{ticket}/files/{file_id}",
    operation_id="readReportFile",
    summary="The bytes of a file of this report",
    response_class=StreamingResponse,
    responses={**_BYTES, **documented(404)},
)
def read_file(
    request: Request,
    caller: Office,
    ticket: Ticket,
    file_id: Annotated[
        int, InPath(ge=1, le=_LARGEST_ID, description="From `files`.", examples=[12])
    ],
) -> StreamingResponse:
    """Return a file as a download that no browser runs or renders."""
    with transaction(sessions(request)) as session:
        row = triage.stored_file(session, ticket, file_id, caller.agency_id)
    storage: Storage = request.app.state.storage
    opened = storage.open(row.path)
    name = f"{ticket}-{file_id}{mimetypes.guess_extension(row.mime) or ''}"
    return StreamingResponse(
        opened.chunks,
        media_type=row.mime,
        headers={
            "Content-Length": str(opened.size),
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )
