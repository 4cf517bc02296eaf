"""Reports: opened from drafts, moved by the office, with a history that only grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, Float, Integer, String, bindparam, func, insert, select, text
from sqlalchemy.orm import Session

from core import agencies, corrections, outbox
from core.channel import LimitsOf
from core.conversations import load_state
from core.db.tables import Agency, Conversation, Report, ReportEvent
from core.draft import DRAFT_PLACE, Draft
from core.errors import MoveRefused, NotFound
from core.message import Place
from core.outbox import Note, Rank
from core.replies import render
from core.ticket import new_ticket
from core.workflow import ReportState, move


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A draft that its citizen has confirmed."""

    conversation_id: UUID
    channel: str
    draft: Draft


@dataclass(frozen=True, slots=True)
class Told:
    """A place that a citizen told for his report number `draft` after it was opened."""

    conversation_id: UUID
    draft: int
    place: str
    pin: Place | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, for the citizen who knows its ticket."""

    ticket: str
    state: str
    agency: str
    created_at: datetime


def open_all(session: Session, confirmed: Sequence[Confirmed]) -> list[str]:
    """Make each confirmed draft a report, and return their tickets in the same order."""
    if not confirmed:
        return []
    rows = [
        {
            "id": uuid4(),
            "ticket": new_ticket(),
            "channel": one.channel,
            "conversation_id": one.conversation_id,
            "draft": one.draft.number,
            "state": ReportState.BELUM_TERVERIFIKASI,
            "text": one.draft.text,
            "place": one.draft.place,
            "latitude": one.draft.pin.latitude if one.draft.pin else None,
            "longitude": one.draft.pin.longitude if one.draft.pin else None,
        }
        for one in confirmed
    ]
    session.execute(insert(Report), rows)
    events = [{"report_id": row["id"], "actor": "warga", "kind": "opened"} for row in rows]
    session.execute(insert(ReportEvent), events)
    return [str(row["ticket"]) for row in rows]


# A place that is there already is not overwritten: the history says what was told besides. Until
# somebody has decided, the report is read anew.
_SUPPLEMENT = text(
    """
    with told as (
        select * from unnest(:ids, :drafts, :places, :latitudes, :longitudes)
            as told (id, draft, place, latitude, longitude)
    ), changed as (
        update report set
            place = case when report.place = '' then told.place else report.place end,
            latitude = coalesce(report.latitude, told.latitude),
            longitude = coalesce(report.longitude, told.longitude),
            suggestion_id = case when report.state = 'belum_terverifikasi' then null
                else report.suggestion_id end
        from told
        where report.conversation_id = told.id::uuid and report.draft = told.draft
        returning report.id, told.place
    )
    insert into report_event (report_id, actor, kind, detail)
    select id, 'warga', 'supplemented', jsonb_build_object('place', place) from changed
    """
).bindparams(
    bindparam("ids", type_=ARRAY(String)),
    bindparam("drafts", type_=ARRAY(Integer)),
    bindparam("places", type_=ARRAY(String)),
    bindparam("latitudes", type_=ARRAY(Float)),
    bindparam("longitudes", type_=ARRAY(Float)),
)


def supplement(session: Session, told: Sequence[Told]) -> None:
    """Write the places that were told after their reports were opened."""
    if told:
        session.execute(
            _SUPPLEMENT,
            {
                "ids": [str(one.conversation_id) for one in told],
                "drafts": [one.draft for one in told],
                "places": [one.place[:DRAFT_PLACE] for one in told],
                "latitudes": [one.pin.latitude if one.pin else None for one in told],
                "longitudes": [one.pin.longitude if one.pin else None for one in told],
            },
        )


def standings(session: Session, tickets: Sequence[str]) -> dict[str, Standing]:
    """Return how the reports of these tickets stand; unknown tickets are left out."""
    if not tickets:
        return {}
    statement = (
        select(Report.ticket, Report.state, Agency.name, Report.created_at)
        .outerjoin(Agency, Agency.id == Report.agency_id)
        .where(Report.ticket.in_(tickets))
    )
    return {
        ticket: Standing(ticket, state, agency or "", created_at)
        for ticket, state, agency, created_at in session.execute(statement)
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


def assign(
    session: Session,
    report: Report,
    slug: str,
    officer: Officer,
    limits: Mapping[str, LimitsOf],
    urusan: str = "",
) -> None:
    """Hand the report to the OPD `slug` (disposisi), and tell the citizen.

    The choice is kept beside what was suggested; `urusan` is the code that the officer gave it.
    Raises NotFound for an unknown OPD, MoveRefused where the state does not allow it.
    """
    agency = agencies.find(session, slug)
    report.state = move(ReportState(report.state), ReportState.TERDISPOSISI)
    report.agency_id = agency.id
    corrections.record(session, report, agency, officer.name, urusan)
    note(session, report, officer, "assigned", {"agency": agency.slug})
    _tell(session, report, "assigned", {"agency": agency.name}, limits)


def change_state(
    session: Session,
    report: Report,
    wanted: ReportState,
    reason: str,
    officer: Officer,
    limits: Mapping[str, LimitsOf],
) -> None:
    """Move the report to `wanted`, and tell the citizen; `reason` is shown to him.

    Going back to belum_terverifikasi (bukan wewenang) takes the OPD off the report.
    Raises MoveRefused where the workflow has no such move, or a reason or an OPD is missing.
    """
    before = ReportState(report.state)
    report.state = move(before, wanted, reason)
    if wanted is ReportState.TERDISPOSISI and report.agency_id is None:
        raise MoveRefused("terdisposisi needs an agency: assign the report")
    if wanted is ReportState.BELUM_TERVERIFIKASI:
        report.agency_id = None
    detail: dict[str, Any] = {"from": before, "to": wanted, "reason": reason}
    note(session, report, officer, "state", detail)
    key = "moved-reason" if reason.strip() else "moved"
    _tell(session, report, key, {"state": wanted, "reason": reason}, limits)


def answer(
    session: Session,
    report: Report,
    text: str,
    done: bool,
    officer: Officer,
    limits: Mapping[str, LimitsOf],
) -> None:
    """Send the OPD's answer to the citizen; `done` says that the matter is settled.

    The report goes on to selesai or proses. Raises MoveRefused where its state has no answer.
    """
    wanted = ReportState.SELESAI if done else ReportState.PROSES
    if report.state != wanted:
        report.state = move(ReportState(report.state), wanted)
    report.answered_at = report.answered_at or func.now()
    note(session, report, officer, "answered", {"text": text, "done": done})
    agency = session.get(Agency, report.agency_id) if report.agency_id else None
    name = agency.name if agency else "Diskominfo"
    _tell(session, report, "answer", {"agency": name, "text": text}, limits)


# Fluent refuses variables of more than 2,500 characters; an answer is put in afterwards, for
# this sign of the private use area.
_PLACE_OF_TEXT = "\ue000"


def note(
    session: Session, report: Report, officer: Officer, kind: str, detail: dict[str, Any]
) -> None:
    """Note in the history what the office did; each such act makes a new version."""
    report.version += 1
    session.add(ReportEvent(report_id=report.id, actor=officer.name, kind=kind, detail=detail))


def _tell(
    session: Session,
    report: Report,
    key: str,
    args: dict[str, str],
    limits: Mapping[str, LimitsOf],
) -> None:
    """Put the sentence `key` in the outbox, in the citizen's language."""
    # Held since the report was found, so that what is parked for him now is not released unseen.
    conversation = session.get_one(Conversation, report.conversation_id)
    language = load_state(conversation.state).language
    given = {"ticket": report.ticket, **args}
    if "state" in given:
        given["state"] = render(language, f"state-{given['state']}")
    if "text" in given:
        given["text"] = _PLACE_OF_TEXT
    words = render(language, key, given).replace(_PLACE_OF_TEXT, args.get("text", ""), 1)
    note = Note(
        channel=conversation.channel,
        address=conversation.address,
        conversation_id=conversation.id,
        text=words,
        draft=report.draft,
        reachable=conversation.reachable,
        rank=Rank.ANSWER,
        human="text" in args,
    )
    outbox.put(session, [note], limits)
