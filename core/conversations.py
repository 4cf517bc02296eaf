"""The rows of conversations: locked, read, written back, many at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Row,
    String,
    bindparam,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.session import insert_all
from core.db.tables import Block, Conversation, Report
from core.draft import State
from core.privacy.columns import Each, Sealed
from core.workflow import CLOSED

STATE = TypeAdapter(State)

Key = tuple[str, str]  # channel, address


@dataclass(frozen=True, slots=True)
class Talker:
    """A conversation that this transaction holds.

    `open_reports` are those that the office still works on; `blocked_until` is when its citizen
    is listened to again, None when he is. Until `human_until` an officer talks to him. `name` is
    what the platform called him when he last wrote, "" when it did not tell.
    """

    id: UUID
    channel: str
    address: str
    state: State
    reachable: bool
    open_reports: int = 0
    blocked_until: datetime | None = None
    human_until: datetime | None = None
    name: str = field(default="", repr=False)


def hold(session: Session, keys: Iterable[Key]) -> dict[Key, Talker]:
    """Lock the conversations until the transaction ends, and open those that are new.

    They are locked in one order everywhere, so that two workers never wait for each other in a
    circle.
    """
    wanted = sorted(set(keys))
    found = _lock(session, wanted)
    new = [Talker(uuid4(), *key, State(), True) for key in wanted if key not in found]
    if new:
        opened = _open(session, new)
        found |= {(one.channel, one.address): one for one in new if one.id in opened}
    late = [key for key in wanted if key not in found]
    return found | _lock(session, late) if late else found  # another process was faster


def _open(session: Session, new: Sequence[Talker]) -> frozenset[UUID]:
    """Open those conversations that are still new, and return their ids."""
    rows = [{"id": one.id, "channel": one.channel, "address": one.address} for one in new]
    statement = insert(Conversation).on_conflict_do_nothing().returning(Conversation.id)
    return frozenset(insert_all(session, statement, rows).scalars())


_OPEN_REPORTS = (
    select(func.count())
    .where(Report.conversation_id == Conversation.id, Report.state.not_in(CLOSED))
    .correlate(Conversation)
    .scalar_subquery()
)
_BLOCKED_UNTIL = (
    select(func.max(Block.until))
    .where(
        Block.conversation_id == Conversation.id,
        Block.until > func.now(),
        Block.lifted_at.is_(None),
    )
    .correlate(Conversation)
    .scalar_subquery()
)


def _lock(session: Session, keys: Sequence[Key]) -> dict[Key, Talker]:
    statement = (
        select(
            Conversation.id,
            Conversation.channel,
            Conversation.address,
            Conversation.state,
            Conversation.reachable,
            Conversation.human_until,
            Conversation.name,
            _OPEN_REPORTS.label("open_reports"),
            _BLOCKED_UNTIL.label("blocked_until"),
        )
        .where(tuple_(Conversation.channel, Conversation.address_key).in_(keys))
        .order_by(Conversation.channel, Conversation.address_key)
        .with_for_update(key_share=True, of=Conversation)
    )
    return {(row.channel, row.address): _talker(row) for row in session.execute(statement)}


def _talker(row: Row[*tuple[Any, ...]]) -> Talker:
    return Talker(
        row.id,
        row.channel,
        row.address,
        load_state(row.state),
        row.reachable,
        row.open_reports,
        row.blocked_until,
        row.human_until,
        row.name,
    )


def load_state(stored: dict[str, Any]) -> State:
    """Return the state that `dump_state` wrote; {} is a conversation's beginning."""
    return STATE.validate_python(stored)


def dump_state(state: State) -> str:
    """Return `state` as JSON."""
    return STATE.dump_json(state).decode()


_SAVE = text(
    """
    update conversation set state = saved.state, updated_at = now(),
        name = coalesce(saved.name, conversation.name),
        heard_at = greatest(conversation.heard_at, saved.heard_at),
        draft_at = case when not saved.drafting then null
            when saved.heard_at is null then conversation.draft_at else now() end,
        reminded = case when saved.heard_at is null then conversation.reminded else 0 end
    from unnest(:ids, :states, :moments, :drafting, :names)
        as saved (id, state, heard_at, drafting, name)
    where conversation.id = saved.id::uuid
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("states", type_=Each(Sealed("conversation.state"))),  # they are JSON already
    bindparam("moments", type_=ARRAY(DateTime(timezone=True))),
    bindparam("drafting", type_=ARRAY(Boolean)),
    bindparam("names", type_=ARRAY(Conversation.name.type)),
)

_NOBODY: Mapping[UUID, str] = {}


def save(
    session: Session,
    states: Mapping[UUID, State],
    heard: Mapping[UUID, datetime],
    names: Mapping[UUID, str] = _NOBODY,
) -> None:
    """Write the new states, and when those who were `heard` were, all in one statement.

    Who was heard is reminded of his draft no sooner than if he had begun it now. `names` are those
    that have changed.
    """
    if states:
        session.execute(
            _SAVE,
            {
                "ids": [str(id_) for id_ in states],
                "states": [dump_state(state) for state in states.values()],
                "moments": [heard.get(id_) for id_ in states],
                "drafting": [state.draft is not None for state in states.values()],
                "names": [names.get(id_) for id_ in states],
            },
        )


def set_reachable(session: Session, ids: Sequence[UUID], reachable: bool) -> None:
    """Note for these conversations whether messages arrive."""
    if ids:
        session.execute(
            update(Conversation)
            .where(Conversation.id.in_(ids))
            .values(reachable=reachable, updated_at=func.now())
        )
