"""The way to PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import CursorResult, Engine, Insert, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.orm import Session, sessionmaker

from core.errors import ConfigurationError, DatabaseAway
from core.privacy.columns import give_ring
from core.privacy.keys import KeyRing

Sessions = sessionmaker[Session]

# "Program limit exceeded", as of a value too long for an index: no later attempt helps.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_TOO_LARGE = "54"


# A server that is silent is away: noticed within some 10 seconds, not after the kernel's minutes.
# https://www.postgresql.org/docs/current/libpq-connect.html
PATIENCE: dict[str, int | str] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def connect(
    url: str,
    pool_size: int = 5,
    *,
    ring: KeyRing | None = None,
    ping: bool = True,
    statement_seconds: float = 30,
) -> Engine:
    """Return an engine for `url` with up to `pool_size` connections; nothing is dialled yet.

    `ring` holds the keys of what is stored sealed; without it nothing of that can be used.
    `ping` looks at each connection before its use, which costs a round trip; without it the first
    transaction after a restart of PostgreSQL raises DatabaseAway, and the next is served.
    A statement that takes longer than `statement_seconds` (0: no limit) is broken off.
    Raises ConfigurationError when the address is missing or not PostgreSQL's.
    """
    if not url.startswith("postgresql+psycopg://"):
        raise ConfigurationError(
            "DATABASE_URL must be postgresql+psycopg://user:password@host/database"
        )
    milliseconds = round(statement_seconds * 1000)
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=ping,
        pool_timeout=10,
        hide_parameters=True,  # they are people's words, and errors are logged
        connect_args=PATIENCE | {"options": f"-c timezone=UTC -c statement_timeout={milliseconds}"},
    )
    if ring is not None:
        give_ring(engine.dialect, ring)
    return engine


def sessions(engine: Engine) -> Sessions:
    """Return the maker of sessions; rows stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def insert_all(
    session: Session, statement: Insert, rows: Sequence[Mapping[str, Any]]
) -> CursorResult[Any]:
    """Execute `statement` for all `rows`, which have the same keys, past the session's objects.

    Their bookkeeping costs a third of it.
    """
    return session.connection().execute(statement, rows)


@contextmanager
def transaction(make: Sessions) -> Iterator[Session]:
    """Open a session in one transaction, committed at the end, rolled back on any error.

    Raises DatabaseAway when PostgreSQL is gone, starting, ended this transaction, or has no
    connection free.
    """
    try:
        with make.begin() as session:
            yield session
    except NoneFree as error:
        raise DatabaseAway("no connection is free") from error
    except DBAPIError as error:
        if _is_away(error):
            raise DatabaseAway(type(error.orig).__name__) from error
        raise


def _is_away(error: DBAPIError) -> bool:
    if isinstance(error, OperationalError | InterfaceError):
        return not (getattr(error.orig, "sqlstate", None) or "").startswith(_TOO_LARGE)
    return error.connection_invalidated
