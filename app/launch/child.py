"""One child process: started in its own session, watched until ready, stopped without leftovers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import KanalError

_SPAWN = Path(__file__).with_name("spawn.py")
_POLL_SECONDS = 0.02
_LOG_BYTES = 10 * 1024 * 1024
_TAIL_BYTES = 16 * 1024
_TAIL_LINES = 12


class LaunchError(KanalError):
    """Something could not be started; the text is one sentence for the person at the terminal."""


class ChildFailedError(LaunchError):
    """A child ended, or was not ready in time; the text carries the last lines of its log."""


@dataclass(frozen=True)
class Identity:
    """Another user to run as, with at most one Linux capability kept."""

    user: int
    group: int
    capability: int | None = None


@dataclass(frozen=True)
class Program:
    """What to run and how to know that it runs.

    `argv[0]` is an absolute path.  `ready` is polled, must be quick and may raise nothing.
    `prepare` runs before every start, also before a restart.  `stop_signal` asks for the clean
    end; after `stop_seconds` the whole process group is killed.  `where` is shown to people.
    A supervisor stops children of a higher `stage` earlier.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    prepare: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    start_seconds: float = 60.0
    stop_seconds: float = 10.0
    identity: Identity | None = None
    where: str = ""
    stage: int = 0


def wrapped(
    argv: tuple[str, ...], identity: Identity | None, death_signal: signal.Signals
) -> list[str]:
    """Return the command that runs `argv` as `identity`, ending when this process ends."""
    spec = {
        "parent": os.getpid(),
        "death_signal": int(death_signal),
        "user": identity and identity.user,
        "group": identity and identity.group,
        "capability": identity and identity.capability,
    }
    return [sys.executable, "-I", "-S", str(_SPAWN), json.dumps(spec), *argv]


class Child:
    """A running `Program`.

    Start it from a thread that lives as long as the child should (the main thread): Linux counts
    the end of the starting thread as the end of the parent.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @property
    def name(self) -> str:
        """The program's name, as printed and as the log file is called."""
        return self.program.name

    @property
    def pid(self) -> int | None:
        """The process id, None while it is not running."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process; `wait_ready` tells when it can be used."""
        self.program.prepare()
        log = self.program.log
        log.parent.mkdir(parents=True, exist_ok=True)
        _rotate(log)
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                wrapped(self.program.argv, self.program.identity, self.program.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/" if self.program.identity else None,
                env=dict(self.program.environment),
                start_new_session=True,
            )

    def is_running(self) -> bool:
        """Tell whether the process lives; clears away what is left of its group if it does not."""
        if self._process is None:
            return False
        if os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return True
        self._reap()
        return False

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until `ready` says so; raise `ChildFailedError` if it ends or takes too long."""
        allowed = self.program.start_seconds if seconds is None else seconds
        deadline = time.monotonic() + allowed
        while not self.program.ready():
            if not self.is_running():
                raise self.failure("ended at once")
            if time.monotonic() > deadline:
                raise self.failure(f"not ready in {allowed:.0f} s")
            time.sleep(_POLL_SECONDS)

    def ask_to_stop(self) -> None:
        """Send the stop signal and return at once."""
        if self._process and self.is_running():
            self._process.send_signal(self.program.stop_signal)

    def stop(self) -> bool:
        """End it cleanly, by force after `stop_seconds`; True if force was not needed."""
        self.ask_to_stop()
        deadline = time.monotonic() + self.program.stop_seconds
        while self.is_running():
            if time.monotonic() > deadline:
                self.kill()
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def kill(self) -> None:
        """End the process and its whole group with SIGKILL."""
        if self._process and self.is_running():
            os.killpg(self._process.pid, signal.SIGKILL)
            self._reap()

    def restart(self) -> None:
        """Stop it if it runs, start it again and wait until it is ready."""
        self.stop()
        self.start()
        self.wait_ready()

    def failure(self, what: str) -> ChildFailedError:
        """Return the error that says `what` happened and shows the last lines of the log."""
        return ChildFailedError(f"{self.name} {what}{self._tail()}")

    def _reap(self) -> None:
        """Kill what remains of the group, then collect the leader.

        In this order: until it is collected the leader's number cannot belong to anyone else.
        """
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _tail(self) -> str:
        """Return the last lines this run wrote, each indented, or where the log is."""
        with self.program.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, end - _TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]
        return "".join(f"\n    {line}" for line in lines) or f", nothing in {self.program.log}"


def _rotate(log: Path) -> None:
    """Keep one older log file once the present one has grown large."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
