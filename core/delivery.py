"""Brings the outbox to the platforms: claim, send with no transaction open, record."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from core import outbox
from core.channel import Channel
from core.db.session import Sessions, transaction
from core.errors import SendCode, SendError, Sent
from core.outbox import Outcome, Part
from core.settings import CoreSettings
from core.text import clean

log = logging.getLogger(__name__)

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
LOOK_AGAIN = 0.1  # seconds until new parts are claimed while slow sends are under way

# Errors that are no fault of the message: it never becomes a dead letter through them.
PATIENT = frozenset(
    {SendCode.THROTTLED, SendCode.CREDENTIALS, SendCode.CONFLICT, SendCode.UNREACHABLE}
)
ALARMING = frozenset({SendCode.CREDENTIALS, SendCode.CONFLICT})


def wait_before(attempt: int, error: SendError) -> timedelta:
    """Return how long to wait after the failed `attempt` (counted from 1): 2, 4, 8 .. 900 s.

    A platform's own retry_after is honoured when it is longer.
    """
    doubled = FIRST_WAIT * 2.0 ** min(attempt - 1, 20)
    return max(min(doubled, LONGEST_WAIT), error.retry_after or timedelta())


def judge(part: Part, result: Sent | SendError, now: datetime, attempts: int) -> Outcome:
    """Return what becomes of `part`: the one place that turns results into outbox states.

    `attempts` is how many may fail. Who blocked us is parked, a moved conversation is tried at
    its new address at once, what may pass is due again later, all else is a dead letter.
    """
    if isinstance(result, Sent):
        return Outcome(part, "sent", now, platform_id=clean(result.platform_id))
    reason = {"code": str(result.code), "detail": clean(result.detail)}
    if result.code is SendCode.BLOCKED:
        return Outcome(part, "parked", now, **reason)
    if result.code is SendCode.MOVED and result.moved_to and part.attempts < attempts:
        return Outcome(part, "open", now, moved_to=result.moved_to, **reason)
    if result.retryable and (result.code in PATIENT or part.attempts < attempts):
        return Outcome(part, "open", now + wait_before(part.attempts, result), **reason)
    return Outcome(part, "failed", now, **reason)


@dataclass
class Delivery:
    """One channel's deliveries in this process: up to `width` sends under way at once."""

    channel: Channel
    make: Sessions
    settings: CoreSettings
    pool: Executor
    width: int
    _under_way: dict[Future[Sent | SendError], Part] = field(default_factory=dict)
    _done: SimpleQueue[Future[Sent | SendError]] = field(default_factory=SimpleQueue)
    _finished: list[Outcome] = field(default_factory=list)

    def drain(self, go_on: Callable[[], bool]) -> int:
        """Deliver until nothing is due, or until `go_on` says no; return how many were sent.

        Sends under way are always awaited and recorded. Raises DatabaseAway when results could
        not be recorded; they are kept, and recorded by the next drain in this process.
        """
        sent = 0
        while True:
            parts = self._record_and_claim(self.width - len(self._under_way) if go_on() else 0)
            for part in parts:
                self._submit(part)
            if not self._under_way:
                return sent
            sent += self._collect()

    def _record_and_claim(self, free: int) -> list[Part]:
        now = datetime.now(UTC)
        with transaction(self.make) as session:
            if self._finished:
                outbox.record(session, self.channel.name, self._finished, now)
            alarms = [o.code for o in self._finished if o.code in ALARMING]
            if alarms:
                until = now + self.settings.channel_pause
                outbox.pause(session, self.channel.name, until, alarms[0])
                log.error("channel paused", extra={"channel": self.channel.name, "code": alarms[0]})
            parts = []
            if free:
                lease = self.settings.delivery_lease
                parts = outbox.claim(session, self.channel.name, free, lease)
        self._finished = []
        return parts

    def _submit(self, part: Part) -> None:
        future = self.pool.submit(self._send, part)
        self._under_way[future] = part
        future.add_done_callback(self._done.put)

    def _collect(self) -> int:
        """Wait a moment for the first result, and take all that are there by then."""
        done: list[Future[Sent | SendError]] = []
        with suppress(Empty):
            done.append(self._done.get(timeout=LOOK_AGAIN))
            while True:
                done.append(self._done.get_nowait())
        now, attempts = datetime.now(UTC), self.settings.delivery_attempts
        outcomes = [judge(self._under_way.pop(f), f.result(), now, attempts) for f in done]
        self._finished += outcomes
        return sum(outcome.state == "sent" for outcome in outcomes)

    def _send(self, part: Part) -> Sent | SendError:
        try:
            return self.channel.send(part.outbound)
        except Exception as error:  # a bug of the channel must not end the deliveries of others
            log.exception("send failed in our own code", extra={"channel": self.channel.name})
            return SendError(SendCode.UNCERTAIN, True, detail=type(error).__name__)
