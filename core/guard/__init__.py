"""The guard: finds personal numbers in what citizens write, and hides all but a few signs of them.

Pure, and in linear time. What stays is enough for its owner to recognise it, and too little for
anybody else; blanks and dashes are hidden with the digits, so that no text changes its length:

- NIK, KK: the first four digits (the region) and the last two: `6474••••••••••01`
- phone: the first four and the last two: `0812••••••90`; of less than ten digits two and one
- account, card: the first two and the last two: `14•••••••••78`; of less than ten two and one
- plate: the letters of the region: `KT••••••`
- e-mail: the first letter and the ending: `b•••@•••••.com`
"""

from collections.abc import Iterable
from functools import lru_cache

from core.guard.found import HIDDEN, Found, Kind
from core.guard.mail import find_mail
from core.guard.numbers import FEWEST, find_numbers
from core.guard.plates import find_plates
from core.guard.walls import Walls

__all__ = ["HIDDEN", "Found", "Kind", "find", "kinds", "mask"]

LONG = 10  # digits; shorter numbers keep fewer
KEPT = {Kind.NIK: (4, 2), Kind.KK: (4, 2), Kind.PHONE: (4, 2), Kind.BANK: (2, 2)}
KEPT_OF_SHORT = (2, 1)


@lru_cache(maxsize=64)  # a preview asks for its kinds, its text and each line
def find(text: str) -> tuple[Found, ...]:
    """Return the personal data in `text` from left to right, none over another.

    A text without digits and @ holds none. All of it is read.
    """
    digits = sum(map(str.isdecimal, text))
    if "@" not in text and not digits:
        return ()
    mails = list(find_mail(text))
    # Each search sees what the one before has hidden: nothing is found twice, and a text that is
    # masked already is read in the same way.
    text = _hide(text, mails)
    plates = list(find_plates(text))
    if plates:
        walls = Walls(text)
        plates = [one for one in plates if not walls.cross(one.start, one.end)]
        text = _hide(text, plates)
    numbers = find_numbers(text, Walls(text)) if digits >= FEWEST else ()
    return tuple(sorted([*mails, *plates, *numbers], key=lambda one: one.start))


def mask(text: str, found: Iterable[Found] | None = None) -> str:
    """Return `text` with most signs of each of `found` hidden, in as many signs as before.

    `found` is in order; without it everything is hidden that can be found, so that masking what
    is masked changes nothing.
    """
    if found is not None:
        return _hide(text, found)
    while rest := find(text):
        text = _hide(text, rest)
    return text


def kinds(text: str) -> frozenset[Kind]:
    """Return which kinds of personal data `text` holds."""
    return frozenset(one.kind for one in find(text))


def _hide(text: str, found: Iterable[Found]) -> str:
    parts, end = [], 0
    for one in found:
        parts += [text[end : one.start], _hidden(text[one.start : one.end], one.kind)]
        end = one.end
    return "".join([*parts, text[end:]])


def _hidden(written: str, kind: Kind) -> str:
    if kind is Kind.PLATE:
        return _hidden_plate(written)
    return _hidden_mail(written) if kind is Kind.EMAIL else _hidden_digits(written, KEPT[kind])


def _hidden_digits(written: str, kept: tuple[int, int]) -> str:
    digits = [sign for sign in written if sign.isdecimal()]
    head, tail = kept if len(digits) >= LONG else KEPT_OF_SHORT
    begin = "+" * written.startswith(("+", "(+")) + "".join(digits[:head])
    return begin + HIDDEN * (len(written) - len(begin) - tail) + "".join(digits[-tail:])


def _hidden_plate(written: str) -> str:
    region = next(index for index, sign in enumerate(written) if not sign.isalpha())
    return written[:region].upper() + HIDDEN * (len(written) - region)


def _hidden_mail(written: str) -> str:
    at = written.index("@")
    end = written.rindex(".") if written.count("@") == 1 else len(written)
    return f"{written[0]}{HIDDEN * (at - 1)}@{HIDDEN * (end - at - 1)}{written[end:]}"
