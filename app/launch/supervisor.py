"""Keeps a set of children running and stops them together."""

from __future__ import annotations

import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from app.launch.child import Child

_TICK_SECONDS = 0.05
_RESTARTS = 5
_WINDOW_SECONDS = 60.0
_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 8.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Somebody pressed Ctrl-C, or sent a signal, while children were starting."""


@dataclass
class _Ward:
    """One child and what the supervisor knows of it; `due` is when to start it again."""

    child: Child
    up: bool = False
    deadline: float = 0.0
    due: float | None = None
    crashes: deque[float] = field(default_factory=lambda: deque(maxlen=_RESTARTS + 1))


class Supervisor:
    """Starts children, restarts those that end, stops all in order.

    Call it from the main thread.  `say` prints one line.  A child that ends more than five times
    in a minute is given up: `watch` raises `ChildFailedError`, and the caller stops the rest.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._wards: list[_Ward] = []
        self._stopping = False
        self._hurry = False

    @contextmanager
    def running(self) -> Iterator[Supervisor]:
        """Handle Ctrl-C and the like inside the block, and stop every child at its end."""
        before = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        try:
            yield self
        finally:
            self.stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def launch(self, children: Iterable[Child]) -> None:
        """Start the children at once and wait until each is ready.

        Raises `ChildFailedError` if one is not, `StopRequested` on Ctrl-C.
        """
        wards = [_Ward(child) for child in children]
        self._wards += wards
        for ward in wards:
            self._start(ward)
        while not all(ward.up for ward in wards):
            self._pause()
            for ward in self._wards:
                self._look_after(ward)

    def watch(self) -> None:
        """Keep the children running until somebody asks to stop; raises as `launch` does."""
        while True:
            self._pause()
            for ward in self._wards:
                self._look_after(ward)

    def stop(self) -> None:
        """Stop all children, the highest stage first; a second Ctrl-C kills what is left."""
        for stage in sorted({ward.child.program.stage for ward in self._wards}, reverse=True):
            self._stop_together(
                [ward.child for ward in self._wards if ward.child.program.stage == stage]
            )
        self._wards.clear()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._hurry = self._stopping
        self._stopping = True

    def _pause(self) -> None:
        if self._stopping:
            raise StopRequested
        time.sleep(_TICK_SECONDS)

    def _start(self, ward: _Ward) -> None:
        ward.up, ward.due = False, None
        ward.deadline = time.monotonic() + ward.child.program.start_seconds
        ward.child.start()

    def _look_after(self, ward: _Ward) -> None:
        """Do what is due for one child: start it again, see whether it is ready, notice its end."""
        now = time.monotonic()
        if ward.due is not None:
            if now >= ward.due:
                self._start(ward)
        elif not ward.child.is_running():
            self._crashed(ward, "ended")
        elif ward.up:
            return
        elif ward.child.program.ready():
            ward.up = True
            self._say(f"{ward.child.name:<16}{ward.child.program.where or 'up'}")
        elif now > ward.deadline:
            ward.child.kill()
            self._crashed(ward, f"was not ready in {ward.child.program.start_seconds:.0f} s")

    def _crashed(self, ward: _Ward, what: str) -> None:
        """Plan the next start, with a growing wait; give up on a first start or on too many."""
        now = time.monotonic()
        first_start = not ward.up and not ward.crashes
        ward.crashes.append(now)
        recent = sum(1 for moment in ward.crashes if now - moment < _WINDOW_SECONDS)
        if first_start or recent > _RESTARTS:
            raise ward.child.failure(what if first_start else f"{what} {recent} times in a minute")
        ward.due = now + min(_FIRST_WAIT_SECONDS * 2 ** (recent - 1), _LONGEST_WAIT_SECONDS)
        self._say(f"{ward.child.name:<16}{what}, starting it again")

    def _stop_together(self, children: list[Child]) -> None:
        """Ask all to stop, wait for them, kill those that take too long."""
        for child in children:
            child.ask_to_stop()
        started = time.monotonic()
        while left := [child for child in children if child.is_running()]:
            for child in left:
                late = time.monotonic() - started > child.program.stop_seconds
                if late or self._hurry:
                    self._say(f"{child.name:<16}killed")
                    child.kill()
            time.sleep(_TICK_SECONDS)
