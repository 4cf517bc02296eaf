"""Areas by Kemendagri's code, and the table of them that comes with Kanal."""

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.errors import ConfigurationError
from core.registry.registry import Region
from core.understanding import PlaceKind

DATA = Path(__file__).parent / "data"
CODE = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"
LONGEST_NAME = 200
_PATTERN = re.compile(CODE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_FIRST_KOTA = 71  # Kemendagri numbers kabupaten from 01, kota from 71 (in all 514)


def kind_of(code: str) -> PlaceKind:
    """Return what the area `code` is; raises ValueError when it is no code.

    Villages numbered 1xxx are kelurahan, 2xxx desa, 3xxx desa adat.
    """
    if not _PATTERN.fullmatch(code):
        raise ValueError(f"{code[:20]!r} is not a code such as 64.74.01.1001")
    match code.split("."):
        case [_]:
            return PlaceKind.PROVINSI
        case [_, number]:
            return PlaceKind.KOTA if int(number) >= _FIRST_KOTA else PlaceKind.KABUPATEN
        case [_, _, _]:
            return PlaceKind.KECAMATAN
        case _:
            return PlaceKind.KELURAHAN if code[9] == "1" else PlaceKind.DESA


def is_within(code: str, government: str) -> bool:
    """Tell whether `code` is `government` or lies in it; all lie in "", the country."""
    return not government or code == government or code.startswith(f"{government}.")


def owner(code: str, governments: Iterable[str]) -> str:
    """Return the smallest of `governments` that holds the area `code`, "" when none does."""
    return max((one for one in governments if is_within(code, one)), key=len, default="")


def table(lines: Iterable[str], origin: str) -> Iterator[Region]:
    """Yield the areas of a CSV with the columns code and name, in its order.

    A line is an area: no name goes on in the next one. Raises ConfigurationError that names
    `origin` and the line.
    """
    columns: tuple[int, int] | None = None
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        try:
            cells = next(csv.reader([line], strict=True), [])
            if columns is None:
                columns = _columns(cells, origin)
            elif cells:
                code, name = (cells[at].strip() if at < len(cells) else "" for at in columns)
                yield _area(code, name, seen)
        except (ValueError, csv.Error) as error:
            raise ConfigurationError(f"{origin}: line {number}: {error}") from None
    if columns is None:
        _columns([], origin)


def _columns(header: list[str], origin: str) -> tuple[int, int]:
    """Return where code and name stand in a line."""
    if not {"code", "name"} <= set(header):
        raise ConfigurationError(f"{origin}: the first line must name code and name")
    return header.index("code"), header.index("name")


def _area(code: str, name: str, seen: set[str]) -> Region:
    kind = kind_of(code)
    if code in seen:
        raise ValueError(f"the code {code} stands there twice")
    seen.add(code)
    if not name or len(name) > LONGEST_NAME or _CONTROL.search(name):
        raise ValueError(f"the name of {code} must be 1 to {LONGEST_NAME} printable characters")
    return Region(code, name, kind)


def packaged_areas() -> dict[str, Region]:
    """Return every province and kabupaten/kota, and what lies in the packaged governments."""
    with (DATA / "wilayah.csv").open(encoding="utf-8", newline="") as lines:
        return {area.code: area for area in table(lines, "wilayah.csv")}
