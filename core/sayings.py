"""Turns what the conversation decided to say into what the citizen reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from core.channel import Power
from core.effects import Effect, OpenReport, TellBlock, TellStatus
from core.message import Choice
from core.replies import render
from core.replies.dates import say_date, say_day, say_promise
from core.standing import Opened, Standing
from core.ticket import new_ticket
from core.turn import Reply, Step, Where
from core.zones import zone_of

SCREEN = 600  # characters of one message; longer ones are not joined
TICKETS = {"": "ticket", "jiwa": "ticket-jiwa"}  # by the emergency; else "ticket-emergency"
SURELY = "-surely"  # ends the label of a button that asks for what cannot be undone


@dataclass(frozen=True, slots=True)
class Sentence:
    """What the citizen reads, with its buttons, and who else can read it."""

    text: str
    choices: tuple[Choice, ...] = ()
    where: Where = Where.HERE
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database answered to the effects of a batch of messages."""

    opened: Mapping[tuple[UUID, int], Opened]  #: new reports, by conversation and draft
    #: of the reports asked for, by the conversation that asks and the ticket
    standings: Mapping[tuple[UUID, str], Standing]
    zone: ZoneInfo  #: the clock on the citizens' walls
    #: what came of effects on reports, by the letter that brought them
    answers: Mapping[tuple[int, Effect], Reply] = field(default_factory=dict)

    def answers_to(self, letter_id: int, step: Step) -> list[Reply]:
        """Return what came of the effects of one letter, in their order."""
        found = (self.answers.get((letter_id, effect)) for effect in step.effects)
        return [reply for reply in found if reply is not None]


def sentences(
    step: Step,
    talker_id: UUID,
    facts: Facts,
    powers: frozenset[Power],
    answers: Sequence[Reply] = (),
) -> Iterator[Sentence]:
    """Yield what answers one message on a platform with `powers`: effects, then replies.

    What stands alone is said before all. `answers` are what came of effects on reports.
    """
    language = step.state.language
    at_once = [reply for reply in step.replies if reply.alone]
    for reply in at_once:
        yield say(language, reply, powers)
    for effect in step.effects:
        sentence = _say_effect(language, effect, talker_id, facts)
        if sentence.text:
            yield sentence
    for reply in (*answers, *step.replies):
        if reply not in at_once:
            yield say(language, reply, powers)


def say(language: str, reply: Reply, powers: frozenset[Power]) -> Sentence:
    """Return the text and the buttons of `reply`."""
    args = {"pins": "yes" if Power.PINS in powers else "no", **reply.args}
    if "private" in reply.args:
        names = (render(language, f"private-{kind}") for kind in reply.args["private"].split())
        args["private"] = ", ".join(names) or "none"
    if day := args.get("day"):
        args["when"] = f"{args['when']} ({say_date(language, date.fromisoformat(day))})"
    if reply.key == "status-how":
        args["example"] = new_ticket()
    labels = [
        option.label or render(language, f"choice-{option.word}{SURELY if option.sure else ''}")
        for option in reply.options
    ]
    labels += [render(language, f"choice-{word}") for word in reply.choices]
    choices = tuple(map(Choice, labels, reply.values))
    return Sentence(render(language, reply.key, args), choices, reply.where, reply.alone)


def joined(spoken: Iterable[Sentence], address: Callable[[Where], str]) -> list[Sentence]:
    """Return the sentences with those in one that go to the same `address`, and fit a screen.

    Only the last of them has buttons: what follows a question would hide them.
    """
    whole: list[Sentence] = []
    for sentence in spoken:
        before = whole[-1] if whole else None
        if before and address(before.where) == address(sentence.where) and _fit(before, sentence):
            whole[-1] = replace(sentence, text=_below(before, sentence))
        else:
            whole.append(sentence)
    return whole


def _fit(before: Sentence, after: Sentence) -> bool:
    apart = before.choices or before.alone or after.alone
    return not apart and len(_below(before, after)) <= SCREEN


def _below(before: Sentence, after: Sentence) -> str:
    return f"{before.text}\n\n{after.text}"


def with_numbers(language: str, sentence: Sentence, buttons: int) -> Sentence:
    """Return the sentence with numbers in its text where a platform has too few `buttons`."""
    if len(sentence.choices) <= buttons:
        return sentence
    listed = [f"{number}. {it.label}" for number, it in enumerate(sentence.choices, start=1)]
    text = "\n".join([sentence.text, "", *listed, "", render(language, "by-number")])
    return replace(sentence, text=text, choices=())


def say_status(language: str, ticket: str, standing: Standing | None, zone: ZoneInfo) -> str:
    """Return how the report stands; `standing` is None when there is no such ticket.

    Dates are those of the clock in its region, `zone` where that is unknown.
    """
    if standing is None:
        return render(language, "status-unknown", {"ticket": ticket})
    zone = zone_of(standing.region, zone)
    args = {
        "ticket": ticket,
        "state": render(language, f"state-{standing.state}"),
        "agency": standing.agency,
        "date": say_date(language, standing.created_at.astimezone(zone)),
    }
    status = render(language, "status-agency" if standing.agency else "status", args)
    promised = say_promise(language, standing.clock, zone) if standing.clock else ""
    return f"{status}\n{promised}".strip()


def say_ticket(language: str, opened: Opened, zone: ZoneInfo, key: str = "ticket") -> str:
    """Return the ticket of a new report, with the days by which it is checked and answered."""
    dates = {"verify": opened.clock.verify_by, "answer": opened.clock.answer_by}
    args = {name: say_day(language, by, zone) for name, by in dates.items() if by}
    zoned = next((by.astimezone(zone).tzname() for by in dates.values() if by), None)
    return render(language, key, {"ticket": opened.ticket, "zone": zoned or "", **args})


def _say_effect(language: str, effect: Effect, talker_id: UUID, facts: Facts) -> Sentence:
    if isinstance(effect, OpenReport):
        opened = facts.opened[talker_id, effect.draft.number]
        if effect.public_address:
            key = "ticket-public-emergency" if effect.draft.alarm else "ticket-public"
            return Sentence(render(language, key, {"ticket": opened.ticket}))
        key = TICKETS.get(effect.draft.alarm, "ticket-emergency")
        return Sentence(say_ticket(language, opened, facts.zone, key))
    if isinstance(effect, TellStatus):
        standing = facts.standings.get((talker_id, effect.ticket))
        text = say_status(language, effect.ticket, standing, facts.zone)
        return Sentence(text, where=Where.PRIVATE)
    if isinstance(effect, TellBlock):
        until = say_date(language, effect.until.astimezone(facts.zone))
        return Sentence(render(language, "not-listening", {"date": until}), where=Where.PRIVATE)
    return Sentence("")
