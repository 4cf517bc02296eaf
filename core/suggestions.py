"""What is suggested for reports: which are unread, what was made of them, and what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from core.db.tables import Agency, Region, Report, Suggestion
from core.message import Place
from core.routing import Decision
from core.understanding import Understanding
from core.workflow import ReportState

LIVE, SHADOW = "live", "shadow"


@dataclass(frozen=True, slots=True)
class Unread:
    """A report for which nothing was suggested yet, as its citizen wrote it."""

    report_id: UUID
    text: str
    place: str
    pin: Place | None
    channel: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a report was understood as, and where it would go.

    `role` is LIVE, or SHADOW for a model that is only compared; `similar` the ids of past reports
    like it, the most alike first.
    """

    report_id: UUID
    decision: Decision
    understanding: Understanding
    role: str = LIVE
    similar: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """The suggestion that counts for a report, and the names of the OPD in its ranking by slug."""

    suggestion: Row[*tuple[Any, ...]]
    agencies: dict[str, Agency]
    similar: Sequence[Row[*tuple[Any, ...]]]


def unread(session: Session, limit: int) -> list[Unread]:
    """Return up to `limit` reports without a suggestion, the oldest first, locked for `store`.

    Those that another worker has in hand are left out.
    """
    statement = (
        select(Report)
        .where(Report.suggestion_id.is_(None))
        .order_by(Report.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    return [
        Unread(row.id, row.text, row.place, _pin(row), row.channel, row.created_at)
        for row in session.scalars(statement)
    ]


def _pin(report: Report) -> Place | None:
    if report.latitude is None or report.longitude is None:
        return None
    return Place(report.latitude, report.longitude)


# The region of a report is ours to change as long as nobody else has set it: it is empty, or what
# the suggestion before said. An OPD that the registry does not know (any more) is left out.
_STORE = text(
    """
    with given as (
        select * from jsonb_to_recordset(:rows) as given (
            report_id uuid, role text, model text, digest text, decided_by text, sure boolean,
            reason text, note text, confidence float8, urusan text, agency text, ranking jsonb,
            region text, klasifikasi text, urgency text, category text, "similar" jsonb
        )
    ), former as (
        select distinct on (report_id) report_id, region from suggestion
        where report_id in (select report_id from given) and role = 'live'
        order by report_id, id desc
    ), added as (
        insert into suggestion (
            report_id, role, model, digest, decided_by, sure, reason, note, confidence, urusan,
            agency_id, ranking, region, klasifikasi, urgency, category, "similar"
        )
        select report_id, role, model, digest, decided_by, sure, reason, note, confidence, urusan,
            agency.id, ranking, given.region, klasifikasi, urgency, category, "similar"
        from given
        left join agency on agency.slug = given.agency
        returning id, report_id, role, region
    )
    update report set
        suggestion_id = added.id,
        region = case when report.region in ('', coalesce(former.region, ''))
            then added.region else report.region end
    from added
    left join former using (report_id)
    where report.id = added.report_id and added.role = 'live'
    """
).bindparams(bindparam("rows", type_=JSONB))


def store(session: Session, suggested: Sequence[Suggested]) -> None:
    """Write what is suggested for these reports, in one statement.

    A live suggestion is shown from now on, and says the report's region unless somebody else has;
    the former ones stay as they were. A report may stand there once for each role.
    """
    if suggested:
        session.execute(_STORE, {"rows": [_row(one) for one in suggested]})


def read_again(session: Session, reason: str, newest: timedelta) -> int:
    """Have reports read anew that were left to a human for `reason`; return how many.

    Those that nobody has sorted since, and that were opened in the `newest` time. The former
    suggestion stays as it is. Reports that somebody has in hand are left out.
    """
    waiting = (
        select(Report.id)
        .join(Suggestion, Suggestion.id == Report.suggestion_id)
        .where(
            Report.created_at > func.now() - newest,
            Report.state == ReportState.BELUM_TERVERIFIKASI,
            Report.agency_id.is_(None),
            Suggestion.reason == reason,
        )
        .with_for_update(of=Report, skip_locked=True, key_share=True)
    )
    statement = update(Report).where(Report.id.in_(waiting)).values(suggestion_id=None)
    return len(session.execute(statement.returning(Report.id)).all())


def _row(one: Suggested) -> dict[str, Any]:
    decision, understood = one.decision, one.understanding
    first = decision.first
    return {
        "report_id": str(one.report_id),
        "role": one.role,
        "model": understood.model,
        "digest": understood.digest,
        "decided_by": decision.decided_by,
        "sure": decision.sure,
        "reason": decision.manual or "",
        "note": decision.note,
        "confidence": understood.confidence,
        "urusan": first.urusan if first else "",
        "agency": first.agency if first else "",
        "ranking": [
            {
                "urusan": candidate.urusan,
                "agency": candidate.agency,
                "probability": round(candidate.probability, 4),
                "words": list(candidate.words),
                "tier": candidate.tier,
            }
            for candidate in decision.candidates
        ],
        "region": decision.region,
        "klasifikasi": understood.klasifikasi or "",
        "urgency": decision.urgency or understood.urgency,
        "category": understood.category,
        "similar": [str(id_) for id_ in one.similar],
    }


_SAME = (
    *(Suggestion.model, Suggestion.decided_by, Suggestion.sure, Suggestion.reason),
    *(Suggestion.urusan, Suggestion.region, Suggestion.at),
)


def for_reports(session: Session, report_ids: Sequence[UUID]) -> dict[UUID, Row[*tuple[Any, ...]]]:
    """Return what is suggested first for each of these reports, in one statement.

    Reports that are still unread are left out.
    """
    if not report_ids:
        return {}
    statement = (
        select(
            *(Report.id, Suggestion.urusan, Suggestion.sure, Suggestion.urgency),
            *(Agency.slug.label("agency_slug"), Agency.name.label("agency_name")),
        )
        .join(Suggestion, Suggestion.id == Report.suggestion_id)
        .outerjoin(Agency, Agency.id == Suggestion.agency_id)
        .where(Report.id.in_(report_ids))
    )
    return {row.id: row for row in session.execute(statement)}


def shown(session: Session, report_id: UUID, agency_id: int | None) -> Shown | None:
    """Return all that is suggested for a report, in three statements; None while it is unread.

    With an `agency_id` its similar cases are those of that OPD alone.
    """
    statement = (
        select(
            *_SAME,
            *(Suggestion.confidence, Suggestion.note, Suggestion.ranking, Suggestion.similar),
            *(Suggestion.klasifikasi, Suggestion.urgency, Suggestion.category),
            func.coalesce(Region.name, "").label("region_name"),
        )
        .join(Report, Report.suggestion_id == Suggestion.id)
        .outerjoin(Region, Region.code == Suggestion.region)
        .where(Report.id == report_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    slugs = [entry["agency"] for entry in row.ranking if entry["agency"]]
    agencies = session.scalars(select(Agency).where(Agency.slug.in_(slugs)))
    return Shown(
        row, {one.slug: one for one in agencies}, _similar(session, row.similar, agency_id)
    )


def _similar(
    session: Session, ids: Sequence[str], agency_id: int | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return ticket and OPD of these reports, in this order, as far as they still have one."""
    statement = (
        select(Report.id, Report.ticket, Agency.slug, Agency.name)
        .join(Agency, Agency.id == Report.agency_id)
        .where(Report.id.in_([UUID(one) for one in ids]))
    )
    if agency_id is not None:
        statement = statement.where(Report.agency_id == agency_id)
    found = {str(row.id): row for row in session.execute(statement)}
    return [found[one] for one in ids if one in found]
