"""The durable inbox: what was acknowledged to a platform stands here first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, String, bindparam, case, func, select, text, update
from sqlalchemy.orm import Session

from core.db.tables import Inbox
from core.message import Inbound, Kind


@dataclass(frozen=True, slots=True)
class Letter:
    """A waiting row of the inbox, still raw."""

    id: int
    channel: str
    address: str
    raw: bytes


# One row an event, whatever their number, in one statement; the unique index makes a
# redelivered event a row that is there already. An album's items wait for each other.
_PUT = text(
    """
    insert into inbox (channel, external_id, address, raw, state, ready_at)
    select channel, external_id, address, raw, state, now() + wait * interval '1 second'
    from unnest(:channels, :external_ids, :addresses, :raws, :states, :waits)
        as event (channel, external_id, address, raw, state, wait)
    on conflict (channel, external_id) do nothing
    """
).bindparams(
    bindparam("channels", type_=ARRAY(String)),
    bindparam("external_ids", type_=ARRAY(String)),
    bindparam("addresses", type_=ARRAY(String)),
    bindparam("raws", type_=ARRAY(LargeBinary)),
    bindparam("states", type_=ARRAY(String)),
)

# The oldest waiting row of a conversation stands for all of it: whoever holds its lock works on
# the conversation. Costs one index probe per waiting row that is looked at. Once that row is
# ready, the later ones are taken with it: the rest of an album has come by then. They are locked
# too: a row may become visible late (its web process committed later, or it was replayed), and
# then be the oldest of a conversation whose other rows somebody works on already.
_CLAIM = text(
    """
    with heads as (
        select i.channel, i.address, i.id
        from inbox i
        where i.state = 'waiting' and i.ready_at <= now() and i.channel = any(:channels)
            and not exists (
                select from inbox earlier
                where earlier.state = 'waiting' and earlier.channel = i.channel
                    and earlier.address = i.address and earlier.id < i.id
            )
        order by i.id
        limit :conversations
        for update of i skip locked
    )
    select letter.id, letter.channel, letter.address, letter.raw
    from heads
    cross join lateral (
        select i.id, i.channel, i.address, i.raw
        from inbox i
        where i.state = 'waiting' and i.channel = heads.channel and i.address = heads.address
            and i.id >= heads.id
        order by i.id
        limit :messages
        for update of i skip locked
    ) letter
    order by letter.id
    """
).bindparams(bindparam("channels", type_=ARRAY(String)))

_NEXT_READY = text(
    """
    select min(i.ready_at)
    from inbox i
    where i.state = 'waiting' and i.channel = any(:channels) and not exists (
        select from inbox earlier
        where earlier.state = 'waiting' and earlier.channel = i.channel
            and earlier.address = i.address and earlier.id < i.id
    )
    """
).bindparams(bindparam("channels", type_=ARRAY(String)))


def put(session: Session, inbounds: Sequence[Inbound], album_wait: timedelta) -> None:
    """Write the events, each once, however often it is put."""
    if not inbounds:
        return
    wait = album_wait.total_seconds()
    session.execute(
        _PUT,
        {
            "channels": [inbound.channel for inbound in inbounds],
            "external_ids": [inbound.external_id for inbound in inbounds],
            "addresses": [inbound.address for inbound in inbounds],
            "raws": [inbound.raw for inbound in inbounds],
            "states": [_state(inbound) for inbound in inbounds],
            "waits": [wait if inbound.album else 0.0 for inbound in inbounds],
        },
    )


def _state(inbound: Inbound) -> str:
    if inbound.kind is Kind.UNREADABLE:
        return "quarantined"
    return "waiting" if inbound.address else "kept"


def claim(
    session: Session, channels: Iterable[str], conversations: int, messages: int
) -> list[Letter]:
    """Lock up to `conversations`, oldest first, and return their first `messages` letters each.

    They are held until the transaction ends; conversations that another worker holds are left,
    and so are those of a channel that is off.
    """
    rows = session.execute(
        _CLAIM,
        {"channels": list(channels), "conversations": conversations, "messages": messages},
    )
    return [Letter(row.id, row.channel, row.address, bytes(row.raw)) for row in rows]


def finish(session: Session, ids: Sequence[int]) -> None:
    """Mark the rows as worked on."""
    if ids:
        session.execute(update(Inbox).where(Inbox.id.in_(ids)).values(state="done"))


def quarantine(session: Session, errors: Mapping[int, str]) -> None:
    """Set aside rows that our own code fails on, each with the failure's name, never content."""
    if errors:
        statement = (
            update(Inbox)
            .where(Inbox.id == bindparam("row_id"), Inbox.state == "waiting")
            .values(state="quarantined", error=bindparam("row_error"))
        )
        rows = [{"row_id": id_, "row_error": error} for id_, error in errors.items()]
        session.connection().execute(statement, rows)


def replay(session: Session, ids: Sequence[int] | None = None) -> list[Letter]:
    """Let quarantined rows wait again, all of them without `ids`; return what is to be put anew.

    A row without a conversation was unreadable at the door: it is done with, and its bytes are
    returned, to be parsed and put like any other event. The others are returned too.
    """
    statement = update(Inbox).where(Inbox.state == "quarantined")
    if ids is not None:
        statement = statement.where(Inbox.id.in_(ids))
    state = case((Inbox.address == "", "done"), else_="waiting")
    rows = session.execute(
        statement.values(state=state, error="").returning(
            Inbox.id, Inbox.channel, Inbox.address, Inbox.raw
        )
    )
    return [Letter(row.id, row.channel, row.address, bytes(row.raw)) for row in rows]


def counts(session: Session) -> dict[str, int]:
    """Return how many rows are in each state that somebody should know of (not `done`)."""
    statement = select(Inbox.state, func.count()).where(Inbox.state != "done").group_by(Inbox.state)
    return dict(session.execute(statement).all())


def quarantined(session: Session, limit: int) -> list[Any]:
    """Return the oldest `limit` quarantined rows as (id, channel, received_at, error)."""
    statement = (
        select(Inbox.id, Inbox.channel, Inbox.received_at, Inbox.error)
        .where(Inbox.state == "quarantined")
        .order_by(Inbox.id)
        .limit(limit)
    )
    return list(session.execute(statement))


def next_ready(session: Session, channels: Iterable[str]) -> datetime | None:
    """Return when the next of the waiting conversations may be worked on, None without one."""
    ready_at: datetime | None = session.scalar(_NEXT_READY, {"channels": list(channels)})
    return ready_at
