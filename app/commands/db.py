"""`kanal db ...`: the database's schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from core.db.migrate import Progress as Told
from core.db.migrate import upgrade as migrate
from core.db.session import connect
from core.privacy.keys import KeyRing
from core.settings import CoreSettings

db = typer.Typer(no_args_is_help=True, help="Look after the database.")


@db.callback()
def group() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version; several at once wait for each other.

    Stop the servers before: rows are sealed with the keys of KANAL_IDENTITY_KEYS.
    """
    settings = CoreSettings()
    engine = connect(settings.database_url, ring=KeyRing.of(settings))
    try:
        with bar() as progress:
            migrate(engine, progress=progress)
    finally:
        engine.dispose()
    typer.echo("the database has the tables of this version")


@contextmanager
def bar() -> Iterator[Told]:
    """Show on standard error how many rows of which table are sealed."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = progress.add_task(f"sealing {table}", total=total)
            progress.update(tasks[table], completed=done)

        yield tell
