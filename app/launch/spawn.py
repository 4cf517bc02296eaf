"""Run as a file, in front of every child: tie it to its parent, change its user, then exec it.

Usage: ``python -I -S spawn.py SPEC PROGRAM [ARGUMENT ...]`` with SPEC the JSON that
`app.launch.child.wrapped` writes.  Standard library only, and never imported by the program: it
becomes the child itself, so nothing runs between fork and exec inside the threaded supervisor.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import struct
import sys

# Numbers of <linux/prctl.h>, <linux/capability.h> and <linux/securebits.h>: the kernel's stable
# interface.
_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_SECBIT_NO_SETUID_FIXUP = 1 << 2


def _call(function: str, *arguments: object) -> None:
    """Call a libc function and turn -1 into OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, function)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{function}: {os.strerror(code)}")


def _prctl(option: int, first: int = 0, second: int = 0) -> None:
    numbers = [ctypes.c_ulong(number) for number in (first, second, 0, 0)]
    _call("prctl", ctypes.c_int(option), *numbers)


def _keep_only(capability: int) -> None:
    """Hold exactly one capability, and pass it on through exec ("ambient")."""
    low, high = (1 << capability) & 0xFFFFFFFF, (1 << capability) >> 32
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    data = struct.pack("6I", low, low, low, high, high, high)
    _call("capset", header, data)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def _become(user: int, group: int, capability: int | None) -> None:
    """Change to another user for good; keep one capability if asked.

    Without the secure bit access(2), with which PostgreSQL looks for its own programs, would
    leave the capability out of account.
    """
    if capability is not None:
        _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
    if capability is not None:
        _keep_only(capability)


def _die_with(parent: int, death_signal: int) -> None:
    """Ask the kernel for `death_signal` when the parent ends, however it ends.

    After the change of user, because that change clears the request.  Linux only: elsewhere an
    orphan is found and stopped at the next start.
    """
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:  # it ended before the request was in place
        sys.exit(128 + signal.SIGTERM)


def main() -> None:
    """Read SPEC, prepare this process, become PROGRAM."""
    spec = json.loads(sys.argv[1])
    if spec["user"] is not None:
        _become(spec["user"], spec["group"], spec["capability"])
    _die_with(spec["parent"], spec["death_signal"])
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
