from dataclasses import replace
from typing import Any

import pytest

from benchmarks.cost import Cost
from benchmarks.figures import Latency, Verdict
from benchmarks.ingest import EMPTY, PLAIN, WEBHOOK, Count, Ingest, Shot
from benchmarks.ingest import show as show_ingest
from benchmarks.journey import MB, Journey, Stored
from benchmarks.journey_table import show as show_journey
from benchmarks.ledger import Account
from benchmarks.load import Load
from benchmarks.walk import Stretch


def shot(
    rate: int, p99: float = 59.0, rows: int | None = None, refused: int = 0, broken: int = 0
) -> Shot:
    seen = Load(rate, 1.0, rate + 32, refused, broken, p50=5, p95=9, p99=p99)
    return Shot(seen, rate if rows is None else rows, 0.5, 0.1)


def missed(verdicts: list[Verdict]) -> list[str]:
    return [verdict.name for verdict in verdicts if not verdict.reached]


def ingest(ours: list[Shot], count: Count | None = None) -> Ingest:
    shots = {EMPTY: [shot(1000)] * 2, PLAIN: [shot(300)] * 2, WEBHOOK: ours}
    return Ingest(shots, count or Count(100, 0, 0), "wrk 4.1.0", "18.4", 8)


@pytest.mark.parametrize(
    ("ours", "count", "expected"),
    [
        ([shot(400)] * 2, None, []),
        ([shot(399)] * 2, None, ["requests/s, share of the empty route"]),
        ([shot(400, p99=60.0)] * 2, None, ["p99 in ms"]),
        ([shot(400), shot(400, rows=399)], None, ["acknowledged and lost"]),
        ([shot(400), shot(400, rows=430)], None, []),  # committed, the answer not seen any more
        ([shot(400), shot(400, refused=1, rows=399)], None, ["refused or broken"]),
        ([shot(400), shot(400, broken=1)], None, ["refused or broken"]),
        ([shot(400)] * 2, Count(100, 1, 0), ["acknowledged and lost"]),
        ([shot(400)] * 2, Count(100, 0, 1), ["stored twice"]),
    ],
)
def test_ingest(ours: list[Shot], count: Count | None, expected: list[str]) -> None:
    found = ingest(ours, count)
    assert missed(found.verdicts) == expected
    assert ("missed" in show_ingest(found)) is bool(expected)


def test_ratio_is_taken_within_a_round() -> None:
    slow, fast = [shot(1000), shot(500), shot(600)], [shot(500), shot(250), shot(300)]
    found = Ingest(
        {EMPTY: slow, PLAIN: slow, WEBHOOK: fast}, Count(1, 0, 0), "wrk", "18.4", seconds=8
    )
    assert found.ratio(EMPTY) == 0.5


def stretch(rate: float, api_ms: int, p95: float = 100, settled: float = 1.0) -> Stretch:
    latency = Latency(10, 50, p95, p95, p95)
    return Stretch(rate, api_ms, 10, latency, 10, settled, 2, 1, {"web": 0.1, "generator": 0.1})


CLEAN = Journey(
    calm=[stretch(20, 0, p95=999), stretch(20, 200, p95=999)],
    steps=[stretch(150, 0), stretch(200, 0), stretch(250, 0, settled=9), stretch(150, 200)],
    account=Account(9, 0, 0, 0, 0, frozenset({"A"})),
    stored=Stored(9, 0, 0, 0, 1, 0, frozenset({"A"})),
    memory={"web": Cost(0, 149 * MB, 0), "worker-work": Cost(0, 249 * MB, 9 * MB)},
    postgres="18.4",
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"calm": [stretch(20, 0, p95=1000)]}, ["p95 in ms, 20/s, API 0 ms"]),
        ({"steps": [stretch(150, 0)]}, ["sustained messages/s, API 0 ms"]),
        ({"steps": [stretch(100, 200)]}, ["sustained messages/s, API 200 ms"]),
        (
            {"steps": [stretch(150, 0, p95=3000), stretch(200, 0)]},
            ["sustained messages/s, API 0 ms"],
        ),
        ({"account": replace(CLEAN.account, lost=1)}, ["lost"]),
        ({"stored": replace(CLEAN.stored, inbox=8)}, ["lost"]),
        ({"stored": replace(CLEAN.stored, tickets=frozenset())}, ["lost"]),
        ({"account": replace(CLEAN.account, doubled=1)}, ["doubled"]),
        ({"stored": replace(CLEAN.stored, reports_doubled=1)}, ["doubled"]),
        ({"account": replace(CLEAN.account, odd=1)}, ["refused, odd or unfinished"]),
        ({"stored": replace(CLEAN.stored, outbox_unsent=1)}, ["refused, odd or unfinished"]),
        ({"memory": {"web": Cost(0, 150 * MB, 0)}}, ["memory of web in MB"]),
        ({"memory": {"worker-x": Cost(0, 250 * MB, 0)}}, ["memory of worker-x in MB"]),
        ({"memory": {"simulator": Cost(0, 900 * MB, 0)}}, []),
    ],
)
def test_journey(change: dict[str, Any], expected: list[str]) -> None:
    found = replace(CLEAN, **change)
    assert missed(found.verdicts) == expected
    assert ("missed" in show_journey(found)) is bool(expected)


def test_highest_rate_is_the_last_before_the_first_failure() -> None:
    best = CLEAN.best(0)
    assert best is not None
    assert best.rate == 200
    assert replace(CLEAN, steps=[stretch(50, 0, settled=6), stretch(100, 0)]).best(0) is None


def test_a_late_generator_is_said() -> None:
    late = replace(CLEAN, steps=[replace(stretch(200, 0), late=501)])
    assert "bounded by it" in show_journey(late)
    assert "bounded by it" not in show_journey(CLEAN)
