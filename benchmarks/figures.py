"""The arithmetic of the benchmarks: percentiles, targets, verdicts; pure."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Comparison = Literal[">=", "<=", "<", "="]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least `percent` % of `values` do not exceed.

    The nearest-rank method: always one of the values, NaN where there are none.
    """
    if not values:
        return math.nan
    rank = math.ceil(percent / 100 * len(values))
    return sorted(values)[max(rank, 1) - 1]


@dataclass(frozen=True, slots=True)
class Latency:
    """How long `count` things took, in milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        """Return the latencies of these durations, given in seconds."""
        p50, p95, p99, longest = (percentile(seconds, p) * 1000 for p in (50, 95, 99, 100))
        return cls(len(seconds), p50, p95, p99, longest)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A figure beside its target; a figure that could not be measured has missed it."""

    name: str
    found: float | None
    comparison: Comparison
    target: float

    @property
    def reached(self) -> bool:
        """Tell whether the figure keeps the target."""
        if self.found is None or math.isnan(self.found):
            return False
        if self.comparison == ">=":
            return self.found >= self.target
        if self.comparison == "<=":
            return self.found <= self.target
        if self.comparison == "<":
            return self.found < self.target
        return self.found == self.target

    @property
    def row(self) -> list[str]:
        """Return name, figure, target and verdict as a table's row."""
        found = "-" if self.found is None else f"{self.found:.4g}"
        word = "reached" if self.reached else "missed"
        return [self.name, found, f"{self.comparison} {self.target:g}", word]


def median(values: Sequence[float]) -> float:
    """Return the median, NaN where there are no values."""
    return statistics.median(values) if values else math.nan


def per_thousand(amount: float | None, count: int) -> float | None:
    """Return what a thousand cost, when `count` cost `amount`."""
    return None if amount is None or count == 0 else amount / count * 1000
