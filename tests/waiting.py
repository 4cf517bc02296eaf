"""Waiting in tests: for a condition, with a deadline, never for a time."""

import threading
import time
from collections.abc import Callable


def eventually(what: str, condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Return as soon as `condition` holds; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        pause.wait(0.05)
