"""`kanal test`."""

from __future__ import annotations

import os
import sys

import typer

from app.launch.system import require_browser

_BROWSER_TESTS = "tests/browser"
# Most tests wait for processes and databases: two at a time take little more than half as long.
# A file stays in one process, with what it started, and so does all that starts whole systems
# (tests/sharing.py).
_SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")


def test(context: typer.Context) -> None:
    """Run every test, two at a time; what follows goes to pytest (`kanal test -k telegram`)."""
    chromium = require_browser(typer.echo)
    environment = os.environ | ({"CHROMIUM": chromium} if chromium else {})
    without = [] if chromium else [f"--ignore={_BROWSER_TESTS}"]
    command = [sys.executable, "-m", "pytest", *_SIDE_BY_SIDE, *without, *context.args]
    os.execve(sys.executable, command, environment)
