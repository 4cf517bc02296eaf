"""The table of `kanal bench ingest`."""

from collections.abc import Callable, Sequence

from benchmarks.figures import median, per_thousand
from benchmarks.ingest import EMPTY, PLAIN, Ingest, Shot
from benchmarks.load import CONNECTIONS, Load
from benchmarks.posts import ChannelName
from benchmarks.report import machine, number, table, verdicts

HEAD = (
    *("", "requests/s", "of empty", "of plain", "p50 ms", "p95 ms", "p99 ms"),
    *("refused", "broken", "rows", "lost", "stored twice", "CPU s/1000: web", "PostgreSQL"),
)


def show(found: Ingest) -> str:
    """Return the whole result as text."""
    facts = machine()
    rounds = len(found.shots[EMPTY])
    title = (
        f"kanal bench ingest: {facts['cores']} cores, Python {facts['python']}, PostgreSQL "
        f"{found.postgres} with fsync, {CONNECTIONS} connections, {found.generator}\n"
        f"{rounds} rounds of {found.seconds} s for each in alternation, medians; "
        "ratios within a round; no worker runs\n"
    )
    counted = sum(count.acknowledged for count in found.counts.values())
    words = (
        f"\nlost and stored twice include {counted} events more, each looked for after its 200\n"
    )
    rows = [
        *(_row(name, found.shots[name]) for name in (EMPTY, PLAIN)),
        *(_channel(found, channel) for channel in found.counts),
    ]
    return "\n".join([title, table(HEAD, rows), words, verdicts(found.verdicts)])


def _channel(found: Ingest, channel: ChannelName) -> list[str]:
    """Return the row of a channel: as a reference's, with its shares and its count."""
    row = _row(channel, found.shots[channel])
    count = found.counts[channel]
    row[2:4] = [number(found.ratio(channel, name), ".2f") for name in (EMPTY, PLAIN)]
    row[10:12] = [str(sum(s.lost for s in found.shots[channel]) + count.lost), str(count.doubled)]
    return row


def _row(name: str, shots: Sequence[Shot]) -> list[str]:
    def middle(look: Callable[[Load], float]) -> float:
        return median([look(shot.load) for shot in shots])

    def cpu(look: Callable[[Shot], float | None]) -> str:
        found = [per_thousand(look(shot), shot.load.answers) for shot in shots]
        return number(median([it for it in found if it is not None]), ".3f")

    return [
        name,
        number(middle(lambda load: load.rate), ".0f"),
        *("", ""),
        number(middle(lambda load: load.p50)),
        number(middle(lambda load: load.p95)),
        number(middle(lambda load: load.p99)),
        str(sum(shot.load.refused for shot in shots)),
        str(sum(shot.load.broken for shot in shots)),
        "-" if name == EMPTY else str(sum(shot.rows for shot in shots)),
        "-" if name == EMPTY else str(sum(shot.lost for shot in shots)),
        "-",
        cpu(lambda shot: shot.web_cpu),
        cpu(lambda shot: shot.database_cpu),
    ]
