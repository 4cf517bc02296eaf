"""A simulated LINE with one citizen, and the channel that speaks to it, over HTTP."""

import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from channels.line import LineChannel, LineSettings
from core.errors import SendError, Sent
from core.message import Choice, Inbound, Outbound
from tests.contract.stub import Answer, Stub
from tests.tls import TLS

CHAT = 910_000_001
USER = f"U{CHAT:032x}"
SETTINGS = {"line_token": "token-1", "line_channel_secret": "secret-1", "time_scale": 0.01}


@dataclass
class Town:
    """A simulated LINE, the account's channel, and the webhook that its events reach."""

    phone: httpx.Client
    channel: LineChannel
    hook: Stub

    def act(self, path: str, body: object = None, status: int = 200) -> Any:  # noqa: ANN401  # JSON
        """Let the citizen do something."""
        answer = self.phone.post(f"/simulator/line/chats/{CHAT}/{path}", json=body or {})
        assert answer.status_code == status, answer.text
        return answer.json()

    def write(self, status: int = 200, **writing: object) -> Any:  # noqa: ANN401  # JSON
        """Let the citizen send something."""
        return self.act("messages", writing, status)

    def events(self, count: int) -> list[Inbound]:
        """The events that reached the webhook, once there are `count` of them."""
        deadline, pause = time.monotonic() + 10, threading.Event()
        while len(found := self._heard()) < count and time.monotonic() < deadline:
            pause.wait(0.01)
        assert len(found) == count
        return found

    def _heard(self) -> list[Inbound]:
        posts = self.hook.called("line")
        assert all(self.channel.verify(post.headers, post.body) for post in posts)
        return [event for post in posts for event in self.channel.parse(post.body)]

    def bubbles(self) -> list[str]:
        """What the account has shown on the phone."""
        screen = self.phone.get(f"/simulator/line/chats/{CHAT}").json()
        return [it["text"] for it in screen["bubbles"] if not it["mine"]]

    def fault(self, **switches: object) -> None:
        """Let the platform misbehave."""
        answer = self.phone.post("/simulator/faults", params={"platform": "line"}, json=switches)
        answer.raise_for_status()

    def call(self, verb: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Call the Messaging API past the channel."""
        headers = {"authorization": "Bearer token-1", **headers}
        return self.phone.request(verb, f"/v2/bot/{path}", json=body, headers=headers)


def simulator(**settings: object) -> SimulatorSettings:
    return SimulatorSettings.model_validate({**SETTINGS, **settings})


@dataclass
class Founder:
    """Founds towns: an empty one of the `shared` simulator, or of one with its own settings."""

    stack: ExitStack
    api: Stub
    shared: httpx.Client

    def __call__(self, reply_seconds: float = 50, **settings: object) -> Town:
        phone = self.shared
        if settings:
            origin = self.stack.enter_context(running(simulator(**settings)))
            phone = self.stack.enter_context(httpx.Client(base_url=origin, timeout=20, verify=TLS))
        phone.post("/simulator/reset", json={}).raise_for_status()
        made = {
            "channel_token": "token-1",
            "channel_secrets": "secret-1",
            "api_origin": str(phone.base_url),
            "read_timeout": 0.3,
            "reply_seconds": reply_seconds,
        }
        channel = LineChannel(LineSettings.model_validate(made))
        self.api.answer("line", Answer(200))
        channel.set_webhook(f"{self.api.origin}/webhooks/line")
        return Town(phone, channel, self.api)


def answer_to(event: Inbound, *texts: str, **choices: str) -> Outbound:
    return Outbound(
        key=uuid4(),
        address=event.address,
        texts=texts or ("Terima kasih",),
        choices=tuple(Choice(label, value) for value, label in choices.items()),
        reply_token=event.reply_token,
        token_at=datetime.now(UTC),
    )


def calls(town: Town) -> dict[str, int]:
    wire = town.phone.get("/simulator/wire").json()
    return {name: count for name, count in wire["calls"].items() if "POST message" in name}


def ids(result: Sent | SendError) -> str:
    assert isinstance(result, Sent), result
    assert result.platform_id
    return result.platform_id
