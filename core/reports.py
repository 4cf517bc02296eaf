"""Reports: opened from drafts, moved by the office, with a history that only grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    Float,
    Integer,
    String,
    bindparam,
    func,
    insert,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from core import agencies, clock, corrections, days_off, news
from core.channel import LimitsOf
from core.db.session import insert_all
from core.db.tables import Agency, Conversation, Report, ReportEvent
from core.draft import DRAFT_PLACE, Draft
from core.errors import MoveRefused, NotFound
from core.guard import mask
from core.message import Place
from core.news import Dated
from core.promise import TERMS, Desk, Terms
from core.sources import keys, sources_of
from core.standing import Opened, Standing
from core.ticket import new_ticket
from core.understanding import Klasifikasi, Urgency
from core.workflow import ReportState, move


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A draft that its citizen has confirmed."""

    conversation_id: UUID
    channel: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Told:
    """A place that a citizen told for his report number `draft` after it was opened.

    It came with the message `message_id` of the same conversation.
    """

    conversation_id: UUID
    draft: int
    place: str
    pin: Place | None
    message_id: str = ""


def open_all(
    session: Session, confirmed: Sequence[Confirmed], terms: Terms = TERMS
) -> list[Opened]:
    """Make each confirmed draft a report, and return them in the same order."""
    if not confirmed:
        return []
    almanac = days_off.almanac(session)
    desk, key = Desk.of("", almanac.calendar, terms), keys(session)
    clocks = {
        klasifikasi: clock.opened(almanac.now, klasifikasi, desk)
        for klasifikasi in set(map(_klasifikasi, confirmed))
    }
    rows = []
    for one in confirmed:
        klasifikasi = _klasifikasi(one)
        told = sources_of(one.draft, one.conversation_id, key)
        classed = {"klasifikasi": klasifikasi, "sources": told}
        rows.append(_row(one) | classed | clock.columns(clocks[klasifikasi]))
    insert_all(session, insert(Report), rows)
    events = [{"report_id": row["id"], "actor": "warga", "kind": "opened"} for row in rows]
    insert_all(session, insert(ReportEvent), events)
    return [Opened(str(row["ticket"]), clocks[row["klasifikasi"]]) for row in rows]


def _klasifikasi(one: Confirmed) -> str:
    return one.draft.klasifikasi or Klasifikasi.PENGADUAN_TIDAK_BERKADAR


def _row(one: Confirmed) -> dict[str, Any]:
    masked = one.draft.masked
    return {
        "id": uuid4(),
        "ticket": new_ticket(),
        "channel": one.channel,
        "conversation_id": one.conversation_id,
        "draft": one.draft.number,
        "text": masked,
        "sealed": one.draft.text if masked != one.draft.text else None,
        "place": mask(one.draft.place),
        "latitude": one.draft.pin.latitude if one.draft.pin else None,
        "longitude": one.draft.pin.longitude if one.draft.pin else None,
        "happened": replace(one.draft, happened=mask(one.draft.happened)).when,
        "urgency": Urgency.DARURAT if one.draft.alarm else Urgency.BIASA,
        "anonim": one.draft.anonim,
        "rahasia": one.draft.rahasia,
    }


# A place that is there already is not overwritten: the message stands beside the report. Until
# somebody has decided, the report is read anew.
_SUPPLEMENT = text(
    """
    with told as (
        select * from unnest(:ids, :drafts, :places, :latitudes, :longitudes, :keys)
            as told (id, draft, place, latitude, longitude, key)
    ), changed as (
        update report set
            place = case when report.place = '' then told.place else report.place end,
            latitude = coalesce(report.latitude, told.latitude),
            longitude = coalesce(report.longitude, told.longitude),
            sources = report.sources
                || case when report.place = '' and told.place <> ''
                    then jsonb_build_object('place', told.key) else '{}' end
                || case when report.latitude is null and told.latitude is not null
                    then jsonb_build_object('pin', told.key) else '{}' end,
            suggestion_id = case when report.state = 'belum_terverifikasi' then null
                else report.suggestion_id end
        from told
        where report.conversation_id = told.id::uuid and report.draft = told.draft
        returning report.id, told.place <> '' as place, told.latitude is not null as pin
    )
    insert into report_event (report_id, actor, kind, detail)
    select id, 'warga', 'supplemented', jsonb_build_object('place', place, 'pin', pin) from changed
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("drafts", type_=ARRAY(Integer)),
    bindparam("places", type_=ARRAY(String)),
    bindparam("latitudes", type_=ARRAY(Float)),
    bindparam("longitudes", type_=ARRAY(Float)),
    bindparam("keys", type_=ARRAY(String)),
)


def supplement(session: Session, told: Sequence[Told]) -> None:
    """Write the places that were told after their reports were opened."""
    if told:
        key = keys(session)
        session.execute(
            _SUPPLEMENT,
            {
                "ids": [str(one.conversation_id) for one in told],
                "drafts": [one.draft for one in told],
                "places": [mask(one.place[:DRAFT_PLACE]) for one in told],
                "latitudes": [one.pin.latitude if one.pin else None for one in told],
                "longitudes": [one.pin.longitude if one.pin else None for one in told],
                "keys": [key(one.conversation_id, one.message_id) for one in told],
            },
        )


Asked = tuple[UUID, str]  # the conversation that asks, the ticket


def standings(session: Session, asked: Sequence[Asked]) -> dict[Asked, Standing]:
    """Return how the reports stand that are asked for; what is unknown is left out.

    Of a report that is rahasia nobody but its citizen learns that it exists.
    """
    if not asked:
        return {}
    mine = aliased(Conversation)
    statement = (
        select(
            mine.id.label("asked_by"),
            Report.ticket,
            Report.created_at,
            Report.region,
            Agency.name.label("agency"),
            *clock.SELECTED,
        )
        .join(Conversation, Conversation.id == Report.conversation_id)
        .join(mine, or_(~Report.rahasia, mine.person == Conversation.person))
        .outerjoin(Agency, Agency.id == Report.agency_id)
        .where(
            Report.ticket.in_({ticket for _, ticket in asked}),
            mine.id.in_({id_ for id_, _ in asked}),
            tuple_(mine.id, Report.ticket).in_(set(asked)),
        )
    )
    return {
        (row.asked_by, row.ticket): Standing(
            row.ticket, row.state, row.agency or "", row.created_at, clock.read(row), row.region
        )
        for row in session.execute(statement)
    }


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts on a report: the token's name, and the OPD he is bound to, None for Diskominfo."""

    name: str
    agency_id: int | None = None


def find(session: Session, ticket: str, officer: Officer) -> Report:
    """Return the report, locked for a change; raises NotFound, also when it is another OPD's.

    Its conversation is locked before it, as on the citizen's side: nobody waits in a circle.
    """
    whose = select(Conversation.id).join(Report, Report.conversation_id == Conversation.id)
    whose = whose.where(Report.ticket == ticket)
    session.execute(whose.with_for_update(of=Conversation, key_share=True))
    statement = select(Report).where(Report.ticket == ticket).with_for_update(key_share=True)
    if officer.agency_id is not None:
        statement = statement.where(Report.agency_id == officer.agency_id)
    report = session.scalar(statement)
    if report is None:
        raise NotFound(f"no report {ticket}")
    return report


# What an OPD may make of its own reports; belum_terverifikasi is bukan wewenang.
OPD_MOVES = frozenset({ReportState.PROSES, ReportState.SELESAI, ReportState.BELUM_TERVERIFIKASI})


WITH_OPD = frozenset({ReportState.TERDISPOSISI, ReportState.PROSES})


def assign(
    session: Session,
    report: Report,
    slug: str,
    officer: Officer,
    limits: Mapping[str, LimitsOf],
    urusan: str = "",
    terms: Terms = TERMS,
) -> frozenset[str]:
    """Hand the report to the OPD `slug` (disposisi), and tell the citizen.

    The choice is kept beside what was suggested; `urusan` is the code that the officer gave it.
    Where that OPD has it already, only an `urusan` is kept, and nobody is told again. Returns on
    which channels somebody is told.
    Raises NotFound for an unknown OPD, MoveRefused where the state does not allow it.
    """
    agency = agencies.find(session, slug)
    if report.agency_id == agency.id and report.state in WITH_OPD:
        if urusan:
            corrections.record(session, report, agency, officer.name, urusan)
        return frozenset()
    wanted = move(ReportState(report.state), ReportState.TERDISPOSISI)
    said = _go(session, report, wanted, terms)
    report.agency_id = agency.id
    corrections.record(session, report, agency, officer.name, urusan)
    note(session, report, officer, "assigned", {"agency": agency.slug})
    return news.tell(session, report, "assigned", {"agency": agency.name}, limits, said)


def change_state(
    session: Session,
    report: Report,
    wanted: ReportState,
    reason: str,
    officer: Officer,
    limits: Mapping[str, LimitsOf],
    terms: Terms = TERMS,
) -> frozenset[str]:
    """Move the report to `wanted`, and tell the citizen; `reason` is shown to him.

    Going back to belum_terverifikasi (bukan wewenang) takes the OPD off the report. Returns on
    which channels somebody is told. Raises MoveRefused where the workflow has no such move, or a
    reason or an OPD is missing.
    """
    before = ReportState(report.state)
    said = _go(session, report, move(before, wanted, reason), terms)
    if wanted is ReportState.TERDISPOSISI and report.agency_id is None:
        raise MoveRefused("terdisposisi needs an OPD: hand it to one with POST .../assign")
    if wanted is ReportState.BELUM_TERVERIFIKASI:
        report.agency_id = None
    detail: dict[str, Any] = {"from": before, "to": wanted, "reason": reason}
    note(session, report, officer, "state", detail)
    key = "moved-reason" if reason.strip() else "moved"
    return news.tell(session, report, key, {"state": wanted, "reason": reason}, limits, said)


def answer(
    session: Session,
    report: Report,
    text: str,
    done: bool,
    officer: Officer,
    limits: Mapping[str, LimitsOf],
    terms: Terms = TERMS,
) -> frozenset[str]:
    """Send the OPD's answer to the citizen; `done` says that the matter is settled.

    The report goes on to selesai or proses. Returns on which channels somebody is told. Raises
    MoveRefused where its state has no answer.
    """
    wanted = ReportState.SELESAI if done else ReportState.PROSES
    if report.state != wanted:
        _go(session, report, move(ReportState(report.state), wanted), terms)
    report.answered_at = report.answered_at or func.now()
    note(session, report, officer, "answered", {"text": text, "done": done})
    agency = session.get(Agency, report.agency_id) if report.agency_id else None
    name = agency.name if agency else "Diskominfo"
    return news.tell(session, report, "answer", {"agency": name, "text": text}, limits)


def _go(session: Session, report: Report, wanted: ReportState, terms: Terms) -> Dated | None:
    """Set the state and the clock, and return it if something else is promised now."""
    almanac = days_off.almanac(session)
    desk = Desk.of(report.region, almanac.calendar, terms)
    before = clock.read(report)
    after = clock.moved(before, wanted, almanac.now, desk)
    clock.write(report, after)
    if wanted is ReportState.SELESAI:  # he is asked anew
        report.verdict, report.verdict_at = "", None
    changed = (before.pledge, before.promise_at) != (after.pledge, after.promise_at)
    return Dated(after, desk.zone) if changed else None


def note(
    session: Session, report: Report, officer: Officer, kind: str, detail: dict[str, Any]
) -> None:
    """Note in the history what the office did; each such act makes a new version."""
    report.version += 1
    session.add(ReportEvent(report_id=report.id, actor=officer.name, kind=kind, detail=detail))
