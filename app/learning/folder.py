"""What the `kanal model` commands share: the folder of models, and the live one of it."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from app.deciding import Understands
from app.suggesting import PACKAGED
from classifier.load import load
from classifier.modelless import Modelless
from classifier.models import Models
from core.registry.registry import Registry
from core.settings import CoreSettings

Progressing = Callable[[float], None]  # told the share that is done, from 0 to 1


_CODE = re.compile(r"(\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?)?")


def models(core: CoreSettings) -> Models:
    """Return the folder of models that the settings name."""
    return Models(core.models, PACKAGED)


def live_model(core: CoreSettings, registry: Registry) -> Understands:
    """Return the live model, or what stands in for one and says so on stderr.

    Raises ConfigurationError or NotFound for a live model that does not load.
    """
    folder = models(core).live()
    if folder is None:
        typer.echo("no model is there: everything goes to manual triage", err=True)
        return Modelless(registry)
    return load(folder, registry)


@contextmanager
def progressing(task: str) -> Iterator[Progressing]:
    """Show on stderr how far a task has come; gone when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        id_ = progress.add_task(task, total=1.0)
        yield lambda share: progress.update(id_, completed=share)


def region_code(code: str | None) -> str | None:
    """Refuse what is no code of an area."""
    if code is not None and not _CODE.fullmatch(code):
        raise typer.BadParameter("a code as 64, 64.74 or 64.74.01")
    return code


def who() -> str:
    """Return who sits at the machine, for the history of models."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "unknown"
