"""How the channels fare: what must be mended, and what waits to be sent."""

from fastapi import APIRouter, Request

from app.web.api.access import Diskominfo, sessions
from app.web.api.channel_schemas import ChannelHealth, Channels
from app.web.api.errors import ApiRoute, documented
from core import health
from core.db.session import transaction

router = APIRouter(route_class=ApiRoute, tags=["channels"])


@router.get(
    "/channels",
    operation_id="listChannels",
    summary="Alarms, rests and what waits in the outbox, for each channel",
    responses=documented(),
)
def list_channels(request: Request, _: Diskominfo) -> Channels:
    """Return all of them; there are as many as platforms."""
    with transaction(sessions(request)) as session:
        found = health.of_channels(session, list(request.app.state.limits))
    return Channels(channels=[ChannelHealth.model_validate(one) for one in found])
