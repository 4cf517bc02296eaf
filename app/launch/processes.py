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


#: How many tasks of a queue one worker process runs at once.
TASKS_AT_ONCE = {Queue.WORK: 2, Queue.DELIVER: 2, Queue.SIDE: 4}

_CELERY = (sys.executable, "-m", "celery", "--app", "app.worker:celery_app")


def web_command(host: str, port: int) -> tuple[str, ...]:
    """Return the command of the web process: webhooks, API and console."""
    return (
        *(sys.executable, "-m", "uvicorn", "app.asgi:create_app", "--factory"),
        *("--host", host, "--port", str(port), "--loop", "uvloop", "--http", "httptools"),
        *("--no-access-log", "--no-server-header", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", "10"),
    )


def worker_command(queues: Sequence[Queue]) -> tuple[str, ...]:
    """Return the command of a Celery worker over `queues`.

    Threads, because a task waits for PostgreSQL or a platform nearly all of its time.
    """
    node = f"{'-'.join(queues)}@%h"
    concurrency = sum(TASKS_AT_ONCE[queue] for queue in queues)
    return (
        *(*_CELERY, "worker", "--queues", ",".join(queues), "--hostname", node),
        *("--pool", "threads", "--concurrency", str(concurrency), "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle"),
    )


def beat_command() -> tuple[str, ...]:
    """Return the command of beat."""
    return (*_CELERY, "beat", "--pidfile=", "--loglevel", "INFO")


def simulator_command() -> tuple[str, ...]:
    """Return the command of the simulated platforms; address and port are in its settings."""
    return (sys.executable, "-m", "app.simulator")
