"""Folds the waiting letters of one conversation through `step`; pure."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from core.channel import Channel
from core.conversation import step
from core.conversations import Talker
from core.draft import Draft, Stage, State
from core.effects import AmendMessage, OpenReport, Own, TellBlock
from core.flood import Arrival, Hold, Share, Verdict, sift
from core.greeting import WELCOMES
from core.inbox import Letter
from core.message import Inbound, Kind
from core.turn import NOTHING, Decision, Known, Reply, Step, Where
from core.understanding import Reads, Text
from core.words import words_in
from core.workflow import ReportState

NOWHERE = UUID(int=0)  # the conversation of a report that is about to be opened

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
    """A letter, and what was read in it; `error` names the failure of our own parser, if any.

    `known` is what else the conversation must know of it.
    """

    letter: Letter
    inbound: Inbound
    error: str = ""
    known: Known = NOTHING


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
    """Return `posts`, with what a model makes of those that can tell something; all in one go."""
    texts = {
        index: Text(post.inbound.text, post.inbound.channel, bool(post.inbound.public_address))
        for index, post in enumerate(posts)
        if reads and can_tell(post.inbound)
    }
    if reads is None or not texts:
        return list(posts)
    seen = dict(zip(texts, reads(list(texts.values())), strict=True))
    return [
        replace(post, known=replace(post.known, understanding=seen.get(index)))
        for index, post in enumerate(posts)
    ]


def can_tell(inbound: Inbound) -> bool:
    """Tell whether a text may be a part of a report: not a single word, nor a command."""
    if inbound.kind is not Kind.MESSAGE or " " not in inbound.text.strip():
        return False
    return bool(inbound.public_address) or not words_in(inbound.text)


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
        [post.known for post in listened],
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
    known: Sequence[Known] = (),
) -> list[Heard]:
    """Return what each message makes of the state before it, in order.

    No more than `room` reports are opened. `known` is what else is known of each message.
    A question about a draft is left out when a later message brings up the next one, so that an
    album, or three texts in a row, are answered once.
    """
    before, answered = state, state.album
    heard: list[Heard] = []
    sent: Own | None = None
    for inbound, about in zip(inbounds, known or [NOTHING] * len(inbounds), strict=True):
        unasked = bool(heard) and _comes_up(heard[-1].step, before)
        told = replace(about, may_open=room > 0, just_sent=sent, unasked=unasked)
        one = _hear_one(state, inbound, told)
        if inbound.album and inbound.album == answered:  # a late picture
            one = _silent(one)
        heard.append(one)
        room -= sum(isinstance(effect, OpenReport) for effect in one.step.effects)
        sent = _just_sent(one.step, about.at) or sent
        state = one.step.state
    return _without_echoes(_without_superseded(heard))


def _just_sent(outcome: Step, at: datetime) -> Own | None:
    """Return the report that a private message sent at `at`; it has no ticket yet."""
    return next(
        (
            _unnumbered(effect.draft, at)
            for effect in outcome.effects
            if isinstance(effect, OpenReport) and not effect.public_address
        ),
        None,
    )


def _comes_up(outcome: Step, before: State) -> bool:
    """Tell whether an outcome brought up a question that was not asked `before`.

    What a word of his own brings up, the citizen expects.
    """
    same = _question(outcome.state) == _question(before)
    return not (same or outcome.decision is Decision.COMMAND)


def _question(state: State) -> tuple[Stage, int]:
    return state.stage, state.draft.number if state.draft else 0


def _unnumbered(draft: Draft, at: datetime) -> Own:
    """Return the report that a draft sent at `at` is about to become; it has no ticket yet."""
    return Own(
        ticket="",
        number=draft.number,
        conversation_id=NOWHERE,
        here=True,
        state=ReportState.BELUM_TERVERIFIKASI,
        title=draft.masked,
        opened_at=at,
        place=draft.place,
        urgent=bool(draft.alarm),
    )


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


def _hear_one(state: State, inbound: Inbound, known: Known) -> Heard:
    if inbound.kind is Kind.MESSAGE and inbound.message_id in state.withdrawn:
        return _forgotten(state, inbound)
    try:
        return Heard(inbound, step(state, inbound, known))
    except Exception as error:  # noqa: BLE001 - the row is quarantined under this name, and shown
        return Heard(inbound, Step(state), f"{type(error).__name__} in step")


def _forgotten(state: State, inbound: Inbound) -> Heard:
    """Return what a message comes to that was taken back before it arrived: nothing of it stays."""
    emptied = replace(inbound, text="", attachments=(), place=None, album="")
    effect = AmendMessage(inbound.message_id, "", withdrawn=True)
    return Heard(emptied, Step(state, effects=(effect,)))


def _without_echoes(heard: Sequence[Heard]) -> list[Heard]:
    """Return what was heard with one answer to what asks for nothing: "halo", "min", "P"."""
    kept: list[Heard] = []
    welcomed = False
    for one in heard:
        welcomes = bool(one.step.replies) and all(it.key in WELCOMES for it in one.step.replies)
        kept.append(_silent(one) if welcomes and welcomed else one)
        welcomed |= welcomes
    return kept


def _silent(one: Heard) -> Heard:
    """Return what was heard without its answer; what stands alone is said in any case."""
    alone = tuple(reply for reply in one.step.replies if reply.alone)
    return replace(one, step=replace(one.step, replies=alone))


def _without_superseded(heard: list[Heard]) -> list[Heard]:
    kept: list[Heard] = []
    later: set[int] = set()
    for one in reversed(heard):
        outcome = one.step
        superseded = outcome.draft in later
        if outcome.draft and (outcome.replies or outcome.effects):
            later.add(outcome.draft)
        kept.append(_silent(one) if superseded else one)
    return kept[::-1]
