"""One stretch of a journey: messages at a fixed rate, then the wait for the last reply."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.citizens import FIRST_CHAT, Crowd, Entry, Line, Schedule
from benchmarks.cost import Cost, cpu_between
from benchmarks.figures import Latency, per_thousand, percentile
from benchmarks.ledger import Exchange, exchanges
from benchmarks.posts import TEXTS, ChannelName
from benchmarks.simulated import Simulator

TICK = 0.04  # seconds between two calls to the simulator: its own work stays small
SETTLE = 5.0  # within so many seconds after the last message all must be answered
GIVE_UP = 60.0  # after so many an unanswered message counts as lost
SUSTAINED_P95_MS = 2000.0
PUNCTUAL = 0.5  # seconds; a generator that is later than this did not make the load it claims
FLOODER = FIRST_CHAT - 1
CITIZENS = range(FIRST_CHAT, FIRST_CHAT + 10**9)


@dataclass(frozen=True, slots=True)
class Flood:
    """One sender who writes so many messages a second, and waits for nothing."""

    channel: ChannelName
    rate: float

    def lines(self, first: int, last: int) -> list[Line]:
        """Return what he writes from message `first` to before message `last`."""
        texts = (f"{TEXTS[number % len(TEXTS)]} ({number})" for number in range(first, last))
        return [Line(self.channel, FLOODER, text) for text in texts]


@dataclass(frozen=True, slots=True)
class Leg:
    """What one stretch shall be: citizens' messages a second, for how long, in which weather.

    `faults` are switches of the simulator, `flood` is a sender beside the citizens.
    """

    rate: float
    seconds: int
    api_ms: int = 0
    faults: Mapping[str, float] = field(default_factory=dict)
    flood: Flood | None = None


@dataclass(frozen=True, slots=True)
class Flooded:
    """What came of a flood: messages written, taken by the webhook, answered."""

    messages: int
    acknowledged: int
    replies: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of one stretch; times are in milliseconds, CPU in seconds by process.

    `late` is how far the generator was behind its schedule (95th percentile), `settled` how long
    the last reply took after the last message (None: it never came), `backlog` how many were
    unanswered when the last message was sent. `lanes` are the latencies of each channel.
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
    lanes: Mapping[str, Latency] = field(default_factory=dict)
    flooded: Flooded | None = None

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


def walk(simulator: Simulator, crowd: Crowd, leg: Leg, look: Look) -> Stretch:
    """Let the crowd send its messages, and wait for all replies."""
    simulator.set_faults({"latency_ms": leg.api_ms, **leg.faults})
    first, before = simulator.last(), look()
    schedule = Schedule(time.time() + TICK, leg.rate, int(leg.rate * leg.seconds))
    _speak(simulator, crowd, schedule, leg)
    spoken, backlog = time.time(), crowd.waiting
    settled = _listen(simulator, crowd, spoken)
    entries = list(simulator.entries(first))
    after = look()
    made = exchanges(entries, CITIZENS)
    return Stretch(
        rate=leg.rate,
        api_ms=leg.api_ms,
        messages=len(made),
        latency=Latency.of(waits(made, leg.api_ms)),
        late=lateness(schedule, made) * 1000,
        settled=settled,
        backlog=backlog,
        seconds=time.time() - schedule.begin,
        cpu=cpu_between(before, after),
        lanes=latencies(made, leg.api_ms),
        flooded=flooded(entries) if leg.flood else None,
    )


def latencies(made: Sequence[Exchange], api_ms: int) -> dict[str, Latency]:
    """Return the latencies of each channel, with X's public posts apart."""
    lanes: dict[str, list[Exchange]] = defaultdict(list)
    for one in made:
        lanes[one.lane].append(one)
    return {name: Latency.of(waits(lanes[name], api_ms)) for name in sorted(lanes)}


def flooded(entries: Sequence[Entry]) -> Flooded:
    """Return what came of the flooder's messages."""
    his = [entry for entry in entries if entry["chat"] == FLOODER]
    updates = [entry for entry in his if entry["entry"] == "update"]
    taken = sum(entry["t_acked"] is not None for entry in updates)
    return Flooded(len(updates), taken, len(his) - len(updates))


def waits(made: Sequence[Exchange], api_ms: int) -> list[float]:
    """Return how long each answered citizen waited, without the way of the reply itself.

    The simulator waits half of the API's latency before it takes a message: that half is the
    network's. A call that is made before the reply (a button's spinner) counts in full.
    """
    way = api_ms / 2000
    return [one.seconds - way for one in made if one.seconds is not None]


def lateness(schedule: Schedule, made: Sequence[Exchange]) -> float:
    """Return by how many seconds the messages were behind the schedule (95th percentile)."""
    pairs = zip(made, schedule.moments(), strict=True)
    return percentile([one.update["t_queued"] - moment for one, moment in pairs], 95)


def _speak(simulator: Simulator, crowd: Crowd, schedule: Schedule, leg: Leg) -> None:
    """Let everybody send what is due; a flooder his part of it in the same calls."""
    sent = noise = 0
    while sent < schedule.count:
        _hear(simulator, crowd)
        now = time.time()
        due = schedule.due(now)
        lines = [crowd.speak() for _ in range(due - sent)]
        sent = due
        if leg.flood:
            so_far = max(0, int((now - schedule.begin) * leg.flood.rate))
            lines += leg.flood.lines(noise, so_far)
            noise = so_far
        if lines:
            simulator.say(lines)
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
