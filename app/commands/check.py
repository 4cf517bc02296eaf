"""`kanal check`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import typer

from app.checks import dependencies, edges, locks, schema, settings, sizes

ROOT = Path(__file__).resolve().parents[2]

# As its console script does, which a moved checkout would break.
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"

Check = Callable[[Path], list[str]]


def tool(*arguments: str) -> Check:
    """Return a check that runs Python with these arguments; its output is the complaint."""

    def run(root: Path) -> list[str]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return [] if done.returncode == 0 else [done.stdout.strip() or "failed without a word"]

    return run


CHECKS: dict[str, Check] = {
    "ruff check": tool("-m", "ruff", "check", "."),
    "ruff format": tool("-m", "ruff", "format", "--check", "."),
    "mypy": tool("-m", "mypy"),
    "imports": tool("-c", _LINT_IMPORTS),
    "sizes": sizes.check,
    "edges": edges.check,
    "locks": locks.check,
    "dependencies": dependencies.check,
    "settings": settings.check,
    "schema": schema.check,
}


def check() -> None:
    """Look at style, types, imports, sizes, locks, settings and migrations."""
    failed = [name for name, look in CHECKS.items() if not _passes(name, look)]
    if failed:
        typer.echo(f"failed: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


def _passes(name: str, look: Check) -> bool:
    started = time.monotonic()
    complaints = look(ROOT)
    taken = time.monotonic() - started
    typer.echo(f"{name:<14}{'FAILED' if complaints else 'ok':<8}{taken:6.1f} s")
    for complaint in complaints:
        typer.echo(f"    {complaint}")
    return not complaints
