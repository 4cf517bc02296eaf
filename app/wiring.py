"""The only place that names concrete channels, and that puts the parts together."""

import atexit
import gc
from collections.abc import Callable, Mapping

from app import logs
from app.settings import AppSettings
from app.storage import S3, S3Settings
from app.trace import TraceBuffer
from app.wake import create_celery
from channels.line import LineChannel
from channels.messenger import MessengerChannel
from channels.telegram import TelegramChannel
from channels.twitter import TwitterChannel
from core.channel import Channel
from core.db.session import Sessions, connect
from core.errors import ConfigurationError
from core.privacy.keys import KeyRing, secrets_of
from core.settings import CoreSettings, WordingSettings
from core.storage import Folder, Storage

CHANNELS: Mapping[str, Callable[[], Channel]] = {
    "telegram": TelegramChannel.create,
    "line": LineChannel.create,
    "twitter": TwitterChannel.create,
    "messenger": MessengerChannel.create,
}


def channels(settings: AppSettings) -> dict[str, Channel]:
    """Return the channels that are on, by name.

    Raises ConfigurationError for an unknown name, or for a secret that a channel lacks.
    """
    names = settings.channel_names
    unknown = sorted(set(names) - set(CHANNELS))
    if unknown or not names:
        known = ", ".join(CHANNELS)
        raise ConfigurationError(f"KANAL_CHANNELS has {unknown or 'nothing'}; known are: {known}")
    return {name: CHANNELS[name]() for name in names}


def secrets(channels: Mapping[str, Channel]) -> list[str]:
    """Return everything that no log may ever hold."""
    core = CoreSettings()
    servers = logs.passwords(core.database_url, AppSettings().redis_url)
    of_channels = (secret for channel in channels.values() for secret in channel.secrets)
    return [*of_channels, *servers, *secrets_of(core), *S3Settings().secrets]


def storage(core: CoreSettings) -> Storage:
    """Return the bucket for files that the settings name, else the folder."""
    s3 = S3Settings()
    return S3(s3) if s3.bucket else Folder(core.media_dir)


def traced(channels: Mapping[str, Channel], make: Sessions) -> TraceBuffer:
    """Return the trace of this process, to which all calls of the channels go from now on.

    It writes its last lines when it is stopped, at the latest at the end of the interpreter.
    """
    trace = TraceBuffer(make, secrets(channels))
    for name, channel in channels.items():
        channel.watch(trace.observe(name, "out"))
    trace.start()
    atexit.register(trace.stop)
    return trace


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
    core = CoreSettings()
    connect(core.database_url, ring=KeyRing.of(core)).dispose()
    S3Settings()
    WordingSettings()
