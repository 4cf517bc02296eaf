"""The edge of the worker that reads reports: its model, registry and rules, kept up to date."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

import classifier
from app.answering import Answering, answering, loaded
from app.deciding import Asking, Decided, Decider, Understands
from app.drift import DriftWatch
from app.remembering import Remembering
from classifier.load import Classifier
from classifier.models import Models, Stamp
from core import alarms, rulebook, similar, suggestions
from core.db.session import Sessions, transaction
from core.errors import DatabaseAway
from core.registry import stored
from core.routing import Decision, Manual
from core.settings import CoreSettings
from core.similar import Wanted
from core.suggestions import LIVE, SHADOW, Suggested, Unread
from core.understanding import Text, Understanding

log = logging.getLogger(__name__)

PACKAGED = Path(classifier.__file__).parent / "model"
BATCH = 50  # reports of one transaction
AGAIN = timedelta(days=7)  # how old a report may be that no model had read, to be read by one

Marks = tuple[int, str, Stamp | None]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What reports are read with, and the marks by which one knows that it is out of date."""

    marks: Marks
    decider: Decider
    live: Remembering
    shadow: Understands | None


class Reader:
    """Suggests an OPD for the reports that nobody has read; for one worker process.

    Whether registry, rules and models are still the same is asked before each batch.
    """

    batch = BATCH

    def __init__(self, make: Sessions, settings: CoreSettings, packaged: Path = PACKAGED) -> None:
        self._make, self._settings = make, settings
        self._models = Models(settings.models, packaged)
        self._lock = threading.Lock()  # a model reads for one thread at a time
        self._equipment: Equipment | None = None
        self._drift = DriftWatch(make, settings, self._promised)

    def suggest_due(self) -> int:
        """Read the oldest reports that nobody has read; return how many there were.

        More wait only after a whole batch. When a batch fails, its reports are read one by one,
        and the one that fails alone goes to a human. Now and then it is asked whether humans still
        agree. Raises DatabaseAway.
        """
        equipment = self._up_to_date()
        self._drift.look()
        try:
            return self._suggest(equipment, BATCH)
        except DatabaseAway:
            raise
        except Exception:
            log.exception("a batch of reports could not be read; they are read one by one")
            return sum(self._suggest_one(equipment) for _ in range(BATCH))

    def understand(self, texts: Sequence[Text]) -> Sequence[Understanding]:
        """Return what the live model makes of each text."""
        equipment = self._equipment or self._up_to_date()
        with self._lock:
            return equipment.live.understand(texts)

    def _suggest(self, equipment: Equipment, limit: int) -> int:
        with transaction(self._make) as session:
            unread = suggestions.unread(session, limit)
            suggestions.store(session, self._suggested(session, equipment, unread))
        return len(unread)

    def _suggest_one(self, equipment: Equipment) -> int:
        unread: list[Unread] = []
        try:
            with transaction(self._make) as session:
                unread = suggestions.unread(session, 1)
                suggestions.store(session, self._suggested(session, equipment, unread))
        except DatabaseAway:
            raise
        except Exception:
            if not unread:
                raise
            log.exception("a report could not be read", extra={"id": str(unread[0].report_id)})
            with transaction(self._make) as session:
                suggestions.store(session, [_given_up(unread[0].report_id)])
        return len(unread)

    def _suggested(
        self, session: Session, equipment: Equipment, unread: Sequence[Unread]
    ) -> list[Suggested]:
        asked = [self._asking(report) for report in unread]
        decided = self._decided(equipment, equipment.live, asked)
        behind = len(unread) == BATCH  # then nobody waits for cases like it: 11 ms each
        alike = {} if behind else similar.alike(session, list(map(_wanted, unread, decided)))
        found = [
            Suggested(
                report.report_id,
                one.decision,
                one.understanding,
                LIVE,
                alike.get(report.report_id, ()),
            )
            for report, one in zip(unread, decided, strict=True)
        ]
        if equipment.shadow is None:
            return found
        compared = self._decided(equipment, equipment.shadow, asked)
        return found + [
            Suggested(report.report_id, one.decision, one.understanding, SHADOW)
            for report, one in zip(unread, compared, strict=True)
        ]

    def _decided(
        self, equipment: Equipment, model: Understands, asked: Sequence[Asking]
    ) -> list[Decided]:
        with self._lock:
            return equipment.decider.decide(model, asked)

    def _asking(self, report: Unread) -> Asking:
        moment = report.created_at.astimezone(self._settings.timezone)
        home = self._settings.region
        return Asking(report.text, report.channel, moment, home, report.pin, report.place)

    def _promised(self) -> float | None:
        """Return how often the live model is right where it proposes, by its own figures."""
        live = self._equipment.live.model if self._equipment else None
        figures = live.about.get("figures", {}) if isinstance(live, Classifier) else {}
        return figures.get("accuracy_proposed")

    def _up_to_date(self) -> Equipment:
        """Return what to read with, loaded anew where something has changed."""
        with transaction(self._make) as session:
            marks = (
                stored.fingerprint(session),
                rulebook.fingerprint(session),
                self._models.stamp(),
            )
            before = self._equipment
            if before is not None and before.marks == marks:
                return before
            homes = [self._settings.region] if self._settings.region else []
            decider = Decider(stored.read(session, homes), rulebook.live(session))
            found = answering(self._models, decider.registry, before.live.model if before else None)
            shadow, trouble = loaded(self._models.shadow, decider.registry)
            _note(session, found)
        for error in (*found.troubles, *filter(None, [trouble])):
            log.error("a model does not load", extra={"error": error})
        self._equipment = Equipment(marks, decider, Remembering(found.model), shadow)
        return self._equipment


def _note(session: Session, found: Answering) -> None:
    """Ring or mend the alarm of the model; what was read without any is read again."""
    if found.alarm == alarms.MISSING:
        log.error("no model is there: every report goes to manual triage")
    elif found.alarm:
        log.warning(
            "the live model does not load: another one answers",
            extra={"model": found.model.version},
        )
    if found.alarm:
        alarms.ring(session, alarms.MODEL, found.alarm)
    else:
        alarms.mend(session, alarms.MODEL)
    if found.alarm != alarms.MISSING:
        again = suggestions.read_again(session, Manual.NO_MODEL, AGAIN)
        if again:
            log.info("reports that no model had read are read again", extra={"count": again})


def _wanted(report: Unread, decided: Decided) -> Wanted:
    return Wanted(report.report_id, report.text, decided.decision.region)


def _given_up(report_id: UUID) -> Suggested:
    """Return the suggestion for a report that our own code fails on: a human sorts it."""
    return Suggested(report_id, Decision("", manual=Manual.FAILED), Understanding("", ""))
