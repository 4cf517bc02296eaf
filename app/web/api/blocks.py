"""Senders who are not listened to for a while: block, list, lift."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from app.web.api.access import Diskominfo, sessions
from app.web.api.block_schemas import BlockLine, BlockOrder, BlockPage, BlocksWanted
from app.web.api.errors import ApiRoute, documented
from app.web.api.reports import Ticket
from app.web.api.schemas import LARGEST_INTEGER
from core import blocks
from core.db.session import transaction
from core.reports import Officer

router = APIRouter(route_class=ApiRoute, tags=["blocks"])


@router.post(
    "/reports/{ticket}/block",
    operation_id="blockSender",
    summary="Do not listen to the sender of this report until a date",
    responses=documented(404, 409, 413),
)
def block(request: Request, caller: Diskominfo, ticket: Ticket, body: BlockOrder) -> BlockLine:
    """Block; what he sends is kept, and he is told the end of it when he writes."""
    officer = Officer(caller.name)
    with transaction(sessions(request)) as session:
        block_id = blocks.block(session, ticket, body.reason, body.until, officer)
        return BlockLine.model_validate(blocks.line(session, block_id))


@router.get(
    "/blocks",
    operation_id="listBlocks",
    summary="Blocked senders, newest first",
    responses=documented(),
)
def list_blocks(
    request: Request, _: Diskominfo, wanted: Annotated[BlocksWanted, Query()]
) -> BlockPage:
    """Return one page; follow `next_cursor` until it is null."""
    with transaction(sessions(request)) as session:
        page = blocks.page(session, wanted.in_force, wanted.limit, wanted.cursor)
    lines = [BlockLine.model_validate(row) for row in page.rows]
    return BlockPage(blocks=lines, next_cursor=page.after)


@router.delete(
    "/blocks/{block_id}",
    operation_id="liftBlock",
    summary="Listen to the sender again",
    responses=documented(404),
)
def lift(
    request: Request,
    caller: Diskominfo,
    block_id: Annotated[
        int, Path(ge=1, le=LARGEST_INTEGER, description="From `blocks`.", examples=[7])
    ],
) -> BlockLine:
    """Lift the block; one that has ended stays as it is, so that asking twice does no harm."""
    with transaction(sessions(request)) as session:
        blocks.lift(session, block_id, Officer(caller.name))
        return BlockLine.model_validate(blocks.line(session, block_id))
