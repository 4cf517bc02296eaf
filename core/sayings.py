"""Turns what the conversation decided to say into what the citizen reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.message import Choice
from core.replies import render
from core.reports import Standing
from core.ticket import new_ticket
from core.turn import Effect, OpenReport, Reply, Step, TellStatus

Sentence = tuple[str, tuple[Choice, ...]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database answered to the effects of a batch of messages."""

    tickets: Mapping[tuple[UUID, int], str]  #: of opened reports, by conversation and draft
    standings: Mapping[str, Standing]  #: of the reports asked for, by ticket
    zone: ZoneInfo  #: the clock on the citizens' walls


def sentences(step: Step, talker_id: UUID, facts: Facts) -> Iterator[Sentence]:
    """Yield the texts, with their buttons, that answer one message: effects, then replies."""
    language = step.state.language
    for effect in step.effects:
        text = _say_effect(language, effect, talker_id, facts)
        if text:
            yield text, ()
    for reply in step.replies:
        yield say(language, reply)


def say(language: str, reply: Reply) -> Sentence:
    """Return the text and the buttons of `reply`."""
    args = {"example": new_ticket(), **reply.args} if reply.key == "status-how" else reply.args
    choices = tuple(
        Choice(render(language, f"choice-{word}"), f"{word}:{reply.serial}")
        for word in reply.choices
    )
    return render(language, reply.key, args), choices


def say_status(language: str, ticket: str, standing: Standing | None, zone: ZoneInfo) -> str:
    """Return how the report stands; `standing` is None when there is no such ticket.

    The date is the one that citizens in `zone` had when it came.
    """
    if standing is None:
        return render(language, "status-unknown", {"ticket": ticket})
    args = {
        "ticket": ticket,
        "state": render(language, f"state-{standing.state}"),
        "agency": standing.agency,
        "date": say_date(language, standing.created_at.astimezone(zone)),
    }
    return render(language, "status-agency" if standing.agency else "status", args)


def say_date(language: str, moment: datetime) -> str:
    """Return the day of `moment`, as its own clock has it, with the month's name."""
    return f"{moment.day} {render(language, f'month-{moment.month}')} {moment.year}"


def _say_effect(language: str, effect: Effect, talker_id: UUID, facts: Facts) -> str:
    if isinstance(effect, OpenReport):
        ticket = facts.tickets[talker_id, effect.draft.number]
        return render(language, "ticket", {"ticket": ticket})
    if isinstance(effect, TellStatus):
        return say_status(language, effect.ticket, facts.standings.get(effect.ticket), facts.zone)
    return ""
