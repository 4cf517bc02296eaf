"""What `kanal bench journey` found: every stretch, every account, and the targets; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.cost import Cost
from benchmarks.figures import Verdict
from benchmarks.ledger import Account, may_double, together
from benchmarks.posts import ChannelName
from benchmarks.walk import Stretch

GENERATOR, SIMULATOR, WEB, WORKER = "generator", "simulator", "web", "worker-"

P95_MS, WEB_MB, WORKER_MB, MB = 1000.0, 150, 250, 2**20
FLOOD_MS = 250.0  # what a flood may add to the p95 of the others
# API latency in ms -> messages a second, for Telegram alone: a mixture has other costs, and
# twice as many events where a platform tells of our own messages too.
SUSTAINED = {0: 200.0, 200: 150.0}


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds at the end, to compare with the wire log.

    `held` are messages of a sender who was too fast.
    """

    inbox: int
    inbox_unfinished: int
    held: int
    outbox_unsent: int
    sent_again: int
    reports: int
    reports_doubled: int
    tickets: frozenset[str]


@dataclass(frozen=True, slots=True)
class Failing:
    """The stretch with failing calls: its accounts by lane, and how often which call went how."""

    stretch: Stretch
    share: float
    lanes: Mapping[str, Account]
    calls: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Beside:
    """The same stretch without a flood, and with one."""

    without: Stretch
    flood: Stretch
    rate: float
    channel: ChannelName

    @property
    def added(self) -> float:
        """Return by how many milliseconds the flood raised the p95 of the others."""
        return self.flood.latency.p95 - self.without.latency.p95


@dataclass(frozen=True, slots=True)
class Journey:
    """The result: every stretch, the accounts of all messages, and each process' memory.

    `lanes` are the accounts but for those of `failing`; `taken` is how many events of any kind
    the webhook has acknowledged.
    """

    channels: Sequence[ChannelName]
    calm: Sequence[Stretch]
    steps: Sequence[Stretch]
    lanes: Mapping[str, Account]
    taken: int
    stored: Stored
    memory: Mapping[str, Cost]
    postgres: str
    failing: Failing | None = None
    beside: Beside | None = None

    @property
    def account(self) -> Account:
        """Return the account of everybody."""
        return together(
            [*self.lanes.values(), *(self.failing.lanes.values() if self.failing else [])]
        )

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
        missing_rows = max(0, self.taken - self.stored.inbox)
        unknown = len(self.account.tickets - self.stored.tickets)
        return self.account.lost + missing_rows + unknown

    @property
    def doubled(self) -> int:
        """Return the replies sent twice while all was well, and the reports opened twice."""
        return together(self.lanes.values()).doubled + self.stored.reports_doubled

    @property
    def unclean(self) -> int:
        """Return what went otherwise than it should, though nothing was lost or doubled."""
        rows = self.stored.inbox_unfinished + self.stored.outbox_unsent
        return self.account.refused + self.account.odd + rows

    @property
    def verdicts(self) -> list[Verdict]:
        """Return the targets with what was found."""
        calm = [
            Verdict(f"p95 in ms, {one.rate:g}/s, API {one.api_ms} ms", one.latency.p95, "<", P95_MS)
            for one in self.calm
        ]
        whole = [
            Verdict("lost", self.lost, "=", 0),
            Verdict("doubled", self.doubled, "=", 0),
            Verdict("refused, odd or unfinished", self.unclean, "=", 0),
        ]
        parts = (self._sustained(), whole, self._failing(), self._beside(), self._memory())
        return [*calm, *(verdict for part in parts for verdict in part)]

    def _sustained(self) -> Iterator[Verdict]:
        if list(self.channels) != [ChannelName.TELEGRAM]:
            return
        for ms, target in SUSTAINED.items():
            if any(one.api_ms == ms for one in self.steps):
                name = f"sustained messages/s, API {ms} ms"
                yield Verdict(name, rate(self.best(ms)), ">=", target)

    def _failing(self) -> Iterator[Verdict]:
        if self.failing is None:
            return
        share, calls = f"{self.failing.share:g} % of calls failing", self.failing.calls
        for lane, account in self.failing.lanes.items():
            yield Verdict(f"{share}: {lane} lost", account.lost, "=", 0)
            name = f"{share}: {lane} doubled"
            yield Verdict(name, account.doubled, "<=", may_double(lane, calls))

    def _beside(self) -> Iterator[Verdict]:
        if self.beside is None:
            return
        words = f"one sender at {self.beside.rate:g}/s"
        yield Verdict(f"p95 in ms beside {words}", self.beside.flood.latency.p95, "<", P95_MS)
        yield Verdict(f"p95 in ms added by {words}", self.beside.added, "<", FLOOD_MS)

    def _memory(self) -> Iterator[Verdict]:
        for name, cost in self.memory.items():
            if name == WEB or name.startswith(WORKER):
                limit = WEB_MB if name == WEB else WORKER_MB
                yield Verdict(f"memory of {name} in MB", cost.rss / MB, "<", limit)

    @property
    def figures(self) -> dict[str, Any]:
        """Return every number, for the file; of the tickets only how many there are."""
        return {
            "postgres": self.postgres,
            "channels": list(self.channels),
            "generator_bound": self.bounded,
            "calm": [_figures(one) for one in self.calm],
            "steps": [_figures(one) for one in self.steps],
            "sustained": {str(s.api_ms): rate(self.best(s.api_ms)) for s in self.steps},
            "account": _counts(self.account),
            "lanes": {name: _counts(account) for name, account in self.lanes.items()},
            "failing": self._failing_figures(),
            "beside": self._beside_figures(),
            "taken": self.taken,
            "stored": asdict(self.stored) | {"tickets": len(self.stored.tickets)},
            "memory": {name: {"rss": c.rss, "pss": c.pss} for name, c in self.memory.items()},
            "targets": [asdict(one) | {"reached": one.reached} for one in self.verdicts],
        }

    def _failing_figures(self) -> dict[str, Any]:
        if self.failing is None:
            return {}
        return {
            "share": self.failing.share,
            "stretch": _figures(self.failing.stretch),
            "lanes": {name: _counts(account) for name, account in self.failing.lanes.items()},
            "calls": dict(self.failing.calls),
        }

    def _beside_figures(self) -> dict[str, Any]:
        if self.beside is None:
            return {}
        whole = {"rate": self.beside.rate, "channel": self.beside.channel}
        return whole | {
            "without": _figures(self.beside.without),
            "flood": _figures(self.beside.flood),
        }


def rate(step: Stretch | None) -> float:
    """Return the rate of a stretch, 0 for none."""
    return step.rate if step else 0.0


def _counts(account: Account) -> dict[str, Any]:
    return asdict(account) | {"tickets": len(account.tickets)}


def _figures(step: Stretch) -> dict[str, Any]:
    more = {"sustained": step.sustained, "cpu_per_thousand": step.cpu_per_thousand}
    return asdict(step) | more
