"""Looks now and then whether humans still choose what is suggested."""

from __future__ import annotations

import time
from collections.abc import Callable

from core import agreement
from core.db.session import Sessions, transaction
from core.settings import CoreSettings

EVERY = 3600.0  # seconds between two looks of one process


class DriftWatch:
    """Rings the alarm of drift, or takes it back, once in EVERY seconds however often asked.

    `own` returns the share that the live model promises, None when it promises nothing.
    """

    def __init__(
        self,
        make: Sessions,
        settings: CoreSettings,
        own: Callable[[], float | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make, self._settings, self._own, self._clock = make, settings, own, clock
        self._next = clock()

    def look(self) -> None:
        """Look, unless it is too soon; raises DatabaseAway."""
        now = self._clock()
        if now < self._next:
            return
        self._next = now + EVERY
        with transaction(self._make) as session:
            agreement.watch(session, self._own(), self._settings)
