"""Brings a database to the schema of this version."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number: two processes that migrate at once wait for each other on it.
LOCK = 7_215_040_001


def configuration() -> Config:
    """Return Alembic's configuration without a connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


Progress = Callable[[str, int, int], None]  # table, rows that are done, rows in all


def upgrade(engine: Engine, to: str = "head", progress: Progress | None = None) -> None:
    """Bring the schema to the newest revision; waits for another upgrade under way.

    Where rows of before are sealed, the engine needs its ring, and `progress` is told how far it
    is.
    """

    def act(config: Config) -> None:
        config.attributes["progress"] = progress
        command.upgrade(config, to)

    _locked(engine, act)


def check(engine: Engine) -> None:
    """Raise alembic's CommandError when the tables and the migrations differ."""
    _locked(engine, command.check)


def _locked(engine: Engine, act: Callable[[Config], None]) -> None:
    config = configuration()
    with engine.begin() as connection:
        connection.execute(text("set local statement_timeout = 0"))
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
        config.attributes["connection"] = connection
        act(config)
