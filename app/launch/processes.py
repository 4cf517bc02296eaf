"""The command line of each process of Kanal: the same in the demo, `kanal serve` and tests."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum


class Queue(StrEnum):
    """The queues of the workers, as `app.wake` fills them."""

    WORK = "work"
    DELIVER = "deliver"
    SIDE = "side"


#: What workers of the queue work load besides: the model, and who reads with it.
READING = "app.reading"

_CELERY = (sys.executable, "-m", "celery", "--app", "app.worker:celery_app")


def web_command(host: str, port: int) -> tuple[str, ...]:
    """Return the command of the web process: webhooks, API and console."""
    return (
        *(sys.executable, "-m", "uvicorn", "app.asgi:create_app", "--factory"),
        *("--host", host, "--port", str(port), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--no-server-header", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", "10"),
    )


def tasks_at_once(queue: Queue, channels: int) -> int:
    """Return how many tasks of `queue` one worker process runs at once with so many channels.

    A task of delivery lasts while its channel has work, and one of polling for ever: the others
    need threads beside them.
    """
    match queue:
        case Queue.WORK:
            return 3
        case Queue.DELIVER:
            return channels + 1
        case Queue.SIDE:
            return channels + 3


def worker_command(queues: Sequence[Queue], channels: int) -> tuple[str, ...]:
    """Return the command of a Celery worker over `queues`, with so many channels on.

    Threads, because a task waits for PostgreSQL or a platform nearly all of its time.
    """
    node = f"{'-'.join(queues)}@%h"
    concurrency = sum(tasks_at_once(queue, channels) for queue in queues)
    return (
        *(*_CELERY, "worker", "--queues", ",".join(queues), "--hostname", node),
        *(("--include", READING) if Queue.WORK in queues else ()),
        *("--pool", "threads", "--concurrency", str(concurrency), "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle"),
    )


def beat_command() -> tuple[str, ...]:
    """Return the command of beat."""
    return (*_CELERY, "beat", "--pidfile=", "--loglevel", "INFO")


def simulator_command() -> tuple[str, ...]:
    """Return the command of the simulated platforms; address and port are in its settings."""
    return (sys.executable, "-m", "app.simulator")
