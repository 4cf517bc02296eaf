"""Rows to learn from and to measure with: a text, what it is about, and where it came from."""

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from classifier.normalise import words
from core.errors import ConfigurationError
from core.urusan import URUSAN

_SHINGLE = 3  # words
_HELD_OUT = 8  # of a hundred
_PARTS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A text with its urusan; `accept` are others that count as right too.

    `source` names the file or system it came from; "" is unknown everywhere.
    """

    text: str
    label: str
    source: str = ""
    weight: float = 1.0
    region: str = ""
    channel: str = ""
    accept: tuple[str, ...] = ()

    @property
    def right(self) -> frozenset[str]:
        """All that counts as right."""
        return frozenset({self.label, *self.accept})


def read(file: Path) -> list[Row]:
    """Read rows `{text, label[, accept, source, region, channel]}`, one JSON object a line.

    Raises ConfigurationError with the line that is none, or whose label is no urusan.
    """
    try:
        with file.open("rb") as lines:
            return [_row(line, f"{file.name}:{number}") for number, line in _filled(lines)]
    except OSError as error:
        raise ConfigurationError(f"{file}: {type(error).__name__}") from None


def _filled(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _row(line: bytes, place: str) -> Row:
    try:
        found = json.loads(line.decode())
        row = Row(
            text=str(found["text"]),
            label=str(found["label"]),
            source=str(found.get("source") or ""),
            region=str(found.get("region") or ""),
            channel=str(found.get("channel") or ""),
            accept=tuple(map(str, found.get("accept") or ())),
        )
    except UnicodeDecodeError:
        raise ConfigurationError(f"{place}: not in UTF-8") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"{place}: no row ({type(error).__name__})") from None
    if row.label not in URUSAN:
        raise ConfigurationError(f"{place}: {row.label!r} is no urusan")
    return row


def kin(text: str) -> int:
    """Return a number that texts share when they are the same but for a few words.

    It is the least hash of three neighbouring words: two texts have it in common as often as
    they have such triples in common.
    """
    found = words(text)
    triples = zip(*(islice(found, start, None) for start in range(_SHINGLE)), strict=False)
    hashes = (zlib.crc32(" ".join(triple).encode()) for triple in triples)
    return min(hashes, default=zlib.crc32(" ".join(found).encode()))


def is_held_out(text: str) -> bool:
    """Tell whether a text belongs to the part that no model of ours ever learns from."""
    return zlib.crc32(kin(text).to_bytes(4)) % _PARTS < _HELD_OUT
