"""How a channel fares: whether it rests, what must be mended, and what waits in the outbox."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import alarms, outbox
from core.db.tables import Outbox

RECENT = timedelta(days=7)  # how old a dead letter may be to say something about a channel


@dataclass(frozen=True, slots=True)
class Health:
    """One channel; `parked` counts the waiting parts by code, `failed` recent dead letters.

    `paused_until` is None when the channel does not rest, `next_due_at` when nothing is `waiting`.
    """

    channel: str
    alarm: str
    alarm_at: datetime | None
    paused_until: datetime | None
    waiting: int
    next_due_at: datetime | None
    parked: Mapping[str, int]
    failed: int


def of_channels(session: Session, names: Iterable[str]) -> Sequence[Health]:
    """Return the health of these channels, and of others that rang or have parts waiting."""
    known = {status.channel: status for status in alarms.standing(session)}
    waiting, parked, failed = _waiting(session), _parked(session), _failed(session)
    noted = [name for name, status in known.items() if status.alarm]
    now = datetime.now(UTC)
    found = []
    for name in sorted({*names, *noted, *waiting, *parked}):
        status = known.get(name)
        rests = status is not None and status.paused_until > now
        found.append(
            Health(
                channel=name,
                alarm=status.alarm if status else "",
                alarm_at=status.alarm_at if status else None,
                paused_until=status.paused_until if status and rests else None,
                waiting=waiting.get(name, 0),
                next_due_at=outbox.next_due(session, name) if name in waiting else None,
                parked=parked.get(name, {}),
                failed=failed.get(name, 0),
            )
        )
    return found


def _waiting(session: Session) -> dict[str, int]:
    statement = select(Outbox.channel, func.count()).where(Outbox.state == "open")
    return dict(session.execute(statement.group_by(Outbox.channel)).all())


def _parked(session: Session) -> dict[str, dict[str, int]]:
    statement = select(Outbox.channel, Outbox.code, func.count()).where(Outbox.state == "parked")
    by_channel: dict[str, dict[str, int]] = {}
    for name, code, count in session.execute(statement.group_by(Outbox.channel, Outbox.code)):
        by_channel.setdefault(name, {})[code] = count
    return by_channel


def _failed(session: Session) -> dict[str, int]:
    statement = select(Outbox.channel, func.count()).where(
        Outbox.state == "failed", Outbox.created_at > func.now() - RECENT
    )
    return dict(session.execute(statement.group_by(Outbox.channel)).all())
