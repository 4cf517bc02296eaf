"""What a batch of messages brings about: rows of reports and transcripts, and notes to citizens."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from core import afterwards, conversations, outbox, reports, settlement, transcript
from core.channel import Channel
from core.draft import State
from core.effects import AmendMessage, Arrived, OpenReport, SetReachable, Supplement, TellStatus
from core.message import Kind
from core.outbox import Note
from core.promise import Terms
from core.reports import Confirmed, Told
from core.sayings import Facts, Sentence, joined, sentences, with_numbers
from core.settings import CoreSettings
from core.talk import Exchange, effects
from core.transcript import Amendment, Entry
from core.turn import Where

HEARD_FROM = frozenset({Kind.MESSAGE, Kind.CHOICE, Kind.START, Kind.EDIT, Kind.REACTION})


def carry_out(
    session: Session, turns: Sequence[Exchange], settings: CoreSettings
) -> tuple[Facts, Sequence[Note]]:
    """Write what the messages bring about.

    Returns what the replies need to know of it, and the news for others than who wrote.
    """
    opened = list(effects(turns, OpenReport))
    confirmed = [
        Confirmed(turn.talker.id, turn.letter.channel, effect.draft) for turn, effect in opened
    ]
    new = reports.open_all(session, confirmed, Terms.of(settings))
    asked = [(turn.talker.id, effect.ticket) for turn, effect in effects(turns, TellStatus)]
    understood = [turn for turn in turns if turn.understood]
    transcript.add(session, list(map(_entry, understood)))
    told = [
        Told(turn.talker.id, effect.draft, effect.place, effect.pin, turn.heard.inbound.message_id)
        for turn, effect in effects(turns, Supplement)
    ]
    reports.supplement(session, told)
    for channel in {turn.talker.channel for turn, _ in effects(turns, Arrived)}:
        settlement.confirm(session, channel, _receipts(turns, channel))
    amended = effects(turns, AmendMessage)
    transcript.amend(session, [_amendment(turn, effect) for turn, effect in amended])
    named = {
        (one.conversation_id, one.draft.number): made
        for one, made in zip(confirmed, new, strict=True)
    }
    after = afterwards.carry_out(session, turns, settings)
    standings = reports.standings(session, asked)
    return Facts(named, standings, settings.timezone, after.answers), after.notes


def _entry(turn: Exchange) -> Entry:
    """Return the message as it stands in the transcript of the report that it belongs to."""
    step, owner = turn.heard.step, turn.heard.step.beside
    return Entry(
        owner.conversation_id if owner else turn.talker.id,
        owner.number if owner else step.draft,
        turn.heard.inbound,
        turn.letter.id,
        step.decision or "",
        step.evidence if step.decision else "",
        told_in=turn.talker.id,
    )


def state_after(turn: Exchange, facts: Facts) -> State:
    """Return the state after a message, with the choices that its last answer offers."""
    state = turn.heard.step.state
    told = [reply for reply in facts.answers_to(turn.letter.id, turn.heard.step) if reply.values]
    return replace(state, menu=told[-1].values) if told else state


def _receipts(turns: Sequence[Exchange], channel: str) -> dict[UUID, str]:
    arrived = effects(turns, Arrived)
    return {effect.key: effect.platform_id for t, effect in arrived if t.talker.channel == channel}


def heard_at(turns: Sequence[Exchange]) -> dict[UUID, datetime]:
    """Return when each of the talkers last did anything in private, by the platform's clock.

    A clock that runs ahead of ours is not believed.
    """
    heard: dict[UUID, datetime] = {}
    for turn in turns:
        inbound, received_at = turn.heard.inbound, turn.letter.received_at
        if inbound.kind in HEARD_FROM and not inbound.public_address:
            moment = min(inbound.sent_at or received_at, received_at)
            heard[turn.talker.id] = max(moment, heard.get(turn.talker.id, moment))
    return heard


def new_names(turns: Sequence[Exchange]) -> dict[UUID, str]:
    """Return what the platform calls those talkers now whom it called otherwise before.

    Of those who had their data erased, before or in this batch, there are none.
    """
    nameless = {turn.talker.id for turn in turns if turn.heard.step.state.nameless}
    names = {
        turn.talker.id: turn.heard.inbound.name
        for turn in turns
        if turn.heard.inbound.name and turn.talker.id not in nameless
    }
    before = {turn.talker.id: turn.talker.name for turn in turns}
    return {id_: name for id_, name in names.items() if name != before[id_]}


def note_reachable(session: Session, turns: Sequence[Exchange]) -> dict[UUID, bool]:
    """Return for each talker whether he can be written to now, and write where that changed.

    What waited for somebody who is back, or was heard, goes out.
    """
    before = {turn.talker.id: turn.talker.reachable for turn in turns}
    now = dict(before)
    for turn in turns:
        changes = [e.reachable for e in turn.heard.step.effects if isinstance(e, SetReachable)]
        if changes:
            now[turn.talker.id] = changes[-1]
        elif turn.heard.inbound.kind in HEARD_FROM:
            now[turn.talker.id] = True
    back = [id_ for id_, reachable in now.items() if reachable and not before[id_]]
    conversations.set_reachable(session, back, True)
    outbox.release(session, list({*back, *heard_at(turns)}))
    gone = [id_ for id_, reachable in now.items() if before[id_] and not reachable]
    conversations.set_reachable(session, gone, False)
    return now


def notes_of(turn: Exchange, facts: Facts, reachable: bool, channel: Channel) -> Iterator[Note]:
    """Yield what the citizen is told about one of his messages.

    A public place is always reachable; only what is for the citizen alone waits for him.
    """
    heard, talker = turn.heard, turn.talker
    answers = facts.answers_to(turn.letter.id, heard.step)
    spoken = sentences(heard.step, talker.id, facts, channel.powers, answers)
    for sentence in joined(spoken, partial(_address, turn)):
        address = _address(turn, sentence.where)
        buttons = channel.limits(address).choices
        fitting: Sentence = with_numbers(heard.step.state.language, sentence, buttons)
        yield Note(
            channel=talker.channel,
            address=address,
            conversation_id=talker.id,
            text=fitting.text,
            choices=fitting.choices,
            reply_token=heard.inbound.reply_token,
            token_at=turn.letter.received_at,
            draft=heard.step.draft,
            reachable=reachable or address != talker.address,
        )


def _address(turn: Exchange, where: Where) -> str:
    public = {
        Where.HERE: turn.heard.inbound.public_address,
        Where.PRIVATE: "",
        Where.PUBLIC: turn.heard.step.state.public_address,
    }
    return public[where] or turn.talker.address


def _amendment(turn: Exchange, effect: AmendMessage) -> Amendment:
    """Return the change; one of a draft that is still open is no part of a report's history.

    Nor is each step of a live position.
    """
    inbound = turn.heard.inbound
    kind = "message_withdrawn" if effect.withdrawn else "message_edited"
    moves = inbound.place is not None and not inbound.text
    text = "" if effect.withdrawn else transcript.said(inbound)
    noted = "" if turn.heard.step.draft or moves else kind
    return Amendment(turn.talker.id, effect.message_id, text, noted, effect.withdrawn)
