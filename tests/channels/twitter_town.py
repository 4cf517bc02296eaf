"""A simulated X, an account on it, and the web server that its webhook reaches."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID, uuid4

import httpx

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from app.simulator.twitter.shapes import ACCOUNT_ID, USERNAME
from channels.twitter import TwitterChannel, TwitterSettings
from core.message import Inbound, Outbound
from tests.tls import TLS
from tests.waiting import eventually

CHAT = 920_000_001
SECRET, TOKEN = "simulated-consumer-secret", "simulated-access-token"
SAID = "laporan tercatat"


def channel(origin: str, **settings: object) -> TwitterChannel:
    """The account's channel; asks without pauses."""
    made = {
        "consumer_key": "simulated-key",
        "consumer_secrets": SECRET,
        "access_token": TOKEN,
        "access_token_secret": "simulated-token-secret",
        "bearer_token": "simulated-bearer",
        "user_id": ACCOUNT_ID,
        "username": USERNAME,
        "api_origin": origin,
        "poll_interval": 0,
        "poll_dm_interval": 0,
        "read_timeout": 1,
        "pool_size": 16,
    }
    return TwitterChannel(TwitterSettings.model_validate(made | settings))


def part(address: str, text: str = SAID, after: str = "", memo: str = "") -> Outbound:
    """One part of a reply."""
    return Outbound(UUID(int=uuid4().int), address, (text,), after=after, memo=memo)


@dataclass
class Town:
    """Both ends of a simulated X: what the citizen does, and what the account hears."""

    origin: str
    http: httpx.Client
    channel: TwitterChannel
    heard: list[Inbound] = field(default_factory=list)
    forged: list[bytes] = field(default_factory=list)
    hook: str = ""

    def write(self, chat: int = CHAT, **writing: object) -> int:
        """Let a citizen send something; the number of its message."""
        answer = self.http.post(f"/simulator/twitter/chats/{chat}/messages", json=writing)
        assert answer.status_code == 200, answer.text
        number: int = answer.json()["message_ids"][0]
        return number

    def mention(self, text: str = "jalan rusak", chat: int = CHAT, **more: object) -> Inbound:
        """Let a citizen post in public; what the webhook brought of it."""
        before = len(self._in_public())  # a private message may still be under way
        self.write(chat, text=text, public=True, **more)
        eventually("the mention arrives", lambda: len(self._in_public()) > before)
        return self._in_public()[before]

    def _in_public(self) -> list[Inbound]:
        return [it for it in self.heard if it.public_address]

    def bubbles(self, chat: int = CHAT) -> list[dict[str, Any]]:
        """What the account has shown on the phone."""
        screen = self.http.get(f"/simulator/twitter/chats/{chat}").json()
        return [it for it in screen["bubbles"] if not it["mine"]]

    def texts(self, chat: int = CHAT) -> list[str]:
        """The words of those bubbles."""
        return [it["text"] for it in self.bubbles(chat)]

    def fault(self, **switches: object) -> None:
        """Let X misbehave."""
        self.http.post("/simulator/faults?platform=twitter", json=switches).raise_for_status()

    def wire(self) -> dict[str, Any]:
        """The log of the wire."""
        log: dict[str, Any] = self.http.get("/simulator/wire").json()
        return log

    def parse(self, body: bytes) -> list[Inbound]:
        """Read a body as the web process does."""
        return self.channel.parse(body)


@contextmanager
def town(*, subscribed: bool = True, **settings: object) -> Iterator[Town]:
    """Run a simulator and a webhook; registers the one with the other unless told otherwise."""
    made = {"twitter_consumer_secret": SECRET, "twitter_token": TOKEN, "time_scale": 0.01}
    simulator = SimulatorSettings.model_validate(made | settings)
    with (
        running(simulator) as origin,
        httpx.Client(base_url=origin, timeout=20, verify=TLS) as http,
    ):
        found = Town(origin, http, channel(origin))
        with _webhook(found) as url:
            found.hook = url
            if subscribed:
                found.channel.set_webhook(url)
            yield found
        found.channel.close()


@contextmanager
def _webhook(place: Town) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = place.channel.handshake(dict(parse_qsl(urlsplit(self.path).query)))
            self._say(200 if answer else 403, answer.body.encode() if answer else b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if place.channel.verify(headers, body):
                place.heard.extend(place.channel.parse(body))
            else:
                place.forged.append(body)
            self._say(200, b"{}")

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Keep test output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/webhooks/twitter"
        finally:
            server.shutdown()
            thread.join()


def as_json(inbound: Inbound) -> dict[str, Any]:
    """The envelope of an event."""
    found: dict[str, Any] = json.loads(inbound.raw)
    return found
