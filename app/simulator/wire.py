"""The log of everything that crossed the wire, in order, with the time of each step."""

import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any


@dataclass(slots=True)
class UpdateEntry:
    """One update on its way to the bot; it is changed in place as it travels.

    Times are `time.time()`; `posted_at` is the first attempt. `status` is the HTTP status of
    the last attempt, 0 where no answer came, and `dropped` says the platform gave up.
    """

    seq: int
    platform: str
    chat: int
    update_id: int
    kind: str
    queued_at: float
    posted_at: float | None = None
    acked_at: float | None = None
    attempts: int = 0
    status: int | None = None
    dropped: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The entry as the wire log shows it."""
        return {
            "seq": self.seq,
            "entry": "update",
            "platform": self.platform,
            "chat": self.chat,
            "update_id": self.update_id,
            "kind": self.kind,
            "t_queued": self.queued_at,
            "t_posted": self.posted_at,
            "t_acked": self.acked_at,
            "attempts": self.attempts,
            "status": self.status,
            "dropped": self.dropped,
        }


@dataclass(frozen=True, slots=True)
class SendEntry:
    """One message of the bot that the platform accepted and showed.

    `to` is "public" where everybody can read it, else "private"; `message_id` is the bubble's.
    """

    seq: int
    platform: str
    chat: int
    message_id: int
    at: float
    text: str
    buttons: list[list[dict[str, str]]]
    to: str = "private"

    def as_dict(self) -> dict[str, Any]:
        """The entry as the wire log shows it; `length` counts code points."""
        return {
            "seq": self.seq,
            "entry": "send",
            "platform": self.platform,
            "chat": self.chat,
            "message_id": self.message_id,
            "t": self.at,
            "length": len(self.text),
            "text": self.text,
            "buttons": self.buttons,
            "to": self.to,
        }


@dataclass(slots=True)
class Wire:
    """Keeps the newest `limit` entries; `seq` counts from 1 and never repeats."""

    limit: int
    last: int = 0
    waiting: int = 0  #: updates neither acknowledged nor dropped
    calls: Counter[str] = field(default_factory=Counter)  #: "method status" -> how often
    _entries: deque[UpdateEntry | SendEntry] = field(default_factory=deque)

    def update(self, platform: str, chat: int, update_id: int, kind: str) -> UpdateEntry:
        """Open the entry of an update that was just queued."""
        entry = UpdateEntry(self._next(), platform, chat, update_id, kind, time.time())
        self.waiting += 1
        self._keep(entry)
        return entry

    def sent(
        self,
        platform: str,
        chat: int,
        message_id: int,
        text: str,
        buttons: list[list[dict[str, str]]],
        to: str = "private",
    ) -> None:
        """Note a message of the bot that was accepted."""
        now = time.time()
        self._keep(SendEntry(self._next(), platform, chat, message_id, now, text, buttons, to))

    def posted(self, entry: UpdateEntry) -> None:
        """Note that an attempt to hand the update over begins."""
        entry.attempts += 1
        if entry.posted_at is None:
            entry.posted_at = time.time()

    def acked(self, entry: UpdateEntry) -> None:
        """Note that the bot took the update."""
        entry.acked_at = time.time()
        self.waiting -= 1

    def dropped(self, entry: UpdateEntry) -> None:
        """Note that the platform gave the update up."""
        entry.dropped = True
        self.waiting -= 1

    def after(self, seq: int, limit: int) -> Iterator[dict[str, Any]]:
        """The oldest `limit` entries later than `seq`."""
        first = self._entries[0].seq if self._entries else 0
        start = max(0, seq + 1 - first)
        return (entry.as_dict() for entry in islice(self._entries, start, start + limit))

    def clear(self) -> None:
        """Forget all entries; `seq` goes on."""
        self._entries.clear()
        self.calls.clear()
        self.waiting = 0

    def _next(self) -> int:
        self.last += 1
        return self.last

    def _keep(self, entry: UpdateEntry | SendEntry) -> None:
        self._entries.append(entry)
        if len(self._entries) > self.limit:
            self._entries.popleft()
