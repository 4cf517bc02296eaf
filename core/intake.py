"""Advances conversations: what waits in the inbox becomes state, reports and replies.

All that `advance` does happens in the caller's one transaction, and its statements are as many
for fifty conversations as for one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import conversations, inbox, outbox, reports, transcript
from core.channel import Channel
from core.conversations import Key
from core.inbox import Letter
from core.message import Kind
from core.outbox import Note
from core.reports import Confirmed
from core.sayings import Facts, say, sentences
from core.talk import Exchange, effects, listen
from core.transcript import Amendment, Entry
from core.turn import AmendMessage, OpenReport, Reply, SetReachable, TellStatus


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a batch left for others to do: channels to deliver on, and files to fetch."""

    deliver: frozenset[str] = frozenset()
    fetch: bool = False

    def __or__(self, other: "Advanced") -> "Advanced":
        return Advanced(self.deliver | other.deliver, self.fetch or other.fetch)


HEARD_FROM = frozenset({Kind.MESSAGE, Kind.CHOICE, Kind.START, Kind.EDIT})


def advance(
    session: Session, letters: Sequence[Letter], channels: Mapping[str, Channel], zone: ZoneInfo
) -> Advanced:
    """Work on the claimed letters; return what there is to do for others now.

    Citizens read dates in `zone`. A letter on which our own code fails is quarantined, and its
    sender told that it is kept.
    """
    grouped = _by_conversation(letters)
    talkers = conversations.hold(session, grouped)
    turns = list(
        chain.from_iterable(
            listen(talkers[key], theirs, channels[key[0]]) for key, theirs in grouped.items()
        )
    )
    reachable = _note_reachable(session, turns)
    facts = _carry_out(session, turns, zone)
    notes = [note for turn in turns for note in _notes(turn, facts, reachable[turn.talker.id])]
    outbox.put(session, notes, {name: channel.limits for name, channel in channels.items()})
    conversations.save(session, {turn.talker.id: turn.heard.step.state for turn in turns})
    inbox.finish(session, [turn.letter.id for turn in turns if not turn.heard.error])
    inbox.quarantine(session, {t.letter.id: t.heard.error for t in turns if t.heard.error})
    return Advanced(
        frozenset(t.talker.channel for t in turns if reachable[t.talker.id]),
        any(turn.heard.inbound.attachments for turn in turns),
    )


def set_aside(
    session: Session, letter: Letter, error: str, channels: Mapping[str, Channel]
) -> Advanced:
    """Quarantine a letter that could not be advanced, and tell its sender that it is kept."""
    talker = conversations.hold(session, [(letter.channel, letter.address)])[
        letter.channel, letter.address
    ]
    text, _ = say(talker.state.language, Reply("trouble"))
    note = Note(talker.channel, talker.address, talker.id, text, reachable=talker.reachable)
    outbox.put(session, [note], {talker.channel: channels[talker.channel].limits})
    inbox.quarantine(session, {letter.id: error})
    return Advanced(frozenset({letter.channel}))


def _by_conversation(letters: Sequence[Letter]) -> dict[Key, list[Letter]]:
    grouped: dict[Key, list[Letter]] = {}
    for letter in letters:
        grouped.setdefault((letter.channel, letter.address), []).append(letter)
    return grouped


def _carry_out(session: Session, turns: Sequence[Exchange], zone: ZoneInfo) -> Facts:
    """Write what the messages bring about, and return what the replies need to know of it."""
    opened = list(effects(turns, OpenReport))
    confirmed = [Confirmed(t.talker.id, t.letter.channel, effect.draft) for t, effect in opened]
    tickets = reports.open_all(session, confirmed)
    asked = [effect.ticket for _, effect in effects(turns, TellStatus)]
    understood = [turn for turn in turns if not turn.heard.error]
    entries = [Entry(t.talker.id, t.heard.step.draft, t.heard.inbound) for t in understood]
    transcript.add(session, entries)
    amended = effects(turns, AmendMessage)
    transcript.amend(session, [_amendment(turn, effect) for turn, effect in amended])
    named = {
        (one.conversation_id, one.draft.number): ticket
        for one, ticket in zip(confirmed, tickets, strict=True)
    }
    return Facts(named, reports.standings(session, asked), zone)


def _amendment(turn: Exchange, effect: AmendMessage) -> Amendment:
    """Return the change; one of a draft that is still open is no part of a report's history."""
    kind = "message_withdrawn" if effect.withdrawn else "message_edited"
    noted = "" if turn.heard.step.draft else kind
    return Amendment(turn.talker.id, effect.message_id, effect.text, noted)


def _note_reachable(session: Session, turns: Sequence[Exchange]) -> dict[UUID, bool]:
    """Return for each talker whether he can be written to now, and write where that changed."""
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
    outbox.release(session, back)
    gone = [id_ for id_, reachable in now.items() if before[id_] and not reachable]
    conversations.set_reachable(session, gone, False)
    return now


def _notes(turn: Exchange, facts: Facts, reachable: bool) -> Iterator[Note]:
    heard, talker = turn.heard, turn.talker
    for text, choices in sentences(heard.step, talker.id, facts):
        yield Note(
            channel=talker.channel,
            address=talker.address,
            conversation_id=talker.id,
            text=text,
            choices=choices,
            reply_token=heard.inbound.reply_token,
            draft=heard.step.draft,
            reachable=reachable,
        )
