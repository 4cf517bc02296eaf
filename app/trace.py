"""What was called and what was posted, gathered in memory and written by one thread.

Whoever has something to note never waits, and nothing is kept beyond a bound: while PostgreSQL is
away, or under a load that no one could read anyway, lines are left out and counted.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import NamedTuple

from core import traces
from core.channel import Call
from core.db.session import Sessions, transaction
from core.errors import DatabaseAway
from core.text import OUTLINE, outline, redact
from core.traces import Direction, Line

log = logging.getLogger(__name__)

BOUND = 10_000  # lines that are kept until they are written
EVERY = 1.0  # seconds between two writings
AT_ONCE = 1_000  # lines of one statement: its arrays keep other threads waiting
SHAPED = 5  # bodies a second whose shape is kept, for a shape costs as much as a webhook
REFUSED = 20  # refused requests a second and channel that get a line of their own
REFUSAL = 400  # the lowest status of a refusal
_ENOUGH = 4 * OUTLINE  # bytes of a body that its shape is made of
_JSON = frozenset({b"{", b"["})  # how a body begins that has a shape
_PATIENCE = 5.0  # seconds for the last lines at the end of a process


class Visit(NamedTuple):
    """A request to our door: what it was answered, its name in the trace, and its body if read."""

    method: str
    status: int
    code: str
    body: bytes = b""


@dataclass
class Budget:
    """So many a second."""

    limit: int
    _second: int = -1
    _taken: int = 0

    def take(self, second: int) -> bool:
        """Take one of those of this second; False when there is none left."""
        if second != self._second:
            self._second, self._taken = second, 0
        self._taken += 1
        return self._taken <= self.limit


@dataclass
class TraceBuffer:
    """The trace of one process; safe from many threads.

    `secrets` are hidden in whatever a channel tells of its calls, though it should hide them.
    """

    make: Sessions
    secrets: Sequence[str] = ()
    bound: int = BOUND
    _waiting: deque[tuple[Line, bytes]] = field(default_factory=deque)
    _more: Counter[tuple[str, tuple[str, int, str]]] = field(default_factory=Counter)
    _lost: int = 0
    _accepted: Budget = field(default_factory=lambda: Budget(SHAPED))
    _refused: dict[str, Budget] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def observe(self, channel: str, direction: Direction) -> Callable[[Call], None]:
        """Return what takes the calls of a channel, for its `watch`."""

        def note(call: Call) -> None:
            now, took = datetime.now(UTC), round(call.seconds * 1000)
            line = Line(now, channel, direction, call.method, call.status, took)
            self._keep(line._replace(code=call.code, body=call.body))

        return note

    def webhook(self, channel: str, visit: Visit, seconds: float) -> None:
        """Note a request to our door; of its body no more than the shape is kept, and not always.

        Of requests that are refused, or that nobody signed, only some have a line: anybody can
        make them, as many as he likes.
        """
        method, status, code, body = visit
        second = int(monotonic())
        with self._lock:
            if status >= REFUSAL or not body:
                shaped = self._refused.setdefault(channel, Budget(REFUSED)).take(second)
                if not shaped:
                    self._more[channel, visit[:3]] += 1
                    return
            else:
                shaped = self._accepted.take(second)
        later = shaped and body[:1] in _JSON
        shape = outline(body) if shaped and not later else ""
        took, now = round(seconds * 1000), datetime.now(UTC)
        line = Line(now, channel, "in", method, status, took, code, shape)
        self._keep(line, body[:_ENOUGH] if later else b"")

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._write, name="trace", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what there is, and end."""
        self._stopping.set()
        if self._thread:
            self._thread.join(_PATIENCE)

    def flush(self) -> None:
        """Write what there is; while PostgreSQL is away it stays."""
        self._tell_of_others()
        while batch := self._take():
            shaped = [self._shaped(line, body) for line, body in batch]
            try:
                with transaction(self.make) as session:
                    traces.put(session, shaped)
            except DatabaseAway:
                with self._lock:
                    room = max(0, self.bound - len(self._waiting))
                    self._lost += max(0, len(shaped) - room)
                    self._waiting.extendleft((line, b"") for line in shaped[::-1][:room])
                return

    def _keep(self, line: Line, body: bytes = b"") -> None:
        with self._lock:
            if len(self._waiting) < self.bound:
                self._waiting.append((line, body))
            else:
                self._lost += 1

    def _take(self) -> list[tuple[Line, bytes]]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]

    def _shaped(self, line: Line, body: bytes) -> Line:
        if line.direction == "out":
            hidden = [redact(words, self.secrets) for words in (line.method, line.code, line.body)]
            return line._replace(method=hidden[0], code=hidden[1], body=hidden[2])
        return line._replace(body=outline(body)) if body else line

    def _tell_of_others(self) -> None:
        """Count in one line each what had none of its own, and log what was left out."""
        with self._lock:
            more, self._more = self._more, Counter()
            lost, self._lost = self._lost, 0
        now = datetime.now(UTC)
        for (channel, (method, status, code)), count in more.items():
            said = f"{count} more of these"
            self._keep(Line(now, channel, "in", method, status, 0, code, said))
        if lost:
            log.warning("lines of the trace were left out", extra={"lines": lost})

    def _write(self) -> None:
        while not self._stopping.wait(EVERY):
            self._flush_or_complain()
        self._flush_or_complain()

    def _flush_or_complain(self) -> None:
        try:
            self.flush()
        except Exception:  # this thread must live
            log.exception("lines of the trace could not be written")
