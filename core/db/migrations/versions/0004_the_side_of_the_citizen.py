"""the side of the citizen

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move the schema one step forward."""
    op.create_table(
        "day_off",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("works", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_off")),
    )
    op.create_table(
        "link_code",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_link_code_conversation_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link_code")),
    )
    op.create_index("ix_link_code_expires", "link_code", ["expires_at"], unique=False)
    op.create_table(
        "link_try",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_link_try_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_try")),
    )
    op.create_index("ix_link_try_conversation", "link_try", ["conversation_id", "at"], unique=False)
    op.create_table(
        "follower",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_follower_conversation_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_follower_report_id")),
        sa.PrimaryKeyConstraint("report_id", "conversation_id", name=op.f("pk_follower")),
    )
    op.create_index("ix_follower_conversation", "follower", ["conversation_id"], unique=False)
    op.add_column("conversation", sa.Column("name", sa.String(), server_default="", nullable=False))
    op.add_column(
        "conversation",
        sa.Column("person", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
    )
    op.add_column("conversation", sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "conversation",
        sa.Column("reminded", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column(
        "conversation", sa.Column("human_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "conversation", sa.Column("asked_human_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "conversation",
        sa.Column("notices", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.create_index(
        "ix_conversation_draft",
        "conversation",
        ["draft_at"],
        unique=False,
        postgresql_where=sa.text("draft_at is not null and reminded < 3"),
    )
    op.create_index(
        "ix_conversation_human",
        "conversation",
        ["human_until"],
        unique=False,
        postgresql_where=sa.text("human_until is not null"),
    )
    op.create_index(
        "ix_conversation_asked_human",
        "conversation",
        ["asked_human_at"],
        unique=False,
        postgresql_where=sa.text("asked_human_at is not null"),
    )
    op.create_index("ix_conversation_person", "conversation", ["person"], unique=False)
    op.add_column("message", sa.Column("sealed", sa.String(), nullable=True))
    op.add_column("message", sa.Column("decision", sa.String(), server_default="", nullable=False))
    op.add_column("message", sa.Column("reason", sa.String(), server_default="", nullable=False))
    for table in ("message", "file"):
        op.add_column(table, sa.Column("told_in", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_told_in"), table, "conversation", ["told_in"], ["id"]
        )
        op.create_index(
            f"ix_{table}_told_in",
            table,
            ["told_in", "platform_id"],
            unique=False,
            postgresql_where=sa.text("told_in is not null"),
        )
    op.add_column("report", sa.Column("sealed", sa.String(), nullable=True))
    op.add_column(
        "report",
        sa.Column("sources", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column(
        "report", sa.Column("klasifikasi", sa.String(), server_default="", nullable=False)
    )
    op.add_column(
        "report", sa.Column("urgency", sa.String(), server_default="biasa", nullable=False)
    )
    op.add_column("report", sa.Column("happened", sa.String(), server_default="", nullable=False))
    op.add_column(
        "report", sa.Column("anonim", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "report",
        sa.Column("rahasia", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("report", sa.Column("verify_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("promise_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "report",
        sa.Column("missed", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
    )
    op.add_column("report", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("done_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("close_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("report", sa.Column("verdict", sa.String(), server_default="", nullable=False))
    op.add_column("report", sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_report_close",
        "report",
        ["close_at"],
        unique=False,
        postgresql_where=sa.text("close_at is not null"),
    )
    op.create_index(
        "ix_report_promise",
        "report",
        ["promise_at"],
        unique=False,
        postgresql_where=sa.text("promise_at is not null"),
    )
    op.create_check_constraint(
        op.f("ck_report_verdict"), "report", "verdict in ('', 'sudah', 'belum', 'diam')"
    )
    op.execute(
        "update conversation set draft_at = updated_at "
        "where jsonb_typeof(state -> 'draft') = 'object'"
    )


def downgrade() -> None:
    """Take that step back."""
    op.drop_constraint(op.f("ck_report_verdict"), "report", type_="check")
    op.drop_index(
        "ix_report_promise", table_name="report", postgresql_where=sa.text("promise_at is not null")
    )
    op.drop_index(
        "ix_report_close", table_name="report", postgresql_where=sa.text("close_at is not null")
    )
    op.drop_column("report", "verdict_at")
    op.drop_column("report", "verdict")
    op.drop_column("report", "close_at")
    op.drop_column("report", "done_at")
    op.drop_column("report", "verified_at")
    op.drop_column("report", "missed")
    op.drop_column("report", "paused_at")
    op.drop_column("report", "promise_at")
    op.drop_column("report", "answer_by")
    op.drop_column("report", "verify_by")
    op.drop_column("report", "rahasia")
    op.drop_column("report", "anonim")
    op.drop_column("report", "happened")
    op.drop_column("report", "urgency")
    op.drop_column("report", "klasifikasi")
    op.drop_column("report", "sources")
    op.drop_column("report", "sealed")
    for table in ("message", "file"):
        op.drop_index(
            f"ix_{table}_told_in",
            table_name=table,
            postgresql_where=sa.text("told_in is not null"),
        )
        op.drop_constraint(op.f(f"fk_{table}_told_in"), table, type_="foreignkey")
        op.drop_column(table, "told_in")
    op.drop_column("message", "reason")
    op.drop_column("message", "decision")
    op.drop_column("message", "sealed")
    op.drop_index("ix_conversation_person", table_name="conversation")
    op.drop_index(
        "ix_conversation_asked_human",
        table_name="conversation",
        postgresql_where=sa.text("asked_human_at is not null"),
    )
    op.drop_index(
        "ix_conversation_human",
        table_name="conversation",
        postgresql_where=sa.text("human_until is not null"),
    )
    op.drop_index(
        "ix_conversation_draft",
        table_name="conversation",
        postgresql_where=sa.text("draft_at is not null and reminded < 3"),
    )
    op.drop_column("conversation", "notices")
    op.drop_column("conversation", "asked_human_at")
    op.drop_column("conversation", "human_until")
    op.drop_column("conversation", "reminded")
    op.drop_column("conversation", "draft_at")
    op.drop_column("conversation", "person")
    op.drop_column("conversation", "name")
    op.drop_index("ix_follower_conversation", table_name="follower")
    op.drop_table("follower")
    op.drop_index("ix_link_try_conversation", table_name="link_try")
    op.drop_table("link_try")
    op.drop_index("ix_link_code_expires", table_name="link_code")
    op.drop_table("link_code")
    op.drop_table("day_off")
