"""The way to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import ConfigurationError, DatabaseAway

Sessions = sessionmaker[Session]


def connect(url: str, pool_size: int = 5) -> Engine:
    """Return an engine for `url` with up to `pool_size` connections; nothing is dialled yet.

    Raises ConfigurationError when the address is missing or not PostgreSQL's.
    """
    if not url.startswith("postgresql+psycopg://"):
        raise ConfigurationError(
            "DATABASE_URL must be postgresql+psycopg://user:password@host/database"
        )
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"},
    )


def sessions(engine: Engine) -> Sessions:
    """Return the maker of sessions; rows stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def transaction(make: Sessions) -> Iterator[Session]:
    """Open a session in one transaction, committed at the end, rolled back on any error.

    Raises DatabaseAway when PostgreSQL is gone, starting, or ended this transaction.
    """
    try:
        with make.begin() as session:
            yield session
    except (OperationalError, InterfaceError) as error:
        raise DatabaseAway(type(error.orig).__name__) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseAway(type(error.orig).__name__) from error
        raise
