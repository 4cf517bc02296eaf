"""Rates over real Redis: shared by processes, each address by itself, and never in the way."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest
from redis import Redis

from app.launch.redis import EmbeddedRedis
from app.pace import RedisPace, limits_url
from core.channel import Rate
from core.privacy.keys import KeyRing, new_index_key, new_key
from core.settings import CoreSettings

BOT = Rate("bot", 5, 60)
CHAT = Rate("chat", 2, 60, per_address=True)
NONE = timedelta()
BLIND = KeyRing.of(CoreSettings()).blind


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedRedis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server.url()
    server.stop()


@pytest.fixture
def channel() -> str:
    """A channel that nobody has counted for."""
    return uuid4().hex


def test_as_many_as_the_rate_allows_over_two_processes(redis_url: str, channel: str) -> None:
    one, other = RedisPace(redis_url, BLIND), RedisPace(redis_url, BLIND)
    waits = [pace.wait(channel, str(n), [BOT]) for n, pace in enumerate([one, other] * 3)]
    assert waits[:5] == [NONE] * 5
    assert timedelta(seconds=50) < waits[5] <= timedelta(seconds=60)


def test_each_address_has_its_own_rate(redis_url: str, channel: str) -> None:
    pace = RedisPace(redis_url, BLIND)
    waits = [pace.wait(channel, address, [CHAT]) for address in "aaab"]
    assert [wait == NONE for wait in waits] == [True, True, False, True]
    assert pace.wait(uuid4().hex, "a", [CHAT]) == NONE


@pytest.mark.parametrize(("factor", "let_through"), [(1, 5), (2, 10), (0.5, 2), (0.01, 1)])
def test_a_factor_changes_how_many_are_let_through(
    redis_url: str, channel: str, factor: float, let_through: int
) -> None:
    pace = RedisPace(redis_url, BLIND, factor)
    waits = [pace.wait(channel, str(n), [BOT]) for n in range(12)]
    assert waits.count(NONE) == let_through
    assert waits[:let_through] == [NONE] * let_through


def test_what_is_too_much_gets_places_one_behind_the_other(redis_url: str, channel: str) -> None:
    pace = RedisPace(redis_url, BLIND)
    waits = [pace.wait(channel, str(n), [BOT]) for n in range(9)][5:]
    steps = [(later - earlier).total_seconds() for earlier, later in pairwise(waits)]
    assert all(step == pytest.approx(12, abs=1) for step in steps)


def test_a_refused_call_is_not_counted_for_its_address(redis_url: str, channel: str) -> None:
    pace = RedisPace(redis_url, BLIND)
    for _ in range(4):
        pace.wait(channel, "a", [CHAT])
    assert pace.wait(channel, "b", [CHAT, BOT]) == NONE


def test_no_address_is_seen_in_redis(redis_url: str, channel: str) -> None:
    RedisPace(redis_url, BLIND).wait(channel, "5012345678", [CHAT])
    server = Redis.from_url(limits_url(redis_url).removeprefix("redis+"))
    keys = str(server.keys("*"))
    server.close()
    assert channel in keys
    assert "5012345678" not in keys
    assert BLIND("5012345678").hex() in keys
    others = KeyRing.read([new_key()], new_index_key()).blind  # nobody without the key tries them
    assert others("5012345678").hex() not in keys


def test_without_redis_nothing_is_held_back_and_it_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pace = RedisPace(f"redis+socket://{tmp_path}/nobody.sock", BLIND)
    assert [pace.wait("telegram", "7", [BOT]) for _ in range(3)] == [NONE] * 3
    assert [record.message for record in caplog.records] == ["rates are not held: Redis is away"]


@pytest.mark.parametrize(
    ("celery", "limits"),
    [
        ("redis+socket:///run/redis.sock", "redis+unix:///run/redis.sock"),
        ("redis+socket:///r.sock?virtual_host=2", "redis+unix:///r.sock?db=2"),
        ("redis://:secret@host:6379/0", "redis://:secret@host:6379/0"),
        ("rediss://host", "rediss://host"),
    ],
)
def test_urls(celery: str, limits: str) -> None:
    assert limits_url(celery) == limits
