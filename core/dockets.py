"""Reports of citizens who do something about them: locked, changed, written back, many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Row, insert, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from core import clock
from core.clock import Clock
from core.days_off import Almanac
from core.db.tables import Agency, Conversation, Report, ReportEvent
from core.news import Happened
from core.promise import Desk, Terms
from core.sources import keys
from core.talk import Exchange
from core.workflow import ReportState

E = TypeVar("E")

ACTOR = "warga"
NEWS = {"confirmed": "followed-closed", "taken_back": "moved", "reopened": "followed-reopened"}
ADDED = "added"  # the event of which one is enough, however much was added at once


@dataclass(frozen=True, slots=True)
class Docket:
    """A report that this transaction holds, as far as its citizen can change it.

    `agency` is the name of its OPD, "" without one.
    """

    id: UUID
    ticket: str
    draft: int
    conversation_id: UUID
    agency: str
    agency_id: int | None
    region: str
    version: int
    place: str
    latitude: float | None
    longitude: float | None
    sources: dict[str, Any]
    suggestion_id: int | None
    urgency: str
    anonim: bool
    rahasia: bool
    verdict: str
    verdict_at: datetime | None
    clock: Clock

    @property
    def state(self) -> ReportState:
        """Return where it is in the workflow."""
        return self.clock.state


@dataclass(frozen=True, slots=True)
class Hours:
    """Now, and what is promised by the calendar."""

    almanac: Almanac
    terms: Terms

    @property
    def now(self) -> datetime:
        """Return when this transaction began."""
        return self.almanac.now

    def desk(self, docket: Docket) -> Desk:
        """Return where the report's days are counted."""
        return Desk.of(docket.region, self.almanac.calendar, self.terms)

    def moved(self, docket: Docket, wanted: ReportState) -> Docket:
        """Return the report in the state `wanted`: a new version, with its clock set."""
        after = clock.moved(docket.clock, wanted, self.now, self.desk(docket))
        return replace(docket, clock=after, version=docket.version + 1)


@dataclass(frozen=True, slots=True)
class Wish(Generic[E]):
    """What a citizen wants of his report, and the message that says so."""

    docket: Docket
    turn: Exchange
    effect: E


Whose = tuple[UUID, str]  # the conversation that asks, the ticket

_WRITTEN = (
    "version",
    "place",
    "latitude",
    "longitude",
    "sources",
    "suggestion_id",
    "urgency",
    "anonim",
    "rahasia",
    "verdict",
    "verdict_at",
)
_READ = (
    *(Report.id, Report.ticket, Report.draft, Report.conversation_id),
    *(Report.agency_id, Report.region),
    *(getattr(Report, name) for name in _WRITTEN),
    *clock.SELECTED,
)


class Dockets:
    """The reports of one batch of messages, with what becomes of them."""

    def __init__(self, session: Session, wanted: Iterable[Whose], hours: Hours) -> None:
        """Lock what is `wanted` and belongs to whom asks for it, on any of his channels."""
        self.hours = hours
        self.key = keys(session)
        self._ids: dict[Whose, UUID] = {}
        self._held: dict[UUID, Docket] = {}
        self._changed: set[UUID] = set()
        self._events: list[dict[str, Any]] = []
        self._happened: list[tuple[UUID, str]] = []
        for row in _rows(session, sorted(set(wanted))):
            self._ids[row.asked_by, row.ticket] = row.id
            self._held[row.id] = _docket(row)

    def find(self, conversation_id: UUID, ticket: str) -> Docket | None:
        """Return the report as it is by now, None when it is not of who asks."""
        found = self._ids.get((conversation_id, ticket))
        return self._held[found] if found else None

    def change(self, docket: Docket) -> None:
        """Keep the report as it shall be."""
        self._held[docket.id] = docket
        self._changed.add(docket.id)

    def note(self, docket: Docket, kind: str, detail: dict[str, Any]) -> None:
        """Add to its history; of what was added at once there is one line."""
        line = {"report_id": docket.id, "actor": ACTOR, "kind": kind}
        for event in self._events:
            if kind == ADDED and line.items() <= event.items():
                event["detail"] |= {name: value for name, value in detail.items() if value}
                return
        self._events.append({**line, "detail": detail})
        if kind in NEWS:
            self._happened.append((docket.id, NEWS[kind]))

    @property
    def happened(self) -> list[Happened]:
        """Return what those who follow these reports are told, with the state as it is by now."""
        held = ((self._held[id_], key) for id_, key in self._happened)
        return [Happened(it.id, it.ticket, key, it.state) for it, key in held]

    def write(self, session: Session) -> None:
        """Write it all, in as many statements for many reports as for one."""
        rows = [_row(self._held[id_]) for id_ in sorted(self._changed)]
        if rows:
            session.execute(update(Report), rows)
        if self._events:
            session.execute(insert(ReportEvent), self._events)


def _rows(session: Session, wanted: list[Whose]) -> Iterable[Row[*tuple[Any, ...]]]:
    if not wanted:
        return []
    mine = aliased(Conversation)
    return session.execute(
        select(mine.id.label("asked_by"), Agency.name.label("agency"), *_READ)
        .join(Conversation, Conversation.id == Report.conversation_id)
        .join(mine, mine.person == Conversation.person)
        .outerjoin(Agency, Agency.id == Report.agency_id)
        .where(
            mine.id.in_({id_ for id_, _ in wanted}),
            Report.ticket.in_({ticket for _, ticket in wanted}),
            tuple_(mine.id, Report.ticket).in_(wanted),
        )
        .order_by(Report.id)
        .with_for_update(of=Report, key_share=True)
    ).all()


def _docket(row: Row[*tuple[Any, ...]]) -> Docket:
    return Docket(
        id=row.id,
        ticket=row.ticket,
        draft=row.draft,
        conversation_id=row.conversation_id,
        agency=row.agency or "",
        agency_id=row.agency_id,
        region=row.region,
        **{name: getattr(row, name) for name in _WRITTEN},
        clock=clock.read(row),
    )


def _row(docket: Docket) -> dict[str, Any]:
    written = {name: getattr(docket, name) for name in _WRITTEN}
    return {"id": docket.id, **written, **clock.columns(docket.clock)}
