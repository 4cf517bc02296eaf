"""One stretch of a journey: messages at a fixed rate, then the wait for the last reply."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.citizens import Crowd, Schedule
from benchmarks.cost import Cost, cpu_between
from benchmarks.figures import Latency, per_thousand, percentile
from benchmarks.ledger import Exchange, exchanges
from benchmarks.simulated import Simulator

TICK = 0.04  # seconds between two calls to the simulator: its own work stays small
SETTLE = 5.0  # within so many seconds after the last message all must be answered
GIVE_UP = 60.0  # after so many an unanswered message counts as lost
SUSTAINED_P95_MS = 2000.0
PUNCTUAL = 0.5  # seconds; a generator that is later than this did not make the load it claims


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of one stretch; times are in milliseconds, CPU in seconds by process.

    `late` is how far the generator was behind its schedule (95th percentile), `settled` how long
    the last reply took after the last message (None: it never came), `backlog` how many were
    unanswered when the last message was sent.
    """

    rate: float
    api_ms: int
    messages: int
    latency: Latency
    late: float
    settled: float | None
    backlog: int
    seconds: float
    cpu: Mapping[str, float]

    @property
    def unanswered(self) -> int:
        """Return how many messages have no reply."""
        return self.messages - self.latency.count

    @property
    def punctual(self) -> bool:
        """Tell whether the generator kept its schedule."""
        return self.late <= PUNCTUAL * 1000

    @property
    def sustained(self) -> bool:
        """Tell whether the system kept up: no backlog is left, and nobody waited long."""
        in_time = self.settled is not None and self.settled <= SETTLE
        return in_time and self.punctual and self.latency.p95 < SUSTAINED_P95_MS

    @property
    def cpu_per_thousand(self) -> dict[str, float]:
        """Return the CPU seconds that a thousand messages cost, by process."""
        found = {name: per_thousand(cpu, self.messages) for name, cpu in self.cpu.items()}
        return {name: cost for name, cost in found.items() if cost is not None}


Look = Callable[[], Mapping[str, Cost]]


def walk(
    simulator: Simulator, crowd: Crowd, rate: float, seconds: int, api_ms: int, look: Look
) -> tuple[Stretch, list[Exchange]]:
    """Let the crowd send `rate` messages a second for that long, and wait for all replies."""
    simulator.set_latency(api_ms)
    first, before = simulator.last(), look()
    schedule = Schedule(time.time() + TICK, rate, int(rate * seconds))
    _speak(simulator, crowd, schedule)
    spoken, backlog = time.time(), crowd.waiting
    settled = _listen(simulator, crowd, spoken)
    made = exchanges(simulator.entries(first))
    after = look()
    return (
        Stretch(
            rate=rate,
            api_ms=api_ms,
            messages=len(made),
            latency=Latency.of(waits(made, api_ms)),
            late=lateness(schedule, made) * 1000,
            settled=settled,
            backlog=backlog,
            seconds=time.time() - schedule.begin,
            cpu=cpu_between(before, after),
        ),
        made,
    )


def waits(made: list[Exchange], api_ms: int) -> list[float]:
    """Return how long each answered citizen waited, without the way of the reply itself.

    The simulator waits half of the API's latency before it takes a message: that half is the
    network's. A call that is made before the reply (a button's spinner) counts in full.
    """
    way = api_ms / 2000
    return [one.seconds - way for one in made if one.seconds is not None]


def lateness(schedule: Schedule, made: list[Exchange]) -> float:
    """Return by how many seconds the messages were behind the schedule (95th percentile)."""
    pairs = zip(made, schedule.moments(), strict=True)
    return percentile([one.update["t_queued"] - moment for one, moment in pairs], 95)


def _speak(simulator: Simulator, crowd: Crowd, schedule: Schedule) -> None:
    sent = 0
    while sent < schedule.count:
        _hear(simulator, crowd)
        due = schedule.due(time.time())
        if due > sent:
            simulator.say([crowd.speak() for _ in range(due - sent)])
            sent = due
        time.sleep(TICK)


def _listen(simulator: Simulator, crowd: Crowd, since: float) -> float | None:
    """Return how many seconds after `since` nobody waited any more, None after GIVE_UP."""
    while crowd.waiting:
        if time.time() - since > GIVE_UP:
            return None
        time.sleep(TICK)
        _hear(simulator, crowd)
    return time.time() - since


def _hear(simulator: Simulator, crowd: Crowd) -> None:
    for send in simulator.sends():
        crowd.hear(send)
