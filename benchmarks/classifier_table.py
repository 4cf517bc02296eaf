"""The table of `kanal bench classifier`."""

from benchmarks.classifier import RATE, Classifying
from benchmarks.figures import Latency, median
from benchmarks.report import machine, number, table, verdicts


def show(found: Classifying) -> str:
    """Return the whole result as text."""
    facts, reading, serving = machine(), found.reading, found.serving
    title = (
        f"kanal bench classifier: one core of {facts['cores']}, Python {facts['python']}, model "
        f"{reading.model}; made-up complaints of {reading.characters:.0f} characters\n"
        f"the worker of the queue work gets {RATE:g} reports a second; all that is suggested is "
        "worked out\n"
    )
    rates = [
        ["whole suggestion", number(median(reading.rates), ".0f")],
        ["features alone, scikit-learn", number(median(reading.reference), ".0f")],
    ]
    times = [
        ["one report by itself", *_times(reading.alone)],
        ["until a report has its suggestion", *_times(serving.waited)],
    ]
    parts = [
        title,
        table(["in a batch", "reports/s"], rates),
        "",
        table(["", "p50 ms", "p95 ms", "p99 ms", "longest ms"], times),
        "",
        verdicts(found.verdicts),
    ]
    return "\n".join(parts)


def _times(found: Latency) -> list[str]:
    return [number(it, ".2f") for it in (found.p50, found.p95, found.p99, found.longest)]
