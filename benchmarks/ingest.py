"""`kanal bench ingest`: how many updates a second the web process takes, beside two references."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Engine, text

from app.launch import Child, Program, free_port
from app.launch.health import http_ready
from app.launch.processes import web_command
from benchmarks.bodies import FIRST_UPDATE, Address, Supply
from benchmarks.cost import costs, cpu_between
from benchmarks.figures import Verdict, median, per_thousand
from benchmarks.load import CONNECTIONS, Generator, Load, SupplyEndedError, own_load
from benchmarks.report import machine, number, progress, table, verdicts
from benchmarks.stage import Data, data, pids, running
from core.db.session import connect

HOST = "127.0.0.1"
FIRST_PORT = 18080
WARM_UP = 2  # seconds
RESERVE = 2.0  # as many times more requests are prepared than the fastest run so far needed
OURS = "app.asgi:create_app"  # as web_command names it
LEAST = 3_000  # requests prepared for each second
ATTEMPTS = 4  # with twice as many requests each time

EMPTY, PLAIN, WEBHOOK = "empty route", "plain insert", "webhook"
OF_EMPTY, OF_PLAIN, P99_MS = 0.40, 1.3, 60.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Contender:
    """One application under the same server: where it is, and how its rows are counted."""

    name: str
    address: Address
    child: Child
    count_rows: str


@dataclass(frozen=True, slots=True)
class Shot:
    """One run against one contender: what the generator saw, what it left and what it cost."""

    load: Load
    rows: int
    web_cpu: float
    database_cpu: float | None

    @property
    def lost(self) -> int:
        """Return how many answers of 200 there are more than rows."""
        return max(0, self.load.answers - self.load.refused - self.rows)


@dataclass(frozen=True, slots=True)
class Count:
    """A run in which each acknowledged update is looked for: how many of them are not there."""

    acknowledged: int
    lost: int
    doubled: int


@dataclass(frozen=True, slots=True)
class Ingest:
    """The result: the shots of each contender, in rounds, and the counted run."""

    shots: Mapping[str, Sequence[Shot]]
    count: Count
    generator: str
    postgres: str
    seconds: int

    def ratio(self, reference: str) -> float:
        """Return the webhook's rate as a share of the reference's, in the same round."""
        pairs = zip(self.shots[WEBHOOK], self.shots[reference], strict=True)
        return median([ours.load.rate / theirs.load.rate for ours, theirs in pairs])

    @property
    def verdicts(self) -> list[Verdict]:
        """Return the targets with what was found."""
        ours = self.shots[WEBHOOK]
        lost = sum(shot.lost for shot in ours) + self.count.lost
        failed = sum(shot.load.refused + shot.load.broken for shot in ours)
        return [
            Verdict("requests/s, share of the empty route", self.ratio(EMPTY), ">=", OF_EMPTY),
            Verdict("requests/s, share of the plain insert", self.ratio(PLAIN), ">=", OF_PLAIN),
            Verdict("p99 in ms", median([shot.load.p99 for shot in ours]), "<", P99_MS),
            Verdict("acknowledged and lost", lost, "=", 0),
            Verdict("stored twice", self.count.doubled, "=", 0),
            Verdict("refused or broken", failed, "=", 0),
        ]

    @property
    def figures(self) -> dict[str, Any]:
        """Return every number, for the file."""
        return {
            "generator": self.generator,
            "postgres": self.postgres,
            "connections": CONNECTIONS,
            "seconds": self.seconds,
            "rounds": {name: [_figures(s) for s in shots] for name, shots in self.shots.items()},
            "counted": asdict(self.count),
            "targets": [asdict(one) | {"reached": one.reached} for one in self.verdicts],
        }


def _figures(shot: Shot) -> dict[str, Any]:
    found = asdict(shot) | asdict(shot.load) | {"rate": shot.load.rate, "lost": shot.lost}
    return {name: value for name, value in found.items() if name not in {"load", "acknowledged"}}


def measure(seconds: int, rounds: int, generator: Generator, say: Say) -> Ingest:
    """Run everything, in alternation, and stop it again; `say` is told how far it is."""
    with data() as store, contenders(store) as running_now:
        range_ = Range(store, generator, running_now)
        try:
            for contender in running_now:
                say(f"warm-up: {contender.name}")
                range_.shoot(contender, min(WARM_UP, seconds))
            shots: dict[str, list[Shot]] = {contender.name: [] for contender in running_now}
            for turn in range(rounds):
                for contender in running_now:
                    say(f"round {turn + 1} of {rounds}: {contender.name}")
                    shots[contender.name].append(range_.shoot(contender, seconds))
            say("counting")
            count = range_.count(running_now[-1], min(WARM_UP, seconds))
            return Ingest(shots, count, generator.words, range_.postgres, seconds)
        finally:
            range_.close()


@contextmanager
def contenders(store: Data) -> Iterator[list[Contender]]:
    """Start the two references and the web process, each under the very same server."""
    secret = secrets.token_urlsafe(32)
    environment = {
        **{name: it for name, it in os.environ.items() if not name.startswith("TELEGRAM_")},
        "DATABASE_URL": store.database_url,
        "REDIS_URL": store.redis_url,
        "KANAL_CHANNELS": "telegram",
        "KANAL_MEDIA_DIR": str(store.var / "media"),
        "KANAL_LOG_LEVEL": "WARNING",
        "TELEGRAM_TOKEN": "900000000:" + secrets.token_urlsafe(26),
        "TELEGRAM_WEBHOOK_SECRETS": secret,
    }
    count = "select count(*) from "
    made: list[Contender] = []
    for name, factory, path, rows in (
        (EMPTY, "benchmarks.references:create_empty", "/empty", "select 0"),
        (PLAIN, "benchmarks.references:create_plain", "/plain", count + "bench_plain"),
        (WEBHOOK, OURS, "/webhooks/telegram", count + "inbox"),
    ):
        port = free_port(made[-1].address.port + 1 if made else FIRST_PORT, HOST)
        program = _server(name, factory, port, store)
        child = Child(replace(program, environment=environment))
        made.append(Contender(name, Address(HOST, port, path, secret), child, rows))
    with running([one.child for one in made]):
        yield made


def _server(name: str, factory: str, port: int, store: Data) -> Program:
    """Return the command of `kanal serve web`, with another application where it is another's."""
    command = web_command(HOST, port)
    argv = tuple(factory if word == OURS else word for word in command)
    log = store.var / "log" / f"{name.replace(' ', '-')}.log"
    return Program(name, argv, log, ready=http_ready(HOST, port))


class Range:
    """Where the shots are fired: every request in a run has an id that no other one had."""

    def __init__(self, store: Data, generator: Generator, all_: Sequence[Contender]) -> None:
        self._store, self._generator = store, generator
        self._engine: Engine = connect(store.database_url)
        self._next = 0
        self._fastest: dict[str, float] = {one.name: LEAST for one in all_}

    @property
    def postgres(self) -> str:
        """Return the version of the server."""
        return self._ask("show server_version")

    def shoot(self, contender: Contender, seconds: int) -> Shot:
        """Load one contender, and return what came of it; again when the requests ended early."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._shoot(contender, seconds)
            except SupplyEndedError:
                self._fastest[contender.name] *= 2
        return self._shoot(contender, seconds)

    def _shoot(self, contender: Contender, seconds: int) -> Shot:
        supply = self._supply(contender, seconds)
        rows = int(self._ask(contender.count_rows))
        before = costs(self._pids(contender))
        load = self._generator.load(supply, seconds)
        spent = cpu_between(before, costs(self._pids(contender)))
        self._fastest[contender.name] = max(load.rate, LEAST / RESERVE)
        left = int(self._ask(contender.count_rows)) - rows
        return Shot(load, left, spent["web"], spent.get("postgres"))

    def count(self, contender: Contender, seconds: int) -> Count:
        """Load with our own generator, and look for each update that was acknowledged."""
        supply = self._supply(contender, seconds)
        load = own_load(supply, seconds)
        stored = self._stored(supply)
        acknowledged = supply.ids(load.acknowledged)
        lost = len(acknowledged - set(stored))
        return Count(len(acknowledged), lost, len(stored) - len(set(stored)))

    def close(self) -> None:
        """Close the connections of this process."""
        self._engine.dispose()

    def _supply(self, contender: Contender, seconds: int) -> Supply:
        count = int(self._fastest[contender.name] * seconds * RESERVE)
        supply = Supply(self._store.var / "requests", contender.address, self._next, count)
        supply.write()
        self._next += count
        return supply

    def _pids(self, contender: Contender) -> dict[str, int]:
        servers = {n: child for n, child in self._store.children.items() if n == "postgres"}
        return pids({"web": contender.child, **servers})

    def _stored(self, supply: Supply) -> list[int]:
        first = FIRST_UPDATE + supply.first
        statement = text(
            "select external_id::bigint from inbox"
            " where external_id::bigint >= :first and external_id::bigint < :last"
        )
        with self._engine.connect() as connection:
            bounds = {"first": first, "last": first + supply.count}
            return list(connection.scalars(statement, bounds))

    def _ask(self, statement: str) -> str:
        with self._engine.connect() as connection:
            return str(connection.scalar(text(statement)))


HEAD = (
    *("", "requests/s", "p50 ms", "p95 ms", "p99 ms", "refused", "broken", "rows", "lost"),
    *("CPU s/1000: web", "PostgreSQL"),
)


def show(found: Ingest) -> str:
    """Return the whole result as text."""
    facts = machine()
    rounds = len(found.shots[WEBHOOK])
    title = (
        f"kanal bench ingest: {facts['cores']} cores, Python {facts['python']}, PostgreSQL "
        f"{found.postgres} with fsync, {CONNECTIONS} connections, {found.generator}\n"
        f"{rounds} rounds of {found.seconds} s for each in alternation, medians; "
        "ratios within a round; no worker runs\n"
    )
    counted = (
        f"\n{found.count.acknowledged} more updates, each looked for after its 200: "
        f"{found.count.lost} lost, {found.count.doubled} stored twice\n"
    )
    rows = [_row(name, shots) for name, shots in found.shots.items()]
    return "\n".join([title, table(HEAD, rows), counted, verdicts(found.verdicts)])


def _row(name: str, shots: Sequence[Shot]) -> list[str]:
    def middle(look: Callable[[Load], float]) -> float:
        return median([look(shot.load) for shot in shots])

    def cpu(look: Callable[[Shot], float | None]) -> str:
        found = [per_thousand(look(shot), shot.load.answers) for shot in shots]
        return number(median([it for it in found if it is not None]), ".3f")

    return [
        name,
        number(middle(lambda load: load.rate), ".0f"),
        number(middle(lambda load: load.p50)),
        number(middle(lambda load: load.p95)),
        number(middle(lambda load: load.p99)),
        str(sum(shot.load.refused for shot in shots)),
        str(sum(shot.load.broken for shot in shots)),
        "-" if name == EMPTY else str(sum(shot.rows for shot in shots)),
        "-" if name == EMPTY else str(sum(shot.lost for shot in shots)),
        cpu(lambda shot: shot.web_cpu),
        cpu(lambda shot: shot.database_cpu),
    ]


def run(seconds: int, rounds: int, generator: Generator) -> Ingest:
    """Measure, with the progress on one line of the terminal."""
    try:
        return measure(seconds, rounds, generator, lambda words: progress(f"ingest: {words}"))
    finally:
        progress("")
