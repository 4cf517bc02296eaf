"""`kanal bench ingest`: how many events a second the web process takes, beside two references."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Engine, text

from app.launch import Child, Program, free_port
from app.launch.accounts import PREFIXES, accounts, demo_secrets, keys
from app.launch.health import http_ready
from app.launch.processes import web_command
from benchmarks.bodies import Address, Supply
from benchmarks.cost import costs, cpu_between
from benchmarks.figures import Verdict, median
from benchmarks.load import CONNECTIONS, Generator, Load, SupplyEndedError, own_load
from benchmarks.posts import POSTS, ChannelName
from benchmarks.report import progress
from benchmarks.stage import Data, data, pids, running
from core.db.session import connect
from core.privacy.keys import KeyRing

HOST = "127.0.0.1"
FIRST_PORT = 18080
WARM_UP = 2  # seconds
RESERVE = 2.0  # as many times more requests are prepared than the fastest run so far needed
OURS = "app.asgi:create_app"  # as web_command names it
LEAST = 3_000  # requests prepared for each second
ATTEMPTS = 4  # with twice as many requests each time
NOBODY = "http://127.0.0.1:9"  # where the platforms' APIs would be: the web process calls none

EMPTY, PLAIN = "empty route", "plain insert"
OF_PLAIN = 1.3
SECRETS = {
    ChannelName.TELEGRAM: "TELEGRAM_WEBHOOK_SECRETS",
    ChannelName.LINE: "LINE_CHANNEL_SECRETS",
    ChannelName.TWITTER: "TWITTER_CONSUMER_SECRETS",
    ChannelName.MESSENGER: "MESSENGER_APP_SECRETS",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a channel's webhook shall reach: a share of the empty route, and p99 in ms if any."""

    of_empty: float
    p99_ms: float | None = None


TARGETS = {
    ChannelName.TELEGRAM: Target(0.40, p99_ms=60.0),
    ChannelName.LINE: Target(0.35, p99_ms=100.0),  # LINE itself waits 2 s
    ChannelName.TWITTER: Target(0.35),
    ChannelName.MESSENGER: Target(0.35),
}

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is loaded: where it is, in which process, and how its rows are counted."""

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
    """The result: the shots of references and channels, in rounds, and each channel's count."""

    shots: Mapping[str, Sequence[Shot]]
    counts: Mapping[ChannelName, Count]
    generator: str
    postgres: str
    seconds: int

    def ratio(self, channel: ChannelName, reference: str) -> float:
        """Return the channel's rate as a share of the reference's, in the same round."""
        pairs = zip(self.shots[channel], self.shots[reference], strict=True)
        return median([ours.load.rate / theirs.load.rate for ours, theirs in pairs])

    @property
    def verdicts(self) -> list[Verdict]:
        """Return the targets with what was found."""
        return [verdict for channel in self.counts for verdict in self._verdicts(channel)]

    def _verdicts(self, channel: ChannelName) -> Iterator[Verdict]:
        ours, count, target = self.shots[channel], self.counts[channel], TARGETS[channel]
        lost = sum(shot.lost for shot in ours) + count.lost
        failed = sum(shot.load.refused + shot.load.broken for shot in ours)
        share = f"{channel}: share of the "
        yield Verdict(share + EMPTY, self.ratio(channel, EMPTY), ">=", target.of_empty)
        yield Verdict(share + PLAIN, self.ratio(channel, PLAIN), ">=", OF_PLAIN)
        if target.p99_ms is not None:
            p99 = median([shot.load.p99 for shot in ours])
            yield Verdict(f"{channel}: p99 in ms", p99, "<", target.p99_ms)
        yield Verdict(f"{channel}: acknowledged and lost", lost, "=", 0)
        yield Verdict(f"{channel}: stored twice", count.doubled, "=", 0)
        yield Verdict(f"{channel}: refused or broken", failed, "=", 0)

    @property
    def figures(self) -> dict[str, Any]:
        """Return every number, for the file."""
        return {
            "generator": self.generator,
            "postgres": self.postgres,
            "connections": CONNECTIONS,
            "seconds": self.seconds,
            "rounds": {name: [_figures(s) for s in shots] for name, shots in self.shots.items()},
            "counted": {channel: asdict(count) for channel, count in self.counts.items()},
            "targets": [asdict(one) | {"reached": one.reached} for one in self.verdicts],
        }


def _figures(shot: Shot) -> dict[str, Any]:
    found = asdict(shot) | asdict(shot.load) | {"rate": shot.load.rate, "lost": shot.lost}
    return {name: value for name, value in found.items() if name not in {"load", "acknowledged"}}


def measure(
    channels: Sequence[ChannelName], seconds: int, rounds: int, generator: Generator, say: Say
) -> Ingest:
    """Run everything, in alternation, and stop it again; `say` is told how far it is."""
    with data() as store, contenders(store, channels) as running_now:
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
            ours = zip(channels, running_now[-len(channels) :], strict=True)
            counts = {name: range_.count(one, name, min(WARM_UP, seconds)) for name, one in ours}
            return Ingest(shots, counts, generator.words, range_.postgres, seconds)
        finally:
            range_.close()


@contextmanager
def contenders(store: Data, channels: Sequence[ChannelName]) -> Iterator[list[Contender]]:
    """Start the two references and the web process, each under the very same server."""
    environment = surroundings(store, channels)
    applications = (
        (EMPTY, "benchmarks.references:create_empty"),
        (PLAIN, "benchmarks.references:create_plain"),
        ("web", OURS),
    )
    ports: list[int] = []
    servers: list[Child] = []
    for name, factory in applications:
        ports.append(free_port(ports[-1] + 1 if ports else FIRST_PORT, HOST))
        program = _server(name, factory, ports[-1], store)
        servers.append(Child(replace(program, environment=environment)))
    post, count = POSTS[ChannelName.TELEGRAM], "select count(*) from "
    made = [
        Contender(EMPTY, Address(HOST, ports[0], "/empty", post), servers[0], "select 0"),
        Contender(
            PLAIN, Address(HOST, ports[1], "/plain", post), servers[1], count + "bench_plain"
        ),
    ]
    for channel in channels:
        secret = environment[SECRETS[channel]]
        address = Address(HOST, ports[2], f"/webhooks/{channel}", POSTS[channel], secret)
        made.append(Contender(channel, address, servers[2], count + "inbox"))
    with running(servers):
        yield made


def surroundings(store: Data, channels: Sequence[ChannelName]) -> dict[str, str]:
    """Return the environment of the servers, with made-up accounts of the channels."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
    return inherited | {
        **accounts(demo_secrets(store.var), NOBODY),
        "DATABASE_URL": store.database_url,
        "REDIS_URL": store.redis_url,
        "KANAL_CHANNELS": ",".join(channels),
        "KANAL_MEDIA_DIR": str(store.var / "media"),
        "KANAL_LOG_LEVEL": "WARNING",
    }


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
        kept = keys(demo_secrets(store.var))
        self._ring = KeyRing.read([kept["KANAL_IDENTITY_KEYS"]], kept["KANAL_INDEX_KEY"])
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

    def count(self, contender: Contender, channel: ChannelName, seconds: int) -> Count:
        """Load with our own generator, and look for each event that was acknowledged."""
        before = int(self._ask("select coalesce(max(id), 0) from inbox"))
        supply = self._supply(contender, seconds)
        load = own_load(supply, seconds)
        stored = self._stored(channel, before)
        acknowledged = supply.ids(load.acknowledged)
        lost = len({self._ring.blind(name) for name in acknowledged} - set(stored))
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

    def _stored(self, channel: ChannelName, after: int) -> list[bytes]:
        statement = text("select external_id from inbox where channel = :channel and id > :after")
        with self._engine.connect() as connection:
            return list(connection.scalars(statement, {"channel": channel, "after": after}))

    def _ask(self, statement: str) -> str:
        with self._engine.connect() as connection:
            return str(connection.scalar(text(statement)))


def run(channels: Sequence[ChannelName], seconds: int, rounds: int, generator: Generator) -> Ingest:
    """Measure, with the progress on one line of the terminal."""

    def say(words: str) -> None:
        progress(f"ingest: {words}")

    try:
        return measure(channels, seconds, rounds, generator, say)
    finally:
        progress("")
