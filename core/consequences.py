"""What a batch of messages brings about: rows of reports and transcripts, and notes to citizens."""

from collections.abc import Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core import conversations, outbox, reports, transcript
from core.message import Kind
from core.outbox import Note
from core.reports import Confirmed
from core.sayings import Facts, sentences
from core.talk import Exchange, effects
from core.transcript import Amendment, Entry
from core.turn import AmendMessage, OpenReport, SetReachable, TellStatus

HEARD_FROM = frozenset({Kind.MESSAGE, Kind.CHOICE, Kind.START, Kind.EDIT})


def carry_out(session: Session, turns: Sequence[Exchange], zone: ZoneInfo) -> Facts:
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


def note_reachable(session: Session, turns: Sequence[Exchange]) -> dict[UUID, bool]:
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


def notes_of(turn: Exchange, facts: Facts, reachable: bool) -> Iterator[Note]:
    """Yield what the citizen is told about one of his messages."""
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


def _amendment(turn: Exchange, effect: AmendMessage) -> Amendment:
    """Return the change; one of a draft that is still open is no part of a report's history."""
    kind = "message_withdrawn" if effect.withdrawn else "message_edited"
    noted = "" if turn.heard.step.draft else kind
    return Amendment(turn.talker.id, effect.message_id, effect.text, noted)
