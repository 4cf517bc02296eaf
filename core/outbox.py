"""The durable outbox: what a citizen shall read stands here until the platform has taken it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Boolean, bindparam, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.channel import Limits
from core.db.tables import ChannelStatus, Conversation, Outbox, Report, ReportEvent
from core.errors import SendCode
from core.message import Choice, Outbound
from core.text import split


@dataclass(frozen=True, slots=True)
class Note:
    """A text for one conversation, of any length; `draft` when it is about a draft or report."""

    channel: str
    address: str
    conversation_id: UUID
    text: str
    choices: tuple[Choice, ...] = ()
    reply_token: str = ""
    draft: int = 0
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """A claimed row: what to send, and what is known of its earlier attempts."""

    id: int
    attempts: int
    failures: int
    outbound: Outbound


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a claimed row: its new state, and the moment it is due again if `open`."""

    part: Part
    state: str
    due_at: datetime
    failures: int = 0
    platform_id: str = ""
    code: str = ""
    detail: str = ""
    moved_to: str = ""


# Only the oldest open part of an address is ever due, so that parts arrive in order; a leased
# part is open with a due time in the future, so that an abandoned lease is simply due again.
_CLAIM = text(
    """
    with due as (
        select o.id
        from outbox o
        where o.state = 'open' and o.channel = :channel and o.due_at <= now() and not exists (
            select from outbox earlier
            where earlier.state = 'open' and earlier.channel = o.channel
                and earlier.address = o.address and earlier.id < o.id
        ) and not exists (
            select from channel_status status
            where status.channel = :channel and status.paused_until > now()
        )
        order by o.due_at, o.id
        limit :parts
        for update of o skip locked
    )
    update outbox set due_at = now() + :lease, attempts = outbox.attempts + 1
    from due where outbox.id = due.id
    returning outbox.id, outbox.attempts, outbox.failures, outbox.key, outbox.address, outbox.text,
        outbox.choices, outbox.reply_token
    """
)


def put(session: Session, notes: Iterable[Note], limits: Mapping[str, Limits]) -> None:
    """Write the notes as parts that fit their channel's `limits`, in order.

    Buttons and the reply token go with the last part. What is for a citizen who cannot be
    reached is parked until he can.
    """
    rows = [row for note in notes for row in _rows(note, limits[note.channel])]
    if rows:
        session.execute(insert(Outbox), rows)


def _rows(note: Note, limits: Limits) -> list[dict[str, Any]]:
    texts = split(note.text, limits.text, limits.unit)
    last = len(texts) - 1
    return [
        {
            "key": uuid4(),
            "channel": note.channel,
            "address": note.address,
            "conversation_id": note.conversation_id,
            "draft": note.draft,
            "part": index + 1,
            "parts": len(texts),
            "text": part,
            "choices": [[c.label, c.value] for c in note.choices] if index == last else [],
            "reply_token": note.reply_token if index == last else "",
            "state": "open" if note.reachable else "parked",
            "code": "" if note.reachable else SendCode.BLOCKED,
        }
        for index, part in enumerate(texts)
    ]


def claim(session: Session, channel: str, parts: int, lease: timedelta) -> list[Part]:
    """Lease up to `parts` due rows of `channel`, at most one for each address, oldest first."""
    rows = session.execute(_CLAIM, {"channel": channel, "parts": parts, "lease": lease})
    return [
        Part(
            row.id,
            row.attempts,
            row.failures,
            Outbound(
                key=row.key,
                address=row.address,
                text=row.text,
                choices=tuple(Choice(label, value) for label, value in row.choices),
                reply_token=row.reply_token,
            ),
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


# Whoever comes late, after his lease, may still say that it was sent, and nothing else.
_RECORD = (
    update(Outbox)
    .where(
        Outbox.id == bindparam("row_id"),
        Outbox.state == "open",
        or_(Outbox.attempts == bindparam("row_attempts"), bindparam("is_sent", type_=Boolean)),
    )
    .values(
        failures=bindparam("new_failures"),
        state=bindparam("new_state"),
        due_at=bindparam("new_due_at"),
        platform_id=bindparam("new_platform_id"),
        code=bindparam("new_code"),
        detail=bindparam("new_detail"),
        sent_at=bindparam("new_sent_at"),
    )
)


def record(session: Session, channel: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write what became of the claimed rows, and what that means for their conversations."""
    session.connection().execute(
        _RECORD,
        [
            {
                "row_id": outcome.part.id,
                "row_attempts": outcome.part.attempts,
                "is_sent": outcome.state == "sent",
                "new_failures": outcome.failures,
                "new_state": outcome.state,
                "new_due_at": outcome.due_at,
                "new_platform_id": outcome.platform_id,
                "new_code": outcome.code,
                "new_detail": outcome.detail,
                "new_sent_at": now if outcome.state == "sent" else None,
            }
            for outcome in outcomes
        ],
    )
    _note_dead_letters(session, [o.part.id for o in outcomes if o.state == "failed"])
    _park_addresses(session, channel, [o for o in outcomes if o.state == "parked"])
    for outcome in outcomes:
        if outcome.moved_to:
            _move_address(session, channel, outcome.part.outbound.address, outcome.moved_to)


def _note_dead_letters(session: Session, ids: Sequence[int]) -> None:
    if not ids:
        return
    failed = (
        select(Report.id, Outbox.code)
        .join(
            Report,
            (Report.conversation_id == Outbox.conversation_id) & (Report.draft == Outbox.draft),
        )
        .where(Outbox.id.in_(ids))
    )
    events = [
        {"report_id": report_id, "actor": "kanal", "kind": "delivery_failed", "detail": {"code": c}}
        for report_id, c in session.execute(failed)
    ]
    if events:
        session.execute(insert(ReportEvent), events)


def _park_addresses(session: Session, channel: str, outcomes: Sequence[Outcome]) -> None:
    addresses = {outcome.part.outbound.address for outcome in outcomes}
    if not addresses:
        return
    session.execute(
        update(Outbox)
        .where(Outbox.channel == channel, Outbox.address.in_(addresses), Outbox.state == "open")
        .values(state="parked", code=SendCode.BLOCKED)
    )
    session.execute(
        update(Conversation)
        .where(Conversation.channel == channel, Conversation.address.in_(addresses))
        .values(reachable=False)
    )


def _move_address(session: Session, channel: str, old: str, new: str) -> None:
    taken = select(Conversation.id).where(
        Conversation.channel == channel, Conversation.address == new
    )
    if session.scalar(taken) is None:
        session.execute(
            update(Conversation)
            .where(Conversation.channel == channel, Conversation.address == old)
            .values(address=new)
        )
    session.execute(
        update(Outbox)
        .where(Outbox.channel == channel, Outbox.address == old, Outbox.state == "open")
        .values(address=new)
    )


def release(session: Session, conversation_ids: Sequence[UUID]) -> None:
    """Send on what was parked for citizens who can be reached again."""
    if conversation_ids:
        session.execute(
            update(Outbox)
            .where(Outbox.conversation_id.in_(conversation_ids), Outbox.state == "parked")
            .values(state="open", code="", due_at=func.now())
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
            and earlier.address = o.address and earlier.id < o.id
    )
    order by o.due_at
    limit 1
    """
)


def next_due(session: Session, channel: str) -> datetime | None:
    """Return when the next part of `channel` can be claimed, None when there is none."""
    due_at: datetime | None = session.scalar(_NEXT_DUE, {"channel": channel})
    return due_at


def give_up(session: Session, outcome: Outcome) -> None:
    """Make a part whose outcome cannot be recorded a dead letter, or note only that it was sent."""
    state = outcome.state if outcome.state == "sent" else "failed"
    session.execute(
        update(Outbox)
        .where(Outbox.id == outcome.part.id, Outbox.state == "open")
        .values(state=state, code="unrecordable")
    )


def pause(session: Session, channel: str, until: datetime) -> None:
    """Let the whole channel rest until then."""
    statement = insert(ChannelStatus).values(channel=channel, paused_until=until)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ChannelStatus.channel],
            set_={"paused_until": until},
        )
    )
