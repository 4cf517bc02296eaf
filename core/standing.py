"""What a citizen learns of a report by its ticket."""

from dataclasses import dataclass
from datetime import datetime

from core.clock import Clock


@dataclass(frozen=True, slots=True)
class Opened:
    """A new report: its ticket, and what its citizen is promised."""

    ticket: str
    clock: Clock


@dataclass(frozen=True, slots=True)
class Standing:
    """How a report stands, for the citizen who knows its ticket."""

    ticket: str
    state: str
    agency: str
    created_at: datetime
    clock: Clock | None = None
    region: str = ""
