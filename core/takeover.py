"""Officers who talk to a citizen themselves: the program is silent until they, or time, end it.

What the citizen says meanwhile stands beside the report that they talk about. Who asked for an
officer and has no report (`core.talks`) is talked to about none.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, insert, select, text
from sqlalchemy.orm import Session

from core import outbox, reports
from core.channel import LimitsOf
from core.conversations import STATE, load_state
from core.db.tables import Conversation, Report, ReportEvent
from core.draft import State
from core.errors import MoveRefused
from core.outbox import Note, Rank
from core.replies import render
from core.reports import Officer

LONGEST = timedelta(hours=24)
ACTOR = "kanal"  # who ends a talk when its time is over
BY_TIME = {"actor": ACTOR, "kind": "handback", "detail": {"by": "time"}}
NO_REPORT = "none"  # stands for the ticket where there is none
BATCH = 200  # talks that one transaction ends
AWAKE = timedelta(hours=2)  # after a citizen's last word, in which nothing wakes him

log = logging.getLogger(__name__)

AnyRow = Row[*tuple[Any, ...]]
About = Report | Conversation  # a conversation where there is no report to talk about
ChannelLimits = Mapping[str, LimitsOf]


@dataclass(frozen=True, slots=True)
class Ended:
    """How many talks were ended, and on which channels somebody is told."""

    talks: int = 0
    deliver: frozenset[str] = frozenset()


def take_over(
    session: Session, about: About, length: timedelta, officer: Officer, limits: ChannelLimits
) -> frozenset[str]:
    """Let the program be silent to the citizen for so long, and tell him if that is new.

    Returns the channels on which somebody is told. A talk that goes on ends then, sooner or later
    than it would have. Raises MoveRefused for a length that is none, or beyond LONGEST.
    """
    if not timedelta() < length <= LONGEST:
        raise MoveRefused("a talk lasts up to 24 hours")
    conversation, report = _meant(session, about)
    now = _now(session)
    notes = _begin(conversation, report, now)
    conversation.human_until = now + length
    _write_down(session, report, officer, "takeover", {"until": (now + length).isoformat()})
    return _put(session, notes, limits)


def write(
    session: Session,
    about: About,
    words: str,
    length: timedelta,
    officer: Officer,
    limits: ChannelLimits,
) -> frozenset[str]:
    """Send the officer's own words to the citizen, who is his for at least so long from now on.

    Returns the channels on which somebody is told. The history says that he wrote, not what.
    """
    conversation, report = _meant(session, about)
    now = _now(session)
    notes = _begin(conversation, report, now)
    conversation.human_until = max(conversation.human_until or now, now + length)
    until = conversation.human_until.isoformat()
    _write_down(session, report, officer, "human_message", {"until": until})
    notes.append(_note(conversation, _draft(report), words, human=True))
    return _put(session, notes, limits)


def hand_back(
    session: Session, about: About, officer: Officer, limits: ChannelLimits
) -> frozenset[str]:
    """Let the program answer again, and tell the citizen; return on which channels.

    Raises MoveRefused when no officer talks to him.
    """
    conversation, report = _meant(session, about)
    if not talks(conversation, _now(session)):
        raise MoveRefused("nobody has taken this chat over")
    conversation.human_until = None
    _write_down(session, report, officer, "handback", {})
    said = render(_state(conversation).language, "human-ends", _named(report))
    return _put(session, [_note(conversation, _draft(report), said)], limits)


def talks(conversation: Conversation, now: datetime) -> bool:
    """Tell whether an officer talks to the citizen at `now`."""
    return conversation.human_until is not None and conversation.human_until > now


def _meant(session: Session, about: About) -> tuple[Conversation, Report | None]:
    """Return the conversation, which has been held since it was found, and the report, if any."""
    if isinstance(about, Conversation):
        return about, None
    return session.get_one(Conversation, about.conversation_id), about


def _write_down(
    session: Session, report: Report | None, officer: Officer, kind: str, detail: dict[str, Any]
) -> None:
    if report is not None:
        reports.note(session, report, officer, kind, detail)


def _draft(report: Report | None) -> int:
    return report.draft if report else 0


def _named(report: Report | AnyRow | None) -> dict[str, str]:
    return {"ticket": report.ticket if report else NO_REPORT}


def _now(session: Session) -> datetime:
    now: datetime = session.execute(select(func.now())).scalar_one()
    return now


def _state(conversation: Conversation) -> State:
    return load_state(conversation.state)


def _begin(conversation: Conversation, report: Report | None, now: datetime) -> list[Note]:
    """Have what the citizen says put beside the report; return what he is told, if it is new.

    Numbers mean what the officer asks now, and no longer the choices that were offered before.
    """
    before = _state(conversation)
    focus = report.ticket if report else ""
    going_on = talks(conversation, now) and before.focus == focus
    after = replace(before, focus=focus, focus_until=None, menu=())
    conversation.state = STATE.dump_python(after, mode="json")
    conversation.asked_human_at = None
    if going_on:
        return []
    said = render(before.language, "human-begins", _named(report))
    return [_note(conversation, _draft(report), said)]


def _note(
    conversation: Conversation | AnyRow, draft: int, words: str, *, human: bool = False
) -> Note:
    return Note(
        channel=conversation.channel,
        address=conversation.address,
        conversation_id=conversation.id,
        text=words,
        draft=draft,
        reachable=conversation.reachable,
        rank=Rank.ANSWER,
        human=human,
    )


def _put(session: Session, notes: Sequence[Note], limits: ChannelLimits) -> frozenset[str]:
    outbox.put(session, notes, limits)
    return frozenset(note.channel for note in notes)


# ---- when time ends it

# What somebody else holds is left out: nobody waits here, so nobody waits in a circle.
_OVER = text(
    """
    with over as (
        select id from conversation
        where human_until <= now() and channel = any(cast(:channels as varchar[]))
            and (cast(:daytime as boolean) or heard_at > now() - cast(:awake as interval))
        order by human_until
        limit :batch
        for no key update skip locked
    )
    update conversation set human_until = null
    from over where conversation.id = over.id
    returning conversation.id, conversation.channel, conversation.address, conversation.state,
        conversation.reachable
    """
)
_ENDED = _OVER.columns(address=Conversation.address.type, state=Conversation.state.type)


def end_over(
    session: Session, limits: ChannelLimits, *, daytime: bool, batch: int = BATCH
) -> Ended:
    """End the talks whose time is over, and tell their citizens, each once.

    Outside `daytime` only those are told who wrote within AWAKE: the program answers the others
    already, and they are told in the morning. On a channel that is off, all of that waits.
    """
    given = {"channels": list(limits), "daytime": daytime, "awake": AWAKE, "batch": batch}
    rows = session.execute(_ENDED, given).all()
    states = {row.id: state for row in rows if (state := _readable(row)) is not None}
    found = _reports(session, [state.focus for state in states.values()])
    notes, events = [], []
    for row in rows:
        state = states.get(row.id)
        report = found.get(state.focus) if state else None
        if state and (report or not state.focus):
            said = render(state.language, "human-ends", _named(report))
            here = report is not None and report.conversation_id == row.id
            notes.append(_note(row, report.draft if report and here else 0, said))
        if state and report:
            events.append({"report_id": report.id, **BY_TIME})
    if events:
        session.execute(insert(ReportEvent), events)
    return Ended(len(rows), _put(session, notes, limits))


def _readable(row: AnyRow) -> State | None:
    """Return the state of a conversation; one that our own code fails on holds up nobody else."""
    try:
        return load_state(row.state)
    except ValueError:
        log.exception("a talk ends unannounced", extra={"id": row.id})
        return None


def _reports(session: Session, tickets: Sequence[str]) -> dict[str, AnyRow]:
    columns = (Report.id, Report.ticket, Report.draft, Report.conversation_id)
    rows = session.execute(select(*columns).where(Report.ticket.in_(tickets)))
    return {row.ticket: row for row in rows}
