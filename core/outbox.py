"""The durable outbox: what a citizen shall read stands here until the platform has taken it."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Row, SmallInteger, String, bindparam, func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.channel import Limits, LimitsOf
from core.db.session import insert_all
from core.db.tables import Outbox
from core.errors import SealBroken, SendCode
from core.message import UNRECORDED, Choice, Outbound
from core.privacy.columns import opened
from core.text import split

log = logging.getLogger(__name__)

MARK = 8  # characters that the mark of a numbered part takes: " (12/34)"


class Rank(IntEnum):
    """What goes first when a platform lets us send less than there is."""

    REPLY = 0  #: an answer to what the citizen just did
    ANSWER = 1  #: news of the office
    REMINDER = 2  #: what nobody waits for


@dataclass(frozen=True, slots=True)
class Note:
    """A text for one conversation, of any length; `draft` when it is about a draft or report.

    `reply_token` is the platform's handle of the event it answers, which came at `token_at`.
    `human` marks an officer's own words. A note for a citizen who is not `reachable` is parked.
    """

    channel: str
    address: str
    conversation_id: UUID
    text: str
    choices: tuple[Choice, ...] = ()
    reply_token: str = ""
    token_at: datetime | None = None
    draft: int = 0
    reachable: bool = True
    rank: Rank = Rank.REPLY
    human: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A claimed row: what to send, and what is known of its earlier attempts."""

    id: int
    conversation_id: UUID
    claims: int
    attempts: int
    failures: int
    outbound: Outbound


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a claimed row: its new state, and the moment it is due again.

    `attempts` leaves out a claim that called nobody.
    """

    part: Part
    state: str
    due_at: datetime
    attempts: int
    failures: int = 0
    platform_id: str = ""
    code: str = ""
    detail: str = ""
    memo: str = ""
    moved_to: str = ""


# Only the oldest open part of an address is ever due, so that parts arrive in order, but what
# matters less never holds up what matters more. A leased part is open with a due time in the
# future, so that an abandoned lease is simply due again; its memo then tells that it was one.
_CLAIM = text(
    """
    with due as (
        select ready.id, ready.memo
        from unnest(:ranks) as class (rank)
        cross join lateral (
            select o.id, o.due_at, o.memo
            from outbox o
            where o.state = 'open' and o.channel = :channel and o.rank = class.rank
                and o.due_at <= now() and not exists (
                select from outbox earlier
                where earlier.state = 'open' and earlier.channel = o.channel
                    and earlier.address_key = o.address_key and earlier.id < o.id
                    and earlier.rank <= o.rank
            ) and not exists (
                select from channel_status status
                where status.channel = :channel and status.paused_until > now()
            )
            order by o.due_at, o.id
            limit :parts
            for update of o skip locked
        ) ready
        order by class.rank, ready.due_at
        limit :parts
    )
    update outbox as o
    set due_at = now() + :lease, claims = o.claims + 1, attempts = o.attempts + 1,
        memo = :unrecorded
    from due, conversation
    where o.id = due.id and conversation.id = o.conversation_id
    returning o.id, o.conversation_id, o.claims, o.attempts, o.failures, o.key, o.address, o.texts,
        o.choices, o.reply_token, o.token_at, o.human, due.memo, conversation.heard_at, coalesce((
            select before.platform_id from outbox before
            where before.note = o.note and before.part = o.part - 1 and before.parts > 1
        ), '') as after
    """
).bindparams(
    bindparam("ranks", type_=ARRAY(SmallInteger)),
    bindparam("unrecorded", type_=Outbox.memo.type),
)


def put(session: Session, notes: Iterable[Note], limits: Mapping[str, LimitsOf]) -> None:
    """Write the notes as parts that fit the `limits` of their channel and address, in order.

    Buttons go with the last part of a note, a reply token with the first part that has it.
    Notes that answer the same event share a call where the platform takes several messages.
    What is for a citizen who cannot be reached is parked until he can.
    """
    rows: list[dict[str, Any]] = []
    tokens: set[str] = set()
    for note in notes:
        room = limits[note.channel](note.address)
        new = list(_rows(note, room))
        if new and rows and _shares_call(rows[-1], new, room):
            rows[-1]["texts"] += new.pop(0)["texts"]
            rows[-1]["choices"] = [[c.label, c.value] for c in note.choices]
        for row in new:
            if row["reply_token"] in tokens:
                row["reply_token"], row["token_at"] = "", None
            tokens.add(row["reply_token"])
        rows += new
    if rows:
        insert_all(session, insert(Outbox), rows)


def _rows(note: Note, limits: Limits) -> Iterator[dict[str, Any]]:
    calls = list(_calls(note.text, limits))
    name = uuid4()
    for number, texts in enumerate(calls, start=1):
        yield {
            "key": uuid4(),
            "note": name,
            "channel": note.channel,
            "address": note.address,
            "conversation_id": note.conversation_id,
            "draft": note.draft,
            "rank": note.rank,
            "human": note.human,
            "part": number,
            "parts": len(calls),
            "texts": texts,
            "choices": [[c.label, c.value] for c in note.choices] if number == len(calls) else [],
            "reply_token": note.reply_token,
            "token_at": note.token_at,
            "state": "open" if note.reachable else "parked",
            "code": "" if note.reachable else SendCode.BLOCKED,
        }


def _calls(text: str, limits: Limits) -> Iterator[list[str]]:
    """Yield the messages of each call that `text` takes."""
    texts = split(text, limits.text, limits.measure)
    if limits.numbered and len(texts) > 1:
        texts = split(text, limits.text - MARK, limits.measure)
        texts = [f"{one} ({number}/{len(texts)})" for number, one in enumerate(texts, start=1)]
    for first in range(0, len(texts), limits.messages):
        yield texts[first : first + limits.messages]


_SHARED = ("channel", "address", "conversation_id", "draft", "rank", "human", "state")


def _shares_call(row: Mapping[str, Any], new: Sequence[Mapping[str, Any]], room: Limits) -> bool:
    """Tell whether the only part of another note fits into the call of `row`."""
    return (
        len(new) == 1
        and row["parts"] == 1
        and not row["choices"]
        and len(row["texts"]) + len(new[0]["texts"]) <= room.messages
        and row["reply_token"] == new[0]["reply_token"]
        and all(row[name] == new[0][name] for name in _SHARED)
    )


def claim(session: Session, channel: str, parts: int, lease: timedelta) -> list[Part]:
    """Lease up to `parts` due rows of `channel`, the urgent and then the oldest first.

    Of each rank there is at most one for an address. A part that does not open is a dead letter;
    where none opens, it is the key that is wrong: raises SealBroken.
    """
    given = {
        "channel": channel,
        "parts": parts,
        "lease": lease,
        "ranks": list(Rank),
        "unrecorded": UNRECORDED,
    }
    rows = sorted(session.execute(_CLAIM, given), key=lambda row: row.id)
    read = partial(opened, dialect=session.get_bind().dialect)
    found: list[Part] = []
    broken: list[int] = []
    for row in rows:
        try:
            found.append(_part(row, read))
        except SealBroken as error:
            if len(broken) + 1 == len(rows):
                raise
            log.exception("a part does not open; it is a dead letter", exc_info=error)
            broken.append(row.id)
    if broken:
        failed = update(Outbox).where(Outbox.id.in_(broken))
        session.execute(failed.values(state="failed", code="unreadable"))
    return found


def _part(row: Row[*tuple[Any, ...]], read: Callable[[Any, bytes], Any]) -> Part:
    return Part(
        row.id,
        row.conversation_id,
        row.claims,
        row.attempts,
        row.failures,
        Outbound(
            key=row.key,
            address=read(Outbox.address, row.address),
            texts=tuple(read(Outbox.texts, row.texts)),
            choices=tuple(Choice(label, value) for label, value in row.choices),
            reply_token=read(Outbox.reply_token, row.reply_token),
            token_at=row.token_at,
            heard_at=row.heard_at,
            human=row.human,
            after=read(Outbox.platform_id, row.after),
            memo=read(Outbox.memo, row.memo),
        ),
    )


# A reminder of a draft that did not go out in time is dropped: he has come back by himself, or it
# would come out of the blue. Only who was reminded can have one.
_OF_A_DRAFT = f"""
    outbox.rank = {Rank.REMINDER:d} and outbox.draft > 0 and not exists (
        select from report
        where report.conversation_id = outbox.conversation_id and report.draft = outbox.draft
    )
"""
_RELEASE = text(
    f"""
    with outdated as (
        delete from outbox using conversation
        where conversation.id = any(cast(:ids as uuid[])) and conversation.reminded > 0
            and outbox.conversation_id = conversation.id and outbox.state in ('open', 'parked')
            and {_OF_A_DRAFT}
        returning outbox.id
    )
    update outbox set state = 'open', code = '', due_at = now()
    where outbox.conversation_id = any(cast(:ids as uuid[])) and outbox.state = 'parked'
        and outbox.code = any(:waiting) and outbox.id not in (select id from outdated)
    """  # noqa: S608 - the condition above
).bindparams(bindparam("ids", type_=ARRAY(String)), bindparam("waiting", type_=ARRAY(String)))
_DROP_UNPAID = text(
    f"""
    delete from outbox
    where state = 'parked' and code = '{SendCode.QUOTA}' and due_at <= now() and {_OF_A_DRAFT}
    """  # noqa: S608 - as above
)


def release(session: Session, conversation_ids: Sequence[UUID]) -> None:
    """Send on what was parked for citizens who can be reached, or were heard, again.

    Reminders of a draft that did not reach them until then are dropped, whether parked or open.
    """
    if conversation_ids:
        waiting = [SendCode.BLOCKED, SendCode.WINDOW_CLOSED]
        session.execute(_RELEASE, {"ids": list(map(str, conversation_ids)), "waiting": waiting})


def reopen_paid(session: Session) -> None:
    """Send on what was parked until a new period, with a new quota, has begun.

    Reminders of a draft are not sent so late: they are dropped.
    """
    session.execute(_DROP_UNPAID)
    session.execute(
        update(Outbox)
        .where(Outbox.state == "parked", Outbox.code == SendCode.QUOTA, Outbox.due_at <= func.now())
        .values(state="open")
    )


# What stands behind another part of its address, or in a channel that rests, is not due yet.
_NEXT_DUE = text(
    """
    select greatest(o.due_at, status.paused_until)
    from outbox o
    left join channel_status status on status.channel = o.channel
    where o.state = 'open' and o.channel = :channel and not exists (
        select from outbox earlier
        where earlier.state = 'open' and earlier.channel = o.channel
            and earlier.address_key = o.address_key and earlier.id < o.id
            and earlier.rank <= o.rank
    )
    order by o.due_at
    limit 1
    """
)


def next_due(session: Session, channel: str) -> datetime | None:
    """Return when the next part of `channel` can be claimed, None when there is none."""
    due_at: datetime | None = session.scalar(_NEXT_DUE, {"channel": channel})
    return due_at
