"""A dry run of one rule over past reports, beside what humans decided about them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, select, tuple_
from sqlalchemy.orm import Session, aliased

from core import rulebook
from core.db.tables import Agency, Report, Suggestion
from core.matching import Facts, Rulebook
from core.registry.registry import Registry
from core.routing import Asked, Decision, route
from core.rulebook import Filed, Trial
from core.rules import Rule
from core.understanding import Klasifikasi, Likelihood, Understanding, Urgency

BATCH = 200  # reports that are read at once
MOST = 10_000  # reports of one dry run
EXAMPLES = 5

AnyRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Office:
    """What a deployment knows besides: its registry, its own region, its time zone."""

    registry: Registry
    home: str
    zone: ZoneInfo


@dataclass(slots=True)
class _Tally:
    """The counts of a dry run, and the tickets to look at."""

    counts: Counter[str] = field(default_factory=Counter)
    agreeing: list[str] = field(default_factory=list)
    disagreeing: list[str] = field(default_factory=list)

    def add(self, row: AnyRow, decision: Decision, mark: str) -> None:
        """Count a report that meets the conditions."""
        self.counts["matched"] += 1
        first = decision.first
        if decision.decided_by != mark or first is None:
            self.counts["overtaken"] += 1
            return
        self.counts["changed"] += first.agency != (row.suggested or "")
        if not first.agency:
            self.counts["nowhere"] += 1
            return
        agrees = first.agency == row.final
        self.counts["agreed" if agrees else "disagreed"] += 1
        examples = self.agreeing if agrees else self.disagreeing
        if len(examples) < EXAMPLES:
            examples.append(row.ticket)

    def trial(self) -> Trial:
        """Return what was counted."""
        examples = {"agreeing": self.agreeing, "disagreeing": self.disagreeing}
        return Trial.model_validate(
            {"at": datetime.now(UTC), "reports": 0, **self.counts, **examples}
        )


def run(
    session: Session,
    tried: Filed,
    office: Office,
    most: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Trial:
    """Try the rule on up to `most` of the newest reports that have a final OPD, and note it.

    It stands at its place behind the live rules before it. What the model had said is read from
    the suggestion of that time. `progress` is told how many reports were read since. Where there
    is no such report nothing is noted: the rule stays untried.
    Raises MoveRefused when the rule is edited meanwhile.
    """
    alone = Rulebook({tried.key: tried.rule})
    in_place = Rulebook(_up_to(tried, rulebook.in_force(session)))
    tally = _Tally()
    for rows in _batches(session, most):
        for row in rows:
            facts = _facts(row, office)
            if alone.first(facts) is not None:
                asked = Asked(facts.text, facts.channel, facts.moment)
                said = (facts.understanding, facts.region, office.registry)
                tally.add(row, route(*said, in_place, asked), tried.mark)
        tally.counts["reports"] += len(rows)
        progress(len(rows))
    trial = tally.trial()
    if trial.reports:
        rulebook.note_trial(session, tried, trial)
    return trial


def _up_to(tried: Filed, rules: Sequence[Filed]) -> dict[str, Rule]:
    """Return the live rules that are asked before the tried one, and itself."""
    before = {
        one.key: one.rule
        for one in rules
        if one.state == "live" and one.position < tried.position and one.id != tried.id
    }
    return {**before, tried.key: tried.rule}


_FINAL, _SUGGESTED = aliased(Agency), aliased(Agency)
_READ = (
    *(Report.id, Report.ticket, Report.text, Report.channel, Report.region, Report.created_at),
    *(_FINAL.slug.label("final"), _SUGGESTED.slug.label("suggested")),
    *(Suggestion.model, Suggestion.ranking, Suggestion.decided_by, Suggestion.klasifikasi),
    *(Suggestion.urgency, Suggestion.category),
)


_NEWEST_FIRST = (Report.created_at.desc(), Report.id.desc())


def _batches(session: Session, most: int) -> Iterator[Sequence[AnyRow]]:
    """Yield up to `most` reports that have an OPD, the newest first, BATCH at a time."""
    given = select(Report.id).where(Report.agency_id.is_not(None)).order_by(*_NEWEST_FIRST)
    following = given
    while most > 0 and (rows := session.execute(_read(following.limit(min(BATCH, most)))).all()):
        yield rows
        most -= len(rows)
        last = (rows[-1].created_at, rows[-1].id)
        following = given.where(tuple_(Report.created_at, Report.id) < last)


def _read(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return what is read of these reports; nothing is joined to any other."""
    ids = wanted.subquery()
    return (
        select(*_READ)
        .join(ids, ids.c.id == Report.id)
        .join(_FINAL, _FINAL.id == Report.agency_id)
        .outerjoin(Suggestion, Suggestion.id == Report.suggestion_id)
        .outerjoin(_SUGGESTED, _SUGGESTED.id == Suggestion.agency_id)
        .order_by(*_NEWEST_FIRST)
    )


def _facts(row: AnyRow, office: Office) -> Facts:
    moment = row.created_at.astimezone(office.zone)
    return Facts(row.text, row.channel, moment, row.region or office.home, _understood(row))


def _understood(row: AnyRow) -> Understanding:
    """Return what the model had said, as far as the suggestion of that time tells."""
    if row.model is None:
        return Understanding("", "")
    by_rule = row.decided_by.startswith("rule:")
    said: Sequence[Mapping[str, Any]] = row.ranking[1:] if by_rule else row.ranking
    return Understanding(
        row.model,
        "",
        tuple(Likelihood(one["urusan"], one["probability"]) for one in said),
        klasifikasi=Klasifikasi(row.klasifikasi) if row.klasifikasi else None,
        urgency=Urgency(row.urgency) if row.urgency else Urgency.BIASA,
        category=row.category,
    )
