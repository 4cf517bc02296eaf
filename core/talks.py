"""Conversations in which an officer is waited for, or talks himself; nobody is named.

What belongs to a report that is anonim is not shown beside one that is not: who told the one is
known to who may ask for it, and would be known of the other, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    and_,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from core.conversations import load_state
from core.db.tables import Conversation, Message, Outbox, Report
from core.errors import MoveRefused, NotFound
from core.takeover import About
from core.ticket import find_tickets
from core.triage import PART, WRITTEN, Position
from core.workflow import CLOSED

SHOWN = 100  # newest messages of either side that a talk is shown with
AT_LEAST = 20  # of these, about drafts and reports, however long before the call they came

AnyRow = Row[*tuple[Any, ...]]
Side = type[Message] | type[Outbox]
Holds = ColumnElement[bool]
T = TypeVar("T")


def _newest_open(column: InstrumentedAttribute[T]) -> ScalarSelect[T]:
    """Return that of the newest open report of the same citizen, on any of his channels."""
    theirs = aliased(Conversation)
    return (
        select(column)
        .join(theirs, theirs.id == Report.conversation_id)
        .where(theirs.person == Conversation.person, Report.state.not_in(CLOSED))
        .order_by(Report.created_at.desc(), Report.id)
        .limit(1)
        .correlate(Conversation)
        .scalar_subquery()
    )


_LINE = (
    Conversation.id,
    Conversation.channel,
    Conversation.asked_human_at.label("waiting_since"),
    Conversation.human_until,
    _newest_open(Report.ticket).label("ticket"),
)
_WITH_SECRET = (*_LINE, Conversation.state, _newest_open(Report.anonim).label("anonim"))


@dataclass(frozen=True, slots=True)
class Page:
    """Talks, and where the next page begins, None at the end."""

    rows: Sequence[AnyRow]
    after: Position | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A talk with what was said in it of late, oldest first: by the citizen, and to him."""

    line: AnyRow
    messages: Sequence[AnyRow]
    parts: Sequence[AnyRow]


def page(session: Session, waiting: bool, limit: int, after: Position | None = None) -> Page:
    """Return up to `limit` talks behind `after`.

    Who is `waiting` longest comes first; else, of those to whom an officer talks, the one whose
    talk ends first.
    """
    at = Conversation.asked_human_at if waiting else Conversation.human_until
    running = at.is_not(None) if waiting else at > func.now()
    statement = select(*_LINE, at.label("at")).where(running).order_by(at, Conversation.id)
    if after is not None:
        place = tuple_(after.created_at, after.id)
        statement = statement.where(tuple_(at, Conversation.id) > place)
    rows = session.execute(statement.limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(rows[:limit], Position(last.at, last.id) if last else None)


def read(session: Session, talk_id: UUID) -> Heard:
    """Return a talk that is waited for, or goes on; raises NotFound for any other conversation.

    Shown is all since an officer was called, AT_LEAST the newest rows, and what stands with no
    draft and no report; of each side no more than SHOWN.
    """
    line = session.execute(select(*_WITH_SECRET).where(Conversation.id == talk_id)).one_or_none()
    if line is None or not _open(line.waiting_since, line.human_until, _now(session)):
        raise NotFound("nobody waits there, and nobody talks")
    here = or_(
        and_(Message.conversation_id == talk_id, Message.told_in.is_(None)),
        Message.told_in == talk_id,
    )
    said = select(*WRITTEN).where(_of_late(line, Message, here, Message.at))
    told = select(*PART).where(
        _of_late(line, Outbox, Outbox.conversation_id == talk_id, Outbox.created_at)
    )
    others = _tickets_not_to_be_connected(session, line)
    messages = session.execute(said.order_by(Message.id.desc()).limit(SHOWN)).all()
    parts = session.execute(told.order_by(Outbox.id.desc()).limit(SHOWN)).all()
    return Heard(
        line,
        [row for row in messages[::-1] if not _names(others, row.text)],
        [row for row in parts[::-1] if not _names(others, *row.texts)],
    )


def _secret(line: AnyRow) -> bool:
    """Tell whether the talk is about what is anonim: its report, or for want of one its draft."""
    draft = load_state(line.state).draft
    return bool(line.anonim if line.ticket else draft is not None and draft.anonim)


def _tickets_not_to_be_connected(session: Session, line: AnyRow) -> frozenset[str]:
    """Return the citizen's tickets that this talk must not be known for."""
    theirs = aliased(Conversation)
    mine = select(Conversation.person).where(Conversation.id == line.id).scalar_subquery()
    tickets = (
        select(Report.ticket)
        .join(theirs, theirs.id == Report.conversation_id)
        .where(theirs.person == mine, Report.anonim != _secret(line))
    )
    return frozenset(session.scalars(tickets))


def _names(tickets: frozenset[str], *texts: str) -> bool:
    """Tell whether a text holds one of the tickets: a list of all reports, an answer to STATUS."""
    return any(not tickets.isdisjoint(find_tickets(text)) for text in texts)


def _of_late(line: AnyRow, side: Side, here: Holds, at: InstrumentedAttribute[datetime]) -> Holds:
    """Return which rows of a side are shown, of those that stand `here`."""
    shown = and_(here, *_not_to_be_connected(line, side))
    newest = select(side.id).where(shown).order_by(side.id.desc()).limit(AT_LEAST)
    called = at >= line.waiting_since if line.waiting_since else false()
    return and_(shown, or_(side.draft == 0, called, side.id.in_(newest)))


def _not_to_be_connected(line: AnyRow, side: Side) -> Iterator[Holds]:
    """Yield what leaves out the reports, and the draft, that this talk must not be known for."""
    draft, secret = load_state(line.state).draft, _secret(line)
    report = (Report.conversation_id == side.conversation_id, Report.draft == side.draft)
    yield ~exists().where(*report, Report.anonim != secret)
    if draft is not None and draft.anonim and not secret:
        yield not_(and_(side.conversation_id == line.id, side.draft == draft.number))


def line(session: Session, talk_id: UUID) -> AnyRow:
    """Return the conversation as it stands in the list."""
    return session.execute(select(*_LINE).where(Conversation.id == talk_id)).one()


def find(session: Session, talk_id: UUID) -> tuple[Conversation, About]:
    """Return the conversation, locked, and what is talked about: its newest open report, if any.

    Raises NotFound, and MoveRefused where nobody waits and nobody talks: who did not ask is not
    written to.
    """
    held = select(Conversation).where(Conversation.id == talk_id)
    conversation = session.scalar(held.with_for_update(key_share=True))
    if conversation is None:
        raise NotFound("no such talk")
    if not _open(conversation.asked_human_at, conversation.human_until, _now(session)):
        raise MoveRefused("nobody waits here, and nobody talks")
    newest = (
        select(Report)
        .where(Report.conversation_id == talk_id, Report.state.not_in(CLOSED))
        .order_by(Report.created_at.desc())
        .limit(1)
        .with_for_update(key_share=True)
    )
    return conversation, session.scalar(newest) or conversation


def _open(waiting_since: datetime | None, until: datetime | None, now: datetime) -> bool:
    return waiting_since is not None or (until is not None and until > now)


def _now(session: Session) -> datetime:
    now: datetime = session.execute(select(func.now())).scalar_one()
    return now
