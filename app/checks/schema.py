"""The migrations lead to the tables that the code declares."""

from __future__ import annotations

import tempfile
from pathlib import Path

from alembic.util.exc import CommandError

from app.launch.postgres import EmbeddedPostgres
from core.db.migrate import check as compare
from core.db.migrate import upgrade
from core.db.session import connect


def check(_root: Path) -> list[str]:
    """Return what differs after migrating an empty PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="kanal-check-") as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres", sync=False)
        try:
            postgres.start()
            postgres.create_database()
            engine = connect(postgres.url())
            try:
                upgrade(engine)
                compare(engine)
            except CommandError as error:
                return [str(error)]
            finally:
                engine.dispose()
        finally:
            postgres.stop()
    return []
