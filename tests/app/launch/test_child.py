import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from app.launch import Child, ChildFailedError, Program

Eventually = Callable[[Callable[[], object]], None]
ROOT = Path(__file__).parents[3]


def python(tmp_path: Path, code: str, **changes: object) -> Child:
    """A child that runs `code`, ready once it has written `ready` to its log."""
    log = tmp_path / "log" / "child.log"
    program = Program(
        name="child",
        argv=(sys.executable, "-u", "-c", textwrap.dedent(code)),
        log=log,
        ready=lambda: b"ready" in log.read_bytes(),
        **changes,  # type: ignore[arg-type] # the fields of Program, by name
    )
    return Child(program)


SLEEP = "import signal; print('ready'); signal.pause()"


def test_starts_in_a_session_of_its_own_and_stops(tmp_path: Path) -> None:
    child = python(tmp_path, SLEEP)
    child.start()
    child.wait_ready(10)
    pid = child.pid
    assert pid
    assert os.getsid(pid) == pid
    assert child.stop() is True
    assert child.pid is None
    assert not psutil.pid_exists(pid)


def test_a_child_gets_only_its_own_environment(tmp_path: Path) -> None:
    code = "import os; print(sorted(os.environ)); print('ready')"
    child = python(tmp_path, code, environment={"ONLY": "this"})
    child.start()
    child.wait_ready(10)
    child.stop()
    assert "'ONLY'" in child.program.log.read_text()
    assert "'HOME'" not in child.program.log.read_text()


def test_one_that_ends_at_once_shows_its_last_lines(tmp_path: Path) -> None:
    child = python(tmp_path, "print('an older line'); raise SystemExit('no such database')")
    child.start()
    with pytest.raises(ChildFailedError, match=r"(?s)child ended at once.*no such database"):
        child.wait_ready(10)


def test_only_this_runs_lines_are_shown(tmp_path: Path) -> None:
    log = tmp_path / "log" / "child.log"
    log.parent.mkdir()
    log.write_text("yesterday's trouble\n")
    child = python(tmp_path, "raise SystemExit('today')")
    child.start()
    with pytest.raises(ChildFailedError) as failure:
        child.wait_ready(10)
    assert "yesterday" not in str(failure.value)
    assert "today" in str(failure.value)


def test_one_that_is_never_ready_is_an_error(tmp_path: Path) -> None:
    child = python(tmp_path, "import signal; signal.pause()")
    child.start()
    with pytest.raises(ChildFailedError, match="not ready in 0 s"):
        child.wait_ready(0.2)
    child.kill()


def test_one_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    code = """
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("ready")
        while True: signal.pause()
    """
    child = python(tmp_path, code, stop_seconds=0.2)
    child.start()
    child.wait_ready(10)
    assert child.stop() is False
    assert not child.is_running()


def test_its_own_children_go_with_it(tmp_path: Path, eventually: Eventually) -> None:
    code = """
        import subprocess, sys, signal
        inner = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
        print("inner", inner.pid, "ready")
        signal.pause()
    """
    child = python(tmp_path, code)
    child.start()
    child.wait_ready(10)
    inner = int(child.program.log.read_text().split()[1])
    assert child.pid
    os.kill(child.pid, signal.SIGKILL)
    eventually(lambda: not child.is_running())
    eventually(lambda: ended(inner))


def test_it_ends_when_its_parent_is_killed(tmp_path: Path, eventually: Eventually) -> None:
    code = f"""
        import signal, sys
        from pathlib import Path
        from app.launch import Child, Program
        log = Path({str(tmp_path / "child.log")!r})
        argv = (sys.executable, "-c", "import signal; signal.pause()")
        child = Child(Program(name="child", argv=argv, log=log))
        child.start()
        print(child.pid, flush=True)
        signal.pause()
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert not ended(pid)
        parent.kill()
    eventually(lambda: ended(pid))


def ended(pid: int) -> bool:
    """Gone, or a zombie that nobody in a bare container collects."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_large_log_is_set_aside(tmp_path: Path) -> None:
    log = tmp_path / "log" / "child.log"
    log.parent.mkdir()
    with log.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    child = python(tmp_path, SLEEP)
    child.start()
    child.wait_ready(10)
    child.stop()
    assert log.stat().st_size < 1000
    assert log.with_suffix(".log.1").exists()
