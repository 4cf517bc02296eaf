"""A lean HTTP/1.1 client that posts small bodies to one address over kept connections.

Several hundred posts a second must cost next to nothing beside the program under
measurement; a general client spends about a millisecond on each.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol, cast
from urllib.parse import SplitResult

import httptools

#: Shorter than the 5 s after which uvicorn closes an idle connection, so that a post
#: hardly ever runs into a connection that is just being closed.
IDLE_SECONDS = 3.0

#: The headers of a post, made from its body: a signature, a secret, or nothing.
Sign = Callable[[bytes], dict[str, str]]


class _Parser(Protocol):
    """What httptools' response parser can do."""

    def feed_data(self, data: bytes) -> None: ...
    def get_status_code(self) -> int: ...
    def should_keep_alive(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `retry_after` is the header's text or empty."""

    status: int
    body: bytes
    retry_after: str = ""

    @property
    def taken(self) -> bool:
        """True for a 2xx status."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class NoAnswer(Exception):
    """The connection was refused, closed, or the answer was not HTTP."""


class Connection(asyncio.Protocol):
    """One connection with at most one post under way."""

    def __init__(self) -> None:
        self.reusable = True
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[Answer] | None = None
        self._parser = cast("_Parser", httptools.HttpResponseParser(self))
        self._body = bytearray()
        self._retry_after = ""

    def send(self, data: bytes) -> asyncio.Future[Answer]:
        """Write one request; the future holds its answer or NoAnswer."""
        self._answered = asyncio.get_running_loop().create_future()
        self._body.clear()
        self._retry_after = ""
        if self._transport is None or self._transport.is_closing():
            self._answered.set_exception(NoAnswer("connection lost"))
        else:
            self._transport.write(data)
        return self._answered

    def close(self) -> None:
        """Close after what was written has left."""
        self.reusable = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self.reusable = False
        self._fail(f"connection closed: {exc or 'no error'}")

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("not an HTTP answer")
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        if name.lower() == b"retry-after":
            self._retry_after = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        self._body += body

    def on_message_complete(self) -> None:
        """Called by the parser."""
        status = self._parser.get_status_code()
        self.reusable = self.reusable and self._parser.should_keep_alive()
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(Answer(status, bytes(self._body), self._retry_after))

    def _fail(self, reason: str) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(NoAnswer(reason))


@dataclass(slots=True)
class Poster:
    """Posts JSON bodies to `url`, signed by `sign`, waiting `timeout` seconds for each answer."""

    url: SplitResult
    sign: Sign
    timeout: float
    _head: bytes = b""
    _idle: deque[Connection] = field(default_factory=deque)
    _closed: bool = False

    def __post_init__(self) -> None:
        target = self.url.path or "/"
        if self.url.query:
            target += "?" + self.url.query
        lines = [
            f"POST {target} HTTP/1.1",
            f"Host: {self.url.netloc.rpartition('@')[2]}",
            "Content-Type: application/json",
        ]
        self._head = ("\r\n".join(lines) + "\r\n").encode("ascii")

    async def post(self, body: bytes, *, hang_up: bool = False) -> Answer:
        """Post and return the answer; raises NoAnswer. `hang_up` closes before the answer."""
        headers = self.sign(body) | {"Content-Length": str(len(body))}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        request = self._head + lines.encode("ascii") + b"\r\n" + body
        try:
            async with asyncio.timeout(self.timeout):
                connection = await self._connection()
                return await self._exchange(connection, request, hang_up)
        except TimeoutError as error:
            raise NoAnswer("no answer in time") from error
        except OSError as error:
            raise NoAnswer(str(error)) from error

    def close(self) -> None:
        """Close every idle connection; those under way close with their answer."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    async def _exchange(self, connection: Connection, request: bytes, hang_up: bool) -> Answer:
        try:
            answered = connection.send(request)
            if hang_up:
                connection.close()
            answer = await answered
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        return answer

    def _keep(self, connection: Connection) -> None:
        if self._closed or not connection.reusable:
            connection.close()
            return
        connection.idle_since = asyncio.get_running_loop().time()
        self._idle.append(connection)

    async def _connection(self) -> Connection:
        loop = asyncio.get_running_loop()
        oldest = loop.time() - IDLE_SECONDS
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable and connection.idle_since > oldest:
                return connection
            connection.close()
        secure = ssl.create_default_context() if self.url.scheme == "https" else None
        port = self.url.port or (443 if secure else 80)
        _, fresh = await loop.create_connection(
            Connection, self.url.hostname or "", port, ssl=secure
        )
        return fresh
