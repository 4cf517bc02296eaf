"""The operator's full table of areas: read line by line with limits, and written in batches."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
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
        with file.open("rb") as raw, _text(raw, file.suffix) as lines:
            yield from table(_limited(lines, file.name), file.name)
    except (OSError, EOFError, ValueError) as error:  # gzip tells a torn file in several ways
        raise ConfigurationError(f"{file.name}: {error}") from None


def _text(raw: io.BufferedReader, suffix: str) -> io.TextIOWrapper:
    plain = gzip.GzipFile(fileobj=raw) if suffix.lower() == ".gz" else raw
    return io.TextIOWrapper(plain, "utf-8-sig", newline="")


def _limited(lines: io.TextIOWrapper, name: str) -> Iterator[str]:
    number = 0
    while line := lines.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise ConfigurationError(f"{name}: line {number} has over {LONGEST_LINE} characters")
        if number > MOST_LINES:
            raise ConfigurationError(f"{name}: more than {MOST_LINES} lines")
        yield line


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
