"""What a text is about, where, and who is responsible: all the rooms, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from core.atlas import Atlas
from core.matching import Rulebook
from core.message import Place
from core.regions import Whereabouts, whereabouts
from core.registry.registry import Registry
from core.routing import Asked, Decision, Manual, route
from core.understanding import Text, Understanding


class Understands(Protocol):
    """A model, or what stands in for one."""

    @property
    def version(self) -> str:
        """Its version, "" for none."""
        ...

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what each text says; never fails on any text."""
        ...


@dataclass(frozen=True, slots=True)
class Asking:
    """A text to decide on; `home` is the region in whose light its places are read.

    `place` is what was told as its place beside it: rules, which go by words, do not see it.
    """

    text: str
    channel: str
    moment: datetime
    home: str
    pin: Place | None = None
    place: str = ""

    @property
    def words(self) -> str:
        """Return all that was said."""
        told = self.place and self.place not in self.text
        return f"{self.text}\n{self.place}" if told else self.text


@dataclass(frozen=True, slots=True)
class Decided:
    """What a text says, where that is, and who is responsible."""

    understanding: Understanding
    where: Whereabouts
    decision: Decision


class Decider:
    """Decides by one registry and one rulebook; made anew when one of them changes."""

    def __init__(self, registry: Registry, rules: Rulebook) -> None:
        self.registry, self._rules = registry, rules
        self._atlas = Atlas(registry)

    def decide(self, model: Understands, asked: Sequence[Asking]) -> list[Decided]:
        """Return the decisions in the same order."""
        understood = model.understand([Text(one.words, one.channel) for one in asked])
        return [self._decided(*both) for both in zip(asked, understood, strict=True)]

    def _decided(self, asked: Asking, said: Understanding) -> Decided:
        where = whereabouts(said.mentions, asked.pin, asked.home, self.registry, self._atlas)
        question = Asked(asked.text, asked.channel, asked.moment)
        decision = route(said, where.region, self.registry, self._rules, question)
        if _is_torn(decision) and not where.certain:
            doubt = Manual.PLACE_CONFLICT if where.conflict else Manual.REGION_UNKNOWN
            decision = replace(decision, manual=doubt)
        return Decided(said, where, decision)


def _is_torn(decision: Decision) -> bool:
    """Tell whether it matters to a decision which of two governments a report is about."""
    first = decision.first
    return decision.sure and first is not None and bool(first.tier)
