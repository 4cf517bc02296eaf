"""identity sealed

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.privacy.columns import ring_of
from core.privacy.keys import KeyRing

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BATCH = 1_000


@dataclass(frozen=True)
class Change:
    """What becomes of a table: columns `sealed`, `blind`, and new blind `twins` of others.

    `nullable` and `defaults` are of the columns as they will be; `id_type` is the primary key's.
    """

    table: str
    sealed: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    twins: Mapping[str, str] = field(default_factory=dict)
    nullable: frozenset[str] = frozenset()
    defaults: frozenset[str] = frozenset()
    id: str = "id"
    id_type: Any = field(default_factory=sa.BigInteger)

    @property
    def replaced(self) -> tuple[str, ...]:
        """Return the columns whose clear values go."""
        return (*self.sealed, *self.blind)

    @property
    def made(self) -> tuple[str, ...]:
        """Return the new columns, in the order in which `_bytes` yields them."""
        return (*self.sealed, *self.blind, *self.twins)


CHANGES = (
    Change(
        "conversation",
        sealed=("address", "state", "name"),
        twins={"address_key": "address"},
        defaults=frozenset({"state", "name"}),
        id_type=sa.Uuid(),
    ),
    Change(
        "inbox",
        sealed=("address", "raw"),
        blind=("external_id", "message_id"),
        twins={"address_key": "address"},
        defaults=frozenset({"message_id"}),
    ),
    Change(
        "outbox",
        sealed=("address", "texts", "reply_token", "memo", "platform_id"),
        twins={"address_key": "address", "platform_key": "platform_id"},
        defaults=frozenset({"reply_token", "memo", "platform_id", "platform_key"}),
    ),
    Change("file", sealed=("ref",), blind=("platform_id",), twins={"ref_key": "ref"}),
    Change(
        "message",
        sealed=("sealed",),
        blind=("platform_id",),
        nullable=frozenset({"sealed"}),
    ),
    Change("report", sealed=("sealed",), nullable=frozenset({"sealed"}), id_type=sa.Uuid()),
    Change(
        "channel_status",
        sealed=("cursor",),
        defaults=frozenset({"cursor"}),
        id="channel",
        id_type=sa.String(),
    ),
)


def upgrade() -> None:
    """Move the schema one step forward; sealing rows needs the ring of the connection's engine."""
    _drop_indexes()
    for change in CHANGES:
        for name in change.replaced:
            op.alter_column(change.table, name, new_column_name=f"{name}_clear", nullable=True)
        for name in change.made:
            op.add_column(change.table, sa.Column(name, sa.LargeBinary(), nullable=True))
        _fill(change)
        for name in change.made:
            op.alter_column(
                change.table,
                name,
                nullable=name in change.nullable,
                server_default="" if name in change.defaults else None,
            )
        for name in change.replaced:
            op.drop_column(change.table, f"{name}_clear")
        # A dropped column stays in the rows of the table's file, and so do the rows of before:
        # this has the file written anew.
        name = change.made[0]
        op.execute(f"alter table {change.table} alter {name} type bytea using {name} || ''::bytea")
    _make_indexes()


def _fill(change: Change) -> None:
    """Seal row after row, in batches; a table without rows needs no keys."""
    connection = op.get_bind()
    config = op.get_context().config
    tell = config.attributes.get("progress") if config else None
    total = connection.scalar(sa.text(f"select count(*) from {change.table}"))  # noqa: S608
    update, done, after = _update(change), 0, None
    while rows := connection.execute(_next(change, after), {"after": after} if done else {}).all():
        ring = ring_of(connection.dialect)
        columns = zip(*(_bytes(change, row, ring) for row in rows), strict=True)
        values = dict(zip((f"new_{name}" for name in change.made), map(list, columns), strict=True))
        connection.execute(update, {"ids": [row.id for row in rows], **values})
        done, after = done + len(rows), rows[-1].id
        if tell:
            tell(change.table, done, total)


def _next(change: Change, after: object) -> sa.TextClause:
    """Return the statement of the next batch: clear values as bytes."""
    clear = ", ".join(
        f"{name}_clear as {name}"
        if name == "raw"
        else f"convert_to({name}_clear::text, 'UTF8') as {name}"
        for name in change.replaced
    )
    behind = "" if after is None else f"where {change.id} > :after"
    return sa.text(
        f"select {change.id} as id, {clear} from {change.table} {behind}"  # noqa: S608
        f" order by {change.id} limit {BATCH}"
    )


def _bytes(change: Change, row: sa.Row[*tuple[Any, ...]], ring: KeyRing) -> Iterator[bytes | None]:
    for name in change.sealed:
        clear = getattr(row, name)
        if (change.table, name, clear) == ("conversation", "state", b"{}"):
            clear = b""
        yield None if clear is None else ring.seal(bytes(clear), f"{change.table}.{name}")
    for name in (*change.blind, *change.twins.values()):
        yield ring.blind(bytes(getattr(row, name)).decode())


def _update(change: Change) -> sa.TextClause:
    made = change.made
    gone = [f"{name}_clear = null" for name in change.replaced]
    set_ = ", ".join([*(f"{name} = sealed.new_{name}" for name in made), *gone])
    statement = f"""
        update {change.table} set {set_}
        from unnest(:ids, {", ".join(f":new_{name}" for name in made)})
            as sealed (row_id, {", ".join(f"new_{name}" for name in made)})
        where {change.table}.{change.id} = sealed.row_id
        """  # noqa: S608
    return sa.text(statement).bindparams(
        sa.bindparam("ids", type_=sa.ARRAY(change.id_type)),
        *(sa.bindparam(f"new_{name}", type_=sa.ARRAY(sa.LargeBinary)) for name in made),
    )


def _drop_indexes() -> None:
    op.drop_constraint("uq_conversation_channel_address", "conversation", type_="unique")
    op.drop_constraint("uq_inbox_channel_external_id", "inbox", type_="unique")
    op.drop_constraint("uq_file_conversation_id_platform_id_ref", "file", type_="unique")
    op.drop_index("ix_inbox_waiting_conversation", table_name="inbox")
    op.drop_index("ix_inbox_held", table_name="inbox")
    op.drop_index("ix_outbox_address", table_name="outbox")
    op.drop_index("ix_message_platform", table_name="message")
    for table in ("message", "file"):
        op.drop_index(f"ix_{table}_told_in", table_name=table)


def _make_indexes() -> None:
    op.create_unique_constraint(
        op.f("uq_conversation_channel_address_key"), "conversation", ["channel", "address_key"]
    )
    op.create_unique_constraint(
        op.f("uq_inbox_channel_external_id"), "inbox", ["channel", "external_id"]
    )
    op.create_unique_constraint(
        op.f("uq_file_conversation_id_platform_id_ref_key"),
        "file",
        ["conversation_id", "platform_id", "ref_key"],
    )
    of_address = ["channel", "address_key", "id"]
    for name, table, state in (
        ("ix_inbox_waiting_conversation", "inbox", "waiting"),
        ("ix_inbox_held", "inbox", "held"),
        ("ix_outbox_address", "outbox", "open"),
    ):
        op.create_index(name, table, of_address, postgresql_where=sa.text(f"state = '{state}'"))
    op.create_index("ix_message_platform", "message", ["conversation_id", "platform_id"])
    for table in ("message", "file"):
        told = sa.text("told_in is not null")
        op.create_index(
            f"ix_{table}_told_in", table, ["told_in", "platform_id"], postgresql_where=told
        )


def downgrade() -> None:
    """Refuse: of a blind index nobody makes what it was made of."""
    raise NotImplementedError("identity stays sealed: go back with a backup from before")
