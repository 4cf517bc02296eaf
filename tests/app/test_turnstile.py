"""The turnstile: one at a time, nobody's wake-up lost, and no wait survives a stop."""

import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.turnstile import LINGER, Turnstile
from tests.waiting import eventually


def turnstile(act: Callable[[], float | None]) -> tuple[Turnstile, threading.Event]:
    stopping = threading.Event()
    return Turnstile(act, stopping), stopping


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), max_size=6), min_size=2, max_size=6))
def test_whoever_asks_is_served_by_an_act_that_begins_later(pauses: list[list[int]]) -> None:
    asked, served, inside = [0], [0], [0]
    lock = threading.Lock()

    def act() -> float | None:
        with lock:
            inside[0] += 1
            assert inside[0] == 1
            served[0] = asked[0]
        threading.Event().wait(0.0005)  # makes room for others to come meanwhile
        with lock:
            inside[0] -= 1
        return None

    gate, _ = turnstile(act)

    def come(mine: list[int]) -> None:
        for pause in mine:
            threading.Event().wait(pause / 2000)
            with lock:
                asked[0] += 1
            gate.run()

    threads = [threading.Thread(target=come, args=(mine,)) for mine in pauses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert served == asked


class LastMoment:
    """A lock at whose first release somebody else comes, just before it is free."""

    def __init__(self, come: Callable[[], None]) -> None:
        self._lock, self._comers = threading.Lock(), [come]

    def acquire(self, blocking: bool = True) -> bool:
        """Take the lock."""
        return self._lock.acquire(blocking=blocking)

    def release(self) -> None:
        """Let the other one come, then free the lock."""
        while self._comers:
            comer = threading.Thread(target=self._comers.pop())
            comer.start()
            comer.join(10)
        self._lock.release()


def test_who_comes_at_the_last_moment_is_served() -> None:
    acts: list[int] = []
    gate, _ = turnstile(lambda: acts.append(1))
    gate._lock = LastMoment(gate.run)  # type: ignore[assignment]  # it is asked for no more
    gate.run()
    assert len(acts) == 2


@pytest.mark.parametrize(
    ("delays", "acts"),
    [
        ([None], 1),
        ([0.01, 0.01, None], 3),
        ([LINGER + 1], 1),
        ([0.01, LINGER + 1], 2),
    ],
)
def test_waits_for_what_is_due_soon(delays: list[float | None], acts: int) -> None:
    left = list(delays)
    gate, _ = turnstile(lambda: left.pop(0))
    gate.run()
    assert len(delays) - len(left) == acts


def test_a_wake_up_ends_the_wait() -> None:
    begun = threading.Semaphore(0)
    delays = [LINGER, None]

    def act() -> float | None:
        begun.release()
        return delays.pop(0)

    gate, _ = turnstile(act)
    waiting = threading.Thread(target=gate.run, daemon=True)
    started = time.monotonic()
    waiting.start()
    assert begun.acquire(timeout=10)
    gate.run()
    waiting.join(10)
    assert not delays
    assert time.monotonic() - started < LINGER / 2


def test_a_stop_ends_the_wait_and_begins_nothing() -> None:
    acts: list[int] = []

    def act() -> float | None:
        acts.append(1)
        return LINGER

    gate, stopping = turnstile(act)
    waiting = threading.Thread(target=gate.run, daemon=True)
    waiting.start()
    eventually("it waits", lambda: len(acts) == 1)
    stopping.set()
    gate.nudge()
    waiting.join(LINGER / 2)
    assert not waiting.is_alive()
    gate.run()
    assert len(acts) == 1


def test_a_failure_does_not_close_the_turnstile() -> None:
    failures = [ZeroDivisionError()]

    def act() -> float | None:
        if failures:
            raise failures.pop()
        acts.append(1)
        return None

    acts: list[int] = []
    gate, _ = turnstile(act)
    with pytest.raises(ZeroDivisionError):
        gate.run()
    gate.run()
    assert acts == [1]
