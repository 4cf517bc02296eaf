"""Writes what became of claimed parts, and what that means for their conversations."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    DateTime,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables import Conversation, Outbox, Report, ReportEvent
from core.errors import SendCode
from core.outbox import Outcome

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# Whoever comes late, after his lease, may still say that it was sent, and nothing else.
_RECORD = (
    update(Outbox)
    .where(
        Outbox.id == bindparam("row_id"),
        Outbox.state == "open",
        or_(Outbox.claims == bindparam("row_claims"), bindparam("is_sent", type_=Boolean)),
    )
    .values(
        attempts=bindparam("new_attempts"),
        failures=bindparam("new_failures"),
        memo=bindparam("new_memo"),
        state=bindparam("new_state"),
        due_at=bindparam("new_due_at"),
        platform_id=bindparam("new_platform_id"),
        platform_key=bindparam("new_platform_key"),
        code=bindparam("new_code"),
        detail=bindparam("new_detail"),
        sent_at=bindparam("new_sent_at"),
    )
)


def record(session: Session, channel: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write what became of the claimed rows, and what that means for their conversations."""
    parked = [outcome for outcome in outcomes if outcome.state == "parked"]
    _hold(session, parked)
    session.connection().execute(
        _RECORD,
        [
            {
                "row_id": outcome.part.id,
                "row_claims": outcome.part.claims,
                "is_sent": outcome.state == "sent",
                "new_attempts": outcome.attempts,
                "new_failures": outcome.failures,
                "new_memo": outcome.memo,
                "new_state": outcome.state,
                "new_due_at": outcome.due_at,
                "new_platform_id": outcome.platform_id,
                "new_platform_key": outcome.platform_id,
                "new_code": outcome.code,
                "new_detail": outcome.detail,
                "new_sent_at": now if outcome.state == "sent" else None,
            }
            for outcome in outcomes
        ],
    )
    _note_dead_letters(session, [o.part.id for o in outcomes if o.state == "failed"])
    _park_addresses(session, channel, [o for o in parked if o.code == SendCode.BLOCKED])
    _reopen_heard(session, [o for o in parked if o.code == SendCode.WINDOW_CLOSED])
    for outcome in outcomes:
        if outcome.moved_to:
            _move_address(session, channel, outcome.part.outbound.address, outcome.moved_to)


def _hold(session: Session, parked: Sequence[Outcome]) -> None:
    """Lock the conversations, so that none is heard, or released, between this and the parking."""
    ids = {outcome.part.conversation_id for outcome in parked}
    if ids:
        statement = select(Conversation.id).where(Conversation.id.in_(ids))
        statement = statement.order_by(Conversation.channel, Conversation.address_key)
        session.execute(statement.with_for_update(key_share=True))


_REOPEN_HEARD = text(
    """
    update outbox set state = 'open', code = '', due_at = now()
    from conversation, unnest(:ids, :moments) as tried (id, heard_at)
    where outbox.id = tried.id and outbox.state = 'parked'
        and conversation.id = outbox.conversation_id and conversation.heard_at > tried.heard_at
    """
).bindparams(
    bindparam("ids", type_=ARRAY(BigInteger)),
    bindparam("moments", type_=ARRAY(DateTime(timezone=True))),
)


def _reopen_heard(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Let go out after all what was held back for a silence that has ended meanwhile."""
    if outcomes:
        moments = [outcome.part.outbound.heard_at or _NEVER for outcome in outcomes]
        ids = [outcome.part.id for outcome in outcomes]
        session.execute(_REOPEN_HEARD, {"ids": ids, "moments": moments})


def _note_dead_letters(session: Session, ids: Sequence[int]) -> None:
    if not ids:
        return
    failed = (
        select(Report.id, Outbox.code)
        .join(
            Report,
            (Report.conversation_id == Outbox.conversation_id) & (Report.draft == Outbox.draft),
        )
        .where(Outbox.id.in_(ids), Outbox.state == "failed")
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
        .where(Outbox.channel == channel, Outbox.address_key.in_(addresses), Outbox.state == "open")
        .values(state="parked", code=SendCode.BLOCKED)
    )
    session.execute(
        update(Conversation)
        .where(Conversation.channel == channel, Conversation.address_key.in_(addresses))
        .values(reachable=False)
    )


def _move_address(session: Session, channel: str, old: str, new: str) -> None:
    taken = select(Conversation.id).where(
        Conversation.channel == channel, Conversation.address_key == new
    )
    if session.scalar(taken) is None:
        session.execute(
            update(Conversation)
            .where(Conversation.channel == channel, Conversation.address_key == old)
            .values(address=new, address_key=new)
        )
    session.execute(
        update(Outbox)
        .where(Outbox.channel == channel, Outbox.address_key == old, Outbox.state == "open")
        .values(address=new, address_key=new)
    )


def give_up(session: Session, outcome: Outcome) -> None:
    """Make a part whose outcome cannot be recorded a dead letter, or note only that it was sent."""
    state = outcome.state if outcome.state == "sent" else "failed"
    session.execute(
        update(Outbox)
        .where(Outbox.id == outcome.part.id, Outbox.state == "open")
        .values(state=state, code="unrecordable")
    )


def confirm(session: Session, channel: str, receipts: Mapping[UUID, str]) -> None:
    """Mark as sent what the platform shows that it has, by key; the values are its own ids."""
    if receipts:
        session.connection().execute(
            update(Outbox)
            .where(
                Outbox.key == bindparam("row_key"),
                Outbox.channel == channel,
                Outbox.state != "sent",
            )
            .values(
                state="sent",
                platform_id=bindparam("new_id"),
                platform_key=bindparam("new_id_key"),
                sent_at=func.now(),
                code="",
            ),
            [{"row_key": key, "new_id": id_, "new_id_key": id_} for key, id_ in receipts.items()],
        )
