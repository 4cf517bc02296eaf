"""Which key seals what, and sealing anew with the newest one.

Rows that somebody works on are left for the next turn, and so is what waits in the inbox: a
locked letter would be passed over, and its conversation read out of order.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, Column, LargeBinary, Row, TextClause, bindparam, text
from sqlalchemy import Table as Rows
from sqlalchemy.orm import Session

from core.db.tables import Table
from core.privacy.columns import SealedColumn
from core.privacy.keys import KeyRing

BATCH = 1_000

_LEFT: Mapping[str, str] = {"inbox": "state <> 'waiting'"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one batch did: rows sealed anew, and the row behind which the next begins, or None."""

    rows: int
    after: object


@cache
def sealed_tables() -> Mapping[str, Sequence[str]]:
    """Return the tables that hold something sealed, each with those columns."""
    found = {
        table.name: tuple(it.name for it in table.columns if isinstance(it.type, SealedColumn))
        for table in Table.metadata.sorted_tables
    }
    return {name: columns for name, columns in found.items() if columns}


def counts(session: Session, table: str) -> Counter[str]:
    """Return how many rows of `table` hold something sealed by each key, by its id."""
    listed = ", ".join(f"({name})" for name in sealed_tables()[table])
    rows = session.execute(
        text(
            f"""
            select sealed.key, count(*) from {table} cross join lateral (
                select distinct convert_from({_key_of("held")}, 'UTF8') as key
                from (values {listed}) as value (held) where length(held) > 0
            ) as sealed group by sealed.key
            """  # noqa: S608 - names of our own tables and columns
        )
    )
    return Counter(dict(rows.all()))


def reseal(session: Session, ring: KeyRing, table: str, after: object = None) -> Turn:
    """Seal with the newest key what another sealed in up to BATCH rows behind `after`.

    The rows are locked from being read to the commit. Raises ConfigurationError for a key that is
    lacking, SealBroken for what does not open; then nothing was changed.
    """
    names, id_ = sealed_tables()[table], _id_of(table)
    found = _older(session, ring, table, after)
    if not found:
        return Turn(0, None)
    values = {
        f"new_{name}": [_sealed_anew(ring, getattr(row, name), f"{table}.{name}") for row in found]
        for name in names
    }
    session.execute(_update(table, names, id_), {"ids": [row.id for row in found], **values})
    return Turn(len(found), found[-1].id if len(found) == BATCH else None)


def _older(
    session: Session, ring: KeyRing, table: str, after: object
) -> Sequence[Row[*tuple[Any, ...]]]:
    names, id_ = sealed_tables()[table], _id_of(table)
    older = " or ".join(f"(length({name}) > 0 and {_key_of(name)} <> :newest)" for name in names)
    conditions = [f"({older})", _LEFT.get(table, "true")]
    parameters: dict[str, Any] = {"newest": ring.newest.encode(), "batch": BATCH}
    if after is not None:
        conditions.append(f"{id_.name} > :after")
        parameters["after"] = after
    statement = f"""
        select {id_.name} as id, {", ".join(names)} from {table}
        where {" and ".join(conditions)} order by {id_.name} limit :batch
        for no key update skip locked
        """  # noqa: S608 - as above
    return session.execute(text(statement), parameters).all()


def _update(table: str, names: Sequence[str], id_: Column[Any]) -> TextClause:
    set_ = ", ".join(f"{name} = sealed.new_{name}" for name in names)
    arrays = ", ".join(f":new_{name}" for name in names)
    columns = ", ".join(f"new_{name}" for name in names)
    return text(
        f"""
        update {table} set {set_} from unnest(:ids, {arrays}) as sealed (row_id, {columns})
        where {table}.{id_.name} = sealed.row_id
        """  # noqa: S608 - as above
    ).bindparams(
        bindparam("ids", type_=ARRAY(id_.type)),
        *(bindparam(f"new_{name}", type_=ARRAY(LargeBinary)) for name in names),
    )


def _sealed_anew(ring: KeyRing, held: bytes | None, column: str) -> bytes | None:
    return None if held is None else ring.seal(ring.open(held, column), column)


def _key_of(column: str) -> str:
    return f"substring({column} from 2 for get_byte({column}, 0) & 15)"


def _id_of(table: str) -> Column[Any]:
    rows: Rows = Table.metadata.tables[table]
    [id_] = rows.primary_key.columns
    return id_


def lacking(found: Mapping[str, Counter[str]], ring: KeyRing) -> Iterator[str]:
    """Yield the ids of keys that seal rows and are not in the ring."""
    held = {key for counted in found.values() for key in counted}
    yield from sorted(held - set(ring.ids))
