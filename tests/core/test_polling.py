"""Polling on real PostgreSQL: one poller, no event lost, none doubled."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func
from sqlalchemy import update as sql_update

from channels.telegram.inbound import parse
from core import polling
from core.db.session import Sessions, transaction
from core.db.tables import ChannelStatus, Inbox
from core.errors import PollRefused, SendCode
from core.message import Inbound
from core.privacy.keys import KeyRing
from tests.core.post import SETTINGS, rows, update


class Queue:
    """A platform that hands out two events at a time, and forgets those before the cursor."""

    polling = True

    def __init__(self) -> None:
        self.events = [parse(update(7, f"baris {n}"))[0] for n in range(5)]
        self.asked: list[str] = []

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """Return the next two."""
        self.asked.append(cursor)
        begin = int(cursor or 0)
        return self.events[begin : begin + 2], str(min(begin + 2, 5))


class Refused(Queue):
    """A platform that does not let us poll."""

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """Refuse."""
        raise PollRefused(SendCode.CONFLICT)


def test_events_and_cursor_go_on_where_they_were(make: Sessions, ring: KeyRing) -> None:
    queue = Queue()
    cursor = polling.begin(make, "telegram", "a")
    assert cursor == ""
    taken = []
    for _ in range(3):
        number, cursor = polling.poll_once(make, "telegram", queue, cursor, SETTINGS)
        taken.append(number)
    polling.end(make, "telegram", cursor)
    assert taken == [2, 2, 1]
    assert queue.asked == ["", "2", "4"]
    assert polling.begin(make, "telegram", "a") == "5"
    polling.poll_once(make, "telegram", queue, "0", SETTINGS)  # the platform tells it once more
    ids = [row.external_id for row in rows(make, Inbox)]
    assert ids == [ring.blind(it.external_id) for it in queue.events]


def test_one_poller_at_a_time_until_its_lease_ends(make: Sessions) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: polling.begin(make, "telegram", str(n)), range(6)))
    assert sorted(found, key=str) == ["", None, None, None, None, None]
    assert polling.begin(make, "line", "a") == ""
    with transaction(make) as session:
        session.execute(sql_update(ChannelStatus).values(poll_lease_until=func.now(), cursor="9"))
    assert polling.begin(make, "telegram", "a") == "9"
    assert polling.begin(make, "telegram", "b") is None
    assert polling.begin(make, "telegram", "a") == "9"  # cut off, and back before its lease ended
    assert timedelta(seconds=50) < polling.LEASE


def test_a_refused_poll_changes_nothing(make: Sessions) -> None:
    polling.begin(make, "telegram", "a")
    with pytest.raises(PollRefused):
        polling.poll_once(make, "telegram", Refused(), "", SETTINGS)
    assert rows(make, Inbox) == []
