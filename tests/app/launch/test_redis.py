import os
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from kombu import Connection
from redis import Redis

from app.launch import EmbeddedRedis

Eventually = Callable[[Callable[[], object]], None]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(tmp_path / "redis")
    server.start()
    yield server
    server.stop()


def test_both_addresses_lead_to_the_same_server(redis: EmbeddedRedis) -> None:
    with Connection(redis.url(3)) as connection, connection.SimpleQueue("work") as queue:
        queue.put({})
    with Redis.from_url(redis.client_url(3)) as client:
        assert client.llen("work") == 1
        assert client.config_get("port") == {"port": "0"}
    with Redis.from_url(redis.client_url()) as client:
        assert client.llen("work") == 0


def test_only_this_user_reaches_it(redis: EmbeddedRedis) -> None:
    socket = Path(redis.client_url().removeprefix("unix://").partition("?")[0])
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert redis.child.pid
    assert psutil.Process(redis.child.pid).net_connections("inet") == []


def test_it_starts_again_empty_after_kill_9(redis: EmbeddedRedis, eventually: Eventually) -> None:
    with Redis.from_url(redis.client_url()) as client:
        client.set("key", "value")
    assert redis.child.pid
    os.kill(redis.child.pid, signal.SIGKILL)
    eventually(lambda: not redis.child.is_running())
    redis.start()
    with Redis.from_url(redis.client_url()) as client:
        assert client.get("key") is None
