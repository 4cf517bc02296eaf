"""Delivery: the table of outcomes, and the drain against real PostgreSQL."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event

from core.db.session import Sessions, transaction
from core.db.tables import ChannelStatus, Outbox
from core.delivery import ALARMING, LONGEST_WAIT, PATIENT, Delivery, judge, wait_before
from core.errors import DatabaseAway, SendCode, SendError, Sent
from core.message import Outbound
from core.outbox import Part
from core.settings import CoreSettings
from tests.core.post import Phone, rows
from tests.core.test_outbox import put
from tests.waiting import eventually

NOW = datetime.now(UTC)
MOST = 12
SETTINGS = CoreSettings(database_url="postgresql+psycopg://")
HOUR = timedelta(hours=1)
NO_FAULT = {"throttled", "credentials", "conflict", "unreachable"}  # of the message


@pytest.mark.parametrize(
    ("attempt", "retry_after", "seconds"),
    [
        *[(1, None, 2), (2, None, 4), (9, None, 512), (10, None, 900), (10**6, None, 900)],
        *[(1, 30, 30), (9, 30, 512), (20, 3600, 3600)],
    ],
)
def test_wait_before(attempt: int, retry_after: int | None, seconds: int) -> None:
    pause = timedelta(seconds=retry_after) if retry_after else None
    error = SendError(SendCode.THROTTLED, True, pause)
    assert wait_before(attempt, error) == timedelta(seconds=seconds)


def part(attempts: int) -> Part:
    return Part(1, attempts, Outbound(uuid4(), "7", "teks"))


@pytest.mark.parametrize("attempts", [1, MOST - 1, MOST, MOST + 1, 500])
@pytest.mark.parametrize("retryable", [True, False])
@pytest.mark.parametrize("code", list(SendCode))
def test_judge(code: SendCode, retryable: bool, attempts: int) -> None:
    error = SendError(code, retryable, detail="det\x00ail", moved_to="9")
    outcome = judge(part(attempts), error, NOW, MOST)
    may_repeat = retryable and (code in NO_FAULT or attempts < MOST)
    if code is SendCode.BLOCKED:
        expected = ("parked", NOW, "")
    elif code is SendCode.MOVED and attempts < MOST:
        expected = ("open", NOW, "9")
    elif may_repeat:
        expected = ("open", NOW + wait_before(attempts, error), "")
    else:
        expected = ("failed", NOW, "")
    assert (outcome.state, outcome.due_at, outcome.moved_to) == expected
    assert (outcome.code, outcome.detail) == (code, "detail")


def test_judge_what_was_taken_or_has_moved_nowhere() -> None:
    sent = judge(part(99), Sent("p\x001"), NOW, MOST)
    assert (sent.state, sent.platform_id, sent.code) == ("sent", "p1", "")
    assert judge(part(1), SendError(SendCode.MOVED, False), NOW, MOST).state == "failed"
    assert ALARMING < PATIENT == NO_FAULT
    assert (
        judge(part(10**6), SendError(SendCode.UNREACHABLE, True), NOW, 10**7).due_at
        == NOW + LONGEST_WAIT
    )


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as executor:
        yield executor


def delivery(make: Sessions, phone: Phone, pool: ThreadPoolExecutor, width: int = 8) -> Delivery:
    return Delivery(phone, make, SETTINGS, pool, width)


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
        assert status.alarm == "credentials"
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
