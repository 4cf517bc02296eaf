"""Folds the waiting letters of one conversation through `step`; pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from core.channel import Channel
from core.conversation import step
from core.conversations import Talker
from core.draft import State
from core.flood import Arrival, Hold, Share, Verdict, sift
from core.inbox import Letter
from core.message import Inbound, Kind
from core.place_words import find_place
from core.turn import AmendMessage, OpenReport, Reply, Step, TellBlock, Where
from core.understanding import Reads, Text, Understanding

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Heard:
    """One message and what came of it; `error` names the failure of our own code, if any.

    One that is `held` was not listened to.
    """

    inbound: Inbound
    step: Step
    error: str = ""
    held: Hold | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A letter, and what was read in it; `error` names the failure of our own parser, if any."""

    letter: Letter
    inbound: Inbound
    error: str = ""
    understanding: Understanding | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """One message of a batch: who sent it, the row it stood in, and what came of it."""

    talker: Talker
    letter: Letter
    heard: Heard

    @property
    def understood(self) -> bool:
        """Tell whether the message was listened to, and our code did not fail on it."""
        return not (self.heard.error or self.heard.held)


def read_letter(letter: Letter, channel: Channel) -> Post:
    """Return what our parser reads in a letter, which came by `channel`."""
    try:
        return Post(letter, channel.parse(letter.raw)[0])
    except Exception as error:  # noqa: BLE001 - it was readable when it came: our parser has changed since
        unknown = Inbound(letter.channel, "", letter.address, Kind.UNKNOWN, letter.raw)
        return Post(letter, unknown, f"{type(error).__name__} in parse")


def understand(posts: Sequence[Post], reads: Reads | None) -> list[Post]:
    """Return `posts`, with what a model makes of those that everybody reads; all in one go."""
    texts = {
        index: Text(post.inbound.text, post.inbound.channel, public=True)
        for index, post in enumerate(posts)
        if reads and _is_mention(post.inbound)
    }
    if reads is None or not texts:
        return list(posts)
    seen = dict(zip(texts, reads(list(texts.values())), strict=True))
    return [replace(post, understanding=seen.get(index)) for index, post in enumerate(posts)]


def _is_mention(inbound: Inbound) -> bool:
    return inbound.kind is Kind.MESSAGE and bool(inbound.public_address and inbound.text)


def listen(talker: Talker, posts: Sequence[Post], share: Share) -> list[Exchange]:
    """Fold a conversation's letters, oldest first, through its state.

    A letter on which our code fails leaves the draft as it was, and carries the error's name; the
    first of them is answered with the news that it is kept. What goes beyond the sender's `share`,
    or comes while he is blocked, is held, and leaves the draft as it was.
    """
    arrivals = [
        Arrival(post.inbound, post.letter.received_at, post.letter.replayed) for post in posts
    ]
    state, verdicts = sift(talker.state, arrivals, talker.blocked_until, share)
    told = zip(posts, verdicts, strict=True)
    listened = [post for post, verdict in told if verdict.hold is None]
    heard = hear(
        state,
        [post.inbound for post in listened],
        share.open_reports - talker.open_reports,
        [post.understanding for post in listened],
    )
    whole = _with_held(state, arrivals, verdicts, heard, talker.blocked_until)
    trouble: tuple[Reply, ...] = (Reply("trouble"),)
    exchanges: list[Exchange] = []
    for post, one in zip(posts, whole, strict=True):
        if error := post.error or one.error:
            failed = Heard(one.inbound, replace(one.step, replies=trouble), error)
            exchanges.append(Exchange(talker, post.letter, failed))
            trouble = ()
        else:
            exchanges.append(Exchange(talker, post.letter, one))
    return exchanges


def effects(exchanges: Sequence[Exchange], wanted: type[E]) -> Iterator[tuple[Exchange, E]]:
    """Yield every effect of the type `wanted`, with its exchange, in order."""
    for exchange in exchanges:
        for effect in exchange.heard.step.effects:
            if isinstance(effect, wanted):
                yield exchange, effect


def hear(
    state: State,
    inbounds: Sequence[Inbound],
    room: float = math.inf,
    seen: Sequence[Understanding | None] = (),
) -> list[Heard]:
    """Return what each message makes of the state before it, in order.

    No more than `room` reports are opened. `seen` is what a model makes of each message.
    A question about a draft is left out when a later message brings up the next one, so that an
    album, or three texts in a row, are answered once.
    """
    answered = state.album
    heard: list[Heard] = []
    for inbound, understanding in zip(inbounds, seen or [None] * len(inbounds), strict=True):
        one = _hear_one(state, inbound, room > 0, understanding)
        if inbound.album and inbound.album == answered:  # a late picture
            one = replace(one, step=replace(one.step, replies=()))
        heard.append(one)
        room -= sum(isinstance(effect, OpenReport) for effect in one.step.effects)
        state = one.step.state
    return _without_superseded(heard)


def _with_held(
    state: State,
    arrivals: Sequence[Arrival],
    verdicts: Sequence[Verdict],
    heard: Sequence[Heard],
    blocked_until: datetime | None,
) -> Iterator[Heard]:
    """Yield all messages in order: those that were `heard`, and between them the held ones."""
    following = iter(heard)
    for arrival, verdict in zip(arrivals, verdicts, strict=True):
        if verdict.hold is None:
            one = next(following)
        else:
            refused = _refusal(state, verdict, blocked_until)
            one = Heard(arrival.inbound, refused, held=verdict.hold)
        state = one.step.state
        yield one


def _refusal(state: State, verdict: Verdict, blocked_until: datetime | None) -> Step:
    if not verdict.tell:
        return Step(state)
    if verdict.hold is Hold.BLOCKED and blocked_until is not None:
        return Step(state, effects=(TellBlock(blocked_until),))
    return Step(state, (Reply("too-fast", where=Where.PRIVATE),))


def _hear_one(
    state: State, inbound: Inbound, may_open: bool, understanding: Understanding | None
) -> Heard:
    if inbound.kind is Kind.MESSAGE and inbound.message_id in state.withdrawn:
        return _forgotten(state, inbound)
    try:
        place = find_place(inbound.text)
        return Heard(inbound, step(state, inbound, place, may_open, understanding))
    except Exception as error:  # noqa: BLE001 - the row is quarantined under this name, and shown
        return Heard(inbound, Step(state), f"{type(error).__name__} in step")


def _forgotten(state: State, inbound: Inbound) -> Heard:
    """Return what a message comes to that was taken back before it arrived: nothing of it stays."""
    emptied = replace(inbound, text="", attachments=(), place=None, album="")
    effect = AmendMessage(inbound.message_id, "", withdrawn=True)
    return Heard(emptied, Step(state, effects=(effect,)))


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
