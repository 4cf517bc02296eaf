import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.launch.accounts import accounts, demo_secrets
from app.wiring import CHANNELS
from benchmarks.bodies import Address, Supply, read_requests
from benchmarks.figures import Latency, Verdict, median, per_thousand, percentile
from benchmarks.generator import complete
from benchmarks.ingest import SECRETS
from benchmarks.load import LoadFailedError, SupplyEndedError, parse
from benchmarks.posts import POSTS, TEXTS, ChannelName
from benchmarks.report import number, table
from core.message import Kind

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 50, 5.0),
        ([5.0], 99, 5.0),
        ([1, 2, 3, 4], 50, 2),
        ([4, 3, 2, 1], 75, 3),
        ([4, 3, 2, 1], 76, 4),
        (range(1, 101), 95, 95),
        (range(1, 101), 99, 99),
        (range(1, 101), 100, 100),
        (range(1, 101), 0, 1),
    ],
)
def test_percentile(values: list[float], percent: float, expected: float) -> None:
    assert percentile(values, percent) == expected


@given(st.lists(FINITE, min_size=1), st.floats(0, 100))
def test_percentile_is_a_value_that_enough_others_do_not_exceed(
    values: list[float], percent: float
) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) >= percent / 100 * len(values) - 1e-9


def test_nothing_measured_is_not_a_number() -> None:
    assert math.isnan(percentile([], 95))
    assert math.isnan(median([]))
    assert math.isnan(Latency.of([]).p99)
    assert per_thousand(None, 5) is None
    assert per_thousand(1.0, 0) is None


def test_latency_is_in_milliseconds() -> None:
    assert Latency.of([0.1, 0.2, 0.3]) == Latency(3, 200, 300, 300, 300)


@pytest.mark.parametrize(
    ("found", "comparison", "target", "reached"),
    [
        (0.40, ">=", 0.40, True),
        (0.399, ">=", 0.40, False),
        (59.9, "<", 60, True),
        (60.0, "<", 60, False),
        (0, "=", 0, True),
        (1, "=", 0, False),
        (2, "<=", 2, True),
        (3, "<=", 2, False),
        (None, "<", 60, False),
        (math.nan, "<", 60, False),
        (math.nan, ">=", 0, False),
    ],
)
def test_verdict(found: float | None, comparison: str, target: float, reached: bool) -> None:
    verdict = Verdict("it", found, comparison, target)  # type: ignore[arg-type] # from the table
    assert verdict.reached is reached
    assert verdict.row[-1] == ("reached" if reached else "missed")


def test_table_is_aligned_and_says_what_was_not_measured() -> None:
    shown = table(["name", "n"], [["a", number(1.25)], ["long name", number(None)]])
    assert shown == "name         n\na          1.2\nlong name    -"
    assert number(math.nan) == "-"


WRK = """Running 1s test @ http://127.0.0.1:18080/
  1 threads and 32 connections
  Requests/sec:   5212.36
{"answers": 5260, "seconds": 1.009140, "calls": 5292, "refused": 3, "broken": 1, \
"p50_ms": 5.701, "p95_ms": 9.120, "p99_ms": 12.003}
"""


def test_output_of_wrk_is_read() -> None:
    load = parse(WRK, 6000)
    assert (load.answers, load.sent, load.refused, load.broken) == (5260, 5292, 3, 1)
    assert (load.p50, load.p95, load.p99) == (5.701, 9.12, 12.003)
    assert load.rate == pytest.approx(5212.36, abs=0.01)
    assert load.acknowledged == ()


def test_a_load_that_was_not_what_it_should_be_is_refused() -> None:
    assert parse(WRK, 5292).sent == 5292
    with pytest.raises(SupplyEndedError, match="did not last"):
        parse(WRK, 5291)
    with pytest.raises(LoadFailedError, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:1", 10)


@pytest.mark.parametrize("name", list(ChannelName))
def test_prepared_requests_are_whole_signed_unique_and_understood(
    name: ChannelName, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = accounts(demo_secrets(tmp_path), "http://127.0.0.1:9")
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    channel, secret = CHANNELS[name](), environment[SECRETS[name]]
    address = Address("127.0.0.1", 80, f"/webhooks/{name}", POSTS[name], secret)
    supply = Supply(tmp_path / "r", address, first=40, count=30)
    supply.write()
    inbounds = []
    for request in read_requests(supply.path):
        head, body = request.split(b"\r\n\r\n")
        start, *lines = head.decode().split("\r\n")
        headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in lines}
        assert start == f"POST /webhooks/{name} HTTP/1.1"
        assert headers["content-length"] == str(len(body))
        assert channel.verify(headers, body)
        inbounds += channel.parse(body)
    assert {inbound.kind for inbound in inbounds} == {Kind.MESSAGE}
    assert {inbound.text for inbound in inbounds} == set(TEXTS)
    assert all(inbound.address and inbound.sent_at for inbound in inbounds)
    assert {inbound.external_id for inbound in inbounds} == supply.ids(range(30))
    assert len(inbounds) == len(supply.ids(range(30))) == 30


def test_x_is_sent_public_posts_and_direct_messages() -> None:
    post = POSTS[ChannelName.TWITTER]
    assert {post.external_id(number).partition(":")[0] for number in (0, 1)} == {"post", "dm"}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"", None),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n", None),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 503 Away\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nawa", None),
        (b"HTTP/1.1 503 Away\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\naway", 503),
    ],
)
def test_own_generator_knows_when_an_answer_is_complete(answer: bytes, status: int | None) -> None:
    assert complete(answer) == status
