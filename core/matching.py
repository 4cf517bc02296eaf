"""Which rule a report meets: the first that holds, in the order of the rulebook."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from core.registry.registry import chain
from core.rules import SHORTEST_PREFIX, Conditions, Rule, Weekday, fold, words_of
from core.understanding import Understanding

READ = 10_000  # characters of a text that keywords are looked for in

_WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True)
class Facts:
    """What rules can ask about a report; `moment` is in the office's time zone."""

    text: str
    channel: str
    moment: datetime
    region: str
    understanding: Understanding

    @cached_property
    def areas(self) -> frozenset[str]:
        """Return the codes of the report's area and of those around it."""
        return frozenset(chain(self.region))


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that holds, its key, and the words of the text that met its keywords."""

    key: str
    rule: Rule
    words: tuple[str, ...]


def mark(key: str) -> str:
    """Return how a decision names the rule that made it."""
    return f"rule:{key}"


Test = Callable[[Facts], bool]
Found = Mapping[str, int]  # a keyword, and the number of the word it begins at


@dataclass(frozen=True, slots=True)
class _Term:
    """A keyword, and its words behind the first; whether one is a beginning only stands beside."""

    keyword: str
    rest: tuple[tuple[str, bool], ...]

    def goes_on(self, start: int, words: Sequence[str]) -> bool:
        """Tell whether the rest of the keyword follows word number `start`."""
        for place, (part, is_begun) in enumerate(self.rest, start + 1):
            if place == len(words):
                return False
            word = words[place]
            if word != part and not (is_begun and word.startswith(part)):
                return False
        return True


@dataclass(frozen=True, slots=True)
class _Entry:
    """A rule, prepared: its keywords as sets, and what else it asks."""

    key: str
    rule: Rule
    any_of: frozenset[str]
    all_of: frozenset[str]
    none_of: frozenset[str]
    tests: tuple[Test, ...]

    @classmethod
    def of(cls, key: str, rule: Rule) -> "_Entry":
        asked = rule.conditions
        sets = (frozenset(asked.any_of), frozenset(asked.all_of), frozenset(asked.none_of))
        return cls(key, rule, *sets, tuple(_tests(asked)))

    def holds(self, found: Set[str], facts: Facts) -> bool:
        """Tell whether every condition is met by the report with these keywords."""
        if self.any_of and self.any_of.isdisjoint(found):
            return False
        if not (self.none_of.isdisjoint(found) and self.all_of <= found):
            return False
        return all(test(facts) for test in self.tests)


class _Index:
    """Keywords by how they begin: with a whole word, or with the first letters of one."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._whole: dict[str, list[_Term]] = {}
        self._begun: dict[str, dict[str, list[_Term]]] = {}
        for keyword in keywords:
            (first, is_begun), *rest = map(_part, keyword.split())
            head = self._begun.setdefault(first[:SHORTEST_PREFIX], {}) if is_begun else self._whole
            head.setdefault(first, []).append(_Term(keyword, tuple(rest)))

    def find(self, words: Sequence[str]) -> Found:
        """Return the keywords that stand in the text, each with the first place it has there."""
        found: dict[str, int] = {}
        for start, word in enumerate(words):
            if terms := self._whole.get(word):
                _note(found, terms, start, words)
            if head := self._begun.get(word[:SHORTEST_PREFIX]):
                for beginning, terms in head.items():
                    if word.startswith(beginning):
                        _note(found, terms, start, words)
        return found


def _part(word: str) -> tuple[str, bool]:
    return word.rstrip("*"), word.endswith("*")


def _note(found: dict[str, int], terms: Sequence[_Term], start: int, words: Sequence[str]) -> None:
    for term in terms:
        if term.keyword not in found and (not term.rest or term.goes_on(start, words)):
            found[term.keyword] = start


class Rulebook:
    """Rules by their key, in their order, prepared once so that a text is matched quickly.

    Only rules are looked at that have one of their keywords in the text, or have none.
    """

    def __init__(self, rules: Mapping[str, Rule] | None = None) -> None:
        self.rules = dict(rules or {})
        self._entries = [_Entry.of(key, rule) for key, rule in self.rules.items()]
        asked = [one.rule.conditions for one in self._entries]
        self._index = _Index({word for one in asked for word in (*one.keywords, *one.none_of)})
        self._askers: dict[str, list[int]] = {}
        for number, one in enumerate(asked):
            for keyword in one.keywords:
                self._askers.setdefault(keyword, []).append(number)
        self._wordless = [number for number, one in enumerate(asked) if not one.keywords]

    def first(self, facts: Facts) -> Match | None:
        """Return the first rule that holds, None when there is none."""
        if not self._entries:
            return None
        text = facts.text[:READ]
        words = words_of(fold(text))
        found = self._index.find(words)
        keywords = set(found)
        for number in self._candidates(found):
            entry = self._entries[number]
            if entry.holds(keywords, facts):
                return Match(entry.key, entry.rule, _written(entry.rule, found, text, words))
        return None

    def _candidates(self, found: Found) -> Iterable[int]:
        askers = {number for keyword in found for number in self._askers.get(keyword, ())}
        return sorted(askers.union(self._wordless)) if askers else self._wordless


def _written(rule: Rule, found: Found, text: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the words that met the keywords, as they stand in the text where that is possible."""
    written: Sequence[str] = words_of(text)
    if len(written) != len(words):  # a sign that falls apart when it is folded
        written = words
    starts = {keyword: found[keyword] for keyword in rule.conditions.keywords if keyword in found}
    return tuple(
        dict.fromkeys(
            " ".join(written[start : start + len(keyword.split())])
            for keyword, start in starts.items()
        )
    )


_ASKED: Mapping[str, Callable[[Facts], object]] = {
    "channels": lambda facts: facts.channel,
    "categories": lambda facts: facts.understanding.category,
    "klasifikasi": lambda facts: facts.understanding.klasifikasi,
    "urgency": lambda facts: facts.understanding.urgency,
    "weekdays": lambda facts: _WEEKDAYS[facts.moment.weekday()],
}


def _tests(asked: Conditions) -> Iterator[Test]:
    """Yield a test for each condition that is given, keywords aside."""
    for name, value_of in _ASKED.items():
        if entries := getattr(asked, name):
            yield _one_of(frozenset(entries), value_of)
    if regions := frozenset(asked.regions):
        yield lambda facts: not regions.isdisjoint(facts.areas)
    if urusan := frozenset(asked.urusan):
        least = asked.probability
        yield lambda facts: any(
            one.urusan in urusan and one.probability >= least for one in facts.understanding.urusan
        )
    if hours := asked.hours:
        yield lambda facts: hours.hold(f"{facts.moment:%H:%M}")


def _one_of(entries: frozenset[object], value_of: Callable[[Facts], object]) -> Test:
    return lambda facts: value_of(facts) in entries
