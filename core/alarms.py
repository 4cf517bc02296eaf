"""What all processes know of a channel's health: whether it rests, and what must be mended."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core.db.tables import ChannelStatus, Outbox
from core.errors import SendCode

#: Under which name it is noted, beside the channels, that the live model does not load; and the
#: alarm's codes: no other does either, or another one answers meanwhile.
MODEL, MISSING, STANDBY = "model", "missing", "standby"


def rest(session: Session, channel: str, until: datetime) -> None:
    """Let the whole channel rest until then."""
    statement = insert(ChannelStatus).values(channel=channel, paused_until=until)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ChannelStatus.channel],
            set_={"paused_until": func.greatest(ChannelStatus.paused_until, until)},
        )
    )


def ring(session: Session, channel: str, code: str) -> None:
    """Note what an operator must mend; the first moment of the same trouble stays."""
    statement = insert(ChannelStatus).values(channel=channel, alarm=code, alarm_at=func.now())
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[ChannelStatus.channel],
            set_={"alarm": code, "alarm_at": func.now()},
            where=ChannelStatus.alarm != code,
        )
    )


def mend(session: Session, channel: str) -> None:
    """Take back the alarm of a channel that sends again; a used up quota is another matter."""
    session.execute(
        update(ChannelStatus)
        .where(ChannelStatus.channel == channel, ChannelStatus.alarm.not_in(["", SendCode.QUOTA]))
        .values(alarm="", alarm_at=None)
    )


def end_quotas(session: Session) -> None:
    """Take back the alarm of channels for which nothing waits for a new quota any more."""
    waiting = exists().where(
        Outbox.channel == ChannelStatus.channel,
        Outbox.state == "parked",
        Outbox.code == SendCode.QUOTA,
    )
    session.execute(
        update(ChannelStatus)
        .where(ChannelStatus.alarm == SendCode.QUOTA, ~waiting)
        .values(alarm="", alarm_at=None)
    )


def standing(session: Session) -> Sequence[ChannelStatus]:
    """Return what is known of the channels."""
    return session.scalars(select(ChannelStatus).order_by(ChannelStatus.channel)).all()
