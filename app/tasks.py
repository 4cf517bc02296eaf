"""Celery's tasks: each takes a channel's name or nothing, and hands over to the shift."""

from typing import Any

from celery.signals import worker_process_shutdown, worker_shutting_down

from app import wiring, workplace
from app.shift import Shift
from app.wake import DELIVER, FETCH, POLL, SUGGEST, SWEEP, WORK
from app.worker import celery_app

shift: Shift = workplace.shift(celery_app)


@celery_app.task(name=WORK)
def work() -> None:
    """Advance the conversations that wait in the inbox."""
    shift.run(WORK)


@celery_app.task(name=SUGGEST)
def suggest() -> None:
    """Suggest an OPD for the reports that nobody has read yet."""
    shift.run(SUGGEST)


@celery_app.task(name=DELIVER)
def deliver(channel: str) -> None:
    """Send what the outbox holds for `channel`."""
    shift.run(DELIVER, channel)


@celery_app.task(name=FETCH)
def fetch() -> None:
    """Fetch the files that citizens sent."""
    shift.run(FETCH)


@celery_app.task(name=POLL)
def poll(channel: str) -> None:
    """Ask `channel` for its events, where it is polled."""
    shift.run(POLL, channel)


@celery_app.task(name=SWEEP)
def sweep() -> None:
    """Wake all queues, so that a lost wake-up loses no message."""
    shift.sweep()


def stop(**_: Any) -> None:
    """Let the threads of this process come to their end."""
    shift.stop()


worker_shutting_down.connect(stop, weak=False)
worker_process_shutdown.connect(stop, weak=False)
wiring.settle()
