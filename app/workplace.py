"""Puts the parts of a worker process together; the web process never loads what is in them."""

from celery import Celery

from app import logs, wiring
from app.pace import RedisPace
from app.settings import AppSettings
from app.shift import Shift, Tools
from app.wake import Waker
from core.db.session import connect, sessions
from core.fetching import Shelf
from core.privacy.keys import KeyRing
from core.settings import CoreSettings


def shift_connections(channels: int) -> int:
    """Return how many database connections a shift needs: one for each thread that asks for one.

    Those are work, suggest, fetch, sweep, trace, and for each channel delivery and polling; three
    are spare.
    """
    return 5 + 2 * channels + 3


def shift(celery: Celery) -> Shift:
    """Return the work of this worker process."""
    settings, core = AppSettings(), CoreSettings()
    on = wiring.channels(settings)
    logs.configure(settings.log_level, wiring.secrets(on))
    connections = shift_connections(len(on))
    ring = KeyRing.of(core)
    make = sessions(connect(core.database_url, connections, ring=ring, ping=False))
    wiring.traced(on, make)
    shelf = Shelf.of(wiring.storage(core), core)
    pace = RedisPace(settings.redis_url, ring.blind, settings.rate_factor)
    return Shift(on, make, Waker(celery), Tools(pace, shelf), settings, core)
