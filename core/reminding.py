"""Reminds citizens of what they began to tell and did not send: twice, then it rests.

Nothing is ever thrown away: a draft that rests goes on with whatever its citizen writes next.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Interval, Row, String, bindparam, text
from sqlalchemy.orm import Session

from core import conversations, outbox
from core.channel import Channel, Power
from core.conversations import load_state
from core.db.tables import Conversation
from core.draft import Stage, State
from core.drafting import CHOICES, ask_change, repeat
from core.effects import Own
from core.knowing import own_reports
from core.message import Inbound, Kind
from core.outbox import Note, Rank
from core.replies import render
from core.sayings import say, with_numbers
from core.sent import option
from core.settings import CoreSettings
from core.turn import Handler, Known, Reply, Step, Turn
from core.words import Word
from core.zones import Daytime, zone_of

RESTS = 3  # `Conversation.reminded` of a draft whose citizen is left alone
BATCH = 200  # drafts that one transaction looks after
KEYS = {1: "remind-1", RESTS: "remind-2"}

log = logging.getLogger(__name__)

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a draft is left alone before its citizen is reminded, and when he is awake.

    `windowed` holds in place of `first` where we may write only for a while after he did.
    """

    first: timedelta = timedelta(hours=24)
    last: timedelta = timedelta(hours=72)
    windowed: timedelta = timedelta(hours=11)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Makassar"))
    hours: Daytime = field(default_factory=Daytime)

    @classmethod
    def of(cls, settings: CoreSettings) -> "Patience":
        """Return what the settings say."""
        return cls(
            timedelta(hours=settings.remind_hours),
            timedelta(hours=settings.remind_again_hours),
            timedelta(hours=settings.remind_window_hours),
            zone_of(settings.region, settings.timezone),
            Daytime(settings.day_begins, settings.day_ends),
        )

    def awake(self, now: datetime) -> bool:
        """Tell whether citizens may be written to unasked at `now`."""
        return now.astimezone(self.zone) in self.hours

    def before_first(self, powers: frozenset[Power]) -> timedelta:
        """Return how long the first reminder waits on a platform with `powers`."""
        return self.windowed if Power.WINDOW in powers else self.first


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many drafts were looked after, and on which channels somebody is reminded."""

    drafts: int = 0
    deliver: frozenset[str] = frozenset()


# Whoever wants no notices, cannot be reached or is not listened to is not written to, but his draft
# comes to rest like any other. What somebody else holds is left out: nobody waits here, so nobody
# waits in a circle. One that is overdue for the last reminder is spared the first.
_CLAIM = text(
    """
    with due as (
        select conversation.id
        from conversation
        join unnest(:channels, :waits) as known (channel, wait)
            on known.channel = conversation.channel
        where draft_at is not null and reminded < 3
            and draft_at <= cast(:now as timestamptz)
                - case when reminded = 0 then known.wait else :last end
            and (human_until is null or human_until <= :now)
        order by draft_at
        limit :batch
        for no key update of conversation skip locked
    )
    update conversation
    set reminded = case when draft_at <= cast(:now as timestamptz) - :last then 3 else 1 end
    from due where conversation.id = due.id
    returning conversation.id, conversation.channel, conversation.address, conversation.state,
        conversation.reminded,
        conversation.notices and conversation.reachable and not exists (
            select from block where block.conversation_id = conversation.id
                and block.until > now() and block.lifted_at is null
        ) as told
    """
).bindparams(
    bindparam("channels", type_=ARRAY(String)),
    bindparam("waits", type_=ARRAY(Interval)),
    bindparam("last", type_=Interval),
)
_DUE = _CLAIM.columns(address=Conversation.address.type, state=Conversation.state.type)


def remind(
    session: Session,
    channels: Mapping[str, Channel],
    patience: Patience,
    now: datetime,
    batch: int = BATCH,
) -> Reminded:
    """Remind the citizens of drafts that were left for long at `now`, each once.

    Nobody is written to at night, nor while an officer talks to him, nor on a channel that is off:
    that waits.
    """
    if not patience.awake(now):
        return Reminded()
    rows = _claim(session, channels, patience, now, batch)
    told = [row for row in rows if row.told]
    reports = own_reports(session, dict.fromkeys((row.id for row in told), ""))
    states: dict[UUID, State] = {}
    notes: list[Note] = []
    for row in told:
        try:
            states[row.id], note = _reminder(row, reports.get(row.id, ()), channels[row.channel])
        except Exception:  # nobody else goes without his reminder; this draft rests all the same
            log.exception("a draft cannot be repeated", extra={"id": row.id})
        else:
            notes.append(note)
    conversations.save(session, states, {})
    outbox.put(session, notes, {name: channel.limits for name, channel in channels.items()})
    return Reminded(len(rows), frozenset(note.channel for note in notes))


def _claim(
    session: Session,
    channels: Mapping[str, Channel],
    patience: Patience,
    now: datetime,
    batch: int,
) -> Sequence[AnyRow]:
    """Lock up to `batch` conversations whose drafts are due, and note that it was their turn."""
    given = {
        "channels": list(channels),
        "waits": [patience.before_first(channel.powers) for channel in channels.values()],
        "last": patience.last,
        "now": now,
        "batch": batch,
    }
    return session.execute(_DUE, given).all()


def _reminder(row: AnyRow, reports: Sequence[Own], channel: Channel) -> tuple[State, Note]:
    """Return the state in which the question stands open again, and what its citizen reads."""
    asked = repeated(load_state(row.state), reports)
    [reply], language = asked.replies, asked.state.language
    room = channel.limits(row.address)
    sentence = with_numbers(language, say(language, reply, channel.powers), room.choices)
    note = Note(
        channel=row.channel,
        address=row.address,
        conversation_id=row.id,
        text=f"{render(language, KEYS[row.reminded])}\n\n{sentence.text}",
        choices=sentence.choices,
        draft=asked.draft,
        rank=Rank.REMINDER,
    )
    return replace(asked.state, menu=reply.values), note


# ---- the open question, once more; pure


def repeated(state: State, reports: Sequence[Own] = ()) -> Step:
    """Return the question that is open about the draft, with its buttons.

    `reports` are those of the citizen, which the question may be about. Raises ValueError without
    a draft.
    """
    if state.draft is None:
        raise ValueError("no draft to be repeated")
    nothing = Inbound("", "", "", Kind.UNKNOWN, b"")
    turn = Turn(state, nothing, frozenset(), Known(reports=tuple(reports)))
    return replace(AGAIN.get(state.stage, repeat)(turn), draft=state.draft.number)


def _ask_time_again(turn: Turn) -> Step:
    return Step(turn.state, (Reply("ask-time"),))


def _ask_which_again(turn: Turn) -> Step:
    """Ask again whether it is a new report, or belongs to one of those that were offered."""
    offered = [option(Word.ADD, own) for own in turn.known.reports]
    options = tuple(one for one in offered if one.value in turn.state.menu)
    key = "ask-belonging" if options else "ask-new"
    reply = Reply(key, {}, CHOICES[Stage.WHICH], turn.state.last_draft, options=options)
    return Step(turn.state, (reply,))


#: Where the question that was asked last does not follow from what the draft lacks.
AGAIN: dict[Stage, Handler] = {
    Stage.CHANGE: ask_change,
    Stage.TIME: _ask_time_again,
    Stage.WHICH: _ask_which_again,
}
