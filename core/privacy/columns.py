"""Types of columns that nobody reads without the keys.

The ring comes with the engine (`core.db.session.connect`). A raw statement binds with the same
types, `bindparam("keys", type_=Each(Blind()))`, and says which of its results are sealed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import orjson
from psycopg import adapters
from psycopg.types.array import ListBinaryDumper
from sqlalchemy import ARRAY, ClauseElement, ColumnElement, Dialect, LargeBinary
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.privacy.keys import KeyLacking, KeyRing

T = TypeVar("T")

_RING = "kanal_ring"
_COMPARED = (is_, is_not)


def give_ring(dialect: Dialect, ring: KeyRing) -> None:
    """Let the columns of an engine's dialect seal and open with `ring`."""
    setattr(dialect, _RING, ring)


def ring_of(dialect: Dialect) -> KeyRing:
    """Return the ring of an engine's dialect; raises ConfigurationError where it has none."""
    ring: KeyRing | None = getattr(dialect, _RING, None)
    if ring is None:
        raise KeyLacking(
            "KANAL_IDENTITY_KEYS and KANAL_INDEX_KEY are missing: identity is stored sealed"
        )
    return ring


def opened(column: Any, value: bytes, dialect: Dialect) -> Any:  # noqa: ANN401 - the column's
    """Return what a raw statement read from the sealed `column`, an attribute of a table.

    For those who must know which row does not open. Raises SealBroken.
    """
    return column.type.process_result_value(value, dialect)


class Incomparable(TypeEngine.Comparator[Any]):
    """Refuses what would silently find nothing: no two sealed values are equal.

    Columns are compared by SQLAlchemy itself, to find them in its dictionaries.
    """

    def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
        """Let only "is null" through, and no value beside it."""
        columns = other and all(isinstance(one, ClauseElement) for one in other)
        if op not in _COMPARED and not columns:
            raise TypeError("a sealed column cannot be compared or sorted: use its key column")
        return super().operate(op, *other, **kwargs)


class SealedColumn(TypeDecorator[T]):
    """Bytes sealed for `column`, written table.column; its subclasses say what is in them."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = Incomparable

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: T | None, dialect: Dialect) -> bytes | None:
        """Seal what is to be stored."""
        if value is None:
            return None
        plain = self.written(value)
        return ring_of(dialect).seal(plain, self.column) if plain else b""

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> T | None:
        """Open what was stored."""
        if value is None:
            return None
        return self.read(ring_of(dialect).open(value, self.column) if value else b"")

    def written(self, value: T) -> bytes:
        """Return the bytes to be sealed."""
        raise NotImplementedError

    def read(self, plain: bytes) -> T:
        """Return what such bytes stand for."""
        raise NotImplementedError


class Sealed(SealedColumn[str]):
    """A text."""

    cache_ok = True

    def written(self, value: str) -> bytes:
        """Return UTF-8."""
        return value.encode()

    def read(self, plain: bytes) -> str:
        """Return the text."""
        return plain.decode()


class SealedBytes(SealedColumn[bytes]):
    """Bytes."""

    cache_ok = True

    def written(self, value: bytes) -> bytes:
        """Return the bytes as they are."""
        return value

    def read(self, plain: bytes) -> bytes:
        """Return the bytes as they are."""
        return plain


class SealedJson(SealedColumn[Any]):
    """JSON; an empty object is stored as nothing."""

    cache_ok = True

    def written(self, value: Any) -> bytes:  # noqa: ANN401 - whatever JSON can say
        """Return the JSON."""
        return b"" if value == {} else orjson.dumps(value)

    def read(self, plain: bytes) -> Any:  # noqa: ANN401 - as above
        """Return what the JSON stands for."""
        return orjson.loads(plain) if plain else {}


class Blind(TypeDecorator[Any]):
    """The keyed index of a text: bound as text, stored and read as 16 bytes.

    Bytes are taken for an index that was read.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | bytes | None, dialect: Dialect) -> bytes | None:
        """Hash what is looked for."""
        if value is None or isinstance(value, bytes):
            return value
        return ring_of(dialect).blind(value) if value else b""


class Bytes(list[bytes | None]):
    """Bytes that reach PostgreSQL in binary: as text each one costs psycopg five times as much."""


adapters.register_dumper(Bytes, ListBinaryDumper)


class Each(TypeDecorator[Any]):
    """An array of sealed values or blind indexes, to be bound in a statement."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, item: SealedColumn[Any] | Blind) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the array, for the cast."""
        return dialect.type_descriptor(ARRAY(LargeBinary))

    def bind_processor(self, dialect: Dialect) -> Callable[[Sequence[Any] | None], Bytes]:
        """Return what seals or hashes every item."""
        made = self.item.process_bind_param
        return lambda values: Bytes(made(value, dialect) for value in values or ())


def twin_of(name: str) -> Callable[[DefaultExecutionContext], str]:
    """Return a column's default: what column `name` of the same new row holds.

    So a blind twin is never forgotten; whoever updates the one updates the other.
    """

    def same(context: DefaultExecutionContext) -> str:
        row: Mapping[str, str] = context.get_current_parameters()  # type: ignore[no-untyped-call] # it is SQLAlchemy's
        return row[name]

    return same
