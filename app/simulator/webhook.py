"""Carries updates to the bot's webhook: in order within a lane, lanes side by side."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from app.simulator.faults import Faults
from app.simulator.post import Answer, NoAnswer, Poster
from app.simulator.wire import UpdateEntry, Wire

LONGEST_RETRY_AFTER = 3600.0
BATCH = 50  #: parcels that are merged into one post at most
_CHANCE = random.SystemRandom()

Merge = Callable[[Sequence[bytes]], bytes]


@dataclass(frozen=True, slots=True)
class Resend:
    """When a platform posts again what was not taken.

    `waits` are the seconds before the second try, the third and so on; `later` are the bounds
    of every further wait, None where the platform gives up. A Retry-After in the answer goes
    first where the platform `heeds` it.
    """

    waits: tuple[float, ...] = ()
    later: tuple[float, float] | None = None
    heeds: bool = False

    def delay(self, failures: int, retry_after: str = "") -> float | None:
        """Seconds until the next try after so many failures in a row, None for giving up."""
        if self.heeds and retry_after.isascii() and retry_after.isdigit():
            return min(float(retry_after), LONGEST_RETRY_AFTER)
        if failures <= len(self.waits):
            return self.waits[failures - 1]
        return _CHANCE.uniform(*self.later) if self.later else None


@dataclass(frozen=True, slots=True)
class Habits:
    """How a platform posts: over at most `width` connections, with waits times `time_scale`.

    `again` makes the body of a resend from the body before it, where a platform marks those.
    `merge` makes one body of several that wait, where a platform posts in batches.
    """

    width: int
    resend: Resend
    time_scale: float = 1.0
    again: Callable[[bytes], bytes] = bytes
    merge: Merge | None = None


@dataclass(slots=True)
class Parcel:
    """One post for the webhook; after `expires_at` (`time.time()`) it is dropped.

    `entries` are the events in it: one, or several where a platform puts them in one post.
    """

    lane: Hashable
    body: bytes
    entries: tuple[UpdateEntry, ...]
    expires_at: float


@dataclass(slots=True)
class Lane:
    """Parcels that wait for each other, and how often the first one failed in a row."""

    parcels: deque[Parcel] = field(default_factory=deque)
    failures: int = 0


class Courier:
    """Posts parcels and resends until they are taken or given up; `settled` is told of each."""

    def __init__(
        self,
        poster: Poster,
        habits: Habits,
        faults: Faults,
        wire: Wire,
        settled: Callable[[Parcel], None],
    ) -> None:
        self.last_error: tuple[float, str] | None = None
        self._poster = poster
        self._habits = habits
        self._faults = faults
        self._wire = wire
        self._settled = settled
        self._lanes: dict[Hashable, Lane] = {}
        self._ready: deque[Lane] = deque()
        self._trips: set[asyncio.Task[None]] = set()
        self._timers: set[asyncio.TimerHandle] = set()
        self._stopped = False

    def put(self, parcel: Parcel) -> None:
        """Queue a parcel behind the others of its lane; must be called on the loop."""
        lane = self._lanes.get(parcel.lane)
        if lane is None:
            lane = self._lanes[parcel.lane] = Lane()
            self._ready.append(lane)
        lane.parcels.append(parcel)
        self._pump()

    async def stop(self) -> None:
        """Give up what is under way; nothing is settled after this."""
        self._stopped = True
        for timer in self._timers:
            timer.cancel()
        trips = list(self._trips)
        for trip in trips:
            trip.cancel()
        await asyncio.gather(*trips, return_exceptions=True)
        self._poster.close()

    def _pump(self) -> None:
        while self._ready and len(self._trips) < self._habits.width and not self._stopped:
            trip = asyncio.get_running_loop().create_task(self._trip(self._ready.popleft()))
            self._trips.add(trip)
            trip.add_done_callback(self._ended)

    def _ended(self, trip: asyncio.Task[None]) -> None:
        self._trips.discard(trip)
        if not trip.cancelled():
            trip.result()
        self._pump()

    async def _trip(self, lane: Lane) -> None:
        parcel = self._next(lane)
        if time.time() >= parcel.expires_at:
            self._give_up(lane, parcel)
            return
        answer = await self._post(parcel)
        for entry in parcel.entries:
            entry.status = answer.status if answer else 0
        if answer and answer.taken:
            for entry in parcel.entries:
                self._wire.acked(entry)
            self._leave(lane, parcel)
        else:
            self._fail(lane, parcel, answer)

    def _next(self, lane: Lane) -> Parcel:
        """The parcel whose turn it is: all that wait as one, where the platform merges them."""
        merge, parcels = self._habits.merge, lane.parcels
        if merge and len(parcels) > 1 and not lane.failures:
            waiting = [parcels.popleft() for _ in range(min(len(parcels), BATCH))]
            body = merge([parcel.body for parcel in waiting])
            entries = tuple(entry for parcel in waiting for entry in parcel.entries)
            expires_at = min(parcel.expires_at for parcel in waiting)
            parcels.appendleft(Parcel(waiting[0].lane, body, entries, expires_at))
        return parcels[0]

    async def _post(self, parcel: Parcel) -> Answer | None:
        """The answer of the worst of all copies, None if a copy got none."""
        for entry in parcel.entries:
            self._wire.posted(entry)
        hang_up = self._faults.take("dropped_acks")
        if self._faults.duplicate == 1:
            return await self._copy(parcel, hang_up)
        copies = [self._copy(parcel, hang_up) for _ in range(self._faults.duplicate)]
        answers = await asyncio.gather(*copies)
        return None if None in answers else max((a for a in answers if a), key=lambda a: a.status)

    async def _copy(self, parcel: Parcel, hang_up: bool) -> Answer | None:
        try:
            answer = await self._poster.post(parcel.body, hang_up=hang_up)
        except NoAnswer as error:
            self.last_error = (time.time(), f"Connection failed: {error}")
            return None
        if not answer.taken:
            self.last_error = (
                time.time(),
                f"Wrong response from the webhook: {answer.status}",
            )
        return answer

    def _leave(self, lane: Lane, parcel: Parcel) -> None:
        lane.parcels.popleft()
        lane.failures = 0
        if lane.parcels:
            self._ready.append(lane)
        else:
            del self._lanes[parcel.lane]
        self._settled(parcel)

    def _give_up(self, lane: Lane, parcel: Parcel) -> None:
        for entry in parcel.entries:
            self._wire.dropped(entry)
        self._leave(lane, parcel)

    def _fail(self, lane: Lane, parcel: Parcel, answer: Answer | None) -> None:
        lane.failures += 1
        delay = self._habits.resend.delay(lane.failures, answer.retry_after if answer else "")
        if delay is None:
            self._give_up(lane, parcel)
            return
        parcel.body = self._habits.again(parcel.body)
        if delay == 0:
            self._ready.append(lane)
            return
        self._wait(lane, delay * self._habits.time_scale)

    def _wait(self, lane: Lane, delay: float) -> None:
        def due() -> None:
            self._timers.discard(timer)
            self._ready.append(lane)
            self._pump()

        timer = asyncio.get_running_loop().call_later(delay, due)
        self._timers.add(timer)
