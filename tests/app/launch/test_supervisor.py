import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.launch import Child, ChildFailedError, Program
from app.launch import supervisor as module
from app.launch.supervisor import StopRequested, Supervisor

Eventually = Callable[[Callable[[], object]], None]

SLEEP = "import signal; print('ready', flush=True); signal.pause()"
STUBBORN = (
    "import signal; signal.signal(15, signal.SIG_IGN); print('ready', flush=True)\n"
    "while 1: signal.pause()"
)


def child(tmp_path: Path, name: str, code: str = SLEEP, stage: int = 0, stop: float = 10) -> Child:
    log = tmp_path / f"{name}.log"
    return Child(
        Program(
            name=name,
            argv=(sys.executable, "-c", code),
            log=log,
            ready=lambda: b"ready" in log.read_bytes(),
            where=f"at {name}",
            stage=stage,
            stop_seconds=stop,
        )
    )


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Supervisor:
    return Supervisor(said.append)


def interrupt_when(condition: Callable[[], bool], count: int = 1) -> None:
    """Press Ctrl-C once `condition` holds, from another thread."""

    def press() -> None:
        for _ in range(count):
            while not condition():
                threading.Event().wait(0.01)
            os.kill(os.getpid(), signal.SIGINT)
            threading.Event().wait(0.3)

    threading.Thread(target=press, daemon=True).start()


def test_it_says_what_is_up_and_stops_on_ctrl_c(
    tmp_path: Path, supervisor: Supervisor, said: list[str]
) -> None:
    one, two = child(tmp_path, "one"), child(tmp_path, "two")
    with supervisor.running():
        supervisor.launch([one, two])
        assert sorted(said) == [f"{name:<16}at {name}" for name in ("one", "two")]
        interrupt_when(lambda: True)
        with pytest.raises(StopRequested):
            supervisor.watch()
    assert not one.is_running()
    assert not two.is_running()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_that_dies_is_started_again(
    tmp_path: Path, supervisor: Supervisor, said: list[str]
) -> None:
    one = child(tmp_path, "one")
    with supervisor.running():
        supervisor.launch([one])
        assert one.pid
        os.kill(one.pid, signal.SIGKILL)
        interrupt_when(lambda: len(said) == 3)
        with pytest.raises(StopRequested):
            supervisor.watch()
    assert said[1:] == [f"{'one':<16}ended, starting it again", f"{'one':<16}at one"]


def test_one_that_dies_again_and_again_is_given_up(
    tmp_path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONGEST_WAIT_SECONDS", 0.01)
    broken = tmp_path / "broken"
    code = (
        "import os; print('ready', flush=True)\n"
        f"while not os.path.exists({str(broken)!r}): pass\n"
        "1/0"
    )
    good, bad = child(tmp_path, "good"), child(tmp_path, "bad", code)
    expected = pytest.raises(ChildFailedError, match=r"(?s)bad ended 6 times.*ZeroDivisionError")
    with expected, supervisor.running():
        supervisor.launch([good, bad])
        broken.touch()
        supervisor.watch()
    assert not good.is_running()


def test_one_that_cannot_start_stops_the_others(tmp_path: Path, supervisor: Supervisor) -> None:
    good, bad = child(tmp_path, "good"), child(tmp_path, "bad", "raise SystemExit('port taken')")
    expected = pytest.raises(ChildFailedError, match=r"(?s)bad ended.*port taken")
    with expected, supervisor.running():
        supervisor.launch([good, bad])
    assert not good.is_running()


def test_the_highest_stage_stops_first(tmp_path: Path, supervisor: Supervisor) -> None:
    order = tmp_path / "order"
    code = (
        "import signal, sys\n"
        "def end(*_):\n"
        f"    open({str(order)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(15, end); print('ready', flush=True); signal.pause()"
    )
    children = [child(tmp_path, str(stage), code, stage) for stage in (0, 2, 1)]
    for one in children:
        one.program = replace(one.program, argv=(*one.program.argv, one.name))
    with supervisor.running():
        supervisor.launch(children)
    assert order.read_text() == "210"


def test_a_second_ctrl_c_does_not_wait(
    tmp_path: Path, supervisor: Supervisor, said: list[str]
) -> None:
    stubborn = child(tmp_path, "stubborn", STUBBORN, stop=60)
    with supervisor.running():
        supervisor.launch([stubborn])
        interrupt_when(lambda: True, count=2)
        with pytest.raises(StopRequested):
            supervisor.watch()
    assert said[-1] == f"{'stubborn':<16}killed"
    assert not stubborn.is_running()
