"""What a benchmark hands over: a table for people, a file for programs."""

import json
import math
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from sys import stderr
from typing import Any

import psutil

from benchmarks.figures import Verdict

MEASURED_WITH = (
    *("celery", "fastapi", "httptools", "numpy", "psycopg", "spacy", "sqlalchemy", "uvicorn"),
    "uvloop",
)


def machine() -> dict[str, Any]:
    """Return what the figures depend on; no name of a host, a user or a folder."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores(),
        "memory_mb": psutil.virtual_memory().total // 2**20,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in MEASURED_WITH},
    }


def cores() -> int:
    """Return how many processors the machine has."""
    return os.cpu_count() or 1


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows under a head: the first column to the left, the others to the right."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def verdicts(found: Sequence[Verdict]) -> str:
    """Return the targets with what was found, as a table."""
    return table(["target", "found", "wanted", "verdict"], [verdict.row for verdict in found])


def number(value: float | None, form: str = ".1f") -> str:
    """Return a table's cell; "-" for what could not be measured."""
    return "-" if value is None or math.isnan(value) else format(value, form)


def write(path: Path | None, name: str, figures: Mapping[str, Any]) -> None:
    """Write all numbers of a run to `path`, if there is one."""
    if path is not None:
        whole = {"benchmark": name, "machine": machine(), **figures}
        path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def progress(text: str) -> None:
    """Say on one line of the terminal what is going on; "" clears it."""
    if stderr.isatty():
        stderr.write(f"\r\033[K{text}")
        stderr.flush()
    elif text:
        stderr.write(text + "\n")
