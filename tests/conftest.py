"""How tests are shared out, and the real PostgreSQL that they run against."""

import sys
from collections.abc import Callable, Iterator
from os import environ, getpid
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import Engine, create_engine, event, insert, make_url, text, update
from sqlalchemy.orm import Session
from xdist.remote import Producer

from app.launch.postgres import EmbeddedPostgres
from core.db.migrate import upgrade
from core.db.session import Sessions, connect, sessions
from core.db.tables import Conversation, Report
from core.draft import Draft, Line
from core.privacy.keys import KeyRing, new_index_key, new_key
from core.reports import Confirmed, open_all
from core.settings import CoreSettings
from tests.emptying import empty
from tests.running_demo import Demo, running_demo
from tests.sharing import SystemsTogether, systems_first

# The tests start hundreds of Python processes: none of them compiles every module once more.
sys.dont_write_bytecode = False
environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes is a benchmark's business, on a machine that others use, too.
settings.register_profile("kanal", deadline=None)
settings.load_profile("kanal")

# What every server of ours needs; whoever tests without takes them away.
environ.setdefault("KANAL_IDENTITY_KEYS", new_key())
environ.setdefault("KANAL_INDEX_KEY", new_index_key())


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SystemsTogether | None:
    """Give out the tests file by file in the order of collection, for --dist loadfile."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # by the number of tests, which says nothing of time
    return SystemsTogether(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put first what takes longest, where tests run side by side."""
    if hasattr(config, "workerinput"):
        systems_first(items)


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
    """The maker of sessions over tables that are empty, with ids from 1."""
    with engine.begin() as connection:
        empty(connection)
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
