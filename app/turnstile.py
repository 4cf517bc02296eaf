"""One thread of a process at a time works on a queue; who comes meanwhile is served by it."""

import threading
from collections.abc import Callable

LINGER = 5.0  # seconds: work due within them is waited for, later work is the sweep's


class Turnstile:
    """Runs `act` for everybody who asks while it runs, once more after the last one asked.

    `act` returns in how many seconds it wants to run again, None when it does not.
    """

    def __init__(self, act: Callable[[], float | None], stopping: threading.Event) -> None:
        self._act = act
        self._stopping = stopping
        self._wanted = threading.Event()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Make sure that `act` begins after this moment; returns at once if another sees to it."""
        self._wanted.set()
        while self._wanted.is_set() and self._lock.acquire(blocking=False):
            try:
                self._serve()
            finally:
                self._lock.release()
            if self._stopping.is_set():
                return

    def nudge(self) -> None:
        """End a wait for work that is due soon; for a stop of the process."""
        self._wanted.set()

    def _serve(self) -> None:
        while self._wanted.is_set() and not self._stopping.is_set():
            self._wanted.clear()
            delay = self._act()
            if delay is None or delay > LINGER:
                continue
            self._wanted.wait(delay)
            self._wanted.set()
