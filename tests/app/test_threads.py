"""The conversations of `tests.core.threads`, with what the packaged model makes of their words."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from app.suggesting import PACKAGED
from classifier.load import Classifier, load
from core.conversation import step
from core.date_words import find_when
from core.draft import State
from core.effects import OpenReport, Own
from core.knowing import place_in
from core.message import Inbound, Kind
from core.registry.files import packaged
from core.talk import can_tell
from core.turn import Known, Step
from core.understanding import Text, Understanding
from tests.core.citizen import says, summary
from tests.core.threads import NOW, Event, HumanSays, Later, Thread, opened
from tests.core.threads_of_afterthoughts import AFTERTHOUGHTS
from tests.core.threads_of_answers import ANSWERS
from tests.core.threads_of_danger import DANGER
from tests.core.threads_of_doubt import DOUBT
from tests.core.threads_of_drafts import DRAFTS
from tests.core.threads_of_evidence import EVIDENCE, READ
from tests.core.threads_of_reports import REPORTS

UNREAD = {  # what only a model can tell of these is a class, or how much they tell
    "a question needs no place",
    "a wish needs no photo",
    "too little to know",
    "something else happens again",
    "what happened is no place",
    "fire, and then refuse elsewhere",
    "who is in danger is asked for no class",
    "kind of report: any",
    *(thread.name for thread in READ),
}
THREADS = [*DRAFTS, *AFTERTHOUGHTS, *DANGER, *REPORTS, *ANSWERS, *EVIDENCE, *DOUBT, *READ]


@pytest.fixture(scope="module")
def model() -> Classifier:
    return load(PACKAGED, packaged())


@dataclass
class Talk:
    """A thread that is being played; `model` is None where none reads."""

    model: Classifier | None
    reports: tuple[Own, ...]
    state: State = field(default_factory=State)
    heard: int = 0
    at: datetime = NOW

    def hear(self, event: Event) -> tuple[Step, str]:
        """Play the next event, and return the outcome with what it was taken for."""
        if isinstance(event, Later):
            self.at += timedelta(minutes=event.minutes)
            event = event.said
        said, quoted = event if isinstance(event, tuple) else (event, 0)
        inbound = says(said) if isinstance(said, str) else said
        self.heard += 1
        if inbound.kind is Kind.MESSAGE:
            inbound = replace(inbound, message_id=f"m{self.heard}")
        seen = self._understood(inbound)
        known = Known(
            place=place_in(inbound.text, seen),
            when=find_when(inbound.text, NOW).words,
            quoted=quoted,
            reports=self.reports,
            understanding=seen,
            human=isinstance(said, HumanSays),
            at=self.at,
        )
        outcome = step(self.state, inbound, known)
        self.state = outcome.state
        sent = [effect.draft for effect in outcome.effects if isinstance(effect, OpenReport)]
        self.reports = (*(opened(draft, self.at) for draft in sent), *self.reports)
        return outcome, taken_for(outcome)

    def _understood(self, inbound: Inbound) -> Understanding | None:
        if self.model is None or not can_tell(inbound):
            return None
        return self.model.understand([Text(inbound.text)])[0]


def taken_for(outcome: Step) -> str:
    """Return decision, evidence and the ticket that it is about, in short."""
    if outcome.decision is None:
        return ""
    about = [*outcome.effects, *(getattr(effect, "own", None) for effect in outcome.effects)]
    tickets = [getattr(one, "ticket", "") for one in about]
    tickets += [reply.args.get("ticket", "") for reply in outcome.replies]
    named = next(filter(None, tickets), "")
    return " ".join(filter(None, [outcome.decision, outcome.evidence, named]))


def test_there_are_enough() -> None:
    assert len({thread.name for thread in THREADS}) == len(THREADS)
    assert len(THREADS) >= 80


@pytest.mark.parametrize("thread", THREADS, ids=lambda thread: thread.name)
def test_thread(thread: Thread, model: Classifier | None) -> None:
    assert list(play(thread, model)) == [
        (number, line.taken, line.answer) for number, line in enumerate(thread.lines, 1)
    ]


@pytest.mark.parametrize(
    "thread", [one for one in THREADS if one.name not in UNREAD], ids=lambda thread: thread.name
)
def test_thread_without_a_model(thread: Thread) -> None:
    test_thread(thread, None)


def urusan_of(text: str, model: Classifier | None) -> str:
    """Return what a report was taken to be about when it was opened."""
    return model.understand([Text(text)])[0].urusan[0].urusan if model else ""


def play(thread: Thread, model: Classifier | None) -> Iterator[tuple[int, str, str]]:
    """Yield what each message of a thread was taken for, and what answered it."""
    before = max((own.number for own in thread.reports if own.here), default=0)
    reports = tuple(replace(own, urusan=urusan_of(own.title, model)) for own in thread.reports)
    talk = Talk(model, reports, State(last_draft=before))
    for number, line in enumerate(thread.lines, 1):
        outcome, taken = talk.hear(line.said)
        yield number, taken, summary(outcome)
