"""`kanal bench journey`: citizens walk to a ticket through every process of the system."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, func, select, text

from app.launch import Child
from app.launch.demo import Demo, child_environment, children, connect_platforms
from benchmarks import stage
from benchmarks.citizens import FIRST_CHAT, Crowd, Entry
from benchmarks.cost import Cost, costs, own_cost
from benchmarks.journey import GENERATOR, Beside, Failing, Journey, Stored
from benchmarks.ledger import exchanges, reports_doubled, settle_lanes
from benchmarks.posts import ChannelName
from benchmarks.report import progress
from benchmarks.simulated import Simulator
from benchmarks.walk import GIVE_UP, TICK, Flood, Leg, Stretch, walk
from core.db.session import connect
from core.db.tables import Inbox, Outbox, Report

HOST = "127.0.0.1"
FIRST_PORT = 18180
WARM_UP = 5.0  # messages a second, so that no first import is measured
CALM_RATE = 20.0  # messages a second at which the latency is measured
CALM_TIMES = 2  # as many times longer than a step
CLEAN = range(FIRST_CHAT, FIRST_CHAT + 10**7)  # citizens of stretches without failing calls
UNLUCKY = range(FIRST_CHAT + 10**7, FIRST_CHAT + 2 * 10**7)

#: What keeps Kanal and the simulated platforms from going as fast as they could, switched off,
#: and shorter waits for an answer that never comes: 5 s instead of 10 or 15.
LIFTED = {
    "KANAL_RATE_FACTOR": "10000",
    "SIMULATOR_TELEGRAM_LIMITS": "false",
    "SIMULATOR_MESSENGER_RATE": "1000000",
    "SIMULATOR_TWITTER_POST_LIMIT": "1000000",
    "SIMULATOR_TWITTER_DM_LIMIT": "1000000",
    "SIMULATOR_TWITTER_DM_DAY_LIMIT": "1000000",
    **{f"{name.upper()}_READ_TIMEOUT": "5" for name in ChannelName},
}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: at each API latency (ms) the calm rate, then rising rates.

    Then a stretch in which `failing` % of the calls fail, and one with a sender who writes
    `flood` messages a second; 0 leaves it out.
    """

    channels: Sequence[ChannelName] = tuple(ChannelName)
    latencies: Sequence[int] = (0, 200)
    rates: Sequence[float] = (50, 100, 150, 200, 250, 300, 350, 400)
    seconds: int = 10
    failing: float = 5.0
    flood: float = 100.0


class Road:
    """The whole system with citizens on it."""

    def __init__(
        self,
        simulator: Simulator,
        all_: Mapping[str, Child],
        engine: Engine,
        plan: Plan,
        say: Say,
    ) -> None:
        self._simulator, self._children, self._engine = simulator, all_, engine
        self._plan, self._say = plan, say
        self._crowd = Crowd(plan.channels, CLEAN.start)
        self.memory: dict[str, Cost] = {}

    def look(self) -> dict[str, Cost]:
        """Return what each process took until now; keeps the most memory seen.

        Raises ChildFailedError when a process has ended.
        """
        found = {**costs(stage.pids(self._children)), GENERATOR: own_cost()}
        for name, cost in found.items():
            known = self.memory.get(name, cost)
            self.memory[name] = Cost(0, max(known.rss, cost.rss), max(known.pss, cost.pss))
        return found

    def go(self, leg: Leg, crowd: Crowd | None = None) -> Stretch:
        """Walk one stretch."""
        weather = f", {leg.flood.rate:g} messages/s of one sender" if leg.flood else ""
        weather += ", calls fail" if leg.faults else ""
        words = f"API {leg.api_ms} ms, {leg.rate:g} messages/s for {leg.seconds} s{weather}"
        self._say(words)
        return walk(self._simulator, crowd or self._crowd, leg, self.look)

    def calm(self, api_ms: int) -> Stretch:
        """Walk the stretch at which the latency is measured."""
        return self.go(Leg(CALM_RATE, self._plan.seconds * CALM_TIMES, api_ms))

    def climb(self, api_ms: int) -> Iterator[Stretch]:
        """Yield steps of rising rate, the first that is not sustained as the last."""
        for rate in self._plan.rates:
            step = self.go(Leg(rate, self._plan.seconds, api_ms))
            yield step
            if not step.sustained:
                return

    def fail(self) -> Failing | None:
        """Walk with failing calls, in equal parts 500, 429 and taken without an answer."""
        if not self._plan.failing:
            return None
        part = self._plan.failing / 100 / 3
        faults = dict.fromkeys(("error_rate", "flood_rate", "timeout_rate"), part)
        leg = Leg(CALM_RATE, self._plan.seconds * CALM_TIMES, max(self._plan.latencies), faults)
        before, first = self._simulator.calls(), self._simulator.last()
        stretch = self.go(leg, Crowd(self._plan.channels, UNLUCKY.start))
        self._simulator.set_faults({})
        self.come_to_rest()
        after = self._simulator.calls()
        calls = {name: count - before.get(name, 0) for name, count in after.items()}
        made = exchanges(self._simulator.entries(first), UNLUCKY)
        changed = {name: count for name, count in calls.items() if count}
        return Failing(stretch, self._plan.failing, settle_lanes(made), changed)

    def beside(self) -> Beside | None:
        """Walk once as always and once beside a sender who floods one channel.

        Messenger is flooded where it is on: it posts what waits together, while the others hold
        a sender's next message back until the last is taken, which slows him down.
        """
        if not self._plan.flood:
            return None
        channels, seconds = self._plan.channels, self._plan.seconds
        batches = ChannelName.MESSENGER
        channel = batches if batches in channels else channels[0]
        without = self.go(Leg(CALM_RATE, seconds))
        flood = Flood(channel, self._plan.flood)
        beside = self.go(Leg(CALM_RATE, seconds, flood=flood))
        return Beside(without, beside, flood.rate, channel)

    def come_to_rest(self) -> None:
        """Wait until nothing is on its way any more, for so long as a message may be lost."""
        self._say("waiting until nothing is under way")
        unfinished = text(
            "select (select count(*) from inbox where state = 'waiting')"
            " + (select count(*) from outbox where state = 'open')"
        )
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            with self._engine.connect() as connection:
                rows = int(connection.scalar(unfinished) or 0)
            if not rows and not self._simulator.waiting():
                return
            time.sleep(TICK)

    def journey(self) -> Journey:
        """Walk all stretches."""
        plan = self._plan
        self.go(Leg(WARM_UP, min(3, plan.seconds)))
        calm: list[Stretch] = []
        steps: list[Stretch] = []
        for api_ms in plan.latencies:
            calm.append(self.calm(api_ms))
            steps += self.climb(api_ms)
        failing, beside = self.fail(), self.beside()
        self.come_to_rest()
        log = list(self._simulator.entries())
        stored, version = read(self._engine)
        return Journey(
            channels=plan.channels,
            calm=calm,
            steps=steps,
            lanes=settle_lanes(exchanges(log, CLEAN)),
            taken=taken(log),
            stored=stored,
            memory=self.memory,
            postgres=version,
            failing=failing,
            beside=beside,
        )


def taken(log: Sequence[Entry]) -> int:
    """Return how many events the webhook has acknowledged."""
    return sum(entry["entry"] == "update" and entry["t_acked"] is not None for entry in log)


def measure(plan: Plan, say: Say) -> Journey:
    """Start everything, walk all stretches, stop everything; `say` is told how far it is."""
    say("starting")
    with stage.data() as store, system(store, plan.channels) as (simulator, all_):
        engine = connect(store.database_url)
        try:
            return Road(simulator, all_, engine, plan, say).journey()
        finally:
            engine.dispose()


@contextmanager
def system(
    store: stage.Data, channels: Sequence[ChannelName]
) -> Iterator[tuple[Simulator, dict[str, Child]]]:
    """Start simulator, workers, web and beat as `kanal demo` does, without rate limits."""
    given = {"DATABASE_URL": store.database_url, "REDIS_URL": store.redis_url}
    demo = Demo(store.var, FIRST_PORT, FIRST_PORT + 1)
    environment = child_environment(demo, store.var, given) | LIFTED
    environment["KANAL_CHANNELS"] = ",".join(channels)
    made = children(environment, store.var)
    with stage.running(made):
        connect_platforms(environment)
        simulator = Simulator(HOST, int(environment["SIMULATOR_PORT"]))
        try:
            yield simulator, {**store.children, **{child.name: child for child in made}}
        finally:
            simulator.close()


def read(engine: Engine) -> tuple[Stored, str]:
    """Return what the database holds, and the server's version."""
    with engine.connect() as connection:

        def count(table: type[Inbox | Outbox], *conditions: ColumnElement[bool]) -> int:
            counted = select(func.count()).select_from(table).where(*conditions)
            return connection.scalar(counted) or 0

        reports = connection.execute(select(Report.conversation_id, Report.ticket)).all()
        version = str(connection.scalar(text("show server_version")))
        stored = Stored(
            inbox=count(Inbox),
            inbox_unfinished=count(Inbox, Inbox.state.in_(["waiting", "quarantined"])),
            held=count(Inbox, Inbox.state == "held"),
            outbox_unsent=count(Outbox, Outbox.state != "sent"),
            sent_again=count(Outbox, Outbox.attempts > 1),
            reports=len(reports),
            reports_doubled=reports_doubled(row.conversation_id for row in reports),
            tickets=frozenset(row.ticket for row in reports),
        )
    return stored, version


def run(plan: Plan) -> Journey:
    """Measure, with the progress on one line of the terminal."""
    try:
        return measure(plan, lambda words: progress(f"journey: {words}"))
    finally:
        progress("")
