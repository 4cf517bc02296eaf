"""A platform's API on loopback that answers what a test tells it to: HTTP/1.1, kept alive."""

import json
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stub says to one call; `body` that is not bytes goes out as JSON.

    `hang` takes the call and says nothing; `hang_up` takes it and closes the connection;
    `promised` bytes are announced where fewer are sent.
    """

    status: int = 200
    body: Any = b""
    hang: bool = False
    hang_up: bool = False
    promised: int = 0
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that reached the stub: its form or query as `fields`, its `body` as it came.

    Names of `headers` are lower case.
    """

    path: str
    fields: dict[str, str]
    peer: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rsplit("/", 1)[-1]

    def tells(self, text: str) -> bool:
        """Tell whether a text without quotes and backslashes stands in it, in whatever format."""
        plain = self.body.decode(errors="replace")
        return text in plain or any(text in value for value in self.fields.values())


@dataclass
class Stub:
    """The answers for each last part of a path, first come first served; the last one stays."""

    origin: str = ""
    calls: list[Call] = field(default_factory=list)
    released: Event = field(default_factory=Event)
    _answers: dict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))

    def answer(self, name: str, *answers: Answer) -> None:
        """Say `answers` to the next calls of paths that end in `name`."""
        self._answers[name] = deque(answers)

    def next(self, path: str) -> Answer:
        """Return what to say to a call of `path`."""
        queue = self._answers.get(path.rsplit("/", 1)[-1])
        if not queue:
            return Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        return queue.popleft() if len(queue) > 1 else queue[0]

    def called(self, name: str) -> list[Call]:
        """Return the calls of paths that end in `name`."""
        return [call for call in self.calls if call.name == name]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # many threads call at once
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients of these tests hang up on purpose."""


def _handler(stub: Stub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Without this, headers and body go out as two packets that wait for each other.
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            url = urlsplit(self.path)
            form = parse_qs(body.decode(errors="replace") or url.query)
            fields = {name: values[0] for name, values in form.items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer = self.client_address[1]
            stub.calls.append(Call(url.path, fields, peer, body, headers, self.command))
            self._say(stub.next(url.path))

        do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815  # the names that http.server calls

        def _say(self, answer: Answer) -> None:
            if answer.hang or answer.hang_up:
                if answer.hang:
                    stub.released.wait(30)
                self.close_connection = True
                return
            body = answer.body
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(answer.status)
            self.send_header("content-length", str(answer.promised or len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = self.close_connection or bool(answer.promised)

        def log_message(self, *_args: object) -> None:
            """Keep test output clean."""

    return Handler


@contextmanager
def stub_api() -> Iterator[Stub]:
    """Run a stub in a thread until the end of the block."""
    stub = Stub()
    with _Server(("127.0.0.1", 0), _handler(stub)) as server:
        stub.origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield stub
        finally:
            stub.released.set()
            server.shutdown()
            thread.join()
