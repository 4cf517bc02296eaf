"""The operator's full table of areas: read line by line with limits, and written in batches."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from gzip import GzipFile
from io import BufferedReader
from itertools import islice
from pathlib import Path

from sqlalchemy import ARRAY, String, bindparam, text
from sqlalchemy.orm import Session

from core.errors import ConfigurationError
from core.registry.areas import table
from core.registry.registry import Region
from core.registry.stored import lock, note

MOST_LINES = 200_000  # the whole country has 91,599 areas
LONGEST_LINE = 1_000  # characters
_LONGEST_BYTES = 4 * LONGEST_LINE
_MARK = "\ufeff"  # at the beginning of a file, some programs write it
BATCH = 5_000

# What files say besides (aliases, middles) and boundaries stay.
_WRITE = text(
    """
    insert into region (code, name, kind)
    select * from unnest(:codes, :names, :kinds)
    on conflict (code) do update set name = excluded.name, kind = excluded.kind
    where (region.name, region.kind) is distinct from (excluded.name, excluded.kind)
    """
).bindparams(
    bindparam("codes", type_=ARRAY(String)),
    bindparam("names", type_=ARRAY(String)),
    bindparam("kinds", type_=ARRAY(String)),
)


def read(file: Path) -> Iterator[Region]:
    """Yield the areas of a CSV (code, name), plain or gzipped, without holding all of it.

    Raises ConfigurationError with the file's name and the line, also for a file that unpacks to
    more than MOST_LINES lines or to a line beyond LONGEST_LINE characters.
    """
    try:
        with file.open("rb") as raw, _unpacked(raw, file.suffix) as lines:
            yield from table(_limited(lines, file.name), file.name)
    except (OSError, EOFError, zlib.error) as error:  # gzip tells a torn file in several ways
        raise ConfigurationError(f"{file.name}: {error}") from None


def _unpacked(raw: BufferedReader, suffix: str) -> GzipFile | BufferedReader:
    return GzipFile(fileobj=raw) if suffix.lower() == ".gz" else raw


def _limited(lines: GzipFile | BufferedReader, name: str) -> Iterator[str]:
    number = 0
    while raw := lines.readline(_LONGEST_BYTES + 1):
        number += 1
        line = _decoded(raw, f"{name}: line {number}")
        if len(line) > LONGEST_LINE or len(raw) > _LONGEST_BYTES:
            raise ConfigurationError(f"{name}: line {number} has over {LONGEST_LINE} characters")
        if number > MOST_LINES:
            raise ConfigurationError(f"{name}: more than {MOST_LINES} lines")
        yield line.removeprefix(_MARK) if number == 1 else line


def _decoded(raw: bytes, place: str) -> str:
    if len(raw) > _LONGEST_BYTES:  # it may end within a character
        return ""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise ConfigurationError(f"{place} is not in UTF-8") from None


def load(session: Session, areas: Iterable[Region], told: Callable[[int], None]) -> int:
    """Write areas in batches of BATCH, telling after each how many it held; return the sum."""
    lock(session)
    rest, count = iter(areas), 0
    while batch := list(islice(rest, BATCH)):
        values = {
            "codes": [area.code for area in batch],
            "names": [area.name for area in batch],
            "kinds": [area.kind for area in batch],
        }
        session.execute(_WRITE, values)
        count += len(batch)
        told(len(batch))
    note(session, "villages")
    return count
