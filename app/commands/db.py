"""`kanal db ...`: the database's schema."""

from __future__ import annotations

import typer

from core.db.migrate import upgrade as migrate
from core.db.session import connect
from core.settings import CoreSettings

db = typer.Typer(no_args_is_help=True, help="Look after the database.")


@db.callback()
def group() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the tables to this version; several at once wait for each other."""
    engine = connect(CoreSettings().database_url)
    try:
        migrate(engine)
    finally:
        engine.dispose()
    typer.echo("the database has the tables of this version")
