"""Senders whom the office does not listen to for a while, named by one of their reports.

The block is of the whole conversation and of nobody else; what its citizen sends meanwhile is
held in the inbox, and what he is to be told about his reports still goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, insert, or_, select, update
from sqlalchemy.orm import Session

from core import reports
from core.db.tables import Block, Conversation, Report
from core.errors import MoveRefused, NotFound
from core.reports import Officer

AnyRow = Row[*tuple[Any, ...]]

LONGEST = timedelta(days=366)

_LINE = (
    Block.id,
    Block.ticket,
    Report.channel,
    Block.reason,
    Block.actor,
    Block.until,
    Block.created_at,
    Block.lifted_at,
    Block.lifted_by,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks, newest first, and the id behind which the next page begins, None at the end."""

    rows: Sequence[AnyRow]
    after: int | None


def block(session: Session, ticket: str, reason: str, until: datetime, officer: Officer) -> int:
    """Stop listening to the sender of report `ticket` until then; return the block's id.

    Raises NotFound for an unknown ticket, MoveRefused when he is blocked already, without a
    reason, and for an end that has passed or is further off than LONGEST.
    """
    now: datetime = session.execute(select(func.now())).scalar_one()
    if not reason.strip():
        raise MoveRefused("a block needs a reason")
    if not now < until <= now + LONGEST:
        raise MoveRefused(f"a block ends in the future, within {LONGEST.days} days")
    report = reports.find(session, ticket, officer)
    session.get_one(Conversation, report.conversation_id, with_for_update={"key_share": True})
    theirs = Block.conversation_id == report.conversation_id
    if session.scalar(select(Block.id).where(theirs, *_in_force())) is not None:
        raise MoveRefused("this sender is blocked already; lift that block first")
    row = {
        "conversation_id": report.conversation_id,
        "ticket": report.ticket,
        "reason": reason,
        "actor": officer.name,
        "until": until,
    }
    block_id: int = session.execute(insert(Block).values(row).returning(Block.id)).scalar_one()
    detail = {"until": until.isoformat(), "reason": reason}
    reports.note(session, report, officer, "blocked", detail)
    return block_id


def lift(session: Session, block_id: int, officer: Officer) -> None:
    """Listen to the sender again; a block that has ended or was lifted stays as it is.

    Raises NotFound.
    """
    ticket = session.scalar(
        update(Block)
        .where(Block.id == block_id, *_in_force())
        .values(lifted_at=func.now(), lifted_by=officer.name)
        .returning(Block.ticket)
    )
    if ticket is not None:
        reports.note(session, reports.find(session, ticket, officer), officer, "block_lifted", {})
    elif session.get(Block, block_id) is None:
        raise NotFound(f"no block {block_id}")


def line(session: Session, block_id: int) -> AnyRow:
    """Return the block as it stands in the list."""
    return session.execute(_listed().where(Block.id == block_id)).one()


def page(session: Session, in_force: bool, limit: int, after: int | None) -> Page:
    """Return up to `limit` blocks older than `after`, newest first; `in_force` leaves out ended."""
    statement = _listed().order_by(Block.id.desc())
    if in_force:
        statement = statement.where(*_in_force())
    if after is not None:
        statement = statement.where(Block.id < after)
    rows = session.execute(statement.limit(limit + 1)).all()
    return Page(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def _listed() -> Select[*tuple[Any, ...]]:
    ended = or_(Block.lifted_at.is_not(None), Block.until <= func.now())
    return select(*_LINE, (~ended).label("in_force")).join(Report, Report.ticket == Block.ticket)


def _in_force() -> tuple[Any, ...]:
    return Block.until > func.now(), Block.lifted_at.is_(None)
