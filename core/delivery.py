"""Brings the outbox to the platforms: claim, send with no transaction open, record."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Protocol

from sqlalchemy.orm import Session

from core import alarms, outbox, settlement
from core.channel import Channel, Rate
from core.db.session import Sessions, transaction
from core.errors import DatabaseAway, SendCode, SendError, Sent
from core.outbox import Outcome, Part
from core.retry import next_attempt, paced
from core.settings import CoreSettings

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.1  # seconds until new parts are claimed while slow sends are under way
# What an operator must mend; after the first three the whole channel rests.
STOPPING = frozenset({SendCode.CREDENTIALS, SendCode.CONFLICT, SendCode.SUSPENDED})
ALARMING = STOPPING | {SendCode.QUOTA}


class Pace(Protocol):
    """Holds the rates of all channels over all processes."""

    def wait(self, channel: str, address: str, rates: Sequence[Rate]) -> timedelta:
        """Count one call, and return zero; or count none, and return how long it has to wait."""
        ...


@dataclass(frozen=True, slots=True)
class Paced:
    """The part may not be sent before `wait` is over; the platform was not called."""

    wait: timedelta


Result = Sent | SendError | Paced


@dataclass
class Delivery:
    """One channel's deliveries in this process: up to `width` sends under way at once."""

    channel: Channel
    make: Sessions
    settings: CoreSettings
    pool: Executor
    width: int
    pace: Pace
    _under_way: dict[Future[Result], Part] = field(default_factory=dict)
    _done: SimpleQueue[Future[Result]] = field(default_factory=SimpleQueue)
    _rest_until: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    _finished: list[Outcome] = field(default_factory=list)

    def drain(self, go_on: Callable[[], bool]) -> int:
        """Deliver until nothing is due, or until `go_on` says no; return how many were sent.

        Sends under way are always awaited and recorded. Raises DatabaseAway when results could
        not be recorded; they are kept, and recorded by the next drain in this process.
        """
        sent = 0
        while True:
            for part in self._record_and_claim(self.width - len(self._under_way) if go_on() else 0):
                future = self.pool.submit(self._send, part)
                self._under_way[future] = part
                future.add_done_callback(self._done.put)
            if not self._under_way:
                return sent
            sent += self._collect()

    def _record_and_claim(self, free: int) -> list[Part]:
        try:
            with transaction(self.make) as session:
                self._record(session, self._finished)
                lease = self.settings.delivery_lease
                parts = outbox.claim(session, self.channel.name, free, lease) if free else []
        except DatabaseAway:
            raise
        except Exception:
            log.exception("results could not be recorded together; they are taken one by one")
            self._record_singly()
            return []
        self._finished = []
        return parts

    def _record(self, session: Session, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        now, name = datetime.now(UTC), self.channel.name
        settlement.record(session, name, outcomes, now)
        codes = {outcome.code for outcome in outcomes}
        if codes & STOPPING:
            self._rest_until = max(self._rest_until, now + self.settings.channel_pause)
        if self._rest_until > now:
            alarms.rest(session, name, self._rest_until)
        if not codes & STOPPING and any(outcome.state == "sent" for outcome in outcomes):
            alarms.mend(session, name)
        for code in sorted(codes & ALARMING):
            alarms.ring(session, name, code)
            log.error("channel needs its operator", extra={"channel": name, "code": code})

    def _record_singly(self) -> None:
        while self._finished:
            outcome = self._finished[0]
            try:
                with transaction(self.make) as session:
                    self._record(session, [outcome])
            except DatabaseAway:
                raise
            except Exception:
                log.exception("a result cannot be recorded", extra={"id": outcome.part.id})
                with transaction(self.make) as session:
                    settlement.give_up(session, outcome)
            del self._finished[0]

    def _collect(self) -> int:
        """Wait a moment for the first result, and take all that are there by then."""
        done: list[Future[Result]] = []
        with suppress(Empty):
            done.append(self._done.get(timeout=LOOK_AGAIN))
            while True:
                done.append(self._done.get_nowait())
        outcomes = [self._outcome(self._under_way.pop(future), future.result()) for future in done]
        self._finished += outcomes
        return sum(outcome.state == "sent" for outcome in outcomes)

    def _outcome(self, part: Part, result: Result) -> Outcome:
        now = datetime.now(UTC)
        if isinstance(result, Paced):
            return paced(part, result.wait, now)
        if isinstance(result, SendError) and result.everyone and result.retry_after:
            self._rest_until = max(self._rest_until, now + result.retry_after)
        return next_attempt(part, result, now, self.settings.delivery_attempts)

    def _send(self, part: Part) -> Result:
        address = part.outbound.address
        try:
            wait = self.pace.wait(self.channel.name, address, self.channel.rates(address))
            return Paced(wait) if wait else self.channel.send(part.outbound)
        except Exception as error:  # a bug of the channel must not end the deliveries of others
            log.exception("send failed in our own code", extra={"channel": self.channel.name})
            return SendError(SendCode.UNCERTAIN, True, detail=type(error).__name__)
