"""The one webhook of a platform that lets its operator name one: LINE, X, Messenger."""

import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from app.simulator.faults import Faults
from app.simulator.post import Poster, Sign
from app.simulator.settings import SimulatorSettings
from app.simulator.webhook import Courier, Habits, Merge, Parcel, Resend
from app.simulator.wire import UpdateEntry, Wire

Event = tuple[int, str]  #: the phone it comes from, and what the wire log calls it


class BadWebhook(ValueError):
    """No address that the simulator posts to; the text says why."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a platform calls webhooks.

    `sign` makes the headers from the body; `ack_seconds` is how long the bot may take to
    answer; `lifetime` is in seconds; `again` marks the body of a resend; `width` is the most
    posts under way; `merge` makes one post of several that wait in a lane.
    """

    platform: str
    sign: Sign
    ack_seconds: float
    resend: Resend
    lifetime: float = 24 * 3600.0
    again: Callable[[bytes], bytes] = bytes
    width: int = 40
    merge: Merge | None = None


class Hook:
    """Posts events to the address it is pointed at; without one they are dropped at once.

    What is pending when the address changes is dropped too.
    """

    def __init__(
        self, manner: Manner, settings: SimulatorSettings, faults: Faults, wire: Wire, url: str = ""
    ) -> None:
        self.url = ""
        self._manner, self._settings, self._faults, self._wire = manner, settings, faults, wire
        self._last_id = int(time.time() * 1000)  # not repeated by a restarted simulator
        self._pending: dict[int, UpdateEntry] = {}
        self._courier: Courier | None = None
        if url:
            self._open(url)

    @property
    def last_error(self) -> tuple[float, str] | None:
        """The moment and the words of the latest failure since the address was set."""
        return self._courier.last_error if self._courier else None

    async def point(self, url: str) -> None:
        """Post to `url` from now on, to nobody if it is empty; raises BadWebhook."""
        if url:
            target(url, self._settings.known_hosts)
        await self._close()
        if url:
            self._open(url)

    def put(self, body: bytes, events: Sequence[Event], lane: Hashable = None) -> list[int]:
        """Post one body with these events; returns their numbers in the wire log.

        Bodies of one lane go one after the other; None is a lane of its own.
        """
        entries = tuple(self._entry(chat, kind) for chat, kind in events)
        if self._courier is None:
            self._drop(entries)
            return []
        expires_at = time.time() + self._manner.lifetime * self._settings.time_scale
        lane = object() if lane is None else lane
        self._pending |= {entry.update_id: entry for entry in entries}
        self._courier.put(Parcel(lane, body, entries, expires_at))
        return [entry.update_id for entry in entries]

    async def reset(self) -> None:
        """Forget what is pending and post to the same address."""
        await self.point(self.url)

    async def stop(self) -> None:
        """Stop posting."""
        if self._courier is not None:
            await self._courier.stop()

    def _entry(self, chat: int, kind: str) -> UpdateEntry:
        self._last_id += 1
        return self._wire.update(self._manner.platform, chat, self._last_id, kind)

    def _open(self, url: str) -> None:
        manner = self._manner
        poster = Poster(target(url, self._settings.known_hosts), manner.sign, manner.ack_seconds)
        self._courier = Courier(
            poster,
            Habits(
                manner.width, manner.resend, self._settings.time_scale, manner.again, manner.merge
            ),
            self._faults,
            self._wire,
            self._settled,
        )
        self.url = url

    async def _close(self) -> None:
        courier, self._courier, self.url = self._courier, None, ""
        if courier is not None:
            await courier.stop()
        self._drop(tuple(self._pending.values()))
        self._pending.clear()

    def _drop(self, entries: Sequence[UpdateEntry]) -> None:
        for entry in entries:
            self._wire.dropped(entry)

    def _settled(self, parcel: Parcel) -> None:
        for entry in parcel.entries:
            del self._pending[entry.update_id]


def target(url: str, hosts: frozenset[str]) -> SplitResult:
    """The parts of a webhook's address; http is taken, but only known hosts, so nothing leaves."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise BadWebhook("invalid URL") from error
    if parts.scheme not in {"http", "https"} or not url.isascii() or any(map(str.isspace, url)):
        raise BadWebhook("invalid URL")
    if (parts.hostname or "").lower() not in hosts:
        raise BadWebhook("the simulator delivers to SIMULATOR_HOSTS only")
    return parts
