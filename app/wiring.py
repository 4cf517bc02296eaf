"""The only place that names concrete channels, and that puts the parts together."""

import gc
from collections.abc import Callable, Mapping

from celery import Celery

from app import logs
from app.settings import AppSettings
from app.shift import Shift
from app.wake import Waker, create_celery
from channels.telegram import TelegramChannel
from core.channel import Channel
from core.db.session import connect, sessions
from core.errors import ConfigurationError
from core.settings import CoreSettings

CHANNELS: Mapping[str, Callable[[], Channel]] = {
    "telegram": TelegramChannel.create,
}

# A shift's threads: work, fetch, sweep, and for each channel delivery and polling; one spare.
SHIFT_CONNECTIONS = 8


def channels(settings: AppSettings) -> dict[str, Channel]:
    """Return the channels that are on, by name.

    Raises ConfigurationError for an unknown name, or for a secret that a channel lacks.
    """
    names = [name.strip() for name in settings.channels.split(",") if name.strip()]
    unknown = sorted(set(names) - set(CHANNELS))
    if unknown or not names:
        known = ", ".join(CHANNELS)
        raise ConfigurationError(f"KANAL_CHANNELS has {unknown or 'nothing'}; known are: {known}")
    return {name: CHANNELS[name]() for name in names}


def secrets(channels: Mapping[str, Channel]) -> list[str]:
    """Return everything that no log may ever hold."""
    servers = logs.passwords(CoreSettings().database_url, AppSettings().redis_url)
    return [*(secret for channel in channels.values() for secret in channel.secrets), *servers]


def settle() -> None:
    """Take all that is loaded out of the garbage collector's view: it lives as long as the process.

    Looking through it again and again stopped everything for some 130 ms at a time.
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    gc.collect()
    gc.freeze()


def require_settings() -> None:
    """Raise ConfigurationError, in one line, for what a server process could not start without."""
    settings = AppSettings()
    channels(settings)
    create_celery(settings)
    connect(CoreSettings().database_url).dispose()


def shift(celery: Celery) -> Shift:
    """Return the work of this worker process."""
    settings, core = AppSettings(), CoreSettings()
    on = channels(settings)
    logs.configure(settings.log_level, secrets(on))
    make = sessions(connect(core.database_url, SHIFT_CONNECTIONS, ping=False))
    return Shift(on, make, Waker(celery), settings, core)
