"""What looks like a number of somebody and is none: dates, times, prices, tickets, coordinates.

No sign of them takes part in a personal number, and no number reaches over them.
"""

from bisect import bisect_left
from collections.abc import Iterator

import regex

from core.guard.found import HIDDEN
from core.ticket import read_ticket

# What `mask` has left: its digits must not join others, so that masking twice changes nothing.
_MASKED = rf"(?<!\d)\+?\d{{1,4}}{HIDDEN}{{2,}}\d{{0,4}}(?!\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"""
    (?<![\d.\-/])
    (?:{_DAY}(?P<a>[./-]){_MONTH}(?P=a){_YEAR} | {_YEAR}(?P<b>[./-]){_MONTH}(?P=b){_DAY})
    (?! \d | [./-]\d)
"""
_TIME = r"(?<![\d.,:])(?:[01]?\d|2[0-4])[.:][0-5]\d(?![\d:]|[.,]\d)"
_RUPIAH = r"(?<!\p{L})(?:rp|idr)\.?\s{0,2}\d[\d.,]{0,20}"
_THOUSANDS = r"(?<![\d.,+])(?!62\.8)[1-9]\d{0,2}(?:\.\d{3}){1,5}(?!\d|\.\d)"
_DEGREES = r"(?<![\d.])(?:0|[1-9]\d{0,2})\.\d{4,18}(?!\d|\.\d)"
_WALL = regex.compile(
    # Looking ahead for one sign first makes it five times as fast.
    rf"(?=[\d+ri])(?:{_MASKED}|{_DATE}|{_TIME}|{_RUPIAH}|{_THOUSANDS}|{_DEGREES})",
    regex.IGNORECASE | regex.VERBOSE,
)
_TICKET = regex.compile(
    r"(?<![\p{L}\p{N}])[0-9][0-9a-z]{4}[ -]?[0-9a-z]{5}(?![\p{L}\p{N}])", regex.IGNORECASE
)


class Walls:
    """The spans of a text that hold no personal number."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(_spans(text)):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def cross(self, start: int, end: int) -> bool:
        """Tell whether one of them reaches into the span."""
        nearest = bisect_left(self._starts, end) - 1
        return nearest >= 0 and self._ends[nearest] > start


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for wall in _WALL.finditer(text):
        yield wall.span()
    for ticket in _TICKET.finditer(text):
        # Ten digits in a row are rather an account than one of the few tickets without a letter.
        if not ticket.group().isdecimal() and read_ticket(ticket.group()):
            yield ticket.span()
