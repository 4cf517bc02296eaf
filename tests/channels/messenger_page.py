"""A page on the simulated Messenger: our channel, its webhook, and a citizen's phone."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import httpx

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from channels.messenger import MessengerChannel, MessengerSettings
from core.errors import SendError, Sent
from core.message import Choice, Inbound, Kind, Outbound
from tests.tls import TLS

CHAT = 4_000_000_000_000_001
PAGE = "102030405060708"
TEMPLATE = "kanal_pemberitahuan"
TOKEN, SECRET = "EAAsimulated", "simulated-app-secret"


def channel(origin: str, **changes: object) -> MessengerChannel:
    """Our channel, speaking to the simulator."""
    made: dict[str, object] = {
        "page_id": PAGE,
        "page_token": TOKEN,
        "app_secrets": SECRET,
        "verify_token": "simulated-verify-token",
        "graph_origin": origin,
        "read_timeout": 3,
    }
    return MessengerChannel(MessengerSettings.model_validate(made | changes))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


@dataclass
class Page:
    """Both ends: `send` is ours, `write` and `act` are the citizen's; `posts` came to us."""

    origin: str
    channel: MessengerChannel
    phone: httpx.Client
    url: str = ""
    posts: list[list[Inbound]] = field(default_factory=list)
    refused: int = 0

    @property
    def events(self) -> list[Inbound]:
        """All that came to our webhook."""
        return [event for post in list(self.posts) for event in post]

    def send(
        self,
        text: str,
        labels: tuple[str, ...] = (),
        hours: float = 0,
        human: bool = False,
        key: UUID | None = None,
    ) -> Sent | SendError:
        """Send to the citizen, of whom we heard so many hours ago."""
        choices = tuple(Choice(label, f"v:{label}") for label in labels)
        heard_at = datetime.now(UTC) - timedelta(hours=hours)
        part = Outbound(key or uuid4(), str(CHAT), (text,), choices, heard_at=heard_at, human=human)
        return self.channel.send(part)

    def act(self, name: str, **body: object) -> dict[str, Any]:
        """Let the citizen do something."""
        answer = self.phone.post(f"/simulator/messenger/chats/{CHAT}/{name}", json=body)
        assert answer.status_code == 200, answer.text
        done: dict[str, Any] = answer.json()
        return done

    def write(self, **writing: object) -> dict[str, Any]:
        """Let the citizen send something."""
        return self.act("messages", **writing)

    def faults(self, **wanted: object) -> None:
        """Switch faults on."""
        answer = self.phone.post("/simulator/faults?platform=messenger", json=wanted)
        assert answer.status_code == 200, answer.text

    def bubbles(self) -> list[dict[str, Any]]:
        """What the citizen sees."""
        screen = self.phone.get(f"/simulator/messenger/chats/{CHAT}").json()
        shown: list[dict[str, Any]] = screen["bubbles"]
        return shown

    def next(self, kind: Kind, count: int = 1) -> Inbound:
        """The event of this kind that came as number `count`, as soon as it is here."""

        def found() -> list[Inbound]:
            return [event for event in self.events if event.kind is kind]

        wait_until(lambda: len(found()) >= count)
        return found()[count - 1]


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds, ten seconds at most."""
    deadline, pause = time.monotonic() + 10, threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.01)


def webhook(page: Page) -> ThreadingHTTPServer:
    """A server that does with Messenger's calls what our web process does."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            answer = page.channel.handshake(dict(parse_qsl(urlsplit(self.path).query)))
            self._say(200 if answer else 403, answer.body if answer else "")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if not page.channel.verify(headers, body):
                page.refused += 1
                self._say(403, "")
                return
            page.posts.append(page.channel.parse(body))
            self._say(200, "")

        def _say(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: object) -> None:
            """Keep test output clean."""

    server = _Server(("127.0.0.1", 0), Handler)
    page.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/messenger"
    return server


@contextmanager
def simulated() -> Iterator[str]:
    """A simulator whose app is allowed all that an app can be."""
    settings = SimulatorSettings.model_validate(
        {
            "messenger_page_token": TOKEN,
            "messenger_app_secret": SECRET,
            "messenger_human_agent": True,
            "messenger_templates": TEMPLATE,
            "time_scale": 0.01,
        }
    )
    with running(settings) as origin:
        yield origin


@contextmanager
def connected(origin: str, **changes: object) -> Iterator[Page]:
    """A page whose webhook is registered, and a citizen's empty phone."""
    with httpx.Client(base_url=origin, timeout=20, verify=TLS) as phone:
        page = Page(origin, channel(origin, **changes), phone)
        with webhook(page) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            phone.post("/simulator/reset", json={}).raise_for_status()
            page.channel.set_webhook(page.url)
            yield page
            page.channel.set_webhook("")
            server.shutdown()
            thread.join()
        page.channel.close()
