"""`kanal key ...`: the keys that seal who citizens are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress

from core import resealing
from core.db.session import Sessions, connect, sessions, transaction
from core.errors import ConfigurationError
from core.privacy.keys import KeyRing, new_index_key, new_key
from core.settings import CoreSettings

key = typer.Typer(no_args_is_help=True, help="Keys that seal who citizens are: docs/PRIVACY.md.")


@key.command()
def new() -> None:
    """Print a new key as the settings take it, and the index key where there is none yet."""
    settings = CoreSettings()
    typer.echo(f"KANAL_IDENTITY_KEYS={new_key()}")
    if not settings.index_key.get_secret_value():
        typer.echo(f"KANAL_INDEX_KEY={new_index_key()}")
    if settings.identity_keys:
        typer.echo("Put it before the keys that are there; KANAL_INDEX_KEY stays.", err=True)


@key.command("list")
def list_() -> None:
    """Print which key seals how many rows: id, what it does, table, rows; never a key."""
    with opened() as (make, ring):
        found = _counts(make)
    for id_ in dict.fromkeys([*ring.ids, *resealing.lacking(found, ring)]):
        does = "LACKING" if id_ not in ring.ids else "seals" if id_ == ring.newest else "opens"
        held = [(table, counted[id_]) for table, counted in found.items() if counted[id_]]
        for table, rows in held or [("-", 0)]:
            typer.echo(f"{id_}\t{does}\t{table}\t{rows}")


@key.command()
def rotate() -> None:
    """Seal everything anew with the first of KANAL_IDENTITY_KEYS, beside running servers.

    Start them with it before. What they work on is left out; then it ends with an error, and is
    run again. It may be stopped at any time.
    """
    with opened() as (make, ring), Progress(console=Console(stderr=True)) as progress:
        before = _older(_counts(make), ring)
        for table, rows in before.items():
            task = progress.add_task(table, total=rows)
            for done in _resealed(make, ring, table):
                progress.advance(task, done)
        left = _older(_counts(make), ring)
    typer.echo(f"{before.total() - left.total()} rows were sealed anew with key {ring.newest}")
    if left:
        tables = ", ".join(f"{rows} of {table}" for table, rows in left.items())
        typer.echo(f"in use, or sealed by servers with older keys: {tables}; again", err=True)
        raise typer.Exit(1)
    typer.echo("the other keys seal nothing any more")


@contextmanager
def opened() -> Iterator[tuple[Sessions, KeyRing]]:
    """Open the database with the keys of the settings; raises ConfigurationError without."""
    settings = CoreSettings()
    ring = KeyRing.of(settings)
    engine = connect(settings.database_url, pool_size=1, ring=ring, statement_seconds=0)
    try:
        yield sessions(engine), ring
    finally:
        engine.dispose()


def _counts(make: Sessions) -> dict[str, Counter[str]]:
    with transaction(make) as session:
        return {table: resealing.counts(session, table) for table in resealing.sealed_tables()}


def _older(found: dict[str, Counter[str]], ring: KeyRing) -> Counter[str]:
    """Return how often each table holds something that the newest key did not seal.

    Raises ConfigurationError when a key is lacking: its rows cannot be sealed anew.
    """
    if gone := list(resealing.lacking(found, ring)):
        raise ConfigurationError(f"KANAL_IDENTITY_KEYS lacks {', '.join(gone)}: `kanal key list`")
    older = {table: counted.total() - counted[ring.newest] for table, counted in found.items()}
    return +Counter(older)


def _resealed(make: Sessions, ring: KeyRing, table: str) -> Iterator[int]:
    """Yield how many rows each batch sealed anew; every batch is committed."""
    turn = resealing.Turn(0, None)
    while True:
        with transaction(make) as session:
            turn = resealing.reseal(session, ring, table, turn.after)
        yield turn.rows
        if turn.after is None:
            return
