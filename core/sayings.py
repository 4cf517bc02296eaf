"""Turns what the conversation decided to say into what the citizen reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from core.channel import Power
from core.message import Choice
from core.replies import render
from core.reports import Standing
from core.ticket import new_ticket
from core.turn import Effect, OpenReport, Reply, Step, TellBlock, TellStatus, Where


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the citizen reads, with its buttons, and who else can read it."""

    text: str
    choices: tuple[Choice, ...] = ()
    where: Where = Where.HERE


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database answered to the effects of a batch of messages."""

    tickets: Mapping[tuple[UUID, int], str]  #: of opened reports, by conversation and draft
    standings: Mapping[str, Standing]  #: of the reports asked for, by ticket
    zone: ZoneInfo  #: the clock on the citizens' walls


def sentences(
    step: Step, talker_id: UUID, facts: Facts, powers: frozenset[Power]
) -> Iterator[Sentence]:
    """Yield what answers one message on a platform with `powers`: effects, then replies."""
    language = step.state.language
    for effect in step.effects:
        sentence = _say_effect(language, effect, talker_id, facts)
        if sentence.text:
            yield sentence
    for reply in step.replies:
        yield say(language, reply, powers)


def say(language: str, reply: Reply, powers: frozenset[Power]) -> Sentence:
    """Return the text and the buttons of `reply`."""
    args = {"pins": "yes" if Power.PINS in powers else "no", **reply.args}
    if reply.key == "status-how":
        args["example"] = new_ticket()
    choices = tuple(
        Choice(render(language, f"choice-{word}"), f"{word}:{reply.serial}")
        for word in reply.choices
    )
    return Sentence(render(language, reply.key, args), choices, reply.where)


def with_numbers(language: str, sentence: Sentence, buttons: int) -> Sentence:
    """Return the sentence with numbers in its text where a platform has too few `buttons`."""
    if len(sentence.choices) <= buttons:
        return sentence
    listed = [f"{number}. {it.label}" for number, it in enumerate(sentence.choices, start=1)]
    text = "\n".join([sentence.text, "", *listed, "", render(language, "by-number")])
    return Sentence(text, (), sentence.where)


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


def _say_effect(language: str, effect: Effect, talker_id: UUID, facts: Facts) -> Sentence:
    if isinstance(effect, OpenReport):
        ticket = facts.tickets[talker_id, effect.draft.number]
        key = "ticket-public" if effect.public_address else "ticket"
        return Sentence(render(language, key, {"ticket": ticket}))
    if isinstance(effect, TellStatus):
        standing = facts.standings.get(effect.ticket)
        text = say_status(language, effect.ticket, standing, facts.zone)
        return Sentence(text, where=Where.PRIVATE)
    if isinstance(effect, TellBlock):
        date = say_date(language, effect.until.astimezone(facts.zone))
        return Sentence(render(language, "not-listening", {"date": date}), where=Where.PRIVATE)
    return Sentence("")
