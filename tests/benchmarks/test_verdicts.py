from dataclasses import replace
from typing import Any

import pytest

from benchmarks.cost import Cost
from benchmarks.figures import Latency, Verdict
from benchmarks.ingest import EMPTY, PLAIN, TARGETS, Count, Ingest, Shot
from benchmarks.ingest_table import show as show_ingest
from benchmarks.journey import MB, Beside, Failing, Journey, Stored
from benchmarks.journey_table import show as show_journey
from benchmarks.ledger import PUBLIC, Account
from benchmarks.load import Load
from benchmarks.posts import ChannelName
from benchmarks.walk import Flooded, Stretch

TELEGRAM, LINE = ChannelName.TELEGRAM, ChannelName.LINE


def shot(
    rate: int, p99: float = 59.0, rows: int | None = None, refused: int = 0, broken: int = 0
) -> Shot:
    seen = Load(rate, 1.0, rate + 32, refused, broken, p50=5, p95=9, p99=p99)
    return Shot(seen, rate if rows is None else rows, 0.5, 0.1)


def missed(verdicts: list[Verdict]) -> list[str]:
    return [verdict.name for verdict in verdicts if not verdict.reached]


def ingest(ours: list[Shot], count: Count | None = None, channel: ChannelName = TELEGRAM) -> Ingest:
    shots = {EMPTY: [shot(1000)] * 2, PLAIN: [shot(300)] * 2, channel: ours}
    return Ingest(shots, {channel: count or Count(100, 0, 0)}, "wrk 4.1.0", "18.4", 8)


@pytest.mark.parametrize(
    ("ours", "count", "expected"),
    [
        ([shot(400)] * 2, None, []),
        ([shot(399)] * 2, None, ["share of the empty route"]),
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
    assert missed(found.verdicts) == [f"telegram: {name}" for name in expected]
    assert ("missed" in show_ingest(found)) is bool(expected)


@pytest.mark.parametrize(
    ("channel", "rate", "p99", "expected"),
    [
        ("line", 390, 99, []),  # above 1.3 of the plain insert, and of the empty route
        ("line", 390, 100, ["line: p99 in ms"]),
        ("messenger", 389, 5000, ["messenger: share of the plain insert"]),
        ("twitter", 390, 5000, []),
    ],
)
def test_ingest_of_other_channels(channel: str, rate: int, p99: float, expected: list[str]) -> None:
    found = ingest([shot(rate, p99=p99)] * 2, channel=ChannelName(channel))
    assert missed(found.verdicts) == expected


def test_the_least_share_of_the_empty_route() -> None:
    assert {name: target.of_empty for name, target in TARGETS.items()} == {
        **dict.fromkeys(ChannelName, 0.35),
        TELEGRAM: 0.40,
    }


def test_the_table_of_ingest_has_a_row_for_each_channel() -> None:
    shots = {name: [shot(400, rows=399)] for name in [EMPTY, PLAIN, *ChannelName]}
    counts = dict.fromkeys(ChannelName, Count(100, 2, 0))
    shown = show_ingest(Ingest(shots, counts, "wrk", "18.4", 8))
    for name in ChannelName:
        row = next(line for line in shown.splitlines() if line.startswith(f"{name} ")).split()
        assert row[1:4] == ["400", "1.00", "1.00"]
        assert row[9:12] == ["399", "3", "0"]


def test_ratio_is_taken_within_a_round() -> None:
    slow, fast = [shot(1000), shot(500), shot(600)], [shot(500), shot(250), shot(300)]
    shots = {EMPTY: slow, PLAIN: slow, TELEGRAM: fast}
    found = Ingest(shots, {TELEGRAM: Count(1, 0, 0)}, "wrk", "18.4", seconds=8)
    assert found.ratio(TELEGRAM, EMPTY) == 0.5


def stretch(rate: float, api_ms: int, p95: float = 100, settled: float = 1.0) -> Stretch:
    latency = Latency(10, 50, p95, p95, p95)
    cpu = {"web": 0.1, "generator": 0.1}
    return Stretch(rate, api_ms, 10, latency, 10, settled, 2, 1, cpu, {"telegram": latency})


FINE = Account(9, 0, 0, 0, 0, frozenset({"A"}))
CLEAN = Journey(
    channels=[TELEGRAM],
    calm=[stretch(20, 0, p95=999), stretch(20, 200, p95=999)],
    steps=[stretch(150, 0), stretch(200, 0), stretch(250, 0, settled=9), stretch(150, 200)],
    lanes={"telegram": FINE},
    taken=9,
    stored=Stored(9, 0, 0, 0, 0, 1, 0, frozenset({"A"})),
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
        ({"lanes": {"telegram": replace(FINE, lost=1)}}, ["lost"]),
        ({"stored": replace(CLEAN.stored, inbox=8)}, ["lost"]),
        ({"stored": replace(CLEAN.stored, tickets=frozenset())}, ["lost"]),
        ({"lanes": {"telegram": replace(FINE, doubled=1)}}, ["doubled"]),
        ({"stored": replace(CLEAN.stored, reports_doubled=1)}, ["doubled"]),
        ({"lanes": {"telegram": replace(FINE, odd=1)}}, ["refused, odd or unfinished"]),
        ({"stored": replace(CLEAN.stored, outbox_unsent=1)}, ["refused, odd or unfinished"]),
        ({"memory": {"web": Cost(0, 150 * MB, 0)}}, ["memory of web in MB"]),
        ({"memory": {"worker-x": Cost(0, 250 * MB, 0)}}, ["memory of worker-x in MB"]),
        ({"memory": {"simulator": Cost(0, 900 * MB, 0)}}, []),
        ({"steps": [stretch(50, 0)], "channels": [TELEGRAM, LINE]}, []),
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


@pytest.mark.parametrize(
    ("lane", "doubled", "calls", "expected"),
    [
        ("telegram", 0, {}, []),
        ("telegram", 2, {"sendmessage 504": 2}, []),
        ("telegram", 3, {"sendmessage 504": 2}, ["5 % of calls failing: telegram doubled"]),
        ("line", 1, {"POST message/reply 504": 9}, ["5 % of calls failing: line doubled"]),
        (PUBLIC, 1, {"POST tweets 504": 9}, [f"5 % of calls failing: {PUBLIC} doubled"]),
    ],
)
def test_what_may_be_doubled_while_calls_fail(
    lane: str, doubled: int, calls: dict[str, int], expected: list[str]
) -> None:
    accounts = {lane: replace(FINE, doubled=doubled)}
    found = replace(CLEAN, failing=Failing(stretch(20, 0), 5, accounts, calls))
    assert missed(found.verdicts) == expected
    assert ("missed" in show_journey(found)) is bool(expected)
    assert f"{lane}, calls failing" in show_journey(found)


def test_what_is_lost_while_calls_fail_is_lost() -> None:
    accounts = {"line": replace(FINE, lost=1)}
    found = replace(CLEAN, failing=Failing(stretch(20, 0), 5, accounts, {}))
    assert missed(found.verdicts) == ["lost", "5 % of calls failing: line lost"]


@pytest.mark.parametrize(
    ("p95", "expected"),
    [
        (349, []),
        (350, ["p95 in ms added by one sender at 100/s"]),
        (1000, ["p95 in ms beside one sender at 100/s", "p95 in ms added by one sender at 100/s"]),
    ],
)
def test_a_flood_shall_delay_nobody_else(p95: float, expected: list[str]) -> None:
    flood = replace(stretch(20, 0, p95=p95), flooded=Flooded(1000, 990, 2))
    found = replace(CLEAN, beside=Beside(stretch(20, 0), flood, 100, LINE))
    assert missed(found.verdicts) == expected
    assert "the flood on line: 1000 messages, 990 taken" in show_journey(found)
