"""A worker's shift: every wake-up is served, every row is found, an outage is survived."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy import update as change

from app.settings import AppSettings
from app.shift import RETRY_SECONDS, Shift, Tools, _despite_outages, seconds_until
from app.wake import DELIVER, FETCH, POLL, SUGGEST, WORK, Waker
from core import overdue, traces
from core.calendar import Calendar
from core.conversations import STATE
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import ChannelStatus, Conversation, File, Inbox, Outbox, Report, Trace
from core.draft import State
from core.errors import DatabaseAway, PollRefused, SendCode
from core.fetching import Shelf
from core.message import Inbound
from core.promise import Desk, Terms
from core.replies.dates import say_day
from core.settings import CoreSettings
from core.storage import Folder
from core.traces import Line
from core.understanding import Text, Understanding
from core.zones import WIT
from tests.contract.stub import Answer, stub_api
from tests.core.post import HOLE, Phone, Unhurried, post, rows, tap, update
from tests.core.test_fetching import PHOTO, Library
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


def shift(make: Sessions, phone: Phone, bell: Bell, **settings: object) -> Shift:
    core = CoreSettings.model_validate(settings)
    shelf = Shelf.of(Folder(core.media_dir), core)
    app = AppSettings(delivery_width=4)
    return Shift({"telegram": phone}, make, bell, Tools(Unhurried(), shelf), app, core)


def test_from_the_inbox_to_the_phone(make: Sessions) -> None:
    phone, bell = Phone(), Bell()
    own = shift(make, phone, bell)
    for raw in (update(7, HOLE), update(7, "1"), tap(7, "send:1")):
        post(make, raw)
        own.run(WORK)
        own.run(DELIVER, "telegram")
    assert bell.rung == [*[(DELIVER, "telegram")] * 3, (SUGGEST,)]
    assert [row.state for row in rows(make, Outbox)] == ["sent"] * 3
    assert "Nomor tiket" in phone.sent[-1].text
    own.stop()


@pytest.mark.parametrize("conversations", [1, 2, 5])
def test_a_wake_up_empties_the_inbox(make: Sessions, conversations: int) -> None:
    post(make, *(update(number, HOLE) for number in range(1, conversations + 1)))
    own = shift(make, Phone(), Bell(), claim_conversations=2)
    own.run(WORK)
    assert {row.state for row in rows(make, Inbox)} == {"done"}
    own.stop()


class Clerk:
    """A reader with so many reports on his desk."""

    batch = 2

    def __init__(self, reports: int) -> None:
        self.reports, self.asked = reports, 0

    def understand(self, texts: Sequence[Text]) -> Sequence[Understanding]:
        """Understand nothing."""
        return [Understanding("", "") for _ in texts]

    def suggest_due(self) -> int:
        """Take up to two reports from the desk."""
        taken = min(self.reports, self.batch)
        self.reports -= taken
        self.asked += 1
        return taken


@pytest.mark.parametrize(("reports", "asked"), [(0, 1), (1, 1), (2, 2), (5, 3)])
def test_a_wake_up_empties_the_desk(make: Sessions, reports: int, asked: int) -> None:
    clerk = Clerk(reports)
    own = shift(make, Phone(), Bell())
    own.employ(lambda _make, _core: clerk)
    own.run(SUGGEST)
    assert (clerk.reports, clerk.asked) == (0, asked)
    own.stop()


def test_who_sweeps_wakes_the_reader_of_another_process(make: Sessions) -> None:
    bell = Bell()
    own = shift(make, Phone(), bell)
    own.run(SUGGEST)
    own.sweep()
    assert (SUGGEST,) in bell.rung
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
    with stub_api() as cdn:
        cdn.answer("f1", Answer(body=PHOTO))
        settings = {"media_dir": tmp_path, "media_origins": cdn.origin}
        own = shift(make, Library(cdn), Bell(), **settings)
        fetch_a_photo(make, own)
    assert [row.state for row in rows(make, File)] == ["stored"]


def fetch_a_photo(make: Sessions, own: Shift) -> None:
    post(make, update(7, caption=HOLE, photo=[{"file_id": "f1", "width": 1, "height": 1}]))
    own.run(WORK)
    own.run(FETCH)


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
    everything = {(WORK,), (SUGGEST,), (FETCH,), (DELIVER, "telegram"), (POLL, "telegram")}
    assert set(bell.rung) == everything
    bell.rung.clear()
    shift(make, Phone(), bell).sweep()
    assert set(bell.rung) == everything - {(POLL, "telegram")}


def test_the_ticket_promises_what_the_settings_say(make: Sessions) -> None:
    phone, bell = Phone(), Bell()
    own = shift(make, phone, bell, verify_days=2, tidak_berkadar_days=7, timezone="Asia/Jayapura")
    for raw in (update(7, HOLE), update(7, "lewati"), update(7, "kirim")):
        post(make, raw)
        own.run(WORK)
    own.run(DELIVER, "telegram")
    (report,) = rows(make, Report)
    desk = Desk(WIT)
    assert (report.verify_by, report.answer_by) == (
        desk.end_of(report.created_at, 2),
        desk.end_of(report.created_at, 7),
    )
    said = "\n".join(part.text for part in phone.sent)
    for promised in (report.verify_by, report.answer_by):
        assert f"paling lambat {say_day('id', promised, WIT)}" in said
    own.stop()


def test_the_sweep_tells_what_was_missed(make: Sessions, open_report: Callable[..., str]) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with transaction(make) as session:
        for _ in range(3):
            open_report(session, promise_at=yesterday)
    always = {"day_begins": time(0), "day_ends": time(23, 59, 59, 999999)}
    phone, bell = Phone(), Bell()
    own = shift(make, phone, bell, again_days=7, ombudsman="Ombudsman X", **always)
    own.sweep()
    assert bell.rung.count((DELIVER, "telegram")) == 2  # with all the others, and for the news
    own.run(DELIVER, "telegram")
    assert len(phone.sent) == 3
    assert all("Mohon maaf" in part.text and "Ombudsman X" in part.text for part in phone.sent)
    promised = {row.promise_at for row in rows(make, Report)}
    assert promised == {Desk.of("", Calendar(), Terms.of(own._core)).end_of(datetime.now(UTC), 7)}
    own.stop()


def test_the_sweep_reminds_of_drafts_and_ends_talks(
    make: Sessions, open_report: Callable[..., str]
) -> None:
    bell = Bell()
    own = shift(make, Phone(), bell, day_begins=time(0), day_ends=time(23, 59, 59, 999999))
    post(make, update(7, HOLE))
    own.run(WORK)
    past = datetime.now(UTC) - timedelta(days=1)
    with transaction(make) as session:
        session.execute(change(Conversation).values(draft_at=past))
        ticket = open_report(session)
        talk = session.scalars(select(Conversation).where(Conversation.draft_at.is_(None))).one()
        talk.state = STATE.dump_python(State(focus=ticket), mode="json")
        talk.human_until = past
    own.sweep()
    assert [row.texts[0].partition(".")[0] for row in rows(make, Outbox)[1:]] == [
        "Laporan Anda belum terkirim",
        f"Percakapan dengan petugas tentang laporan {ticket} selesai",
    ]
    assert bell.rung.count((DELIVER, "telegram")) == 4  # WORK, and each of the sweep's three
    own.sweep()
    assert len(rows(make, Outbox)) == 3
    own.stop()


def test_a_sweep_that_fails_has_woken_everybody(
    make: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("kata warga")

    monkeypatch.setattr(overdue, "sweep", fail)
    bell = Bell()
    shift(make, Phone(), bell).sweep()
    assert (WORK,) in bell.rung


@pytest.mark.parametrize(("days", "left"), [(7, 1), (8, 1), (9, 2)])
def test_the_sweep_forgets_old_lines_of_the_trace(make: Sessions, days: int, left: int) -> None:
    now = datetime.now(UTC)
    ages = (timedelta(days=8, minutes=1), timedelta(days=6))
    with transaction(make) as session:
        traces.put(session, [Line(now - age, "telegram", "in", "x", 200, 1) for age in ages])
    shift(make, Phone(), Bell(), trace_days=days).sweep()
    assert len(rows(make, Trace)) == left


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
