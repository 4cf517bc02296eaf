"""Small hands to work a running simulator with."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import httpx

TOKEN = "7000000001:simulated_bot-token"


@dataclass
class Hands:
    """Both ends of one simulator: `api` is the bot's, the others are the citizen's."""

    origin: str
    http: httpx.Client

    def api(self, method: str, **params: object) -> dict[str, Any]:
        answer = self.http.post(
            f"/bot{TOKEN}/{method}",
            content=json.dumps(params),
            headers={"Content-Type": "application/json"},
        )
        return cast("dict[str, Any]", answer.json())

    def write(self, chat: int, **writing: object) -> dict[str, Any]:
        return self.act(chat, "messages", **writing)

    def act(self, chat: int, act: str, **body: object) -> dict[str, Any]:
        answer = self.http.post(f"/simulator/telegram/chats/{chat}/{act}", json=body)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json())

    def faults(self, **wanted: object) -> None:
        assert self.http.post("/simulator/faults", json=wanted).status_code == 200

    def screen(self, chat: int) -> dict[str, Any]:
        return cast("dict[str, Any]", self.http.get(f"/simulator/telegram/chats/{chat}").json())

    def wire(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.http.get("/simulator/wire?limit=100000").json())

    def entries(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.wire()["entries"] if entry["entry"] == kind]

    def settle(self) -> None:
        """Wait until no update is waiting."""
        self.until(lambda: not self.wire()["waiting"])

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds, ten seconds at most."""
        deadline, pause = time.monotonic() + 10, threading.Event()
        while not condition():
            assert time.monotonic() < deadline, self.wire()
            pause.wait(0.01)


Simulate = Callable[..., Hands]
