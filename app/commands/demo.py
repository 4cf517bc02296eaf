"""`kanal demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.launch.demo import Demo, run_demo


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Wished port of the web.")] = 8080,
    simulator_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Wished port of the phone page.")
    ] = 8081,
    var: Annotated[Path, typer.Option(help="Folder for data and logs.")] = Path("var"),
) -> None:
    """Run everything on this machine with simulated platforms; Ctrl-C stops it."""
    run_demo(Demo(var, port, simulator_port), typer.echo)
