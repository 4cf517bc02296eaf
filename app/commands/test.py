"""`kanal test`."""

from __future__ import annotations

import os
import sys

import typer

from app.launch.system import require_browser

_BROWSER_TESTS = "tests/browser"


def test(context: typer.Context) -> None:
    """Run every test; what follows goes to pytest (`kanal test -k telegram`)."""
    chromium = require_browser(typer.echo)
    environment = os.environ | ({"CHROMIUM": chromium} if chromium else {})
    without = [] if chromium else [f"--ignore={_BROWSER_TESTS}"]
    command = [sys.executable, "-m", "pytest", *without, *context.args]
    os.execve(sys.executable, command, environment)
