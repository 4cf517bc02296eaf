"""Wake-ups over a real Redis, and without one."""

import logging
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from celery import Celery
from redis import Redis

from app.launch.redis import EmbeddedRedis
from app.settings import AppSettings
from app.wake import DELIVER, FETCH, POLL, QUEUES, SWEEP, WORK, Waker, create_celery
from core.errors import ConfigurationError
from tests.waiting import eventually


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    redis = EmbeddedRedis(tmp_path_factory.mktemp("redis") / "data")
    redis.start()
    yield redis
    redis.stop()


def settings(url: str) -> AppSettings:
    return AppSettings.model_validate({"REDIS_URL": url})


def is_long(redis: Redis, queue: str, length: int) -> bool:
    return bool(redis.llen(queue) == length)


def test_each_wake_up_reaches_its_queue(server: EmbeddedRedis) -> None:
    celery = create_celery(settings(server.url(3)))
    waker = Waker(celery)
    for task in (WORK, FETCH, SWEEP):
        waker.wake(task)
    waker.wake(POLL, "telegram")
    waker.wake_deliver("telegram")
    with Redis.from_url(server.client_url(3)) as redis:
        for queue, length in {"work": 1, "deliver": 1, "side": 3}.items():
            eventually(f"{length} in {queue}", partial(is_long, redis, queue, length))
        (body,) = redis.lrange("deliver", 0, -1)
        assert DELIVER.encode() in body
    celery.close()
    assert set(QUEUES.values()) == {"work", "deliver", "side"}


class Slow(Celery):
    """A Celery whose publishing waits, and notes what was published."""

    def __init__(self) -> None:
        super().__init__("slow", set_as_current=False)
        self.published: list[tuple[str, tuple[str, ...]]] = []
        self.go_on = threading.Event()

    def send_task(self, name: str, args: tuple[str, ...] = (), **_: object) -> None:  # type: ignore[override]
        """Note it."""
        assert self.go_on.wait(10)
        self.published.append((name, args))


def test_what_waits_already_is_not_published_twice() -> None:
    celery = Slow()
    waker = Waker(celery)
    for _ in range(100):
        waker.wake(WORK)
        waker.wake_deliver("telegram")
    celery.go_on.set()
    eventually("both are published", lambda: {WORK, DELIVER} <= {n for n, _ in celery.published})
    waker.wake(FETCH)
    eventually("the last one too", lambda: celery.published[-1] == (FETCH, ()))
    assert len(celery.published) <= 5
    assert (DELIVER, ("telegram",)) in celery.published


def test_without_redis_nobody_waits_and_later_ones_arrive(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    redis = EmbeddedRedis(tmp_path / "data")
    celery = create_celery(settings(redis.url()))
    waker = Waker(celery)
    with caplog.at_level(logging.WARNING, "app.wake"):
        waker.wake(WORK)
        eventually("its loss is logged", lambda: "wake-up lost" in caplog.text)
    redis.start()
    try:
        with Redis.from_url(redis.client_url()) as client:

            def arrives() -> bool:
                waker.wake(WORK)
                return bool(client.llen("work"))

            eventually("the next one arrives", arrives)
    finally:
        redis.stop()
    celery.close()


def test_redis_must_be_named() -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        create_celery(settings(""))
