"""columns and tables for LINE, X and Messenger

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

_STATES = {
    "inbox": ("waiting", "done", "kept", "quarantined", "held"),
    "file": ("waiting", "stored", "refused", "failed", "withdrawn"),
}
_FORMER = {table: states[:4] for table, states in _STATES.items()}

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move the schema one step forward."""
    op.create_table(
        "trace",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), server_default="", nullable=False),
        sa.Column("body", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_trace_direction")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trace")),
    )
    op.create_index("ix_trace_at", "trace", ["at"], unique=False)
    op.create_index("ix_trace_channel", "trace", ["channel", "id"], unique=False)
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_block_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_index("ix_block_conversation", "block", ["conversation_id", "until"], unique=False)
    op.add_column(
        "channel_status", sa.Column("alarm", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "channel_status", sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("conversation", sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update conversation set heard_at = updated_at")
    op.add_column("file", sa.Column("shown_path", sa.String(), server_default="", nullable=False))
    op.add_column("file", sa.Column("shown_mime", sa.String(), server_default="", nullable=False))
    op.add_column(
        "inbox",
        sa.Column("replayed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("inbox", sa.Column("message_id", sa.String(), server_default="", nullable=False))
    op.create_index(
        "ix_inbox_held",
        "inbox",
        ["channel", "address", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.add_column(
        "message",
        sa.Column("inbox_id", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "outbox",
        sa.Column("note", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.alter_column("outbox", "note", server_default=None)
    op.add_column(
        "outbox", sa.Column("rank", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column(
        "outbox", sa.Column("human", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "outbox", sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.execute("update outbox set texts = jsonb_build_array(text)")
    op.alter_column("outbox", "texts", nullable=False)
    op.add_column("outbox", sa.Column("token_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("memo", sa.String(), server_default="", nullable=False))
    op.add_column(
        "outbox", sa.Column("claims", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.drop_index(
        op.f("ix_outbox_due"),
        table_name="outbox",
        postgresql_where="((state)::text = 'open'::text)",
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["channel", "rank", "due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_outbox_key", "outbox", ["key"], unique=True)
    op.create_index(
        "ix_outbox_note",
        "outbox",
        ["note", "part"],
        unique=False,
        postgresql_where=sa.text("parts > 1"),
    )
    op.create_index(
        "ix_outbox_quota",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'parked' and code = 'quota'"),
    )
    op.drop_column("outbox", "text")
    _allow(_STATES)


def downgrade() -> None:
    """Take that step back."""
    op.execute("update inbox set state = 'kept' where state = 'held'")
    op.execute("update file set state = 'failed' where state = 'withdrawn'")
    _allow(_FORMER)
    op.add_column("outbox", sa.Column("text", sa.String(), nullable=True))
    op.execute(
        "update outbox set text = "
        "(select string_agg(part, E'\\n\\n') from jsonb_array_elements_text(texts) as one (part))"
    )
    op.alter_column("outbox", "text", nullable=False)
    op.drop_index(
        "ix_outbox_quota",
        table_name="outbox",
        postgresql_where=sa.text("state = 'parked' and code = 'quota'"),
    )
    op.drop_index("ix_outbox_note", table_name="outbox", postgresql_where=sa.text("parts > 1"))
    op.drop_index("ix_outbox_key", table_name="outbox")
    op.drop_index("ix_outbox_due", table_name="outbox", postgresql_where=sa.text("state = 'open'"))
    op.create_index(
        op.f("ix_outbox_due"),
        "outbox",
        ["channel", "due_at"],
        unique=False,
        postgresql_where="((state)::text = 'open'::text)",
    )
    op.drop_column("outbox", "claims")
    op.drop_column("outbox", "memo")
    op.drop_column("outbox", "token_at")
    op.drop_column("outbox", "texts")
    op.drop_column("outbox", "human")
    op.drop_column("outbox", "rank")
    op.drop_column("outbox", "note")
    op.drop_column("message", "inbox_id")
    op.drop_index("ix_inbox_held", table_name="inbox", postgresql_where=sa.text("state = 'held'"))
    op.drop_column("inbox", "message_id")
    op.drop_column("inbox", "replayed")
    op.drop_column("file", "shown_mime")
    op.drop_column("file", "shown_path")
    op.drop_column("conversation", "heard_at")
    op.drop_column("channel_status", "alarm_at")
    op.drop_column("channel_status", "alarm")
    op.drop_index("ix_block_conversation", table_name="block")
    op.drop_table("block")
    op.drop_index("ix_trace_channel", table_name="trace")
    op.drop_index("ix_trace_at", table_name="trace")
    op.drop_table("trace")


def _allow(states: Mapping[str, tuple[str, ...]]) -> None:
    """Let the column `state` of these tables hold these values and no others."""
    for table, values in states.items():
        name = op.f(f"ck_{table}_state")
        listed = ", ".join(f"'{value}'" for value in values)
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, f"state in ({listed})")
