"""Looks after promises: tells citizens unasked of each that was missed, and ends what is silent.

Whoever sweeps takes the reports that nobody else holds, and all that he does with them happens in
the caller's one transaction: a miss is told once, or not yet.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, insert, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import clock, days_off, news, outbox
from core.channel import LimitsOf
from core.clock import Clock, Miss, Pledge
from core.conversations import load_state
from core.days_off import Almanac
from core.db.tables import Agency, Conversation, Report, ReportEvent
from core.news import Happened
from core.outbox import Note, Rank
from core.promise import Desk, Terms
from core.replies import render
from core.replies.dates import say_day
from core.workflow import ReportState
from core.zones import ZONES, Awake, awake

ACTOR = "kanal"
BATCH = 200  # reports of each kind that one transaction looks after

log = logging.getLogger(__name__)

AnyRow = Row[*tuple[Any, ...]]
Act = Callable[["_Books", AnyRow, Almanac, Terms], None]


@dataclass(frozen=True, slots=True)
class Swept:
    """How many reports were looked after, and on which channels somebody is told."""

    reports: int = 0
    deliver: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Books:
    """What one sweep writes: rows of reports, events of their history, notes to citizens.

    What `happened` those who follow the reports are told, too.
    """

    reports: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    happened: list[Happened] = field(default_factory=list)

    def note(self, row: AnyRow, kind: str, detail: dict[str, Any], text: str) -> None:
        """Note what happened, and tell the citizen, unless he wants no notices."""
        noted = {**detail, "told": row.notices}
        self.events.append({"report_id": row.id, "actor": ACTOR, "kind": kind, "detail": noted})
        if row.notices:
            self.notes.append(_note(row, text))

    def write(self, session: Session, limits: Mapping[str, LimitsOf]) -> Swept:
        """Write it all, in as many statements for many reports as for one."""
        if self.reports:
            session.execute(update(Report), self.reports)
        if self.events:
            session.execute(insert(ReportEvent), self.events)
        others = news.to_followers(session, self.happened)
        notes = [*self.notes, *(note for note in others if note.channel in limits)]
        outbox.put(session, notes, limits)
        return Swept(len(self.reports), frozenset(note.channel for note in notes))


def sweep(
    session: Session, limits: Mapping[str, LimitsOf], terms: Terms, batch: int = BATCH
) -> Swept:
    """Tell of promises that have passed, and close what was done and not objected to.

    Nobody is told at night, in the time of his report's region, nor while an officer talks to
    him, nor on a channel that is off: that waits.
    """
    almanac = days_off.almanac(session)
    where = awake(almanac.now, terms.home, terms.hours)
    books = _Books()
    if where.anywhere:
        conditions = _awake(where), Report.channel.in_(limits)
        for column, act in ((Report.promise_at, _tell_miss), (Report.close_at, _close)):
            for row in _claim(session, column, conditions, batch):
                _look_after(books, row, almanac, terms, act)
    return books.write(session, limits)


def _look_after(books: _Books, row: AnyRow, almanac: Almanac, terms: Terms, act: Act) -> None:
    """Act on one report; one on which our own code fails keeps nobody else from his news."""
    try:
        act(books, row, almanac, terms)
    except (ValueError, LookupError, TypeError) as error:
        log.error("a promise is not kept", extra={"id": row.id, "error": type(error).__name__})


def _awake(where: Awake) -> ColumnElement[bool]:
    province = func.left(Report.region, 2)
    known = province.in_(list(ZONES))
    return case((known, province.in_(where.provinces)), else_=literal(where.home))


def _claim(
    session: Session,
    due_at: InstrumentedAttribute[datetime | None],
    conditions: tuple[ColumnElement[bool], ...],
    batch: int,
) -> Sequence[AnyRow]:
    """Lock up to `batch` reports that are due, with their conversations, the oldest first.

    What somebody else holds is left out: nobody waits here, so nobody waits in a circle.
    """
    bot_talks = or_(Conversation.human_until.is_(None), Conversation.human_until <= func.now())
    statement = (
        select(
            Report.id,
            Report.ticket,
            Report.region,
            Report.draft,
            Report.verdict,
            *clock.SELECTED,
            Agency.name.label("agency"),
            Conversation.id.label("conversation_id"),
            Conversation.channel,
            Conversation.address,
            Conversation.reachable,
            Conversation.notices,
            Conversation.state.label("talk"),
        )
        .join(Conversation, Conversation.id == Report.conversation_id)
        .outerjoin(Agency, Agency.id == Report.agency_id)
        .where(due_at <= func.now(), bot_talks, *conditions)
        .order_by(due_at)
        .limit(batch)
        .with_for_update(of=(Report, Conversation), key_share=True, skip_locked=True)
    )
    return session.execute(statement).all()


def _tell_miss(books: _Books, row: AnyRow, almanac: Almanac, terms: Terms) -> None:
    before = clock.read(row)
    if before.pledge is None:  # the state was changed by hand
        books.reports.append({"id": row.id, "promise_at": None})
        return
    desk = Desk.of(row.region, almanac.calendar, terms)
    after, miss = clock.missed(before, almanac.now, desk)
    text = _say_miss(row, miss, after, desk)
    books.reports.append({"id": row.id, **clock.columns(after)})
    detail = {
        "promise": miss.pledge,
        "promised": miss.promised.isoformat(),
        "again": miss.again.isoformat() if miss.again else None,
    }
    books.note(row, "promise_missed", detail, text)


def _say_miss(row: AnyRow, miss: Miss, after: Clock, desk: Desk) -> str:
    language = load_state(row.talk).language
    moments = {"promised": miss.promised, "again": miss.again, "answer": after.answer_by}
    days = {name: say_day(language, by, desk.zone) for name, by in moments.items() if by}
    if miss.pledge is Pledge.VERIFY and days.get("again") == days.get("answer"):
        days["again"] = "same"
    key = f"missed-{miss.pledge}" if miss.again else "missed-again"
    said = render(language, key, {"ticket": row.ticket, "agency": row.agency or "OPD", **days})
    route = render(language, "ombudsman", {"ombudsman": desk.terms.ombudsman})
    return f"{said}\n\n{route}"


def _close(books: _Books, row: AnyRow, almanac: Almanac, terms: Terms) -> None:
    """Note silence as what it is ("diam"); whoever has said something is not closed over it.

    Who wants no news was not asked: he is told nothing, and nothing is taken for his word.
    """
    if row.state != ReportState.SELESAI or row.verdict:
        books.reports.append({"id": row.id, "close_at": None})
        return
    done_at = row.done_at.isoformat() if row.done_at else None
    books.happened.append(Happened(row.id, row.ticket, "followed-closed", row.state))
    if not row.notices:
        books.reports.append({"id": row.id, "close_at": None})
        books.note(row, "closed_unasked", {"done_at": done_at}, "")
        return
    args = {"ticket": row.ticket, "days": str(terms.lengths.silence)}
    text = render(load_state(row.talk).language, "closed-silence", args)
    verdict = {"verdict": "diam", "verdict_at": almanac.now}
    books.reports.append({"id": row.id, "close_at": None, **verdict})
    books.note(row, "closed_by_silence", {"done_at": done_at}, text)


def _note(row: AnyRow, text: str) -> Note:
    return Note(
        channel=row.channel,
        address=row.address,
        conversation_id=row.conversation_id,
        text=text,
        draft=row.draft,
        reachable=row.reachable,
        rank=Rank.REMINDER,
    )
