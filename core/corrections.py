"""What humans chose for reports: kept beside what was suggested, and read again to learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, aliased

from core.db.tables import Agency, Choice, Report, Route, Suggestion

_AT_ONCE = 1000  # rows that are fetched together


@dataclass(frozen=True, slots=True)
class Correction:
    """A report's text, and the urusan that a human gave it; never leaves the machine."""

    text: str
    urusan: str
    region: str
    channel: str
    at: datetime


def record(session: Session, report: Report, agency: Agency, actor: str, urusan: str = "") -> None:
    """Note that `actor` handed the report to `agency`, beside the suggestion he saw.

    Without an `urusan` it is the likeliest suggested one that leads to this OPD, else the only one
    whose route does, else none: such a choice teaches nothing.
    """
    suggestion = session.get(Suggestion, report.suggestion_id) if report.suggestion_id else None
    session.add(
        Choice(
            report_id=report.id,
            suggestion_id=suggestion.id if suggestion else None,
            actor=actor,
            agency_id=agency.id,
            urusan=urusan or _ranked(suggestion, agency) or _routed(session, agency),
            agreed=_agreed(suggestion, agency),
        )
    )


def _agreed(suggestion: Suggestion | None, agency: Agency) -> bool | None:
    if suggestion is None or not suggestion.sure or suggestion.agency_id is None:
        return None
    return suggestion.agency_id == agency.id


def _ranked(suggestion: Suggestion | None, agency: Agency) -> str:
    entries = suggestion.ranking if suggestion else []
    return next((entry["urusan"] for entry in entries if entry["agency"] == agency.slug), "")


def _routed(session: Session, agency: Agency) -> str:
    statement = select(Route.urusan).where(Route.agency_id == agency.id).distinct().limit(2)
    found = session.scalars(statement).all()
    return found[0] if len(found) == 1 else ""


def learned(session: Session) -> Iterator[Correction]:
    """Yield what humans have taught: of each report its newest choice, if it says an urusan.

    A choice counts as long as the report stays with the OPD: after bukan wewenang it does not.
    Rows come in the order of time, some at once, so that a million take little memory.
    """
    newest = select(Choice).ext(distinct_on(Choice.report_id))
    chosen = aliased(Choice, newest.order_by(Choice.report_id, Choice.id.desc()).subquery())
    statement = (
        select(Report.text, chosen.urusan, Report.region, Report.channel, chosen.at)
        .join(Report, Report.id == chosen.report_id)
        .where(chosen.urusan != "", chosen.agency_id == Report.agency_id, Report.text != "")
        .order_by(chosen.at, chosen.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    for row in session.execute(statement):
        yield Correction(*row)
