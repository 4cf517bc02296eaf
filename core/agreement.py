"""Whether humans still choose what is suggested: agreement over 30 days, and the alarm of drift."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from core import alarms
from core.settings import CoreSettings
from core.statistics import queries

log = logging.getLogger(__name__)

PERIOD = timedelta(days=30)
#: Under which name the alarm stands beside those of the channels, and its code.
NAME, DRIFT = "classifier", "drift"

_AGREEMENT = text(queries()["agreement"])
_COMPARISON = text(queries()["comparison"])


@dataclass(frozen=True, slots=True)
class Counted:
    """How many choices stand beside a sure suggestion, and how many of them chose its OPD."""

    choices: int = 0
    agreed: int = 0

    @property
    def share(self) -> float | None:
        """Return the share that agreed, from 0 to 1; None without choices."""
        return self.agreed / self.choices if self.choices else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The last 30 days, and the 30 days before them."""

    recent: Counted
    former: Counted


@dataclass(frozen=True, slots=True)
class Comparison:
    """The reports of 30 days that both models have read and a human has decided."""

    live: Counted
    shadow: Counted


def agreement(session: Session, now: datetime | None = None) -> Agreement:
    """Return how humans agreed with the live suggestions up to `now`."""
    moment = now or datetime.now(UTC)
    times = {"begin": moment - 2 * PERIOD, "middle": moment - PERIOD}
    row = session.execute(_AGREEMENT, times).one()
    return Agreement(
        Counted(row.recent_choices, row.recent_agreed),
        Counted(row.former_choices, row.former_agreed),
    )


def comparison(session: Session, live: str, shadow: str) -> Comparison:
    """Return how the models `live` and `shadow` fared on the same reports of 30 days."""
    given = {"begin": datetime.now(UTC) - PERIOD, "live": live, "shadow": shadow}
    row = session.execute(_COMPARISON, given).one()
    return Comparison(
        Counted(row.choices, row.live_agreed), Counted(row.choices, row.shadow_agreed)
    )


def drifts(found: Agreement, own: float | None, least: int, drop: float) -> bool:
    """Tell whether agreement has fallen by more than `drop`.

    It is measured against the 30 days before, and against the model's own figure where that is
    known; with fewer than `least` choices on either side nothing is said.
    """
    recent = found.recent.share
    if recent is None or found.recent.choices < least:
        return False
    before = found.former.share if found.former.choices >= least else None
    return any(was is not None and was - recent > drop for was in (before, own))


def watch(session: Session, own: float | None, settings: CoreSettings) -> bool:
    """Ring the alarm when agreement has fallen, take it back when it has not; return which.

    `own` is the share that the live model itself promises, None when it promises nothing.
    """
    found = agreement(session)
    fallen = drifts(found, own, settings.drift_choices, settings.drift_drop)
    if fallen:
        alarms.ring(session, NAME, DRIFT)
        log.warning(
            "humans agree less with what is suggested",
            extra={
                "choices": found.recent.choices,
                "share": found.recent.share,
                "before": found.former.share,
                "own": own,
            },
        )
    else:
        alarms.mend(session, NAME)
    return fallen


def is_rung(session: Session) -> bool:
    """Tell whether the alarm of drift stands."""
    return any(one.channel == NAME and one.alarm == DRIFT for one in alarms.standing(session))
