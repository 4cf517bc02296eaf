"""The real PostgreSQL that tests run against."""

from collections.abc import Callable, Iterator
from os import environ, getpid
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, event, insert, make_url, text, update
from sqlalchemy.orm import Session

from app.launch.postgres import EmbeddedPostgres
from core.db.migrate import upgrade
from core.db.session import Sessions, connect, sessions
from core.db.tables import Conversation, Report, Table
from core.draft import Draft, Line
from core.privacy.keys import KeyRing, new_index_key, new_key
from core.reports import Confirmed, open_all
from core.settings import CoreSettings
from tests.running_demo import Demo, running_demo

# What every server of ours needs; whoever tests without takes them away.
environ.setdefault("KANAL_IDENTITY_KEYS", new_key())
environ.setdefault("KANAL_INDEX_KEY", new_index_key())


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of DATABASE_URL, else an embedded one for this session."""
    if given := environ.get("DATABASE_URL"):
        yield given
        return
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data", sync=False)
    server.start()
    try:
        yield server.url("postgres")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def database_url(server_url: str) -> Iterator[str]:
    """A migrated database made for this session and dropped after it.

    The database that DATABASE_URL names is only connected to: its rows are never touched.
    """
    name = f"kanal_test_{getpid()}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"drop database if exists {name} with (force)"))
        connection.execute(text(f"create database {name}"))
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    engine = connect(url)
    upgrade(engine)
    engine.dispose()
    yield url
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    """The keys of the environment."""
    return KeyRing.of(CoreSettings())


@pytest.fixture(scope="session")
def engine(database_url: str, ring: KeyRing) -> Iterator[Engine]:
    """The connections of this process to the test database."""
    engine = connect(database_url, pool_size=20, ring=ring)
    yield engine
    engine.dispose()


@pytest.fixture
def make(engine: Engine) -> Sessions:
    """The maker of sessions over tables that are empty, with ids from 1.

    Only what was used is emptied: truncating a table costs more than looking at it.
    """
    names = [table.name for table in Table.metadata.sorted_tables]
    filled = " union all ".join(
        f"select '{name}' where exists (select from {name})" for name in names
    )
    counted = (
        "select replace(sequencename, '_id_seq', '') from pg_sequences"
        " where schemaname = 'public' and last_value is not null"
    )
    with engine.begin() as connection:
        if used := connection.scalars(text(f"{filled} union {counted}")).all():
            connection.execute(text(f"truncate {', '.join(used)} restart identity cascade"))
    return sessions(engine)


OpenReport = Callable[..., str]


@pytest.fixture
def open_report() -> OpenReport:
    """Open a report of a new conversation, then set columns of its row; return its ticket."""

    def act(session: Session, text: str = "Jalan berlubang", **columns: object) -> str:
        conversation, channel = uuid4(), str(columns.get("channel", "telegram"))
        row = {"id": conversation, "channel": channel, "address": str(conversation.int % 10**9)}
        session.execute(insert(Conversation).values(row))
        draft = Draft(1, (Line("1", text),), place="Jl. Contoh")
        [opened] = open_all(session, [Confirmed(conversation, channel, draft)])
        if columns:
            session.execute(update(Report).where(Report.ticket == opened.ticket).values(columns))
        return opened.ticket

    return act


Statement = tuple[str, Any]  # SQL, parameters


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[Statement]]:
    """What this process has sent to the test database since the test began."""
    sent: list[Statement] = []

    def note(_: object, __: object, statement: str, parameters: object, *___: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def explain(make: Sessions) -> Callable[[Statement], str]:
    """Run a statement that was sent once more, and return how PostgreSQL did it."""

    def act(sent: Statement) -> str:
        statement, parameters = sent
        with make() as session:
            how = "explain (analyze, costs off, timing off, summary off) " + statement
            rows = session.connection().exec_driver_sql(how, parameters)
            return "\n".join(row[0] for row in rows)

    return act


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Everything that `./kanal demo` starts, with PostgreSQL and Redis from their wheels."""
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo
