"""The rows of conversations: locked, read, written back, many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, String, bindparam, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables import Conversation
from core.draft import State

STATE = TypeAdapter(State)

Key = tuple[str, str]  # channel, address


@dataclass(frozen=True, slots=True)
class Talker:
    """A conversation that this transaction holds."""

    id: UUID
    channel: str
    address: str
    state: State
    reachable: bool


def hold(session: Session, keys: Iterable[Key]) -> dict[Key, Talker]:
    """Lock the conversations until the transaction ends, and open those that are new.

    They are locked in one order everywhere, so that two workers never wait for each other in a
    circle.
    """
    wanted = sorted(set(keys))
    found = _lock(session, wanted)
    new = [key for key in wanted if key not in found]
    if new:
        rows = [{"id": uuid4(), "channel": channel, "address": address} for channel, address in new]
        session.execute(insert(Conversation).on_conflict_do_nothing(), rows)
        found |= _lock(session, new)
    return found


def _lock(session: Session, keys: Sequence[Key]) -> dict[Key, Talker]:
    statement = (
        select(
            Conversation.id,
            Conversation.channel,
            Conversation.address,
            Conversation.state,
            Conversation.reachable,
        )
        .where(tuple_(Conversation.channel, Conversation.address).in_(keys))
        .order_by(Conversation.channel, Conversation.address)
        .with_for_update(key_share=True)
    )
    return {
        (row.channel, row.address): Talker(
            row.id, row.channel, row.address, load_state(row.state), row.reachable
        )
        for row in session.execute(statement)
    }


def load_state(stored: dict[str, Any]) -> State:
    """Return the state that `dump_state` wrote; {} is a conversation's beginning."""
    return STATE.validate_python(stored)


def dump_state(state: State) -> str:
    """Return `state` as JSON."""
    return STATE.dump_json(state).decode()


_SAVE = text(
    """
    update conversation set state = saved.state::jsonb, updated_at = now()
    from unnest(:ids, :states) as saved (id, state)
    where conversation.id = saved.id::uuid
    """
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("states", type_=ARRAY(String)))


def save(session: Session, states: dict[UUID, State]) -> None:
    """Write the new states, all in one statement."""
    if states:
        ids = [str(id_) for id_ in states]
        session.execute(_SAVE, {"ids": ids, "states": [dump_state(s) for s in states.values()]})


def set_reachable(session: Session, ids: Sequence[UUID], reachable: bool) -> None:
    """Note for these conversations whether messages arrive."""
    if ids:
        session.execute(
            update(Conversation)
            .where(Conversation.id.in_(ids))
            .values(reachable=reachable, updated_at=func.now())
        )
