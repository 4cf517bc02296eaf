"""TCP ports and socket directories that are free and ours."""

from __future__ import annotations

import hashlib
import os
import re
import socket
import stat
import tempfile
from pathlib import Path

from app.launch.child import LaunchError

# A Unix socket's path may have 107 bytes on Linux and 103 on macOS; room for the file's name.
_DIRECTORY_BYTES = 84
# Elsewhere it would need quoting in three different ways: libpq, SQLAlchemy and Celery.
_PLAIN = re.compile(r"[\w/.-]+", re.ASCII)
_TRIES = 100


def free_port(preferred: int = 0, host: str = "127.0.0.1") -> int:
    """Return `preferred`, or the next free port above it; 0 means any free port."""
    if preferred == 0:
        with socket.socket() as probe:
            probe.bind((host, 0))
            return int(probe.getsockname()[1])
    for port in range(preferred, min(preferred + _TRIES, 65536)):
        if _is_free(port, host):
            return port
    raise LaunchError(f"no free port between {preferred} and {preferred + _TRIES - 1} on {host}")


def _is_free(port: int, host: str) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def socket_directory(data: Path, owner: int | None = None) -> Path:
    """Return a private directory (mode 0700) for the socket of the server whose data is in `data`.

    Beside the data where that path is plain and short enough for a socket, else in the temporary
    directory under a name that stays the same for the same data.  `owner` is the server's user.
    Raises `LaunchError` if somebody else holds the name.
    """
    beside = data.parent / "run" / data.name
    if len(os.fsencode(beside)) <= _DIRECTORY_BYTES and _PLAIN.fullmatch(str(beside)):
        beside.parent.mkdir(parents=True, exist_ok=True)
        return _private(beside, owner)
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return _private(Path(tempfile.gettempdir()) / f"kanal-{digest}", owner)


def _private(directory: Path, owner: int | None) -> Path:
    """Make `directory` if it is missing; check that it is a directory, ours, and closed."""
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    mine = {os.geteuid(), os.geteuid() if owner is None else owner}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in mine or found.st_mode & 0o077:
        raise LaunchError(f"{directory} is not a private directory of this user; remove it")
    if owner is not None and found.st_uid != owner:
        os.chown(directory, owner, -1, follow_symlinks=False)
    return directory
