"""Carries updates to the bot's webhook: in order within a lane, lanes side by side."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from app.simulator.faults import Faults
from app.simulator.post import Answer, NoAnswer, Poster
from app.simulator.wire import UpdateEntry, Wire

LONGEST_RETRY_AFTER = 3600.0
CAPS = (60.0, 120.0)  #: between these the longest wait is drawn
_CHANCE = random.SystemRandom()


@dataclass(slots=True)
class Parcel:
    """One update for the webhook; after `expires_at` (`time.time()`) it is dropped."""

    lane: Hashable
    body: bytes
    entry: UpdateEntry
    expires_at: float


@dataclass(slots=True)
class Lane:
    """Parcels that wait for each other, and how often the first one failed in a row."""

    parcels: deque[Parcel] = field(default_factory=deque)
    failures: int = 0


def resend_delay(failures: int, cap: float, retry_after: str = "") -> float:
    """Seconds until the next try: 0, then 2, 4, 8 .. up to `cap`; a Retry-After goes first."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after), LONGEST_RETRY_AFTER)
    return 0.0 if failures <= 1 else min(2.0 ** min(failures - 1, 30), cap)


class Courier:
    """Posts parcels over at most `width` connections and resends until they are taken.

    `settled` is told of each parcel that was taken or dropped.
    """

    def __init__(
        self,
        poster: Poster,
        width: int,
        faults: Faults,
        wire: Wire,
        settled: Callable[[Parcel], None],
        time_scale: float = 1.0,
    ) -> None:
        self.last_error: tuple[float, str] | None = None
        self._poster = poster
        self._width = width
        self._faults = faults
        self._wire = wire
        self._settled = settled
        self._time_scale = time_scale
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
        while self._ready and len(self._trips) < self._width and not self._stopped:
            trip = asyncio.get_running_loop().create_task(self._trip(self._ready.popleft()))
            self._trips.add(trip)
            trip.add_done_callback(self._ended)

    def _ended(self, trip: asyncio.Task[None]) -> None:
        self._trips.discard(trip)
        if not trip.cancelled():
            trip.result()
        self._pump()

    async def _trip(self, lane: Lane) -> None:
        parcel = lane.parcels[0]
        if time.time() >= parcel.expires_at:
            self._wire.dropped(parcel.entry)
            self._leave(lane, parcel)
            return
        answer = await self._post(parcel)
        parcel.entry.status = answer.status if answer else 0
        if answer and answer.taken:
            self._wire.acked(parcel.entry)
            self._leave(lane, parcel)
        else:
            self._resend(lane, answer)

    async def _post(self, parcel: Parcel) -> Answer | None:
        """The answer of the worst of all copies, None if a copy got none."""
        self._wire.posted(parcel.entry)
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

    def _resend(self, lane: Lane, answer: Answer | None) -> None:
        lane.failures += 1
        retry_after = answer.retry_after if answer else ""
        delay = resend_delay(lane.failures, _CHANCE.uniform(*CAPS), retry_after)
        if delay == 0:
            self._ready.append(lane)
            return
        self._wait(lane, delay * self._time_scale)

    def _wait(self, lane: Lane, delay: float) -> None:
        def due() -> None:
            self._timers.discard(timer)
            self._ready.append(lane)
            self._pump()

        timer = asyncio.get_running_loop().call_later(delay, due)
        self._timers.add(timer)
