"""The table of `kanal bench journey`."""

from benchmarks.journey import GENERATOR, MB, SIMULATOR, Journey
from benchmarks.report import machine, number, table, verdicts
from benchmarks.walk import SETTLE, SUSTAINED_P95_MS, Stretch

STEPS = (
    *("", "API ms", "messages", "p50 ms", "p95 ms", "p99 ms", "unanswered at the end"),
    *("settled s", "generator late ms", ""),
)


def show(found: Journey) -> str:
    """Return the whole result as text."""
    facts = machine()
    title = (
        f"kanal bench journey: {facts['cores']} cores for everything, Python {facts['python']}, "
        f"PostgreSQL {found.postgres} with fsync\n"
        "latency: from the citizen's message at the platform to the reply's arrival there, "
        "without the reply's own half of the API latency\n"
        f"sustained: p95 below {SUSTAINED_P95_MS:.0f} ms and all answered within {SETTLE:.0f} s\n"
    )
    if found.bounded:
        title += "the generator was behind its schedule: the highest rate is bounded by it\n"
    parts = [title, _stretches(found), "", _processes(found), "", _account(found), ""]
    return "\n".join([*parts, verdicts(found.verdicts)])


def _stretches(found: Journey) -> str:
    calm = [_stretch(one, "latency") for one in found.calm]
    steps = [_stretch(one, "sustained" if one.sustained else "too much") for one in found.steps]
    return table(STEPS, [*calm, *steps])


def _stretch(one: Stretch, word: str) -> list[str]:
    return [
        f"{one.rate:g}/s",
        str(one.api_ms),
        str(one.messages),
        number(one.latency.p50, ".0f"),
        number(one.latency.p95, ".0f"),
        number(one.latency.p99, ".0f"),
        str(one.backlog),
        number(one.settled),
        number(one.late, ".0f"),
        word,
    ]


def _processes(found: Journey) -> str:
    columns = [*found.calm, *filter(None, map(found.best, sorted({s.api_ms for s in found.steps})))]
    head = [f"CPU s/1000 at {one.rate:g}/s, {one.api_ms} ms" for one in columns]
    rows = [
        [
            name,
            f"{cost.rss / MB:.0f}",
            f"{cost.pss / MB:.0f}" if cost.pss else "-",
            *(number(one.cpu_per_thousand.get(name), ".2f") for one in columns),
        ]
        for name, cost in found.memory.items()
    ]
    shares = ["generator + simulator", "", "", *(_share(one) for one in columns)]
    return table(["process", "RSS MB", "PSS MB", *head], [*rows, shares])


def _share(one: Stretch) -> str:
    """Return which part of all CPU time the measuring itself took."""
    whole = sum(one.cpu.values())
    ours = one.cpu.get(GENERATOR, 0) + one.cpu.get(SIMULATOR, 0)
    return f"{ours / whole:.0%} of CPU" if whole else "-"


def _account(found: Journey) -> str:
    account, stored = found.account, found.stored
    return (
        f"{account.messages} messages, {stored.inbox} rows in the inbox "
        f"({stored.inbox_unfinished} unfinished), {stored.outbox_unsent} replies unsent, "
        f"{stored.sent_again} sent in more than one attempt\n"
        f"{len(account.tickets)} tickets told, {stored.reports} reports, "
        f"{stored.reports_doubled} of them opened twice; "
        f"{account.refused} messages refused, {account.odd} citizens told something unexpected"
    )
