"""A platform's JSON, read tolerantly: a field that is missing or of the wrong type is absent."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from core.errors import BrokenPayload
from core.text import clean

Fields = Mapping[str, Any]

NO_FIELDS: Fields = {}
TOO_LARGE = 2**63  # no id and no count of a platform is so large
_DIGITS = 19
_NAME = 200  # characters of a person's name
_LAST_MOMENT = 2**32 * 1000  # milliseconds; the year 2106
_IDENTIFIER = re.compile(r"[!-~]{1,300}")


def _integer(digits: str) -> int:
    """Return the number; of one that is longer than any id, one that is no id either."""
    return int(digits) if len(digits) <= _DIGITS else TOO_LARGE


_DECODER = json.JSONDecoder(parse_int=_integer)


def decode(body: bytes) -> Fields:
    """Return the JSON object in `body`, without any field if it is nested beyond reason.

    Raises BrokenPayload if it holds no JSON object.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = _decode_leniently(body)
    if not isinstance(found, dict):
        raise BrokenPayload("not a JSON object")
    return found


def _decode_leniently(body: bytes) -> object:
    """Return what JSON as it is met in the wild holds: lone surrogates, NaN, deep nesting."""
    try:
        return _DECODER.decode(body.decode())
    except ValueError as error:
        raise BrokenPayload("not JSON") from error
    except RecursionError as error:
        # Signed all the same: kept as unknown like any other odd object.
        if body.lstrip().startswith(b"{"):
            return NO_FIELDS
        raise BrokenPayload("not a JSON object") from error


def encode(fields: Fields) -> bytes:
    """Return the object as JSON, from which `decode` makes it again."""
    return json.dumps(fields, separators=(",", ":")).encode()


def inner(fields: Fields, word: str) -> Fields:
    """Return the object called `word`."""
    value = fields.get(word)
    return value if isinstance(value, dict) else NO_FIELDS


def inners(fields: Fields, word: str) -> Sequence[Fields]:
    """Return the objects in the list called `word`."""
    value = fields.get(word)
    return [it for it in value if isinstance(it, dict)] if isinstance(value, list) else ()


def words(fields: Fields, word: str) -> str:
    """Return the text called `word`, clean."""
    value = fields.get(word)
    return clean(value) if isinstance(value, str) else ""


def called(name: str) -> str:
    """Return a name that people gave themselves as one short line."""
    return " ".join(name.split())[:_NAME]


def identifier(fields: Fields, word: str, shape: re.Pattern[str] = _IDENTIFIER) -> str:
    """Return the id called `word` if it has this `shape`: visible ASCII, short enough to index."""
    value = fields.get(word)
    return value if isinstance(value, str) and shape.fullmatch(value) else ""


def count(fields: Fields, word: str) -> int:
    """Return the number called `word`, 0 where it is none or less."""
    value = fields.get(word)  # bool is an int to isinstance
    return value if type(value) is int and 0 <= value < TOO_LARGE else 0


def degrees(fields: Fields, word: str, limit: int) -> float | None:
    """Return the angle called `word`, between -`limit` and `limit`."""
    value = fields.get(word)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= limit else None  # NaN is not


def moment(milliseconds: int) -> datetime | None:
    """Return the time so many milliseconds after the beginning of 1970, None for an odd one."""
    if not 0 < milliseconds < _LAST_MOMENT:
        return None
    seconds, rest = divmod(milliseconds, 1000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
