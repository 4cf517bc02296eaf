"""What a worker process does with the rows, one turnstile before each queue."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import uuid4

from sqlalchemy.orm import Session

from app.settings import AppSettings
from app.turnstile import Turnstile
from app.wake import DELIVER, FETCH, POLL, SUGGEST, WORK, Waker
from app.work import advance_batch
from core import alarms, fetching, files, inbox, outbox, overdue, polling, takeover, traces
from core.channel import Channel, Polls, Prepares
from core.db.session import Sessions, transaction
from core.delivery import Delivery, Pace
from core.errors import DatabaseAway, PollRefused
from core.fetching import Shelf
from core.intake import Advanced
from core.promise import Terms
from core.reminding import Patience, remind
from core.settings import CoreSettings
from core.understanding import Text, Understanding

log = logging.getLogger(__name__)

FORGOTTEN = 10_000  # old lines of the trace that one sweep deletes
AT_ONCE = 0.05  # seconds, the shortest wait for rows that are due
RETRY_SECONDS = 1.0  # until a worker looks for PostgreSQL again

#: Looks after a batch of rows: how many there were, and on which channels somebody is told.
LookAfter = Callable[[Session], tuple[int, frozenset[str]]]


class Reader(Protocol):
    """Who reads what citizens write, with a model; only some processes employ one."""

    @property
    def batch(self) -> int:
        """How many reports it takes at once."""
        ...

    def understand(self, texts: Sequence[Text]) -> Sequence[Understanding]:
        """Return what each text says."""
        ...

    def suggest_due(self) -> int:
        """Suggest an OPD for the oldest reports that have none; return how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a shift works with: the platforms' pace, and the place for files."""

    pace: Pace
    shelf: Shelf


class Shift:
    """The work of one process, from its first wake-up until it is told to stop."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        make: Sessions,
        waker: Waker,
        tools: Tools,
        app: AppSettings,
        core: CoreSettings,
    ) -> None:
        self._channels, self._make, self._waker, self._core = channels, make, waker, core
        self._limits = {name: channel.limits for name, channel in channels.items()}
        self._shelf = tools.shelf
        self._reader: Reader | None = None
        self._stopping = threading.Event()
        self._name = str(uuid4())
        width = app.delivery_width
        self._turnstiles = {(WORK, ""): self._turnstile(self._work)}
        self._turnstiles[FETCH, ""] = self._turnstile(self._fetch)
        self._turnstiles[SUGGEST, ""] = self._turnstile(self._suggest)
        for name, channel in channels.items():
            pool = ThreadPoolExecutor(width, thread_name_prefix=f"send-{name}")
            delivery = Delivery(channel, make, core, pool, width, tools.pace)
            self._turnstiles[DELIVER, name] = self._turnstile(partial(self._deliver, delivery))
            if isinstance(channel, Polls) and channel.polling:
                self._turnstiles[POLL, name] = self._turnstile(partial(self._poll, name, channel))

    def employ(self, hire: Callable[[Sessions, CoreSettings], Reader]) -> None:
        """Have a reader at hand from now on; the tasks of the queue work need one."""
        self._reader = hire(self._make, self._core)

    def run(self, task: str, channel: str = "") -> None:
        """Serve a wake-up; a channel that is off, or cannot do the task, is left alone."""
        turnstile = self._turnstiles.get((task, channel))
        if turnstile:
            turnstile.run()

    def sweep(self) -> None:
        """Wake everybody: whatever was forgotten, abandoned or has become due is found."""
        with transaction(self._make) as session:
            outbox.reopen_paid(session)
            alarms.end_quotas(session)
            traces.forget(session, timedelta(days=self._core.trace_days), FORGOTTEN)
        for task, channel in self._turnstiles:
            self._waker.wake(task, *filter(None, [channel]))
        for look_after in (self._keep_promises, self._remind, self._end_talks):
            _despite_outages(partial(self._sweep_up, look_after))

    def stop(self) -> None:
        """Finish what is under way, and begin nothing new."""
        self._stopping.set()
        for turnstile in self._turnstiles.values():
            turnstile.nudge()

    def _turnstile(self, act: Callable[[], float | None]) -> Turnstile:
        return Turnstile(partial(_despite_outages, act), self._stopping)

    def _goes_on(self) -> bool:
        return not self._stopping.is_set()

    def _work(self) -> float | None:
        delay: float | None = None
        while self._goes_on():
            reads = self._reader.understand if self._reader else None
            advanced = advance_batch(self._make, self._channels, self._core, reads)
            if advanced is not None:
                self._wake_others(advanced)
            with transaction(self._make) as session:
                delay = seconds_until(inbox.next_ready(session, self._channels))
            # What is ready, and was not taken, is in the hands of another worker.
            if advanced is None or delay is None or delay > AT_ONCE:
                break
        return delay

    def _wake_others(self, advanced: Advanced) -> None:
        for channel in sorted(advanced.deliver):
            self._waker.wake_deliver(channel)
        if advanced.fetch:
            self._waker.wake(FETCH)
        if advanced.suggest:
            self._waker.wake(SUGGEST)

    def _sweep_up(self, look_after: LookAfter) -> float | None:
        """Look after one batch of rows after the other, and have told what there is to tell."""
        while self._goes_on():
            with transaction(self._make) as session:
                found, channels = look_after(session)
            for channel in channels:
                self._waker.wake_deliver(channel)
            if not found:
                break
        return None

    def _keep_promises(self, session: Session) -> tuple[int, frozenset[str]]:
        swept = overdue.sweep(session, self._limits, Terms.of(self._core))
        return swept.reports, swept.deliver

    def _remind(self, session: Session) -> tuple[int, frozenset[str]]:
        patience = Patience.of(self._core)
        reminded = remind(session, self._channels, patience, datetime.now(UTC))
        return reminded.drafts, reminded.deliver

    def _end_talks(self, session: Session) -> tuple[int, frozenset[str]]:
        daytime = Patience.of(self._core).awake(datetime.now(UTC))
        ended = takeover.end_over(session, self._limits, daytime=daytime)
        return ended.talks, ended.deliver

    def _suggest(self) -> float | None:
        reader = self._reader
        while reader and self._goes_on() and reader.suggest_due() >= reader.batch:
            pass
        return None

    def _deliver(self, delivery: Delivery) -> float | None:
        if isinstance(delivery.channel, Prepares):
            delivery.channel.prepare()
        sent = delivery.drain(self._goes_on)
        if sent:
            log.info("delivered", extra={"channel": delivery.channel.name, "parts": sent})
        with transaction(self._make) as session:
            return seconds_until(outbox.next_due(session, delivery.channel.name))

    def _fetch(self) -> float | None:
        while self._goes_on() and fetching.fetch_due(self._make, self._channels, self._shelf):
            pass
        with transaction(self._make) as session:
            return seconds_until(files.next_due(session, self._channels))

    def _poll(self, name: str, channel: Polls) -> float | None:
        cursor = polling.begin(self._make, name, self._name)
        if cursor is None:
            return None
        try:
            while self._goes_on():
                taken, cursor = polling.poll_once(self._make, name, channel, cursor, self._core)
                if taken:
                    self._waker.wake(WORK)
        except PollRefused as refused:
            log.error("poll refused", extra={"channel": name, "code": refused.code})
        polling.end(self._make, name, cursor)
        return None


def seconds_until(moment: datetime | None) -> float | None:
    """Return how many seconds away `moment` is, at least a little; None for None."""
    if moment is None:
        return None
    return max(AT_ONCE, (moment - datetime.now(UTC)).total_seconds())


def _despite_outages(act: Callable[[], float | None]) -> float | None:
    try:
        return act()
    except DatabaseAway as error:
        log.warning("database away", extra={"error": str(error)})
        return RETRY_SECONDS
    except Exception:  # who came meanwhile is still to be served: by the next sweep
        log.exception("a task failed in our own code")
        return None
