"""Finds the words of a text that tell when something happened, and the day they mean; pure.

Only wording is looked at, and a day that has not come yet is never meant: "tgl 30", told on the
12th, is that of the month before. Where words fit several days ("minggu lalu"), no day is named.
"""

import tomllib
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.resources import files

import regex

READ = 2_000  # characters of a text that are looked at
LONGEST = 6  # words of a fixed expression
MOST_DAYS = 400  # "3000 hari" is no count of days
LAST_OF_MONTH = 31
OLDEST = 30  # years: what is older is some other number
TWO_DIGITS = 100  # a year below it is one of this century
HALF_YEAR = 183  # days
LAST_HOUR = 24
LATE = 20  # o'clock, from when on "tadi malam" is this evening
_TOKEN = regex.compile(r"\d{1,4}(?:[/\-.]\d{1,4}){1,2}|\d+|\p{L}[\p{L}\p{N}']*|[^\s\p{L}\p{N}]|\n")
_PARTS = regex.compile(r"[/\-.]")


@dataclass(frozen=True, slots=True)
class When:
    """When it was, in the citizen's `words`; `day` is None where they name no single one.

    `since` tells that it began then and has gone on.
    """

    words: str
    day: date | None = None
    since: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """An expression that ends before word `end`."""

    end: int
    day: date | None
    since: bool = False


def _reversed(table: Mapping[str, str]) -> dict[str, int]:
    return {word: int(number) for number, words in table.items() for word in words.split()}


_FILE = tomllib.loads(files("core").joinpath("data", "dates.toml").read_text(encoding="utf-8"))
_SPELLINGS: dict[str, str] = {
    spelling: word for word, many in _FILE["spellings"].items() for spelling in many.split()
}
_AGO = {tuple(words.split()): int(days) for days, many in _FILE["ago"].items() for words in many}
_NIGHT = {tuple(words.split()) for words in _FILE["night"]["words"]}
_VAGUE = {tuple(words.split()) for words in _FILE["vague"]["words"]}
_ONLY_SINCE = {tuple(words.split()) for words in _FILE["vague"]["only_since"]}
_SETS = {kind: frozenset(words.split()) for kind, words in _FILE["words"].items()}
_DAYS = frozenset(_FILE["units"]["day"].split())
_LONG = frozenset(_FILE["units"]["long"].split())
_NUMBERS = _reversed(_FILE["numbers"])
_MONTHS = _reversed(_FILE["months"])
_WEEKDAYS = _reversed(_FILE["weekdays"])


_DATED = _SETS["date"] | _SETS["since"] | _SETS["on"]
_OPENERS = frozenset().union(
    _DATED, _SETS["lasting"], _SETS["clock"], _NUMBERS, _MONTHS, _WEEKDAYS,
    (words[0] for words in (*_AGO, *_NIGHT, *_VAGUE)),
)  # fmt: skip


def find_when(text: str, sent_at: datetime) -> When:
    """Return the first words of `text` that tell when it was, "" when there are none.

    `sent_at` is when it was sent, by the clock on the citizen's wall. An expression that names a
    day goes before one that does not.
    """
    tokens = list(_TOKEN.finditer(text[:READ]))
    words = [_spelt(token.group()) for token in tokens]
    found = list(_spans(words, sent_at))
    best = next((one for one in found if one[1].day), found[0] if found else None)
    if best is None:
        return When("")
    start, span = best
    told = text[tokens[start].start() : tokens[span.end - 1].end()]
    return When(told, span.day, span.since)


def _spelt(token: str) -> str:
    word = token.casefold()
    return _SPELLINGS.get(word, word)


def _spans(words: Sequence[str], sent_at: datetime) -> Iterator[tuple[int, _Span]]:
    at = 0
    while at < len(words):
        opens = words[at] in _OPENERS or words[at][0].isdecimal()
        span = _longest(words, at, sent_at) if opens and not _repeats(words, at) else None
        if span:
            yield at, _with_clock(words, span)
        at = span.end if span else at + 1


def _repeats(words: Sequence[str], at: int) -> bool:
    """Tell whether what follows happens again and again, or is yet to come."""
    before = set(words[max(0, at - 1) : at])
    return bool(before & (_SETS["every"] | _SETS["future"]))


def _longest(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    found = [span for read in _READERS if (span := read(words, at, sent_at))]
    span = max(found, key=lambda one: one.end, default=None)
    ahead = set(words[span.end : span.end + 1]) if span else set()
    return None if ahead & _SETS["future"] else span


def _with_clock(words: Sequence[str], span: _Span) -> _Span:
    """Return the span with the time of day that follows it."""
    clock = _read_clock(words, span.end)
    return replace(span, end=clock) if clock else span


# ---- what may be read at one word


def _since(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "sejak kemarin", "sudah 3 hari", "for two days"."""
    opens = words[at] in _SETS["since"]
    lasts = words[at] in _SETS["lasting"]
    if not (opens or lasts) or at + 1 >= len(words):
        return None
    readers = _AFTER_SINCE if opens else _AFTER_LASTING
    inner = [span for read in readers if (span := read(words, at + 1, sent_at))]
    longest = max(inner, key=lambda one: one.end, default=None)
    return replace(longest, since=True) if longest else None


def _fixed(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read an expression of the tables, with or without "yang"."""
    for count in range(LONGEST, 0, -1):
        some = [word for word in words[at : at + count] if word != "yang"]
        key, end = tuple(some), min(at + count, len(words))
        if key in _NIGHT:
            return _Span(end, sent_at.date() - timedelta(days=int(sent_at.hour < LATE)))
        if key in _AGO:
            return _Span(end, _days_before(sent_at, _AGO[key]))
        if key in _VAGUE and key not in _ONLY_SINCE:
            return _Span(end, None)
    return None


def _lasting(words: Sequence[str], at: int, _: datetime) -> _Span | None:
    """Read how long it has lasted, in words: "lama", "seminggu"."""
    ends = (end for end in range(at + 2, at, -1) if tuple(words[at:end]) in _ONLY_SINCE)
    return next((_Span(end, None, since=True) for end in ends if end <= len(words)), None)


def _count(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read a number of days, or of a longer time: "3 hari", "two weeks"."""
    number = _number(words[at])
    unit = words[at + 1] if at + 1 < len(words) else ""
    if not number or unit not in _DAYS | _LONG:
        return None
    return _Span(at + 2, _days_before(sent_at, number) if unit in _DAYS else None)


def _ago(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "2 hari yang lalu", "2 days ago", and "3 hari ini", which goes on."""
    counted = _count(words, at, sent_at)
    if counted is None:
        return None
    end = counted.end + (words[counted.end : counted.end + 1] == ["yang"])
    last = words[end] if end < len(words) else ""
    told = last in _SETS["ago"] or last in _SETS["still"]
    return replace(counted, end=end + 1, since=last in _SETS["still"]) if told else None


def _dated(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "tgl 12", "tanggal 12 November", "tgl 12/11"."""
    if words[at] not in _SETS["date"] or at + 1 >= len(words):
        return None
    more = _named_month(words, at + 1, sent_at) or _numeric(words, at + 1, sent_at)
    number = _number(words[at + 1])
    real = 1 <= number <= LAST_OF_MONTH
    return more or (_Span(at + 2, _latest(sent_at, number)) if real else None)


def _named_month(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "12 November", "12 nov 2026", "November 12"."""
    pair = [*words[at : at + 2], "", ""][:2]
    month = _MONTHS.get(pair[1]) or _MONTHS.get(pair[0])
    number = _number(pair[0] if pair[1] in _MONTHS else pair[1])
    if not month or not number:
        return None
    year = words[at + 2] if at + 2 < len(words) else ""
    named = year.isdecimal() and len(year) == len("2026")
    return _dated_span(at + 2 + named, sent_at, (number, month, int(year) if named else 0))


def _numeric(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "12/11", "12-11-2026", "2026-11-12"; what stands in an address is no date."""
    near = words[max(0, at - 2) : at]
    dated = not _DATED.isdisjoint(near)
    if not _SETS["address"].isdisjoint(near) or (words[at] in _SETS["fraction"] and not dated):
        return None
    parts = _PARTS.split(words[at])
    match [int(part) for part in parts if part.isdecimal()]:
        case [day, month] if "/" in words[at]:
            return _dated_span(at + 1, sent_at, (day, month, 0))
        case [year, month, day] if year > LAST_OF_MONTH:
            return _dated_span(at + 1, sent_at, (day, month, year))
        case [day, month, year] if len(parts[-1]) > 1:  # "1.2.3" is no date
            century = sent_at.year // TWO_DIGITS * TWO_DIGITS if year < TWO_DIGITS else 0
            return _dated_span(at + 1, sent_at, (day, month, year + century))
    return None


def _weekday(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "senin kemarin", "hari senin", "last monday", "on monday"."""
    opened = words[at] in _SETS["on"]
    named = at + opened
    weekday = _WEEKDAYS.get(words[named]) if named < len(words) else None
    closed = named + 1 + (words[named + 1 : named + 2] == ["yang"])
    past = closed < len(words) and words[closed] in _SETS["past"]
    if weekday is None or not (opened or past):
        return None
    if words[named] == "minggu" and not opened:  # the week as well as the Sunday
        return None
    days = (sent_at.weekday() - weekday) % 7
    days = 7 if not days and (past or words[at] == "last") else days
    return _Span(closed + 1 if past else named + 1, _days_before(sent_at, days))


def _bare_weekday(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read the day of the week behind "sejak"."""
    weekday = _WEEKDAYS.get(words[at])
    if weekday is None or words[at] == "minggu":
        return None
    return _Span(at + 1, _days_before(sent_at, (sent_at.weekday() - weekday) % 7))


def _clock(words: Sequence[str], at: int, sent_at: datetime) -> _Span | None:
    """Read "jam 7 pagi", which names no day, and "jam 7 tadi", which does."""
    end = _read_clock(words, at)
    if not end or words[end - 1] not in _SETS["morning"]:
        return None
    return _Span(end, sent_at.date() if "tadi" in words[at:end] else None)


Reader = Callable[[Sequence[str], int, datetime], _Span | None]
_AFTER_LASTING: tuple[Reader, ...] = (_count, _lasting)
_AFTER_SINCE: tuple[Reader, ...] = (
    *_AFTER_LASTING, _fixed, _ago, _dated, _named_month, _numeric, _weekday, _bare_weekday, _clock,
)  # fmt: skip
_READERS: tuple[Reader, ...] = (
    _since, _fixed, _ago, _dated, _named_month, _numeric, _weekday, _clock,
)  # fmt: skip


# ---- numbers and days


def _read_clock(words: Sequence[str], at: int) -> int:
    """Return the index after a time of day at `at`, 0 when there is none."""
    if at + 1 >= len(words) or words[at] not in _SETS["clock"]:
        return 0
    hour = _PARTS.split(words[at + 1])[0]
    if not 0 < _number(hour) <= LAST_HOUR:
        return 0
    end = at + 2
    while end < len(words) and words[end] in _SETS["morning"]:
        end += 1
    return end


def _number(word: str) -> int:
    """Return the number of a word, 0 for none and for more than MOST_DAYS."""
    if word.isascii() and word.isdecimal() and len(word) <= len(str(MOST_DAYS)):
        return int(word) if int(word) <= MOST_DAYS else 0
    return _NUMBERS.get(word, 0)


def _days_before(sent_at: datetime, days: int) -> date:
    return sent_at.date() - timedelta(days=days)


def _latest(sent_at: datetime, number: int) -> date | None:
    """Return the last day that was the `number`-th of a month."""
    month = sent_at.date().replace(day=1)
    for _ in range(3):
        if number <= monthrange(month.year, month.month)[1]:
            day = month.replace(day=number)
            if day <= sent_at.date():
                return day
        month = (month - timedelta(days=1)).replace(day=1)
    return None


def _dated_span(end: int, sent_at: datetime, told: tuple[int, int, int]) -> _Span | None:
    """Return a day, month and year (0 for the last one) as a span; None when there is no such day.

    A day that is still to come is told in words only.
    """
    number, month, year = told
    today = sent_at.date()
    try:
        day = date(year or today.year, month, number)
    except ValueError:
        return None
    if not year and day > today:
        span = _dated_span(end, sent_at, (number, month, today.year - 1))
        return span and _Span(end, span.day if _near(span.day, today) else None)
    if day.year < today.year - OLDEST:
        return None
    return _Span(end, day if day <= today else None)


def _near(day: date | None, today: date) -> bool:
    """Tell whether a day without a year may be the last one, and not the next."""
    return day is not None and today - day <= timedelta(days=HALF_YEAR)
