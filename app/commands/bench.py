"""`kanal bench ...`: measure the system; see benchmarks/README.md."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

bench = typer.Typer(no_args_is_help=True, help="Measure the system with real processes.")

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@bench.callback()
def group() -> None:
    """Measure the system with real processes; each command has its own --help."""


@bench.command(context_settings=PASS_ON, add_help_option=False)
def ingest(context: typer.Context) -> None:
    """Events a second into the web process, beside an empty and a plainly inserting route."""
    _become("ingest", context.args)


@bench.command(context_settings=PASS_ON, add_help_option=False)
def journey(context: typer.Context) -> None:
    """Citizens who walk to a ticket through all processes: latency, throughput, loss, cost."""
    _become("journey", context.args)


@bench.command(context_settings=PASS_ON, add_help_option=False)
def classifier(context: typer.Context) -> None:
    """Reports read a second on one core, and how soon a report has its suggestion."""
    _become("classifier", context.args)


def _become(name: str, arguments: list[str]) -> NoReturn:
    """Replace this process: nothing that is installed needs the benchmarks, which need it."""
    os.execv(sys.executable, [sys.executable, "-m", "benchmarks", name, *arguments])
