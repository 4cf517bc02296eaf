"""One transaction for one command."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from core.db.session import connect, sessions, transaction
from core.privacy.keys import KeyRing
from core.settings import CoreSettings


@contextmanager
def opened() -> Iterator[Session]:
    """Open the database of DATABASE_URL; committed at the end, rolled back on any error.

    What is sealed opens when the keys are set; most commands need nothing of it.
    Raises ConfigurationError without an address, DatabaseAway when nobody answers there.
    """
    settings = CoreSettings()
    ring = KeyRing.of(settings) if settings.identity_keys else None
    engine = connect(settings.database_url, pool_size=1, ring=ring)
    try:
        with transaction(sessions(engine)) as session:
            yield session
    finally:
        engine.dispose()
