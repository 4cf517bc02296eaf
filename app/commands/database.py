"""One transaction for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from core.db.session import connect, sessions, transaction
from core.settings import CoreSettings


@contextmanager
def opened() -> Iterator[Session]:
    """Open the database of DATABASE_URL; committed at the end, rolled back on any error.

    Raises ConfigurationError without an address, DatabaseAway when nobody answers there.
    """
    engine = connect(CoreSettings().database_url, pool_size=1)
    try:
        with transaction(sessions(engine)) as session:
            yield session
    finally:
        engine.dispose()
