"""What makes `report_event` a history: the database itself refuses to change or remove its rows.

A trigger, because Alembic's comparison of tables and migrations does not look at it, stands here
and is called by the migration. Only the owner of the table can take it off (an erasure that the
law demands), and that is a migration or a command of its own, never a slip.
"""

CREATE = (
    """
    create function refuse_change() returns trigger language plpgsql as $$
    begin
        raise exception '% only grows: % refused', tg_table_name, lower(tg_op)
            using errcode = 'restrict_violation';
    end
    $$
    """,
    """
    create trigger append_only before update or delete on report_event
    for each statement execute function refuse_change()
    """,
)

DROP = (
    "drop trigger append_only on report_event",
    "drop function refuse_change()",
)
