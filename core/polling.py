"""Asks a platform for its events, where it cannot reach us: one poller at a time, by a lease."""

from datetime import timedelta

from sqlalchemy import func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from core import inbox
from core.channel import Polls
from core.db.session import Sessions, transaction
from core.db.tables import ChannelStatus
from core.settings import CoreSettings

LEASE = timedelta(seconds=90)  # longer than the longest wait of one poll


def begin(make: Sessions, channel: str, owner: str) -> str | None:
    """Become the poller of `channel`; return its cursor, None when another `owner` polls.

    Who was cut off from the database goes on where he was, without waiting for his own lease.
    """
    with transaction(make) as session:
        session.execute(insert(ChannelStatus).values(channel=channel).on_conflict_do_nothing())
        return session.scalar(
            update(ChannelStatus)
            .where(
                ChannelStatus.channel == channel,
                or_(
                    ChannelStatus.poll_lease_until <= func.now(),
                    ChannelStatus.poll_owner == owner,
                ),
            )
            .values(poll_lease_until=func.now() + LEASE, poll_owner=owner)
            .returning(ChannelStatus.cursor)
        )


def poll_once(
    make: Sessions, name: str, channel: Polls, cursor: str, settings: CoreSettings
) -> tuple[int, str]:
    """Take the events after `cursor` into the inbox; return how many, and the next cursor.

    Events and cursor are committed together, before the platform is told by the next poll that
    it may forget them. Raises PollRefused.
    """
    inbounds, after = channel.poll(cursor)
    with transaction(make) as session:
        inbox.put(session, inbounds, settings.album_wait)
        _hold(session, name, after, LEASE)
    return len(inbounds), after


def end(make: Sessions, channel: str, cursor: str) -> None:
    """Let another process poll."""
    with transaction(make) as session:
        _hold(session, channel, cursor, timedelta())


def _hold(session: Session, channel: str, cursor: str, lease: timedelta) -> None:
    session.execute(
        update(ChannelStatus)
        .where(ChannelStatus.channel == channel)
        .values(cursor=cursor, poll_lease_until=func.now() + lease)
    )
