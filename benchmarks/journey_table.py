"""The table of `kanal bench journey`."""

from collections.abc import Iterator

from benchmarks.journey import GENERATOR, MB, SIMULATOR, Journey
from benchmarks.ledger import Account
from benchmarks.report import machine, number, table, verdicts
from benchmarks.walk import SETTLE, SUSTAINED_P95_MS, Stretch

STEPS = (
    *("", "API ms", "messages", "p50 ms", "p95 ms", "p99 ms", "unanswered at the end"),
    *("settled s", "generator late ms", ""),
)
LANES = ("channel", "messages", "tickets", "lost", "doubled", "refused", "odd")


def show(found: Journey) -> str:
    """Return the whole result as text."""
    facts = machine()
    title = (
        f"kanal bench journey: {facts['cores']} cores for everything, Python {facts['python']}, "
        f"PostgreSQL {found.postgres} with fsync; {', '.join(found.channels)}\n"
        "latency: from the citizen's message at the platform to the reply's arrival there, "
        "without the reply's own half of the API latency\n"
        f"sustained: p95 below {SUSTAINED_P95_MS:.0f} ms and all answered within {SETTLE:.0f} s\n"
    )
    if found.bounded:
        title += "the generator was behind its schedule: the highest rate is bounded by it\n"
    tables = (_stretches(found), _lanes(found), _processes(found), _account(found))
    parts = [title, *(line for one in tables for line in (one, ""))]
    return "\n".join([*parts, verdicts(found.verdicts)])


def _stretches(found: Journey) -> str:
    calm = [_stretch(one, "latency") for one in found.calm]
    steps = [_stretch(one, "sustained" if one.sustained else "too much") for one in found.steps]
    return table(STEPS, [*calm, *steps, *_weather(found)])


def _weather(found: Journey) -> Iterator[list[str]]:
    if found.failing:
        yield _stretch(found.failing.stretch, f"{found.failing.share:g} % of calls failing")
    if found.beside:
        yield _stretch(found.beside.without, "without a flood")
        yield _stretch(found.beside.flood, f"one sender at {found.beside.rate:g}/s")


def _lanes(found: Journey) -> str:
    """Return the accounts and latencies of each channel, and its accounts with failing calls."""
    head = [f"p50 / p95 ms at {one.rate:g}/s, API {one.api_ms} ms" for one in found.calm]
    rows: list[list[str]] = []
    for name, account in found.lanes.items():
        times = [one.lanes.get(name) for one in found.calm]
        shown = [f"{it.p50:.0f} / {it.p95:.0f}" if it else "-" for it in times]
        rows.append([*_counts(name, account), *shown])
    if found.failing:
        for name, account in found.failing.lanes.items():
            row = _counts(f"{name}, calls failing", account)
            rows.append([*row, *("" for _ in found.calm)])
    return table([*LANES, *head], rows)


def _counts(name: str, account: Account) -> list[str]:
    counts = (account.messages, len(account.tickets), account.lost, account.doubled)
    return [name, *map(str, (*counts, account.refused, account.odd))]


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
    rows = (
        f"{account.messages} messages, {found.taken} events taken, {stored.inbox} rows in the "
        f"inbox ({stored.inbox_unfinished} unfinished, {stored.held} of a sender too fast), "
        f"{stored.outbox_unsent} replies unsent, {stored.sent_again} sent in more than one attempt"
    )
    reports = (
        f"{len(account.tickets)} tickets told, {stored.reports} reports, "
        f"{stored.reports_doubled} of them opened twice; "
        f"{account.refused} messages refused, {account.odd} citizens told something unexpected"
    )
    lines = [rows, reports]
    if found.failing:
        calls = sorted(found.failing.calls.items())
        lines.append("calls while some failed: " + ", ".join(f"{it}: {n}" for it, n in calls))
    if found.beside and (flood := found.beside.flood.flooded):
        lines.append(
            f"the flood on {found.beside.channel}: {flood.messages} messages, "
            f"{flood.acknowledged} taken by the end, answered with {flood.replies}"
        )
    return "\n".join(lines)
