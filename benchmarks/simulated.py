"""The simulator as the benchmarks use it: many citizens in one call, the wire log in bulk."""

import http.client
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from benchmarks.citizens import Entry
from core.errors import KanalError

_SECONDS = 30.0
_MOST = 100_000  # entries in one answer
_OK = 200


class SimulatorRefusedError(KanalError):
    """The simulator did not do what the benchmark asked for."""


class Simulator:
    """One kept connection to the simulator's own API."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        self._seen = 0

    def connect(self, token: str, webhook: str, secret: str) -> None:
        """Register the bot's webhook, as `kanal set-webhook` does."""
        self._call("POST", f"/bot{token}/setWebhook", {"url": webhook, "secret_token": secret})

    def set_latency(self, milliseconds: int) -> None:
        """Let every call of the Bot API take that much longer."""
        self._call("POST", "/simulator/faults", {"latency_ms": milliseconds})

    def say(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Let citizens speak, all in one call."""
        self._call("POST", "/simulator/telegram/say", lines)

    def sends(self) -> list[Entry]:
        """Return the bot's messages since the last look."""
        entries = self.entries(self._seen)
        if entries:
            self._seen = entries[-1]["seq"]
        return [entry for entry in entries if entry["entry"] == "send"]

    def entries(self, after: int) -> list[Entry]:
        """Return the wire log after the entry `after`, as it stands now."""
        log = self._call("GET", f"/simulator/wire?after={after}&limit={_MOST}")
        return cast("list[Entry]", log["entries"])

    def last(self) -> int:
        """Return the number of the newest entry."""
        return int(self._call("GET", "/simulator/wire?limit=1")["last"])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        content = None if body is None else json.dumps(body)
        try:
            answer = self._request(method, path, content)
        except (http.client.RemoteDisconnected, ConnectionResetError):
            self._connection.close()  # it was idle for too long; the next call opens a new one
            answer = self._request(method, path, content)
        said = answer.read()
        if answer.status != _OK:
            raise SimulatorRefusedError(f"the simulator answered {answer.status}: {said[:200]!r}")
        found = json.loads(said)
        return found if isinstance(found, dict) else {}

    def _request(self, method: str, path: str, content: str | None) -> http.client.HTTPResponse:
        headers = {"Content-Type": "application/json"}
        self._connection.request(method, path, content, headers)
        return self._connection.getresponse()
