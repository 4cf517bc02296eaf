"""The way in: the table of answers, and nothing acknowledged that is not durable."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest
import uvicorn
from sqlalchemy import event
from starlette.applications import Starlette

from app.trace import TraceBuffer
from app.wake import WORK, Waker
from app.web.letterbox import Letterbox
from app.web.webhooks import Webhooks
from core import inbox
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Inbox
from core.message import Inbound
from core.privacy.keys import KeyRing
from tests.core.post import NO_WAIT, Phone, rows, update
from tests.waiting import eventually

MAX = 4096
SIGNED = {"X-Secret": "right"}
URL = "/webhooks/telegram"


class Bell(Waker):
    """A waker that only notes who was woken."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def wake(self, task: str, *args: str) -> None:
        """Note it."""
        self.rung.append(task)


def web(make: Sessions, bell: Bell | None = None, phone: Phone | None = None) -> Starlette:
    def commit(inbounds: Sequence[Inbound]) -> None:
        with transaction(make) as session:
            inbox.put(session, inbounds, NO_WAIT)

    channels = {"telegram": phone or Phone()}
    webhooks = Webhooks(channels, Letterbox(commit), bell or Bell(), TraceBuffer(make), MAX)
    return Starlette(routes=webhooks.routes())


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


def padded(size: int) -> bytes:
    body = update(7, "x")
    return body + b" " * (size - len(body))


def in_chunks(body: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: (body[i : i + 1000] for i in range(0, len(body), 1000))


ANSWERS = [
    ("POST", URL, SIGNED, padded(300), 200),
    ("POST", URL, SIGNED, b'{"update_id": 987654321, "sesuatu": {}}', 200),
    ("POST", URL, SIGNED, b"{}", 200),
    ("POST", URL, SIGNED, b"{", 400),
    ("POST", URL, SIGNED, b"", 400),
    ("POST", URL, SIGNED, b"[]", 400),
    ("POST", URL, SIGNED, b"\xff\x00", 400),
    ("POST", URL, {}, padded(300), 403),
    ("POST", URL, {"X-Secret": "wrong"}, padded(300), 403),
    ("POST", URL, {"X-Secret": "wrong"}, b"{", 403),
    ("POST", "/webhooks/line", SIGNED, padded(300), 404),
    ("POST", "/webhooks/", SIGNED, padded(300), 404),
    ("POST", URL + "/x", SIGNED, padded(300), 404),
    ("POST", URL, SIGNED, padded(MAX), 200),
    ("POST", URL, SIGNED, padded(MAX + 1), 413),
    ("POST", URL, {}, padded(MAX + 1), 413),
    ("GET", URL, {}, b"", 403),
    ("GET", URL + "?challenge=42", {}, b"", 200),
    ("GET", "/webhooks/line?challenge=42", {}, b"", 404),
    ("PUT", URL, SIGNED, padded(300), 405),
]


def test_table_of_answers_from_a_real_server(make: Sessions) -> None:
    bell = Bell()
    with serving(web(make, bell)) as origin, httpx.Client(base_url=origin) as http:
        for method, path, headers, body, status in ANSWERS:
            for content in (body, in_chunks(body)()) if body else (body,):
                answer = http.request(method, path, headers=headers, content=content)
                assert (answer.status_code, method, path, body[:40]) == (
                    *(status, method, path, body[:40]),
                )
        assert http.get(URL, params={"challenge": "4<2"}).text == "4<2"
        assert (
            http.get(URL, params={"challenge": "x"})
            .headers["content-type"]
            .startswith("text/plain")
        )
    taken = [row for row in ANSWERS if row[0] == "POST" and row[4] == 200]
    assert len(rows(make, Inbox)) == len(taken)
    assert bell.rung == [WORK] * 2 * len(taken)


def test_a_client_that_goes_away_halfway(make: Sessions) -> None:
    with serving(web(make)) as origin:
        port = int(origin.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(
                b"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\nX-Secret: right\r\n"
                b"Content-Length: 900\r\n\r\n{"
            )
        assert httpx.post(origin + URL, headers=SIGNED, content=padded(300)).status_code == 200
    assert len(rows(make, Inbox)) == 1


def gather(app: Starlette, bodies: Sequence[bytes]) -> list[httpx.Response]:
    async def post() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://kanal") as http:
            return await asyncio.gather(
                *(http.post(URL, headers=SIGNED, content=body) for body in bodies)
            )

    return asyncio.run(post())


def test_fifty_times_the_same_at_once_is_one_row(make: Sessions) -> None:
    answers = gather(web(make), [update(7, "halo")] * 50)
    assert {answer.status_code for answer in answers} == {200}
    assert len(rows(make, Inbox)) == 1


def test_many_requests_share_few_transactions(make: Sessions) -> None:
    engine = make.kw["bind"]
    commits: list[object] = []

    def count(connection: object) -> None:
        commits.append(connection)

    event.listen(engine, "commit", count)
    try:
        answers = gather(web(make), [update(n, "halo") for n in range(1, 201)])
    finally:
        event.remove(engine, "commit", count)
    assert {answer.status_code for answer in answers} == {200}
    assert len(rows(make, Inbox)) == 200
    assert len(commits) <= 20


def test_database_away_is_503_and_wakes_nobody(ring: KeyRing) -> None:
    bell = Bell()
    away = sessions(connect("postgresql+psycopg://a:b@127.0.0.1:1/kanal", ring=ring))
    for answer in gather(web(away, bell), [update(7, "halo")] * 3):
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
    assert bell.rung == []
    (broken,) = gather(web(away, bell), [b"{"])
    assert broken.status_code == 400


def test_woken_only_after_the_commit(make: Sessions) -> None:
    class Looking(Bell):
        """Looks into the inbox when it is rung."""

        def wake(self, task: str, *args: str) -> None:
            """Note how many rows there are."""
            self.rung.append(f"{task} {len(rows(make, Inbox))}")

    bell = Looking()
    gather(web(make, bell), [update(7, "halo")])
    assert bell.rung == [f"{WORK} 1"]


@pytest.mark.parametrize("size", [MAX, MAX + 1, 50 * MAX])
def test_no_more_than_the_limit_is_read(make: Sessions, size: int) -> None:
    read = [0]

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 100):
            read[0] += 100
            yield b" " * min(100, size - start)

    async def post() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(web(make))) as http:
            answer = await http.post("http://kanal" + URL, content=chunks(), headers=SIGNED)
            return answer.status_code

    assert asyncio.run(post()) == (400 if size == MAX else 413)
    assert read[0] <= MAX + 200


def test_a_webhook_on_which_our_own_parser_fails_is_kept_and_answered(make: Sessions) -> None:
    def failing(_body: bytes) -> list[Inbound]:
        raise KeyError("date")

    body = update(7, "x")
    with serving(web(make, phone=Phone(read=failing))) as origin:
        answers = [httpx.post(origin + URL, content=body, headers=SIGNED) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [row.state for row in rows(make, Inbox)] == ["quarantined"]
