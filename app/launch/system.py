"""Programs of the operating system that only tests and benchmarks need."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence

from app.launch.child import LaunchError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def require_browser(say: Callable[[str], None]) -> str | None:
    """Return the path of a Chromium, installing Debian's where that can be done.

    None, with one line said, where there is none: the browser tests are then not run.  In
    continuous integration (CI=true) that is a `LaunchError`.
    """
    return find_or_install(BROWSERS, "chromium", "the browser tests are not run", say)


def require_wrk(say: Callable[[str], None]) -> str | None:
    """Return the path of the load generator `wrk`, as `require_browser` does."""
    return find_or_install(("wrk",), "wrk", "figures are bounded by our own generator", say)


def find_or_install(
    names: Sequence[str], package: str, without: str, say: Callable[[str], None]
) -> str | None:
    """Return the first of `names` on PATH, else install Debian's `package` and look again."""
    if not _find(names) and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"installing {package} with apt-get")
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", package)
    found = _find(names)
    if found is None and os.environ.get("CI") == "true":
        raise LaunchError(f"{package} is missing and could not be installed: {without}")
    if found is None:
        say(f"{package} is not installed: {without}")
    return found


def _find(names: Sequence[str]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _apt(*arguments: str) -> None:
    """Run apt-get; its failure shows in the program still missing."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "--quiet", "--quiet", *arguments], env=environment, check=False)
