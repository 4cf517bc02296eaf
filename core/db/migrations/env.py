"""Alembic's entry point; the connection comes from `core.db.migrate`."""

from alembic import context

from core.db.tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
