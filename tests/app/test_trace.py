"""The trace of a process: nobody waits, nothing grows without bound, nothing gives away content."""

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from app import wiring
from app.asgi import stopping
from app.trace import AT_ONCE, REFUSED, SHAPED, Budget, TraceBuffer, Visit
from app.wake import Waker
from app.web.letterbox import Letterbox
from app.web.webhooks import NAMED, Webhooks, kinds
from core import inbox, traces
from core.channel import Call
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Trace
from core.message import Inbound, Kind
from tests.core.post import HOLE, NO_WAIT, Phone, rows, update
from tests.waiting import eventually

AWAY = "postgresql+psycopg://a:b@127.0.0.1:1/kanal"
URL = "/webhooks/telegram"
SIGNED = {"X-Secret": "right"}
MAX = 4096
SECRET = "7001112223:AAnot-a-real-token"


class Bell(Waker):
    """Wakes nobody."""

    def __init__(self) -> None:
        """Start no thread."""

    def wake(self, task: str, *args: str) -> None:
        """Do nothing."""


CALL = Call("POST sendMessage", 200, 0.0421, "", '{"ok":true}')


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """Run a real server in a thread; yield its origin."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            eventually("the server is up", lambda: server.started)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(20)


def written(make: Sessions) -> list[tuple[str, str, int, int, str, str]]:
    return [
        (row.direction, row.method, row.status, row.milliseconds, row.code, row.body)
        for row in rows(make, Trace)
    ]


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second in which requests are counted never end."""
    monkeypatch.setattr("app.trace.monotonic", lambda: 1000.5)


def test_calls_of_a_channel_are_written(make: Sessions) -> None:
    own = TraceBuffer(make, [SECRET])
    note = own.observe("telegram", "out")
    note(CALL)
    note(Call(f"POST bot{SECRET}/x", 0, 5, "unreachable", f'{{"{SECRET}":1}}'))
    assert written(make) == []
    own.flush()
    assert written(make) == [
        ("out", "POST sendMessage", 200, 42, "", '{"ok":true}'),
        ("out", "POST bot***/x", 0, 5000, "unreachable", '{"***":1}'),
    ]
    own.flush()
    assert len(written(make)) == 2


def test_the_moment_is_that_of_the_call(make: Sessions) -> None:
    own = TraceBuffer(make)
    own.observe("telegram", "out")(CALL)
    after = datetime.now(UTC)
    own.flush()
    assert after - timedelta(seconds=5) < rows(make, Trace)[0].at <= after


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b'{"text": "rahasia"}', '{"text":"7"}'),
        (b'[{"text": "rahasia"}]', '[{"text":"7"}]'),
        (b' {"text": "rahasia"}', '{"text":"7"}'),
        (b"rahasia", "7 bytes"),
        (b"rahasia" * 10_000, "70000 bytes"),
    ],
)
@pytest.mark.parametrize("status", [200, 403])
def test_a_webhook_is_written_with_its_shape(
    make: Sessions, body: bytes, shape: str, status: int
) -> None:
    own = TraceBuffer(make)
    own.webhook("telegram", Visit("POST webhook", status, "message", body), 0.003)
    own.flush()
    assert written(make) == [("in", "POST webhook", status, 3, "message", shape)]


def test_a_long_body_is_not_kept_in_memory(make: Sessions) -> None:
    own = TraceBuffer(make)
    own.webhook("telegram", Visit("POST webhook", 200, "", b'{"a": "' + b"x" * 4_000_000), 0)
    [(_, kept)] = own._waiting
    assert len(kept) <= 8000
    own.flush()
    assert len(rows(make, Trace)[0].body) < 3000


def test_only_so_many_shapes_a_second(make: Sessions, still: None) -> None:
    own = TraceBuffer(make)
    for _ in range(SHAPED + 7):
        own.webhook("telegram", Visit("POST webhook", 200, "message", b"{}"), 0)
    own.flush()
    assert [row[-1] for row in written(make)] == ["{}"] * SHAPED + [""] * 7


@pytest.mark.parametrize(
    "visit",
    [
        Visit("POST webhook", 403, "forged", b"{}"),
        Visit("POST webhook", 413, "too_large"),
        Visit("GET webhook", 200, "handshake"),
    ],
)
def test_what_anybody_can_send_fills_no_table(make: Sessions, still: None, visit: Visit) -> None:
    own = TraceBuffer(make)
    for _ in range(5000):
        own.webhook("telegram", visit, 0.5)
    own.webhook("line", visit, 0.5)
    own.webhook("telegram", Visit("POST webhook", 200, "message", b"{}"), 0)
    own.flush()
    lines = written(make)
    assert len(lines) == REFUSED + 3
    counted = [line for line in lines if "more" in line[-1]]
    assert counted == [
        ("in", visit.method, visit.status, 0, visit.code, f"{5000 - REFUSED} more of these")
    ]
    own.flush()
    assert len(written(make)) == len(lines)


def test_a_budget_is_of_one_second() -> None:
    budget = Budget(2)
    assert [budget.take(second) for second in (1, 1, 1, 2, 2, 2, 3)] == [
        *(True, True, False),
        *(True, True, False),
        True,
    ]


def test_beyond_the_bound_lines_are_left_out_counted_and_said(
    make: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    own = TraceBuffer(make, bound=10)
    for number in range(25):
        own.observe("telegram", "out")(Call(f"POST x{number}", 200, 0))
    with caplog.at_level(logging.WARNING):
        own.flush()
        own.flush()
    assert [row[1] for row in written(make)] == [f"POST x{number}" for number in range(10)]
    assert [(it.getMessage(), it.__dict__["lines"]) for it in caplog.records] == [
        ("lines of the trace were left out", 15)
    ]


def test_while_the_database_is_away_lines_stay_in_order_up_to_the_bound(
    make: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    own = TraceBuffer(sessions(connect(AWAY)), bound=10)
    own.webhook("telegram", Visit("POST webhook", 200, "message", b'{"text":"abc"}'), 0)
    for number in range(5):
        own.observe("telegram", "out")(Call(f"POST x{number}", 200, 0))
    own.flush()
    own.observe("telegram", "out")(Call("POST x5", 200, 0))
    own.make = make
    own.flush()
    assert [row[1] for row in written(make)] == ["POST webhook", *(f"POST x{n}" for n in range(6))]
    assert written(make)[0][-1] == '{"text":"3"}'
    assert caplog.records == []


def test_more_lines_than_one_statement_takes(make: Sessions) -> None:
    own = TraceBuffer(make)
    for _ in range(2 * AT_ONCE + 1):
        own.observe("telegram", "out")(CALL)
    own.flush()
    assert len(rows(make, Trace)) == 2 * AT_ONCE + 1


def test_many_threads_lose_nothing(make: Sessions) -> None:
    own = TraceBuffer(make)
    own.start()
    note = own.observe("telegram", "out")
    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(lambda: [note(CALL) for _ in range(500)])
    eventually("some are written while it runs", lambda: bool(rows(make, Trace)))
    own.stop()
    assert len(rows(make, Trace)) == 4000


def test_the_thread_survives_a_fault_of_ours(
    make: Sessions, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing = threading.Event()
    failing.set()
    put = traces.put

    def act(*arguments: object) -> None:
        if failing.is_set():
            raise ZeroDivisionError
        put(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr("core.traces.put", act)
    monkeypatch.setattr("app.trace.EVERY", 0.01)
    own = TraceBuffer(make)
    own.observe("telegram", "out")(CALL)
    own.start()
    eventually("it complains", lambda: "could not be written" in caplog.text)
    failing.clear()
    own.observe("telegram", "out")(Call("POST y", 200, 0))
    eventually("it goes on", lambda: bool(rows(make, Trace)))
    own.stop()
    assert [row[1] for row in written(make)] == ["POST y"]


# ---- at the door


@contextmanager
def door(make: Sessions, own: TraceBuffer, phone: Phone | None = None) -> Iterator[httpx.Client]:
    """Serve the webhooks of `phone`, and give a client that signs."""

    def commit(inbounds: Sequence[Inbound]) -> None:
        with transaction(own.make) as session:
            inbox.put(session, inbounds, NO_WAIT)

    webhooks = Webhooks({"telegram": phone or Phone()}, Letterbox(commit), Bell(), own, MAX)
    with (
        serving(Starlette(routes=webhooks.routes())) as origin,
        httpx.Client(base_url=origin, headers=SIGNED) as http,
    ):
        yield http


def test_every_request_of_the_table_has_its_line(make: Sessions) -> None:
    own = TraceBuffer(make)
    with door(make, own) as http:
        http.post(URL, content=update(7, HOLE))
        http.post(URL, content=b'{"update_id": 987, "sesuatu": "rahasia"}')
        http.post(URL, content=b"{")
        http.post(URL, content=update(7, HOLE), headers={"X-Secret": "wrong"})
        http.post(URL, content=b" " * (MAX + 1))
        http.get(URL)
        http.get(URL, params={"challenge": "42"})
        http.post("/webhooks/line", content=b"{}")
    own.flush()
    assert [(line[1], line[2], line[4]) for line in written(make)] == [
        ("POST webhook", 200, "message"),
        ("POST webhook", 200, "unknown"),
        ("POST webhook", 400, "broken"),
        ("POST webhook", 403, "forged"),
        ("POST webhook", 413, "too_large"),
        ("GET webhook", 403, "forged"),
        ("GET webhook", 200, "handshake"),
    ]
    assert {row.channel for row in rows(make, Trace)} == {"telegram"}
    everything = str([vars(row) for row in rows(make, Trace)])
    for word in (*HOLE.split(), "rahasia", "wrong", "right"):
        assert word not in everything
    assert '"message_id":9' in rows(make, Trace)[0].body


def test_an_outage_has_its_line_once_the_database_is_back(make: Sessions) -> None:
    own = TraceBuffer(sessions(connect(AWAY)))
    with door(make, own) as http:
        assert http.post(URL, content=update(7, HOLE)).status_code == 503
    own.make = make
    own.flush()
    assert [(line[2], line[4]) for line in written(make)] == [(503, "database_away")]


def names(*wanted: Kind) -> list[Inbound]:
    return [Inbound("telegram", str(n), "7", kind, b"") for n, kind in enumerate(wanted)]


def test_kinds_are_named_once_and_not_all() -> None:
    assert kinds([]) == ""
    assert kinds(names(Kind.MESSAGE, Kind.EDIT, Kind.MESSAGE)) == "message,edit"
    assert kinds(names(*Kind)).count(",") == NAMED - 1


# ---- wiring


def test_the_end_of_the_web_process_writes_the_rest(make: Sessions) -> None:
    own = TraceBuffer(make)
    own.start()

    async def live() -> None:
        async with stopping(own):
            own.observe("telegram", "out")(CALL)

    asyncio.run(live())
    assert len(rows(make, Trace)) == 1


class Watched(Phone):
    """A channel that calls its platform."""

    observers: list[Callable[[Call], None]]

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Remember who wants to know."""
        self.observers = [observe]


def test_all_calls_of_all_channels_go_to_the_trace(
    make: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.trace.EVERY", 0.01)
    phones = {"telegram": Watched(), "line": Watched()}
    own = wiring.traced(phones, make)
    for phone in phones.values():
        phone.observers[0](CALL)
    eventually("they are written", lambda: len(rows(make, Trace)) == 2)
    own.stop()
    assert sorted(row.channel for row in rows(make, Trace)) == ["line", "telegram"]
