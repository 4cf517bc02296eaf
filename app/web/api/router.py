"""All routes of the API under their prefix."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from app.web.api import (
    actions,
    agencies,
    blocks,
    channels,
    days_off,
    reporter,
    reports,
    rules,
    statistics,
    takeover,
    talks,
    unmask,
)
from app.web.api.errors import ApiRoute

api_router = APIRouter(prefix="/api/v1", route_class=ApiRoute, redirect_slashes=False)
parts = (reports, unmask, reporter, actions, takeover, talks, blocks, agencies, rules, days_off)
for part in (*parts, channels, statistics):
    api_router.include_router(part.router)
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@api_router.api_route("/{path:path}", methods=METHODS, include_in_schema=False)
def nothing() -> Response:
    """Refuse what no route above has taken, in the shape of all refusals."""
    raise HTTPException(404, "no such path, or not with this method")
