"""A database in which it is as late as a test says, and processes that read the same clock.

The function public.now() stands before that of PostgreSQL in the search path of this database, and
is there before the migrations: every now() of a statement and of a column's default goes by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import ModuleType
from typing import cast

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

import app.shift
import core.delivery
import core.transcript
from core.db.migrate import upgrade
from core.db.session import connect
from core.privacy.keys import KeyRing
from tests.emptying import empty

#: Whoever reads the clock of its process on the road between a message and its answer.
CLOCKS: tuple[ModuleType, ...] = (app.shift, core.delivery, core.transcript)

_MOMENT = (
    "create table public.moment (at timestamptz)",
    """
    create function public.now() returns timestamptz stable language sql as $$
        select coalesce((select at from public.moment), pg_catalog.now())
    $$
    """,
)


@dataclass
class TimeMachine:
    """The connections to that database, and what time it is there."""

    engine: Engine
    now: datetime

    def travel(self, moment: datetime) -> None:
        """Make it `moment`, for whoever begins a transaction, or looks at the clock, from now."""
        self.now = moment
        with self.engine.begin() as connection:
            connection.execute(text("delete from public.moment"))
            connection.execute(text("insert into public.moment values (:at)"), {"at": moment})

    def forget(self, keep: Iterable[str] = ()) -> None:
        """Empty all tables but those of the names `keep`, and count ids from 1 again."""
        with self.engine.begin() as connection:
            empty(connection, keep)

    def wind(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the modules of CLOCKS read this clock instead of that of the computer."""
        machine = self

        class Told(datetime):
            """A datetime that knows what time it is here."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Told":
                return cast("Told", machine.now.astimezone(tz))

        for module in CLOCKS:
            monkeypatch.setattr(module, "datetime", Told)


@contextmanager
def time_machine(
    server_url: str, name: str, ring: KeyRing, began: datetime
) -> Iterator[TimeMachine]:
    """Make the database `name`, in which it is `began`, and drop it afterwards."""
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    _carry_out(admin, [f"drop database if exists {name} with (force)", f"create database {name}"])
    _carry_out(admin, [f"alter database {name} set search_path = public, pg_catalog"])
    engine = connect(url, pool_size=20, ring=ring)
    try:
        _carry_out(engine, _MOMENT)
        upgrade(engine)
        machine = TimeMachine(engine, began)
        machine.travel(began)
        yield machine
    finally:
        engine.dispose()
        _carry_out(admin, [f"drop database {name} with (force)"])
        admin.dispose()


def _carry_out(engine: Engine, statements: Sequence[str]) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
