"""Which user PostgreSQL runs as, because it refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path

from app.launch.child import Identity, LaunchError

# <linux/capability.h>.  The first reads and enters everything but writes nothing; the second is
# the one an ordinary container gives its root.
_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID, _CAP_SETPCAP = 0, 6, 7, 8
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2


def other_than_root(data: Path, needed: Iterable[Path]) -> Identity | None:
    """Return the user to run as; None means as we are, which is enough unless we are root.

    The owner of `data` if that exists, else `nobody`.  When one of the `needed` paths cannot be
    reached by others (a checkout below a closed home), that process alone keeps one capability to
    pass; no permission of any directory is changed.  Raises `LaunchError` where this user may not
    do that.
    """
    if os.geteuid() != 0:
        return None
    user, group = _account(data)
    if any(not _held() & (1 << needful) for needful in (_CAP_CHOWN, _CAP_SETGID, _CAP_SETUID)):
        raise LaunchError(
            "PostgreSQL does not run as root, and this root may not change to another user: "
            "run as an ordinary user, or give DATABASE_URL"
        )
    if all(_reachable(path) for path in needed):
        return Identity(user, group)
    executables = [path for path in needed if path.is_file() and path.stat().st_mode & 0o111]
    return Identity(user, group, _capability(executables))


def _account(data: Path) -> tuple[int, int]:
    """Return the user and group that own `data`, or those of `nobody`."""
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise LaunchError("this system has no user 'nobody' for PostgreSQL to run as") from None
    return nobody.pw_uid, nobody.pw_gid


def _reachable(path: Path) -> bool:
    """Tell whether every user can enter the directories above `path` and read what it is."""
    above = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    wanted = stat.S_IXOTH if path.is_dir() else stat.S_IROTH
    return above and bool(path.stat().st_mode & wanted)


def _capability(executables: Iterable[Path]) -> int:
    """Return the smallest capability, of those we hold, that opens the way."""
    held = _held()
    if not held & (1 << _CAP_SETPCAP):
        held = 0  # it is needed to pass another one on
    may_run = all(path.stat().st_mode & stat.S_IXOTH for path in executables)
    if may_run and held & (1 << _CAP_DAC_READ_SEARCH):
        return _CAP_DAC_READ_SEARCH
    if held & (1 << _CAP_DAC_OVERRIDE):
        return _CAP_DAC_OVERRIDE
    raise LaunchError(
        "PostgreSQL does not run as root, and other users cannot enter this directory: "
        "run as an ordinary user, or give DATABASE_URL"
    )


def _held() -> int:
    """Return the capabilities this process may use, as the kernel's bit mask.

    Off Linux root may do everything, but nothing can be kept through the change of user.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 1 << _CAP_CHOWN | 1 << _CAP_SETGID | 1 << _CAP_SETUID
    line = next(row for row in status.read_text().splitlines() if row.startswith("CapEff:"))
    return int(line.split()[1], 16)
