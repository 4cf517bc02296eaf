"""The database: what counts as away, what is refused, what a migration leaves."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.db import migrate
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Agency
from core.errors import ConfigurationError, DatabaseAway
from tests.core.post import rows

WORDS = "the citizen's words"


def test_migrations_make_exactly_the_tables(engine: Engine) -> None:
    migrate.check(engine)
    migrate.upgrade(engine)


@pytest.mark.parametrize("url", ["", "sqlite://", "postgresql://localhost/kanal", "postgres"])
def test_addresses_that_are_not_postgresqls(url: str) -> None:
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        connect(url)


def test_nobody_listens() -> None:
    make = sessions(connect("postgresql+psycopg://a:b@127.0.0.1:1/kanal"))
    with pytest.raises(DatabaseAway), transaction(make) as session:
        session.execute(text("select 1"))


def end_within(make: Sessions, moment: str) -> None:
    with transaction(make) as session:
        pid = session.scalar(text("select pg_backend_pid()"))
        session.add(Agency(slug="a", name="A"))
        if moment != "before":
            session.flush()
        with make.kw["bind"].connect() as other:
            other.execute(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        if moment == "within":
            session.execute(text("select 1"))


@pytest.mark.parametrize("moment", ["before", "within", "at the commit"])
def test_a_connection_that_is_ended(make: Sessions, moment: str) -> None:
    with pytest.raises(DatabaseAway):
        end_within(make, moment)
    assert rows(make, Agency) == []


def test_no_connection_is_free(database_url: str) -> None:
    engine = connect(database_url, pool_size=1)
    engine.pool._timeout = 0.05  # type: ignore[attr-defined]  # ten seconds are long
    make = sessions(engine)
    with transaction(make) as session:
        session.execute(text("select 1"))
        with pytest.raises(DatabaseAway), transaction(make) as other:
            other.execute(text("select 1"))
    engine.dispose()


MISTAKES = {
    "check": "insert into inbox (channel, external_id, address, address_key, raw, state)"
    " values ('', cast(:words as text)::bytea, '', '', '', 'x')",
    "index": "insert into inbox (channel, external_id, address, address_key, raw)"
    " select '', string_agg(md5(n::text), :words)::bytea, '', '', ''"
    " from generate_series(1, 999) n",
    "number": "select cast(:words as integer)",
    "column": "select no_such_column, :words",
}


@pytest.mark.parametrize("statement", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_no_outage_and_its_parameters_are_hidden(
    make: Sessions, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="parameters hidden"), transaction(make) as session:
        session.execute(text(statement), {"words": WORDS})


def add_and_fail(make: Sessions) -> None:
    with transaction(make) as session:
        session.add(Agency(slug="a", name="A"))
        session.flush()
        raise ZeroDivisionError


def test_rolled_back_on_any_error(make: Sessions) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail(make)
    assert rows(make, Agency) == []


@pytest.mark.parametrize(
    "change", ["update report_event set actor = 'x'", "delete from report_event"]
)
def test_history_only_grows(make: Sessions, change: str) -> None:
    with pytest.raises(IntegrityError, match="only grows"), transaction(make) as session:
        session.execute(text(change))
