"""Rows of the core become what the API gives."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from app.web.api.report_schemas import (
    HistoryEvent,
    ReportDetail,
    ReportFile,
    ReportLine,
    Told,
    Written,
)
from app.web.api.schemas import AgencyName
from app.web.api.statistics_schemas import ChannelFigures, Counted, CountedDay
from app.web.api.suggestion_schemas import (
    CountedChoices,
    Ranked,
    SimilarCase,
    SuggestedAgency,
    Suggestion,
    SuggestionLine,
    SuggestionStatistics,
)
from core.agreement import Agreement
from core.errors import SendCode
from core.statistics import Figures
from core.suggestions import Shown
from core.triage import EXCERPT, AnyRow, Dossier

_SAME = (
    *("ticket", "version", "state", "channel", "place"),
    *("latitude", "longitude", "created_at", "answered_at"),
    *("urgency", "anonim", "rahasia", "happened"),
    *("verify_by", "answer_by", "promise_at", "missed", "verdict_at"),
)


def report_line(row: AnyRow, suggested: AnyRow | None) -> ReportLine:
    """Return a row of the list, with what is suggested first for it."""
    suggestion = _suggestion_line(suggested) if suggested else None
    return ReportLine(**_line(row), excerpt=row.excerpt, suggestion=suggestion)


def _line(row: AnyRow) -> dict[str, Any]:
    agency = AgencyName(slug=row.agency_slug, name=row.agency_name) if row.agency_slug else None
    known = {"klasifikasi": row.klasifikasi or None, "verdict": row.verdict or None}
    return {**{name: getattr(row, name) for name in _SAME}, **known, "agency": agency}


def report_detail(dossier: Dossier, shown: Shown | None) -> ReportDetail:
    """Return one report; its messages in both directions in the order of time."""
    written = [Written.model_validate(row) for row in dossier.messages]
    parts = [told(row) for row in dossier.parts]
    return ReportDetail(
        **_line(dossier.report),
        excerpt=dossier.report.text[:EXCERPT],
        suggestion=_suggestion(shown) if shown else None,
        text=dossier.report.text,
        history=[HistoryEvent.model_validate(row) for row in dossier.events],
        messages=sorted([*written, *parts], key=attrgetter("at")),
        files=[ReportFile.model_validate(row) for row in dossier.files],
        complete=dossier.complete,
        human_until=dossier.report.human_until,
    )


def _suggestion_line(row: AnyRow) -> SuggestionLine:
    return SuggestionLine(
        sure=row.sure, urusan=row.urusan, agency=_agency(row), urgency=row.urgency
    )


def _agency(row: AnyRow) -> SuggestedAgency | None:
    if row.agency_slug is None:
        return None
    return SuggestedAgency(slug=row.agency_slug, name=row.agency_name)


_OF_SUGGESTION = (
    *("sure", "urusan", "urgency", "category", "region", "region_name"),
    *("model", "decided_by", "note", "confidence", "at"),
)


def _suggestion(shown: Shown) -> Suggestion:
    """Return what is suggested; an OPD that is gone from the registry is left out."""
    row = shown.suggestion
    ranked = [_ranked(entry, shown) for entry in row.ranking]
    similar = [
        SimilarCase(ticket=one.ticket, agency=SuggestedAgency(slug=one.slug, name=one.name))
        for one in shown.similar
    ]
    return Suggestion(
        **{name: getattr(row, name) for name in _OF_SUGGESTION},
        agency=ranked[0].agency if ranked else None,
        reason=row.reason or None,
        klasifikasi=row.klasifikasi or None,
        ranked=ranked,
        similar=similar,
    )


def _ranked(entry: dict[str, Any], shown: Shown) -> Ranked:
    agency = shown.agencies.get(entry["agency"])
    return Ranked(
        urusan=entry["urusan"],
        agency=SuggestedAgency.model_validate(agency) if agency else None,
        verified=agency.verified if agency else False,
        probability=entry["probability"],
        words=entry["words"],
    )


def suggestion_statistics(found: Agreement, alarm: bool) -> SuggestionStatistics:
    """Return how humans agree with what is suggested."""
    return SuggestionStatistics(
        recent=CountedChoices.model_validate(found.recent),
        former=CountedChoices.model_validate(found.former),
        alarm=alarm,
    )


def told(row: AnyRow) -> Told:
    """Return what the citizen is told by a row of the outbox."""
    return Told(
        at=row.created_at,
        text="\n\n".join(row.texts),
        part=row.part,
        parts=row.parts,
        delivery=row.state,
        code=row.code,
        attempts=row.attempts,
        due_at=row.due_at if _has_a_time(row.state, row.code) else None,
        sent_at=row.sent_at,
        human=row.human,
    )


def _has_a_time(state: str, code: str) -> bool:
    """Tell whether an outbox row goes out at a known time, and not for some other reason."""
    return state == "open" or (state == "parked" and code == SendCode.QUOTA)


def channel_figures(figures: Sequence[Figures]) -> list[ChannelFigures]:
    """Return the figures by channel; they come in that order, the total behind the days."""
    channels = []
    for name, group in groupby(figures, attrgetter("channel")):
        *days, total = group
        channels.append(
            ChannelFigures(
                channel=name,
                total=Counted(**_counted(total)),
                days=[CountedDay(day=one.day, **_counted(one)) for one in days],
            )
        )
    return channels


def _counted(figures: Figures) -> dict[str, Any]:
    return {
        "reports": figures.reports,
        "answered": figures.answered,
        "median_seconds_to_first_answer": figures.median_seconds,
        "waiting": figures.waiting,
        "failed_deliveries": figures.failed,
    }
