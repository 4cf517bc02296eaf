"""The durable inbox: what was acknowledged to a platform stands here first."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Row,
    String,
    bindparam,
    case,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from core.db.tables import Inbox
from core.errors import SealBroken
from core.message import Inbound, Kind
from core.privacy.columns import Blind, Each, opened

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """A waiting row of the inbox, still raw; `replayed` when an operator let it wait again."""

    id: int
    channel: str
    address: str
    raw: bytes
    received_at: datetime
    replayed: bool = False


# One row an event, whatever their number, in one statement; the unique index makes a
# redelivered event a row that is there already. An album's items wait for each other.
_PUT = text(
    """
    insert into inbox (channel, external_id, address, address_key, raw, state, ready_at)
    select channel, external_id, address, key, raw, state, now() + wait * interval '1 second'
    from unnest(:channels, :external_ids, :addresses, :keys, :raws, :states, :waits)
        as event (channel, external_id, address, key, raw, state, wait)
    on conflict (channel, external_id) do nothing
    """
).bindparams(
    bindparam("channels", type_=ARRAY(String)),
    bindparam("external_ids", type_=Each(Blind())),
    bindparam("addresses", type_=Each(Inbox.address.type)),
    bindparam("keys", type_=Each(Blind())),
    bindparam("raws", type_=Each(Inbox.raw.type)),
    bindparam("states", type_=ARRAY(String)),
)

# The oldest waiting row of a conversation stands for all of it: whoever holds its lock works on
# the conversation. Among the oldest waiting rows of all, the first of each conversation is its
# oldest. Where few conversations fill them, as in a flood, an index is walked from conversation to
# conversation instead, so that the cost never depends on how much a single sender has waiting.
# Once the oldest row is ready, the later ones are taken with it: the rest of an album has come by
# then. They are locked too: a row may become visible late (its web process committed later, or it
# was replayed), and then be the oldest of a conversation whose other rows somebody works on
# already.
_FIRST = """
        select i.channel, i.address_key, i.id, i.ready_at
        from inbox i
        where i.state = 'waiting' and i.channel = asked.channel
        order by i.channel, i.address_key, i.id
        limit 1
"""
_NEXT = """
        select i.channel, i.address_key, i.id, i.ready_at
        from inbox i
        where i.state = 'waiting' and i.channel = walk.channel
            and i.address_key > walk.address_key
        order by i.channel, i.address_key, i.id
        limit 1
"""
_CLAIM = text(
    f"""
    with recursive front as materialized (
        select i.id, i.channel, i.address_key
        from inbox i
        where i.state = 'waiting' and i.channel = any(:channels)
        order by i.id
        limit 20 * :conversations
    ), seen as materialized (
        select min(id) as id from front group by channel, address_key
    ), asked as materialized (
        select channel from unnest(cast(:channels as varchar[])) as asked (channel)
        where (select count(*) from front) = 20 * :conversations
            and (select count(*) from seen) < 4 * :conversations
    ), walk as (
        select first.* from asked cross join lateral ({_FIRST}) first
        union all
        select next.* from walk cross join lateral ({_NEXT}) next
    ), heads as materialized (
        select head.channel, head.address_key, head.id
        from (select id from seen union select id from walk order by id) oldest
        cross join lateral (
            select i.channel, i.address_key, i.id
            from inbox i
            where i.id = oldest.id and i.state = 'waiting' and i.ready_at <= now()
            for update of i skip locked
        ) head
        limit :conversations
    )
    select letter.id, letter.channel, letter.address, letter.raw, letter.received_at,
        letter.replayed
    from heads
    cross join lateral (
        select i.id, i.channel, i.address, i.raw, i.received_at, i.replayed
        from inbox i
        where i.state = 'waiting' and i.channel = heads.channel
            and i.address_key = heads.address_key and i.id >= heads.id
        order by i.id
        limit :messages
        for update of i skip locked
    ) letter
    order by letter.id
    """  # noqa: S608 - the parts are the two constants above
).bindparams(bindparam("channels", type_=ARRAY(String)))
_LETTERS = _CLAIM.columns(address=Inbox.address.type, raw=Inbox.raw.type)

_NEXT_READY = text(
    f"""
    with recursive asked as (
        select channel from unnest(cast(:channels as varchar[])) as asked (channel)
    ), walk as (
        select first.* from asked cross join lateral ({_FIRST}) first
        union all
        select next.* from walk cross join lateral ({_NEXT}) next
    )
    select min(ready_at) from walk
    """  # noqa: S608 - as above
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
            "keys": [inbound.address for inbound in inbounds],
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
    and so are those of a channel that is off. One that does not open is quarantined; where none
    does, it is the key that is wrong: raises SealBroken.
    """
    given = {"channels": list(channels), "conversations": conversations, "messages": messages}
    try:
        return [_letter(row) for row in session.execute(_LETTERS, given)]
    except SealBroken as error:
        if not _set_aside_unopened(session, given):
            raise
        log.exception("a letter does not open; it is quarantined", exc_info=error)
        return [_letter(row) for row in session.execute(_LETTERS, given)]


def _set_aside_unopened(session: Session, given: Mapping[str, object]) -> bool:
    """Quarantine what cannot be opened of the letters, unless that is all; tell whether it was."""
    rows, dialect = session.execute(_CLAIM, given).all(), session.get_bind().dialect
    broken: dict[int, str] = {}
    for row in rows:
        try:
            opened(Inbox.address, row.address, dialect)
            opened(Inbox.raw, row.raw, dialect)
        except SealBroken as error:
            broken[row.id] = type(error).__name__
    if len(broken) < len(rows):
        quarantine(session, broken)
        return True
    return False


def _letter(row: Row[*tuple[Any, ...]]) -> Letter:
    return Letter(row.id, row.channel, row.address, row.raw, row.received_at, row.replayed)


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


_HOLD = text(
    """
    update inbox set state = 'held', error = held.why, message_id = held.message_id
    from unnest(:ids, :whys, :message_ids) as held (id, why, message_id)
    where inbox.id = held.id and inbox.state = 'waiting'
    """
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("whys", type_=ARRAY(String)),
    bindparam("message_ids", type_=Each(Blind())),
)


def hold(session: Session, rows: Sequence[tuple[int, str, str]]) -> None:
    """Keep rows (id, reason, message id) without working on them, all in one statement."""
    if rows:
        ids, whys, message_ids = map(list, zip(*rows, strict=True))
        session.execute(_HOLD, {"ids": ids, "whys": whys, "message_ids": message_ids})


def replay(
    session: Session, ids: Sequence[int] | None = None, state: str = "quarantined"
) -> list[Letter]:
    """Let rows in `state` wait again, all of them without `ids`; return what is to be put anew.

    A row without a conversation was unreadable at the door: it is done with, and its bytes are
    returned, to be parsed and put like any other event. The others are returned too.
    """
    statement = update(Inbox).where(Inbox.state == state)
    if ids is not None:
        statement = statement.where(Inbox.id.in_(ids))
    after = case((Inbox.address_key == "", "done"), else_="waiting")
    rows = session.execute(
        statement.values(state=after, error="", replayed=True).returning(
            Inbox.id, Inbox.channel, Inbox.address, Inbox.raw, Inbox.received_at, Inbox.replayed
        )
    )
    return [_letter(row) for row in rows]


def counts(session: Session) -> dict[str, int]:
    """Return how many rows are in each state that somebody should know of (not `done`)."""
    statement = select(Inbox.state, func.count()).where(Inbox.state != "done").group_by(Inbox.state)
    return dict(session.execute(statement).all())


def put_aside(session: Session, state: str, limit: int) -> list[Any]:
    """Return the oldest `limit` rows in `state` as (id, channel, received_at, error)."""
    statement = (
        select(Inbox.id, Inbox.channel, Inbox.received_at, Inbox.error)
        .where(Inbox.state == state)
        .order_by(Inbox.id)
        .limit(limit)
    )
    return list(session.execute(statement))


def next_ready(session: Session, channels: Iterable[str]) -> datetime | None:
    """Return when the next of the waiting conversations may be worked on, None without one."""
    ready_at: datetime | None = session.scalar(_NEXT_READY, {"channels": list(channels)})
    return ready_at
