"""The servers and processes of a benchmark: started, and stopped whatever happens."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sqlalchemy import create_engine, make_url, text

from app.launch import Child, EmbeddedPostgres, EmbeddedRedis
from core.db.migrate import upgrade
from core.db.session import connect

VAR = Path(__file__).resolve().parents[1] / "var" / "bench"


@dataclass(frozen=True, slots=True)
class Data:
    """PostgreSQL and Redis of one run: addresses, and the processes that are ours."""

    var: Path
    database_url: str
    redis_url: str
    children: Mapping[str, Child]


@contextmanager
def data() -> Iterator[Data]:
    """Start PostgreSQL (fsync on) and Redis over a folder of their own, with empty tables.

    With DATABASE_URL that server is used, in a database made for this run and dropped after it;
    with REDIS_URL that Redis.
    """
    with ExitStack() as stack:
        stack.enter_context(ending_on_signals())
        var = stack.enter_context(folder())
        children: dict[str, Child] = {}
        if given := os.environ.get("DATABASE_URL"):
            url = stack.enter_context(own_database(given))
        else:
            postgres = EmbeddedPostgres(var / "postgres")
            stack.callback(postgres.stop)
            postgres.start()
            postgres.create_database()
            children["postgres"], url = postgres.child, postgres.url()
        redis_url = os.environ.get("REDIS_URL", "")
        if not redis_url:
            redis = EmbeddedRedis(var / "redis")
            stack.callback(redis.stop)
            redis.start()
            children["redis"], redis_url = redis.child, redis.url()
        engine = connect(url)
        upgrade(engine)
        engine.dispose()
        yield Data(var, url, redis_url, children)


@contextmanager
def folder() -> Iterator[Path]:
    """Make a folder below var/, and remove it at the end."""
    VAR.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=VAR))
    made.chmod(0o755)  # PostgreSQL's user must pass when we are root
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """Make a database on somebody's server, and drop it at the end."""
    name = f"kanal_bench_{os.getpid()}"
    admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"create database {name}"))
        try:
            yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f"drop database {name} with (force)"))
    finally:
        admin.dispose()


@contextmanager
def running(children: Sequence[Child]) -> Iterator[dict[str, int]]:
    """Start the children together; give their process ids by name, and stop them at the end.

    Who has the higher stage is stopped earlier, as in the demo.
    """
    try:
        for child in children:
            child.start()
        for child in children:
            child.wait_ready()
        yield pids({child.name: child for child in children})
    finally:
        for stage in sorted({child.program.stage for child in children}, reverse=True):
            together = [child for child in children if child.program.stage == stage]
            for child in together:
                child.ask_to_stop()
            for child in together:
                child.stop()


def pids(children: Mapping[str, Child]) -> dict[str, int]:
    """Return the process id of each; raises ChildFailedError for one that has ended."""
    found: dict[str, int] = {}
    for name, child in children.items():
        pid = child.pid if child.is_running() else None
        if pid is None:
            raise child.failure("ended during the benchmark")
        found[name] = pid
    return found


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does: with everything stopped."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, _end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(128 + number)
