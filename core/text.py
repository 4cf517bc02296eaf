"""What every text goes through: cleaning, measuring, splitting, hiding secrets."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

import regex

from core.channel import TextUnit

_REPLACEMENT = "\ufffd"
_MASK = "***"
_LEAST_LIMIT = 2  # UTF-16 units of an emoji
_CARRIAGE_RETURN = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CLUSTER = regex.compile(r"\X")
_WHITE = regex.compile(r"\s*")
# Borders from the most to the least welcome, searched backwards. A sentence ends after a word
# of four letters or more, so that "Jl. Melati" and "Kel. Cipayung" stay whole.
_PARAGRAPH = regex.compile(r"(?r)\n[^\S\n]*\n")
_LINE = regex.compile(r"(?r)\n")
_SENTENCE = regex.compile(r"(?r)(?<=(?:\w{4}\.|[!?…])[\"')\]\u201d\u2019]?)\s")
_WORD = regex.compile(r"(?r)\s")


def clean(text: str) -> str:
    """Return `text` without control characters but newline and tab, and with no surrogates.

    A carriage return becomes a newline, a surrogate U+FFFD. PostgreSQL takes every result,
    and `clean(clean(text)) == clean(text)`.
    """
    if text.isprintable():
        return text
    text = _CARRIAGE_RETURN.sub("\n", text)
    return _SURROGATE.sub(_REPLACEMENT, _CONTROL.sub("", text))


def units(text: str, unit: TextUnit) -> int:
    """Return the length of `text` as a platform that counts in `unit` sees it."""
    if unit is TextUnit.CHARACTERS or text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, unit: TextUnit) -> list[str]:
    """Cut `text` into parts of at most `limit` units, at the best border near each part's end.

    Borders are paragraph, line, sentence, word; where there is none the cut falls between two
    grapheme clusters, and only a cluster longer than `limit` is cut itself. Nothing is lost but
    the whitespace at the cuts; a text of whitespace alone has no parts. Takes linear time.
    Raises ValueError for a limit under 2, which some characters would not fit.
    """
    if limit < _LEAST_LIMIT:
        raise ValueError("a limit under 2 cannot hold every character")
    if units(text, unit) <= limit:
        return [text] if text.strip() else []
    parts = []
    start = _after_white(text, 0)
    while start < len(text):
        end = _cut(text, start, limit, unit)
        parts.append(text[start:end])
        start = _after_white(text, end)
    return parts


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every one of `secrets` replaced by `***`; empty secrets are ignored."""
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)
    if not longest_first:
        return text
    return re.sub("|".join(map(re.escape, longest_first)), _MASK, text)


def _cut(text: str, start: int, limit: int, unit: TextUnit) -> int:
    """Return where the part that begins at `start` ends; always after `start`."""
    reach = _reach(text, start, limit, unit)
    if reach == len(text):
        return reach
    # Half empty parts for a nicer border would be unkind; a long word is worth one.
    middle = start + (reach - start) // 2
    for border, low in (
        (_PARAGRAPH, middle),
        (_LINE, middle),
        (_SENTENCE, middle),
        (_WORD, start),
    ):
        found = border.search(text, low, reach + 1)
        if found and (end := _before_white(text, start, found.start())) > start:
            return end
    return _between_clusters(text, start, reach)


def _reach(text: str, start: int, limit: int, unit: TextUnit) -> int:
    """Return the furthest index whose text from `start` on fits into `limit`."""
    window = text[start : start + limit]
    if unit is TextUnit.CHARACTERS or units(window, unit) == len(window):
        return start + len(window)
    widths = accumulate(1 + (character > "\uffff") for character in window)
    return start + bisect_right(list(widths), limit)


def _before_white(text: str, start: int, index: int) -> int:
    """Return where the whitespace around `index` begins, `start` if it cannot be cut there."""
    end = start + len(text[start:index].rstrip())
    after = _WHITE.match(text, index).end()  # type: ignore[union-attr]  # \s* always matches
    whole = end > start and _is_boundary(text, end) and _is_boundary(text, after)
    return end if whole else start


def _after_white(text: str, index: int) -> int:
    """Return where the whitespace at `index` ends; a space that carries a mark is kept."""
    after: int = _WHITE.match(text, index).end()  # type: ignore[union-attr]  # \s* always matches
    return after if after == index or _is_boundary(text, after) else after - 1


def _is_boundary(text: str, index: int) -> bool:
    """Tell whether a cluster ends at `index`, where whitespace stands on one side of it."""
    return len(_CLUSTER.findall(text[index - 1 : index + 1])) > 1 or index >= len(text)


def _between_clusters(text: str, start: int, reach: int) -> int:
    """Return the last cluster boundary up to `reach`, `reach` itself inside one long cluster."""
    # The last cluster holds the first character that does not fit, so it goes to the next part.
    last = _CLUSTER.findall(text[start : reach + 1])[-1]
    end = reach + 1 - len(last)
    return end if end > start else reach
