"""What every text goes through: cleaning, measuring, splitting, hiding secrets."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable

import regex

Measure = Callable[[str], int]

_REPLACEMENT = "\ufffd"
_MASK = "***"
_LEAST_LIMIT = 2  # UTF-16 units of an emoji
_CARRIAGE_RETURN = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
OUTLINE = 2000  # characters of a body's shape that a trace keeps
_NAME = 40
_DIGITS = re.compile(r"\d+")
_JSON_PART = re.compile(
    r'\s*(?:"(?P<name>(?:[^"\\]|\\.)*)"\s*:|"(?P<word>(?:[^"\\]|\\.)*)"'
    r"|(?P<number>-?\d[\d.eE+-]*)|[{}\[\],]|true|false|null)\s*"
)
# Names whose values are the platform's own words, never a citizen's.
_TELLING = frozenset(
    {
        *("type", "event_type", "mode", "object", "ok", "status", "messaging_type"),
        *("error_code", "code", "error_subcode", "retry_after", "is_echo", "kind"),
    }
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z_.]{0,39}|\d{1,7}")
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


def characters(text: str) -> int:
    """Return the number of Unicode code points."""
    return len(text)


def utf16_units(text: str) -> int:
    """Return the number of UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, measure: Measure) -> list[str]:
    """Cut `text` into parts no longer than `limit`, at the best border near each part's end.

    Length is what `measure` says. Borders are paragraph, line, sentence, word; where there is
    none the cut falls between two grapheme clusters, and only a cluster longer than `limit` is cut
    itself. Nothing is lost but the whitespace at the cuts; a text of whitespace alone has no parts.
    A part has no more than `limit` code points either. Takes linear time.
    Raises ValueError for a limit under 2, which some characters would not fit.
    """
    if limit < _LEAST_LIMIT:
        raise ValueError("a limit under 2 cannot hold every character")
    if measure(text) <= limit:
        return [text] if text.strip() else []
    parts = []
    start = _after_white(text, 0)
    while start < len(text):
        end = _cut(text, start, limit, measure)
        parts.append(text[start:end])
        start = _after_white(text, end)
    return parts


def redact(text: str, secrets: Iterable[str]) -> str:
    """Return `text` with every one of `secrets` replaced by `***`; empty secrets are ignored."""
    longest_first = sorted(filter(None, secrets), key=len, reverse=True)
    if not longest_first:
        return text
    return re.sub("|".join(map(re.escape, longest_first)), _MASK, text)


def outline(body: bytes) -> str:
    """Return the shape of a JSON body for a trace: names, words of the platform, no content.

    Strings become their length, numbers and digits in names 9; only values of names such as
    `type` or `error_code` stay when they look like a platform's own word. At most OUTLINE signs.
    """
    if body.lstrip()[:1] not in {b"{", b"["}:
        return f"{len(body)} bytes" if body else ""
    shape, named, end = "", "", 0
    for part in _JSON_PART.finditer(body[: 4 * OUTLINE].decode(errors="replace")):
        if part.start() != end or len(shape) > OUTLINE:  # what is not understood is not shown
            break
        end = part.end()
        if part["name"] is not None:
            named = part["name"]
        shape += _hidden(part, named)
    return shape[:OUTLINE]


def _hidden(part: re.Match[str], named: str) -> str:
    """Return what a trace shows of one part of a JSON text, the value of `named` or its name."""
    if part["name"] is not None:
        return f'"{_DIGITS.sub("9", named)[:_NAME]}":'
    value = part["word"] if part["word"] is not None else part["number"]
    if value is None:
        return part[0].strip()
    if named in _TELLING and _PLAIN.fullmatch(value):
        return part[0].strip()
    return "9" if part["word"] is None else f'"{len(value)}"'


def _cut(text: str, start: int, limit: int, measure: Measure) -> int:
    """Return where the part that begins at `start` ends; always after `start`."""
    reach = _reach(text, start, limit, measure)
    while reach < len(text):
        end = _border(text, start, reach)
        # What is cut short can weigh more than it did: half an address is no link any more.
        if end == start + 1 or measure(text[start:end]) <= limit:
            return end
        reach = end - 1
    return reach


def _border(text: str, start: int, reach: int) -> int:
    """Return the best border between `start` and `reach`; always after `start`."""
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


def _reach(text: str, start: int, limit: int, measure: Measure) -> int:
    """Return about the furthest index whose text from `start` on fits into `limit`."""
    window = text[start : start + limit]
    if measure(window) <= limit:
        return start + len(window)
    fits = bisect_right(range(1, len(window)), limit, key=lambda size: measure(window[:size]))
    return start + max(fits, 1)


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
