"""Brings the outbox to the platforms: claim, send with no transaction open, record."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Empty, SimpleQueue

from sqlalchemy.orm import Session

from core import outbox
from core.channel import Channel
from core.db.session import Sessions, transaction
from core.errors import DatabaseAway, SendCode, SendError, Sent
from core.outbox import Outcome, Part
from core.retry import next_attempt
from core.settings import CoreSettings

log = logging.getLogger(__name__)

LOOK_AGAIN = 0.1  # seconds until new parts are claimed while slow sends are under way
ALARMING = frozenset({SendCode.CREDENTIALS, SendCode.CONFLICT})


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
        outbox.record(session, name, outcomes, now)
        if alarms := [outcome.code for outcome in outcomes if outcome.code in ALARMING]:
            outbox.pause(session, name, now + self.settings.channel_pause)
            log.error("channel paused", extra={"channel": name, "code": alarms[0]})

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
                    outbox.give_up(session, outcome)
            del self._finished[0]

    def _collect(self) -> int:
        """Wait a moment for the first result, and take all that are there by then."""
        done: list[Future[Sent | SendError]] = []
        with suppress(Empty):
            done.append(self._done.get(timeout=LOOK_AGAIN))
            while True:
                done.append(self._done.get_nowait())
        now, most = datetime.now(UTC), self.settings.delivery_attempts
        outcomes = [next_attempt(self._under_way.pop(f), f.result(), now, most) for f in done]
        self._finished += outcomes
        return sum(outcome.state == "sent" for outcome in outcomes)

    def _send(self, part: Part) -> Sent | SendError:
        try:
            return self.channel.send(part.outbound)
        except Exception as error:  # a bug of the channel must not end the deliveries of others
            log.exception("send failed in our own code", extra={"channel": self.channel.name})
            return SendError(SendCode.UNCERTAIN, True, detail=type(error).__name__)
