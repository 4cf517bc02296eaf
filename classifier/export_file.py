"""Reads the export of SP4N-LAPOR! (xlsx): which text went to which agency, as rows to learn from.

Streamed row by row, within limits; names of reporters are never read.
"""

import warnings
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from classifier.export_labels import Labels
from core.errors import ConfigurationError, KanalError
from core.text import clean

FIRST = "Tracking ID"
HEADER_ROWS = 50  # rows of a sheet in which the header is looked for
#: Columns that must be there, in any order; others are not read.
NEEDED = (
    *("Isi Laporan Awal", "Isi Laporan Akhir", "Judul Laporan", "Kategori"),
    *("Instansi Induk", "Instansi Terdisposisi", "Status Laporan"),
)
BLOCKED = "Konten Terblokir"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is taken of one file; `unpacked` and `packed` in bytes, `cell` in characters."""

    packed: int = 64 * 2**20
    unpacked: int = 256 * 2**20
    parts: int = 1_000
    rows: int = 200_000
    columns: int = 200
    cell: int = 32_767  # what a cell of a spreadsheet can hold


BOUNDS = Bounds()
_PROLOGUE = 4096  # bytes of a part in which a DOCTYPE would stand
_BROKEN = (
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    zlib.error,
)


class Sheet(Protocol):
    """What is used of a sheet that openpyxl streams."""

    def reset_dimensions(self) -> None:
        """Forget what the file says of the sheet's size."""
        ...

    def iter_rows(self, *, values_only: bool, max_col: int) -> Iterable[tuple[object, ...]]:
        """Yield the rows as their values."""
        ...


class Workbook(Protocol):
    """What is used of an opened file."""

    @property
    def worksheets(self) -> list[Sheet]:
        """The sheets in their order."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text of the export, and the urusan that its agency or category says."""

    text: str
    urusan: str


@dataclass(slots=True)
class Tally:
    """How many rows were taken, and why the others were not."""

    taken: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


def read(
    file: Path,
    labels: Labels,
    tally: Tally,
    bounds: Bounds = BOUNDS,
) -> Iterator[Labelled]:
    """Yield the rows of the export `file` that teach something, and count them in `tally`.

    Raises ConfigurationError, with the file's name, for what is no such export, lacks a column,
    or is larger than `bounds`.
    """
    try:
        _weigh(file, bounds)
        with file.open("rb") as opened, closing(_open(opened)) as workbook:
            for row in _under_header(workbook, bounds):
                if found := _labelled(row, labels, tally, bounds):
                    yield found
    except Unreadable as error:
        raise ConfigurationError(f"{file}: {error}") from None
    except (OSError, BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ConfigurationError(f"{file}: no readable xlsx ({type(error).__name__})") from None


class Unreadable(KanalError):
    """What is wrong with the file, without its name."""


def _weigh(file: Path, bounds: Bounds) -> None:
    """Refuse what is too large before anything of it is unpacked.

    zipfile never unpacks more of a part than its entry says, so the sum of those is a bound.
    """
    size = file.stat().st_size
    if size > bounds.packed:
        raise Unreadable(f"{size} bytes, at most {bounds.packed}")
    with ZipFile(file) as parts:
        entries = parts.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > bounds.unpacked or len(entries) > bounds.parts:
            raise Unreadable(f"unpacks to {len(entries)} parts of {unpacked} bytes: too large")
        for entry in entries:
            with parts.open(entry) as part:
                if b"<!DOCTYPE" in part.read(_PROLOGUE).upper():
                    raise Unreadable("holds XML with a DOCTYPE, which no spreadsheet has")


def _open(file: BinaryIO) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # styles and extensions that are not read
        try:
            book: Workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise Unreadable(f"a broken xlsx ({type(error).__name__})") from None
    return book


def _under_header(workbook: Workbook, bounds: Bounds) -> Iterator[dict[str, str]]:
    """Yield the rows under the header, by the names of NEEDED."""
    for sheet in workbook.worksheets:
        rows = _cells(sheet, bounds)
        header = _header(islice(rows, HEADER_ROWS))
        if header is None:
            continue
        missing = [name for name in NEEDED if name not in header]
        if missing:
            raise Unreadable(f"lacks the column {', '.join(missing)}")
        places = {name: header.index(name) for name in NEEDED}
        for number, row in enumerate(rows, 1):
            if number > bounds.rows:
                raise Unreadable(f"more than {bounds.rows} rows")
            if any(row):
                yield {name: _at(row, place) for name, place in places.items()}
        return
    raise Unreadable(f"no row of the first {HEADER_ROWS} begins with {FIRST!r}")


def _cells(sheet: Sheet, bounds: Bounds) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what a file says of its size is often wrong
    rows = iter(sheet.iter_rows(values_only=True, max_col=bounds.columns))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except _BROKEN as error:
            raise Unreadable(f"a broken xlsx ({type(error).__name__})") from None
        yield ["" if cell is None else str(cell).strip() for cell in row]


def _header(rows: Iterable[list[str]]) -> list[str] | None:
    return next((row for row in rows if row and row[0] == FIRST), None)


def _at(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _labelled(row: dict[str, str], labels: Labels, tally: Tally, bounds: Bounds) -> Labelled | None:
    """Return what a row teaches, and count it; None when that is nothing."""
    text = row["Isi Laporan Akhir"] or row["Isi Laporan Awal"] or row["Judul Laporan"]
    urusan, why = "", ""
    if row["Status Laporan"] == BLOCKED:
        why = "blocked"
    elif not text:
        why = "empty"
    elif len(text) > bounds.cell:
        why = "too_long"
    else:
        agency, parent = row["Instansi Terdisposisi"], row["Instansi Induk"]
        urusan, why = labels.urusan(agency, parent, row["Kategori"])
    if why:
        tally.skipped[why] += 1
        return None
    tally.taken += 1
    return Labelled(clean(text), urusan)
