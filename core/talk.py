"""Folds the waiting letters of one conversation through `step`; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from core.channel import Channel
from core.conversation import step
from core.conversations import Talker
from core.draft import State
from core.inbox import Letter
from core.message import Inbound, Kind
from core.place_words import find_place
from core.turn import Reply, Step

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Heard:
    """One message and what came of it; `error` names the failure of our own code, if any."""

    inbound: Inbound
    step: Step
    error: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of a batch: who sent it, the row it stood in, and what came of it."""

    talker: Talker
    letter: Letter
    heard: Heard


def listen(talker: Talker, letters: Sequence[Letter], channel: Channel) -> list[Exchange]:
    """Read a conversation's letters, oldest first, and fold them through its state.

    A letter on which our code fails leaves the draft as it was, and carries the error's name; the
    first of them is answered with the news that it is kept.
    """
    errors: dict[int, str] = {}
    inbounds = [_read(letter, channel, errors) for letter in letters]
    trouble: tuple[Reply, ...] = (Reply("trouble"),)
    exchanges: list[Exchange] = []
    for letter, heard in zip(letters, hear(talker.state, inbounds), strict=True):
        if error := errors.get(letter.id, heard.error):
            heard = Heard(heard.inbound, replace(heard.step, replies=trouble), error)  # noqa: PLW2901
            trouble = ()
        exchanges.append(Exchange(talker, letter, heard))
    return exchanges


def effects(exchanges: Sequence[Exchange], wanted: type[E]) -> Iterator[tuple[Exchange, E]]:
    """Yield every effect of the type `wanted`, with its exchange, in order."""
    for exchange in exchanges:
        for effect in exchange.heard.step.effects:
            if isinstance(effect, wanted):
                yield exchange, effect


def hear(state: State, inbounds: Sequence[Inbound]) -> list[Heard]:
    """Return what each message makes of the state before it, in order.

    A question about a draft is left out when a later message brings up the next one, so that an
    album, or three texts in a row, are answered once.
    """
    answered = state.album
    heard: list[Heard] = []
    for inbound in inbounds:
        one = _hear_one(state, inbound)
        if inbound.album and inbound.album == answered:  # a late picture
            one = replace(one, step=replace(one.step, replies=()))
        heard.append(one)
        state = one.step.state
    return _without_superseded(heard)


def _read(letter: Letter, channel: Channel, errors: dict[int, str]) -> Inbound:
    try:
        return channel.parse(letter.raw)[0]
    except Exception as error:  # noqa: BLE001 - it was readable when it came: our parser has changed since
        errors[letter.id] = f"{type(error).__name__} in parse"
        return Inbound(letter.channel, "", letter.address, Kind.UNKNOWN, letter.raw)


def _hear_one(state: State, inbound: Inbound) -> Heard:
    try:
        return Heard(inbound, step(state, inbound, find_place(inbound.text)))
    except Exception as error:  # noqa: BLE001 - the row is quarantined under this name, and shown
        return Heard(inbound, Step(state), f"{type(error).__name__} in step")


def _without_superseded(heard: list[Heard]) -> list[Heard]:
    kept: list[Heard] = []
    later: set[int] = set()
    for one in reversed(heard):
        outcome = one.step
        superseded = outcome.draft in later
        if outcome.draft and (outcome.replies or outcome.effects):
            later.add(outcome.draft)
        silent = replace(one, step=replace(outcome, replies=()))
        kept.append(silent if superseded else one)
    return kept[::-1]
