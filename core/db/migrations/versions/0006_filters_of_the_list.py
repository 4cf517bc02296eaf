"""filters of the list

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Few reports stand in these: most are not urgent, not late, and without a verdict.
INDEXES: dict[str, tuple[list[str], str]] = {
    "ix_report_urgency": (["urgency", "created_at", "id"], "urgency <> 'biasa'"),
    "ix_report_verdict": (["verdict", "created_at", "id"], "verdict <> ''"),
    "ix_report_overdue": (
        ["created_at", "id"],
        "report.missed > 0 and report.state not in ('selesai', 'arsip', 'tunda')",
    ),
}


def upgrade() -> None:
    """Move the schema one step forward."""
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "report", columns, unique=False, postgresql_where=sa.text(where))


def downgrade() -> None:
    """Take that step back."""
    for name, (_, where) in reversed(INDEXES.items()):
        op.drop_index(name, table_name="report", postgresql_where=sa.text(where))
