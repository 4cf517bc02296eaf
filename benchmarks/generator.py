"""The load generator for where there is no wrk, and for counting: it knows what was answered.

`python -m benchmarks.generator FILE HOST PORT CONNECTIONS SECONDS` prints one line of JSON.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import uvloop

from benchmarks.bodies import read_requests
from benchmarks.figures import Latency

_OK = 200
_REFUSED = 400


@dataclass
class Tally:
    """What all connections share: the requests that are left, and what came of the others."""

    requests: Iterator[tuple[int, bytes]]
    until: float
    calls: int = 0
    out: bool = False
    latencies: list[float] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)
    refused: int = 0
    broken: int = 0

    def next(self) -> tuple[int, bytes] | None:
        """Return the next request with its number; None when the time is over."""
        if time.perf_counter() >= self.until:
            return None
        found = next(self.requests, None)
        self.calls += 1  # also for the one that was not there: so it is noticed
        return found

    def answered(self, number: int, status: int, seconds: float) -> None:
        """Note an answer."""
        self.latencies.append(seconds)
        if status == _OK:
            self.acknowledged.append(number)
        elif status >= _REFUSED:
            self.refused += 1


class Connection(asyncio.Protocol):
    """One kept connection: one request after the other, `ended` when there is none left."""

    def __init__(self, tally: Tally) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tally = tally
        self._transport: asyncio.Transport | None = None
        self._number, self._begun, self._seen = 0, 0.0, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Note the answer once it is complete, and send the next request."""
        self._seen += data
        status = complete(self._seen)
        if status is not None:
            self._seen = b""
            self._tally.answered(self._number, status, time.perf_counter() - self._begun)
            self._send()

    def connection_lost(self, _exc: Exception | None) -> None:
        """End; a request under way is broken."""
        if not self.ended.done():
            self._tally.broken += 1
            self.ended.set_result(None)

    def _send(self) -> None:
        following = self._tally.next()
        if self._transport is None or following is None:
            self.ended.set_result(None)
            return
        self._number, request = following
        self._begun = time.perf_counter()
        self._transport.write(request)


def complete(answer: bytes) -> int | None:
    """Return the status of an HTTP answer once all of it is there."""
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return None
    length = 0
    for line in head.lower().split(b"\r\n")[1:]:
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    return int(head[9:12]) if len(body) >= length else None


async def load(requests: list[bytes], host: str, port: int, connections: int, seconds: int) -> str:
    """Send for `seconds` over that many connections; every request begun is waited for."""
    begun = time.perf_counter()
    tally = Tally(enumerate(requests), begun + seconds)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(tally), host, port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(connection.ended for _, connection in made))
    taken = time.perf_counter() - begun
    for transport, _ in made:
        transport.close()
    latency = Latency.of(tally.latencies)
    figures = {"answers": latency.count, "seconds": taken, "calls": tally.calls}
    figures |= {"p50_ms": latency.p50, "p95_ms": latency.p95, "p99_ms": latency.p99}
    counts = {"refused": tally.refused, "broken": tally.broken}
    return json.dumps({**figures, **counts, "acknowledged": tally.acknowledged})


def main() -> None:
    """Read the file, make the load, print what came of it."""
    file, host, port, connections, seconds = sys.argv[1:]
    requests = read_requests(Path(file))
    sys.stdout.write(
        uvloop.run(load(requests, host, int(port), int(connections), int(seconds))) + "\n"
    )


if __name__ == "__main__":
    main()
