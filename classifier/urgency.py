"""How soon somebody must look: told by phrases alone, so that it works without any model; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.wording import MARKS, PAUSES, Found, Phrases, table
from core.understanding import Urgency

# Words between a danger and what takes it back, by the kind of what takes it back.
_REACH = {"sangkal": 0, "dekat": 1, "bakal": 1, "cemas": 2, "andai": 12}
_FARTHEST = max(_REACH.values())
SENTENCE = 30  # words before and after a danger that tell when it is

_EMERGENCIES = frozenset({"api", "orang", "kekerasan", "jiwa", "listrik", "air"})
# What does not take back a danger of some kind: who is afraid of a knife has seen one.
_NO_COMFORT = {"kekerasan": frozenset({"cemas", "bakal"}), "orang": frozenset({"bakal"})}
_ALWAYS = frozenset({"jiwa", "rentan"})  # neither past nor supposed: both are a cry for help
_DANGERS = _EMERGENCIES | {"segera", "rentan"}

_TABLE = table("urgency")
_ALARMING = Phrases({kind: _TABLE[kind] for kind in sorted(_DANGERS)})
_CONTEXT = Phrases({kind: phrases for kind, phrases in _TABLE.items() if kind not in _DANGERS})


@dataclass(frozen=True, slots=True)
class Alarm:
    """How soon somebody must look, and at what: api, orang, kekerasan, jiwa, listrik, air.

    `subject` is "" for whatever is no emergency.
    """

    urgency: Urgency
    subject: str = ""


def alarm(words: Sequence[str]) -> Alarm:
    """Return what the words of a text (`wording.words_of`) give the alarm for.

    What is denied, over, only feared, or meant in another sense is no emergency.
    """
    dangers = _ALARMING.find(words)
    if not dangers:
        return Alarm(Urgency.BIASA)
    context = _Context(words)
    emergencies = sorted(one for one in dangers if one.kind in _EMERGENCIES)
    for one in emergencies:
        if context.leaves(one):
            return Alarm(Urgency.DARURAT, one.kind)
    soon = any(one.kind not in _EMERGENCIES and context.leaves(one) for one in dangers)
    return Alarm(Urgency.SEGERA if soon else Urgency.BIASA)


def urgency(words: Sequence[str]) -> Urgency:
    """Return how soon somebody must look, by the words of a text."""
    return alarm(words).urgency


class _Context:
    """What a text says around its dangers."""

    def __init__(self, words: Sequence[str]) -> None:
        found = _CONTEXT.find(words)
        self._words = words
        self._masked = {
            index for one in found if one.kind == "kiasan" for index in range(one.start, one.end)
        }
        self._starting: dict[int, list[Found]] = {}
        self._ending: dict[int, list[Found]] = {}
        for one in found:
            if one.kind != "kiasan" and not self._hides(one):
                self._starting.setdefault(one.start, []).append(one)
                self._ending.setdefault(one.end, []).append(one)

    def leaves(self, danger: Found) -> bool:
        """Tell whether nothing takes the danger back."""
        if self._hides(danger):
            return False
        near = self._before(danger)
        if "sangkal" in near or danger.kind in _ALWAYS:
            return "sangkal" not in near
        near -= _NO_COMFORT.get(danger.kind, frozenset())
        return not (near or self._over(danger))

    def _hides(self, one: Found) -> bool:
        """Tell whether its first or its last word belongs to a phrase of another sense."""
        return one.start in self._masked or one.end - 1 in self._masked

    def _before(self, danger: Found) -> set[str]:
        """Return the kinds of phrases that take it back: they end close before it, in a clause."""
        clause = self._back_to(PAUSES, danger.start)
        return {
            one.kind
            for gap in range(_FARTHEST + 1)
            for one in self._ending.get(danger.start - gap, ())
            if one.start >= clause and gap <= _REACH.get(one.kind, -1)
        }

    def _over(self, danger: Found) -> bool:
        """Tell whether the sentence says that it is past, and does not say that it goes on."""
        start = self._back_to(MARKS, danger.start)
        ahead = range(danger.end, min(len(self._words), danger.end + SENTENCE))
        end = next((index for index in ahead if self._words[index] in MARKS), ahead.stop)
        around = {one.kind for at in range(start, end) for one in self._starting.get(at, ())}
        return "lampau" in around and "kini" not in around

    def _back_to(self, marks: frozenset[str], at: int) -> int:
        """Return where the part of the text begins that ends at `at`, and has none of `marks`."""
        first = max(0, at - SENTENCE)
        behind = range(at - 1, first - 1, -1)
        return next((index + 1 for index in behind if self._words[index] in marks), first)
