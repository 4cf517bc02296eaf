"""X's own kinds of field, read tolerantly: ids as numbers or digits, times in three spellings."""

import re
from datetime import UTC, datetime

from core import payload
from core.payload import TOO_LARGE, Fields, words

_ID = re.compile(r"[0-9]{1,19}")
_NAME = re.compile(r"[\w:.-]{1,100}", re.ASCII)
_V1_TIME = "%a %b %d %H:%M:%S %z %Y"


def number(fields: Fields, *names: str) -> str:
    """Return the first usable id among `names` as text; "" if there is none."""
    for name in names:
        value = fields.get(name)
        if type(value) is int and 0 <= value < TOO_LARGE:  # bool is an int to isinstance
            return str(value)
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
    return ""


def name(fields: Fields, word: str) -> str:
    """Return an id that need not be a number, as those of events; "" if it is none."""
    value = fields.get(word)
    if type(value) is int and abs(value) < TOO_LARGE:
        return str(value)
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""


def milliseconds(fields: Fields, word: str) -> datetime | None:
    """Return the time that `word` gives in milliseconds since 1970."""
    return payload.moment(int(number(fields, word) or 0))


def moment(fields: Fields, word: str) -> datetime | None:
    """Return the time called `word`, in the spelling of API v2 or of v1.1."""
    value = words(fields, word)
    for read in (datetime.fromisoformat, _v1_time):
        try:
            found = read(value)
            return found.astimezone(UTC) if found.tzinfo else None
        except (ValueError, OverflowError):
            continue
    return None


def _v1_time(value: str) -> datetime:
    return datetime.strptime(value, _V1_TIME)  # noqa: DTZ007  # %z is part of it
