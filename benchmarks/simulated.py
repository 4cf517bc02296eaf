"""The simulator as the benchmarks use it: many citizens in one call, the wire log in bulk."""

import http.client
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from benchmarks.citizens import Entry, Line
from core.errors import KanalError

_SECONDS = 30.0
_MOST = 20_000  # entries in one answer
_OK = 200


class SimulatorRefusedError(KanalError):
    """The simulator did not do what the benchmark asked for."""


class Simulator:
    """One kept connection to the simulator's own API."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        self._seen = 0

    def set_faults(self, switches: Mapping[str, float]) -> None:
        """Let every platform's API fail like that, and no other way."""
        self._call("DELETE", "/simulator/faults")
        self._call("POST", "/simulator/faults", switches)

    def say(self, lines: Sequence[Line]) -> None:
        """Let citizens speak, all of one platform in one call."""
        sayings: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in lines:
            if line.begins:
                path = f"/simulator/{line.channel}/chats/{line.chat}/messages"
                self._call("POST", path, {"start": {}})
            else:
                sayings[line.channel].append(line.saying)
        for channel, every in sayings.items():
            self._call("POST", f"/simulator/{channel}/say", every)

    def sends(self) -> list[Entry]:
        """Return the bot's messages since the last look."""
        entries = list(self.entries(self._seen))
        if entries:
            self._seen = entries[-1]["seq"]
        return [entry for entry in entries if entry["entry"] == "send"]

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield the wire log after the entry `after`, as it stands now."""
        while True:
            path = f"/simulator/wire?after={after}&limit={_MOST}"
            found = cast("list[Entry]", self._call("GET", path)["entries"])
            yield from found
            if len(found) < _MOST:
                return
            after = found[-1]["seq"]

    def calls(self) -> dict[str, int]:
        """Return how often each call was answered how, by "call status"."""
        return dict(self._look()["calls"])

    def waiting(self) -> int:
        """Return how many updates are neither taken nor given up."""
        return int(self._look()["waiting"])

    def last(self) -> int:
        """Return the number of the newest entry."""
        return int(self._look()["last"])

    def _look(self) -> dict[str, Any]:
        return self._call("GET", "/simulator/wire?limit=1")

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
