"""What the `kanal model` commands share: the folder of models, and the live one of it."""

from __future__ import annotations

import getpass
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from app.answering import Answering, answering
from app.deciding import Understands
from app.suggesting import PACKAGED
from classifier.models import Models
from core.alarms import MISSING
from core.registry.registry import Registry
from core.settings import CoreSettings

Progressing = Callable[[float], None]  # told the share that is done, from 0 to 1


_CODE = re.compile(r"(\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?)?")


def models(core: CoreSettings) -> Models:
    """Return the folder of models that the settings name."""
    return Models(core.models, PACKAGED)


def live_model(core: CoreSettings, registry: Registry) -> Understands:
    """Return the live model, or what answers in its place and says so on stderr."""
    found = answering(models(core), registry)
    if found.alarm:
        typer.echo(in_its_place(found), err=True)
    return found.model


def in_its_place(found: Answering) -> str:
    """Return in a sentence what answers while the live model does not."""
    why = "".join(f" ({one})" for one in found.troubles)
    if found.alarm == MISSING:
        return f"no model is there: everything goes to manual triage{why}"
    return f"the live model does not load: the packaged one answers{why}"


@contextmanager
def progressing(task: str) -> Iterator[Progressing]:
    """Show on a terminal how far a task has come; gone when it is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    screen = Console(stderr=True)
    hidden = not screen.is_terminal  # elsewhere an empty line would be left of it
    with Progress(*columns, console=screen, transient=True, disable=hidden) as progress:
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
