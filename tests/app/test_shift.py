"""A worker's shift: every wake-up is served, every row is found, an outage is survived."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.settings import AppSettings
from app.shift import RETRY_SECONDS, Shift, _despite_outages, seconds_until
from app.wake import DELIVER, FETCH, POLL, WORK, Waker
from core.db.session import Sessions, connect, sessions
from core.db.tables import ChannelStatus, File, Inbox, Outbox
from core.errors import DatabaseAway, PollRefused, SendCode
from core.message import Inbound
from core.settings import CoreSettings
from tests.core.post import HOLE, Phone, post, rows, tap, update
from tests.core.test_fetching import PNG, Shelf
from tests.waiting import eventually


class Bell(Waker):
    """A waker that only notes who was woken."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, ...]] = []

    def wake(self, task: str, *args: str) -> None:
        """Note it."""
        self.rung.append((task, *args))


class Polled(Phone):
    """A channel that hands out its events once, and then refuses."""

    polling = True

    def __init__(self, *events: bytes) -> None:
        super().__init__()
        self.events = list(events)

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """Return the next event."""
        if not self.events:
            raise PollRefused(SendCode.CONFLICT)
        return self.parse(self.events.pop(0)), cursor + "x"


def shift(make: Sessions, phone: Phone, bell: Bell, media: Path = Path("var")) -> Shift:
    core = CoreSettings(media_dir=media)
    return Shift({"telegram": phone}, make, bell, AppSettings(delivery_width=4), core)


def test_from_the_inbox_to_the_phone(make: Sessions) -> None:
    phone, bell = Phone(), Bell()
    own = shift(make, phone, bell)
    for raw in (update(7, HOLE), update(7, "1"), tap(7, "send:1")):
        post(make, raw)
        own.run(WORK)
        own.run(DELIVER, "telegram")
    assert bell.rung == [(DELIVER, "telegram")] * 3
    assert [row.state for row in rows(make, Outbox)] == ["sent"] * 3
    assert "Nomor tiket" in phone.sent[-1].text
    own.stop()


def test_an_album_is_waited_for(make: Sessions) -> None:
    files = [{"file_id": "f", "width": 1, "height": 1}]
    post(
        make, update(7, caption=HOLE, photo=files, media_group_id="a"), wait=timedelta(seconds=0.3)
    )
    post(make, update(7, photo=files, media_group_id="a"))
    bell = Bell()
    shift(make, Phone(), bell).run(WORK)
    assert [row.state for row in rows(make, Inbox)] == ["done", "done"]
    assert len(rows(make, Outbox)) == 1
    assert bell.rung == [(DELIVER, "telegram"), (FETCH,)]


def test_files_are_fetched(make: Sessions, tmp_path: Path) -> None:
    shelf = Shelf(f1=PNG)
    own = shift(make, shelf, Bell(), tmp_path)
    post(make, update(7, caption=HOLE, photo=[{"file_id": "f1", "width": 1, "height": 1}]))
    own.run(WORK)
    own.run(FETCH)
    assert [row.state for row in rows(make, File)] == ["stored"]


def test_polled_events_are_taken_and_a_refusal_lets_another_poll(make: Sessions) -> None:
    bell = Bell()
    own = shift(make, Polled(update(7, "a"), update(7, "b")), bell)
    own.run(POLL, "telegram")
    assert len(rows(make, Inbox)) == 2
    assert bell.rung == [(WORK,)] * 2
    with make() as session:
        status = session.get_one(ChannelStatus, "telegram")
        assert status.cursor == "xx"
        assert status.poll_lease_until <= datetime.now(UTC)


def test_the_sweep_wakes_all_that_this_process_could_do(make: Sessions) -> None:
    bell = Bell()
    shift(make, Polled(), bell).sweep()
    everything = {(WORK,), (FETCH,), (DELIVER, "telegram"), (POLL, "telegram")}
    assert set(bell.rung) == everything
    bell.rung.clear()
    shift(make, Phone(), bell).sweep()
    assert set(bell.rung) == everything - {(POLL, "telegram")}


def test_wake_ups_for_what_is_not_here_are_left_alone(make: Sessions) -> None:
    own = shift(make, Phone(), Bell())
    own.run(DELIVER, "line")
    own.run(POLL, "telegram")
    own.run("kanal.something")


def test_after_a_stop_nothing_begins(make: Sessions) -> None:
    phone = Phone()
    own = shift(make, phone, Bell())
    post(make, update(7, "halo"))
    own.stop()
    for task in ((WORK,), (FETCH,), (DELIVER, "telegram")):
        own.run(*task)
    assert [row.state for row in rows(make, Inbox)] == ["waiting"]


def test_a_stop_ends_a_shift_that_waits_for_the_database() -> None:
    away = sessions(connect("postgresql+psycopg://a:b@127.0.0.1:1/kanal"))
    own = shift(away, Phone(), Bell())
    worker = threading.Thread(target=own.run, args=(WORK,), daemon=True)
    worker.start()
    eventually("it looks for the database again", worker.is_alive)
    own.stop()
    worker.join(20)
    assert not worker.is_alive()


def test_what_an_act_may_end_with() -> None:
    def away() -> float | None:
        raise DatabaseAway("gone")

    def broken() -> float | None:
        raise KeyError("kata warga")

    assert _despite_outages(away) == RETRY_SECONDS
    assert _despite_outages(broken) is None
    assert _despite_outages(lambda: 3.0) == 3.0


@pytest.mark.parametrize(("seconds", "wait"), [(-5, 0.05), (0, 0.05), (60, 60)])
def test_seconds_until(seconds: int, wait: float) -> None:
    found = seconds_until(datetime.now(UTC) + timedelta(seconds=seconds))
    assert found is not None
    assert wait - 1 < found <= max(wait, 0.05)
    assert seconds_until(None) is None
