"""Empty tables between tests: where few rows are, deleting costs a tenth of truncating."""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from core.db.tables import Table

TABLES = tuple(Table.metadata.sorted_tables)  # who refers to another stands after it
GROWS_ONLY = frozenset({"report_event"})  # a trigger refuses to delete its rows
FEW_BYTES = 65_536  # up to here PostgreSQL plans as for a table that was never filled

_NAMES = [table.name for table in TABLES]
_LOCK = f"lock table {', '.join(_NAMES)} in exclusive mode"  # until who still writes has ended
_FILLED = " union all ".join(f"select '{it}' where exists (select from {it})" for it in _NAMES)
_HEAVY = f"""
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and relname = any(:names)
    and (reltuples >= 0 or pg_relation_size(oid) > {FEW_BYTES})
"""
_COUNT_FROM_ONE = """
    select setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) from pg_sequences
    where schemaname = 'public' and last_value is not null
    and replace(sequencename, '_id_seq', '') = any(:names)
"""


def empty(connection: Connection, keep: Iterable[str] = ()) -> None:
    """Empty all tables but those of the names `keep`, and count ids from 1 again.

    What has grown large, or has statistics, is truncated: no test plans by another's.
    """
    names = [name for name in _NAMES if name not in set(keep)]
    connection.execute(text(_LOCK))
    filled = set(connection.scalars(text(_FILLED))).intersection(names)
    heavy = set(connection.scalars(text(_HEAVY), {"names": names}))
    if gone := _with_those_that_refer(heavy | (filled & GROWS_ONLY)):
        connection.execute(text(f"truncate {', '.join(gone)}"))
    for name in reversed(names):
        if name in filled.difference(gone):
            connection.execute(text(f"delete from {name}"))
    connection.execute(text(_COUNT_FROM_ONE), {"names": names})


def _with_those_that_refer(names: set[str]) -> list[str]:
    found = dict.fromkeys(name for name in _NAMES if name in names)
    for table in TABLES:
        if any(key.column.table.name in found for key in table.foreign_keys):
            found[table.name] = None
    return list(found)
