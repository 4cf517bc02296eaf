"""`kanal serve ...`: one process of the system, in the foreground."""

from __future__ import annotations

import os
from typing import Annotated, NoReturn

import typer

from app import wiring
from app.launch.processes import Queue, beat_command, web_command, worker_command
from app.settings import AppSettings
from app.simulator.asgi import serve as serve_simulator

serve = typer.Typer(no_args_is_help=True, help="Run one process of the system.")


@serve.command()
def web(
    host: Annotated[str | None, typer.Option(help="Instead of KANAL_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Instead of KANAL_PORT.")] = None,
) -> None:
    """Webhooks, API and console."""
    wiring.require_settings()
    settings = AppSettings()
    _become(web_command(host or settings.host, port or settings.port))


@serve.command()
def worker(
    queue: Annotated[
        list[Queue] | None, typer.Option(help="May be given several times; default: all.")
    ] = None,
) -> None:
    """A Celery worker."""
    wiring.require_settings()
    _become(worker_command(queue or list(Queue), len(AppSettings().channel_names)))


@serve.command()
def beat() -> None:
    """The clock that wakes the sweeper and the poller; run exactly one."""
    wiring.require_settings()
    _become(beat_command())


@serve.command()
def simulator() -> None:
    """The simulated platforms and their phone page, for trials on this machine."""
    serve_simulator()


def _become(command: tuple[str, ...]) -> NoReturn:
    """Replace this process, so that signals reach the server and nothing of ours stays loaded."""
    os.execv(command[0], command)
