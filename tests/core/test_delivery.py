"""Delivery: the table of outcomes, and the drain against real PostgreSQL."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from core import settlement
from core.db.session import Sessions, transaction
from core.db.tables import ChannelStatus, Outbox
from core.delivery import Delivery
from core.errors import DatabaseAway, SendCode, SendError
from core.message import Outbound
from core.outbox import Outcome
from core.settings import CoreSettings
from tests.core.post import Phone, Unhurried, rows
from tests.core.test_outbox import put
from tests.waiting import eventually

NOW = datetime.now(UTC)
SETTINGS = CoreSettings(database_url="postgresql+psycopg://")
HOUR = timedelta(hours=1)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as executor:
        yield executor


def delivery(make: Sessions, phone: Phone, pool: ThreadPoolExecutor, width: int = 8) -> Delivery:
    return Delivery(phone, make, SETTINGS, pool, width, Unhurried())


def always() -> bool:
    return True


def states(make: Sessions) -> list[str]:
    return [row.state for row in rows(make, Outbox)]


def test_everything_is_sent_each_address_in_order(make: Sessions, pool: ThreadPoolExecutor) -> None:
    for line in range(5):
        for address in "123456789":
            put(make, address, f"baris {line}")
    phone = Phone()
    assert delivery(make, phone, pool, 4).drain(always) == 45
    assert set(states(make)) == {"sent"}
    for address in "123456789":
        got = [it.text for it in phone.sent if it.address == address]
        assert got == [f"baris {line}" for line in range(5)]
    assert delivery(make, phone, pool).drain(always) == 0


def test_no_more_than_width_at_once_and_no_slow_one_holds_up_others(
    make: Sessions, pool: ThreadPoolExecutor
) -> None:
    for number in range(30):
        put(make, str(number), "a")
    under_way, most, slow = [0], [0], threading.Event()
    lock = threading.Lock()

    def before_send(outbound: Outbound) -> None:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        slow.wait(20 if outbound.address == "0" else int(outbound.address) % 4 / 100)
        with lock:
            under_way[0] -= 1

    phone = Phone(before_send=before_send)
    draining = pool.submit(delivery(make, phone, pool, 3).drain, always)
    eventually("29 are sent beside the slow one", lambda: states(make).count("sent") == 29)
    assert not draining.done()
    slow.set()
    assert draining.result(20) == 30
    assert most[0] <= 3


def test_retry_after_is_honoured_and_others_go_on(make: Sessions, pool: ThreadPoolExecutor) -> None:
    put(make, "7", "a", "b")
    phone = Phone()
    phone.results.append(SendError(SendCode.THROTTLED, True, HOUR))
    assert delivery(make, phone, pool).drain(always) == 0
    first, second = rows(make, Outbox)
    assert first.due_at > NOW + HOUR - timedelta(minutes=1)
    assert (first.code, first.attempts, second.attempts) == ("throttled", 1, 0)


def test_refused_credentials_rest_the_channel(make: Sessions, pool: ThreadPoolExecutor) -> None:
    for address in "123":
        put(make, address, "a")
    phone = Phone()
    phone.results.append(SendError(SendCode.CREDENTIALS, True))
    assert delivery(make, phone, pool, 1).drain(always) == 0
    with transaction(make) as session:
        status = session.get_one(ChannelStatus, "telegram")
        assert status.paused_until > NOW + SETTINGS.channel_pause / 2


def test_a_bug_of_the_channel_is_a_failed_send(make: Sessions, pool: ThreadPoolExecutor) -> None:
    put(make, "7", "a")
    put(make, "8", "b")
    phone = Phone()
    phone.results.append(RuntimeError("a citizen's words"))
    assert delivery(make, phone, pool, 1).drain(always) == 1
    first = rows(make, Outbox)[0]
    assert (first.state, first.code, first.detail) == ("open", "uncertain", "RuntimeError")


def test_stop_begins_nothing_and_records_what_is_under_way(
    make: Sessions, pool: ThreadPoolExecutor
) -> None:
    for address in "12345":
        put(make, address, "a")
    stopped = threading.Event()
    phone = Phone(before_send=lambda _: stopped.set())
    drained = delivery(make, phone, pool, 2).drain(lambda: not stopped.is_set())
    assert drained == states(make).count("sent") == 2


@contextmanager
def ended_at(make: Sessions, beginning: str, going: threading.Event) -> Iterator[None]:
    """Let the server end each connection that is about to run such a statement."""
    engine: Engine = make.kw["bind"]

    def end(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if going.is_set() and statement.startswith(beginning):
            going.clear()
            driver = connection.connection.driver_connection
            assert driver is not None
            with psycopg.connect(driver.info.dsn, autocommit=True) as other:
                pid = [driver.info.backend_pid]
                other.execute("select pg_terminate_backend(%s, 5000)", pid)

    event.listen(engine, "before_cursor_execute", end)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", end)


def test_a_result_that_could_not_be_recorded_is_kept_and_sent_once(
    make: Sessions, pool: ThreadPoolExecutor
) -> None:
    for address in "123":
        put(make, address, "a")
    away = threading.Event()
    phone = Phone(before_send=lambda _: away.set())
    one = delivery(make, phone, pool, 2)
    with ended_at(make, "UPDATE outbox", away), pytest.raises(DatabaseAway):
        one.drain(always)
    assert "sent" not in states(make)
    assert phone.sent
    one.drain(always)
    assert states(make) == ["sent"] * 3
    assert sorted(it.address for it in phone.sent) == ["1", "2", "3"]
    assert [row.attempts for row in rows(make, Outbox)] == [1, 1, 1]


def test_while_the_database_is_away_nothing_is_sent_twice_or_lost(
    make: Sessions, pool: ThreadPoolExecutor
) -> None:
    for number in range(60):
        put(make, str(number % 20), f"baris {number}")
    phone, away = Phone(), threading.Event()
    one = delivery(make, phone, pool, 8)
    phone.before_send = lambda outbound: away.set() if outbound.text.endswith("7") else None
    outages = 0
    with ended_at(make, "UPDATE outbox", away):
        while "open" in states(make):
            try:
                one.drain(always)
            except DatabaseAway:
                outages += 1
    assert outages > 1
    assert len({it.text for it in phone.sent}) == len(phone.sent) == 60


def test_a_result_that_cannot_be_recorded_stops_nobody(
    make: Sessions, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in "123":
        put(make, address, "teks")
    real = settlement.record

    def failing(session: Session, channel: str, outcomes: Sequence[Outcome], now: datetime) -> None:
        if any(outcome.part.outbound.address == "2" for outcome in outcomes):
            raise ValueError("cannot be written")
        real(session, channel, outcomes, now)

    monkeypatch.setattr(settlement, "record", failing)
    phone = Phone()
    delivery(make, phone, pool).drain(always)
    assert sorted(part.address for part in phone.sent) == ["1", "2", "3"]
    assert states(make) == ["sent"] * 3
    assert [row.code for row in rows(make, Outbox)] == ["", "unrecordable", ""]
