"""Wake-ups for the workers: they carry no data, and losing one loses nothing."""

import logging
import threading
import time

from celery import Celery

from app.settings import AppSettings
from core.errors import ConfigurationError

log = logging.getLogger(__name__)

WORK = "kanal.work"
DELIVER = "kanal.deliver"
SUGGEST = "kanal.suggest"
FETCH = "kanal.fetch"
POLL = "kanal.poll"
SWEEP = "kanal.sweep"

# The model is in the workers of one queue only.
QUEUES = {
    WORK: "work",
    SUGGEST: "work",
    DELIVER: "deliver",
    FETCH: "side",
    POLL: "side",
    SWEEP: "side",
}

# Seconds between two rounds of publishing: under load one wake-up then stands for all that came
# meanwhile, and an idle system still wakes at once.
REST = 0.05

# Under a load without a pause a task lasts as long as there is work. Redis then hands its wake-up
# out once more, and a turnstile lets that one go: a wake-up carries nothing.
VISIBILITY_TIMEOUT = 3600


def create_celery(settings: AppSettings) -> Celery:
    """Return the Celery application, without tasks; nothing is dialled yet."""
    if not settings.redis_url:
        raise ConfigurationError("REDIS_URL is missing: redis://host:6379/0")
    celery = Celery("kanal", broker=settings.redis_url, set_as_current=False)
    celery.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue="side",
        task_routes={name: {"queue": queue} for name, queue in QUEUES.items()},
        task_publish_retry=False,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_soft_shutdown_timeout=30,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_TIMEOUT,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
        },
    )
    return celery


class Waker:
    """Publishes wake-ups from a thread of its own, so that a missing Redis delays nobody.

    A wake-up that is already waiting to be published is not published twice; one that cannot be
    published is dropped, and the sweep finds the work.
    """

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._wanted: dict[tuple[str, tuple[str, ...]], None] = {}
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._publish, name="waker", daemon=True)
        self._thread.start()

    def wake(self, task: str, *args: str) -> None:
        """Have `task` run soon; returns at once."""
        with self._changed:
            self._wanted[task, args] = None
            self._changed.notify()

    def wake_deliver(self, channel: str) -> None:
        """Have what waits for `channel` delivered soon."""
        self.wake(DELIVER, channel)

    def _publish(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted)
                wanted, self._wanted = self._wanted, {}
            for task, args in wanted:
                self._publish_one(task, args)
            time.sleep(REST)

    def _publish_one(self, task: str, args: tuple[str, ...]) -> None:
        try:
            self._celery.send_task(task, args=args, retry=False)
        except Exception as error:  # noqa: BLE001 - this thread must live; the sweep finds the work
            log.warning("wake-up lost", extra={"task": task, "error": type(error).__name__})
