"""The OPD that reports can be assigned to."""

from fastapi import APIRouter, Request

from app.web.api.access import Anybody, sessions
from app.web.api.errors import ApiRoute, documented
from app.web.api.schemas import Agencies, AgencyLine
from core import agencies
from core.db.session import transaction

router = APIRouter(route_class=ApiRoute, tags=["agencies"])


@router.get(
    "/agencies",
    operation_id="listAgencies",
    summary="The active OPD, by name",
    responses=documented(),
)
def list_agencies(request: Request, _: Anybody) -> Agencies:
    """Return all of them: some dozens of a city, some hundreds with every village's office."""
    with transaction(sessions(request)) as session:
        lines = [AgencyLine.model_validate(agency) for agency in agencies.listed(session)]
    return Agencies(agencies=lines)
