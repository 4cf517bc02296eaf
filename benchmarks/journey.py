"""`kanal bench journey`: citizens walk to a ticket through every process of the system."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text

from app.launch import Child
from app.launch.demo import Demo, child_environment, children
from benchmarks import stage
from benchmarks.citizens import Crowd
from benchmarks.cost import Cost, costs, own_cost
from benchmarks.figures import Verdict
from benchmarks.ledger import Account, Exchange, reports_doubled, settle
from benchmarks.report import progress
from benchmarks.simulated import Simulator
from benchmarks.walk import Stretch, walk
from core.db.session import connect

HOST = "127.0.0.1"
FIRST_PORT = 18180
WARM_UP = 5.0  # messages a second, so that no first import is measured
CALM_RATE = 20.0  # messages a second at which the latency is measured
CALM_TIMES = 2  # as many times longer than a step
GENERATOR, SIMULATOR, WEB, WORKER = "generator", "simulator", "web", "worker-"

P95_MS, WEB_MB, WORKER_MB, MB = 1000.0, 150, 250, 2**20
SUSTAINED = {0: 200.0, 200: 150.0}  # API latency in ms -> messages a second

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: at each API latency (ms) the calm rate, then rising rates."""

    latencies: Sequence[int] = (0, 200)
    rates: Sequence[float] = (50, 100, 150, 200, 250, 300, 350, 400)
    seconds: int = 10


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds at the end, to compare with the wire log."""

    inbox: int
    inbox_unfinished: int
    outbox_unsent: int
    sent_again: int
    reports: int
    reports_doubled: int
    tickets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Journey:
    """The result: every stretch, the account of all messages, and each process' memory."""

    calm: Sequence[Stretch]
    steps: Sequence[Stretch]
    account: Account
    stored: Stored
    memory: Mapping[str, Cost]
    postgres: str

    def best(self, api_ms: int) -> Stretch | None:
        """Return the stretch with the highest rate that was sustained, before the first failure."""
        found = None
        for step in self.steps:
            if step.api_ms == api_ms:
                if not step.sustained:
                    break
                found = step
        return found

    @property
    def bounded(self) -> bool:
        """Tell whether the generator could not keep its own schedule."""
        return not all(step.punctual for step in [*self.calm, *self.steps])

    @property
    def lost(self) -> int:
        """Return the acknowledged messages without a reply, or without a row."""
        missing_rows = max(0, self.account.messages - self.account.refused - self.stored.inbox)
        unknown = len(self.account.tickets - self.stored.tickets)
        return self.account.lost + missing_rows + unknown

    @property
    def doubled(self) -> int:
        """Return the replies sent twice, and the reports opened twice."""
        return self.account.doubled + self.stored.reports_doubled

    @property
    def verdicts(self) -> list[Verdict]:
        """Return the targets with what was found."""
        calm = [
            Verdict(f"p95 in ms, {one.rate:g}/s, API {one.api_ms} ms", one.latency.p95, "<", P95_MS)
            for one in self.calm
        ]
        sustained = [
            Verdict(f"sustained messages/s, API {ms} ms", _rate(self.best(ms)), ">=", target)
            for ms, target in SUSTAINED.items()
            if any(one.api_ms == ms for one in self.steps)
        ]
        whole = [
            Verdict("lost", self.lost, "=", 0),
            Verdict("doubled", self.doubled, "=", 0),
            Verdict("refused, odd or unfinished", self.unclean, "=", 0),
        ]
        return [*calm, *sustained, *whole, *self._memory_verdicts()]

    @property
    def unclean(self) -> int:
        """Return what went otherwise than it should, though nothing was lost or doubled."""
        rows = self.stored.inbox_unfinished + self.stored.outbox_unsent
        return self.account.refused + self.account.odd + rows

    def _memory_verdicts(self) -> Iterator[Verdict]:
        for name, cost in self.memory.items():
            if name == WEB or name.startswith(WORKER):
                limit = WEB_MB if name == WEB else WORKER_MB
                yield Verdict(f"memory of {name} in MB", cost.rss / MB, "<", limit)

    @property
    def figures(self) -> dict[str, Any]:
        """Return every number, for the file; of the tickets only how many there are."""
        return {
            "postgres": self.postgres,
            "generator_bound": self.bounded,
            "calm": [_figures(one) for one in self.calm],
            "steps": [_figures(one) for one in self.steps],
            "sustained": {str(s.api_ms): _rate(self.best(s.api_ms)) for s in self.steps},
            "account": asdict(self.account) | {"tickets": len(self.account.tickets)},
            "stored": asdict(self.stored) | {"tickets": len(self.stored.tickets)},
            "memory": {name: {"rss": c.rss, "pss": c.pss} for name, c in self.memory.items()},
            "targets": [asdict(one) | {"reached": one.reached} for one in self.verdicts],
        }


def _rate(step: Stretch | None) -> float:
    return step.rate if step else 0.0


def _figures(step: Stretch) -> dict[str, Any]:
    more = {"sustained": step.sustained, "cpu_per_thousand": step.cpu_per_thousand}
    return asdict(step) | more


class Road:
    """The whole system with citizens on it; keeps what each stretch brought."""

    def __init__(
        self, simulator: Simulator, all_: Mapping[str, Child], plan: Plan, say: Say
    ) -> None:
        self._simulator, self._children, self._plan, self._say = simulator, all_, plan, say
        self._crowd = Crowd()
        self.made: list[Exchange] = []
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

    def go(self, rate: float, seconds: int, api_ms: int) -> Stretch:
        """Walk one stretch."""
        self._say(f"API {api_ms} ms, {rate:g} messages/s for {seconds} s")
        stretch, made = walk(self._simulator, self._crowd, rate, seconds, api_ms, self.look)
        self.made += made
        return stretch

    def climb(self, api_ms: int) -> Iterator[Stretch]:
        """Yield steps of rising rate, the first that is not sustained as the last."""
        for rate in self._plan.rates:
            step = self.go(rate, self._plan.seconds, api_ms)
            yield step
            if not step.sustained:
                return


def measure(plan: Plan, say: Say) -> Journey:
    """Start everything, walk all stretches, stop everything; `say` is told how far it is."""
    say("starting")
    with stage.data() as store, system(store) as (simulator, all_):
        road = Road(simulator, all_, plan, say)
        road.go(WARM_UP, min(3, plan.seconds), 0)
        calm: list[Stretch] = []
        steps: list[Stretch] = []
        for api_ms in plan.latencies:
            calm.append(road.go(CALM_RATE, plan.seconds * CALM_TIMES, api_ms))
            steps += road.climb(api_ms)
        stored, version = read(store.database_url)
        return Journey(calm, steps, settle(road.made), stored, road.memory, version)


@contextmanager
def system(store: stage.Data) -> Iterator[tuple[Simulator, dict[str, Child]]]:
    """Start simulator, workers, web and beat as `kanal demo` does, without rate limits."""
    given = {"DATABASE_URL": store.database_url, "REDIS_URL": store.redis_url}
    demo = Demo(store.var, FIRST_PORT, FIRST_PORT + 1)
    environment = child_environment(demo, store.var, given)
    environment["SIMULATOR_TELEGRAM_LIMITS"] = "false"
    made = children(environment, store.var)
    with stage.running(made):
        simulator = Simulator(HOST, int(environment["SIMULATOR_PORT"]))
        try:
            simulator.connect(
                environment["TELEGRAM_TOKEN"],
                environment["KANAL_PUBLIC_URL"] + "/webhooks/telegram",
                environment["TELEGRAM_WEBHOOK_SECRETS"],
            )
            yield simulator, {**store.children, **{child.name: child for child in made}}
        finally:
            simulator.close()


def read(database_url: str) -> tuple[Stored, str]:
    """Return what the database holds, and the server's version."""
    engine = connect(database_url)
    with engine.connect() as connection:

        def count(what: str) -> int:
            return int(connection.scalar(text(f"select count(*) from {what}")) or 0)  # noqa: S608 - ours

        reports = connection.execute(text("select conversation_id, ticket from report")).all()
        version = str(connection.scalar(text("show server_version")))
        stored = Stored(
            inbox=count("inbox"),
            inbox_unfinished=count("inbox where state <> 'done'"),
            outbox_unsent=count("outbox where state <> 'sent'"),
            sent_again=count("outbox where attempts > 1"),
            reports=len(reports),
            reports_doubled=reports_doubled(row.conversation_id for row in reports),
            tickets=frozenset(row.ticket for row in reports),
        )
    engine.dispose()
    return stored, version


def run(plan: Plan) -> Journey:
    """Measure, with the progress on one line of the terminal."""
    try:
        return measure(plan, lambda words: progress(f"journey: {words}"))
    finally:
        progress("")
