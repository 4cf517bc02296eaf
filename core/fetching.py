"""Fetches citizens' files from the platforms into the storage."""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from core import files, media
from core.channel import Channel, FetchesMedia
from core.db.session import Sessions, transaction
from core.dialing import Origin
from core.download import Bounds, download
from core.errors import MediaAway, MediaRefused
from core.files import Fetched, Waiting
from core.settings import CoreSettings
from core.storage import Storage

log = logging.getLogger(__name__)

AT_ONCE = 8  # files claimed and downloaded together
SLACK = timedelta(minutes=6)  # for locating, copying and saving what is claimed together
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files go and how large and slow they may be; `folder` is for their making."""

    storage: Storage
    folder: Path
    bounds: Bounds
    max_pixels: int
    attempts: int

    @classmethod
    def of(cls, storage: Storage, settings: CoreSettings) -> "Shelf":
        """Return what the settings say."""
        trusted = frozenset(
            Origin(url.scheme, (url.host or "").strip("[]"), url.port or 0)
            for url in settings.media_origins
        )
        seconds = settings.media_seconds.total_seconds()
        return cls(
            storage,
            settings.media_dir,
            Bounds(settings.media_max_bytes, seconds, trusted),
            settings.media_max_pixels,
            settings.media_attempts,
        )


def fetch_due(make: Sessions, channels: Mapping[str, Channel], shelf: Shelf) -> int:
    """Fetch the files that are due, one claim of them at once; return how many were claimed."""
    media.clear_leftovers(shelf.folder)
    lease = timedelta(seconds=shelf.bounds.seconds) + SLACK
    with transaction(make) as session:
        waiting = files.claim(session, channels, AT_ONCE, lease)
    fetch = partial(_fetch, channels=channels, shelf=shelf)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as threads:
        fetched = list(threads.map(fetch, waiting))
    with transaction(make) as session:
        files.record(session, fetched)
    return len(waiting)


def _fetch(waiting: Waiting, channels: Mapping[str, Channel], shelf: Shelf) -> Fetched:
    return fetch_one(waiting, channels[waiting.channel], shelf)


def fetch_one(waiting: Waiting, channel: Channel, shelf: Shelf) -> Fetched:
    """Store one file; a refusal is final, what may pass is tried again after 5, 10 .. 900 s.

    A full disk or a storage that is away is our fault, not the file's: it never ends the attempts.
    """
    now = datetime.now(UTC)
    if not isinstance(channel, FetchesMedia):
        return Fetched(waiting.id, "failed", now, "not_fetchable")
    try:
        chunks = download(channel.locate(waiting.ref), shelf.bounds)
        bounds = (shelf.bounds.max_bytes, shelf.max_pixels)
        stored = media.store(chunks, shelf.storage, shelf.folder, *bounds)
    except MediaRefused as refused:
        return Fetched(waiting.id, "refused", now, refused.code)
    except MediaAway as away:
        return _again(waiting, away, shelf.attempts)
    except OSError as error:
        log.error("a file cannot be stored", extra={"error": type(error).__name__})
        return _again(waiting, error, None)
    except Exception as error:  # one file's failure must not lose what was fetched beside it
        log.exception("fetch failed in our own code", extra={"channel": waiting.channel})
        return _again(waiting, error, shelf.attempts)
    return Fetched(waiting.id, "stored", now, stored.code, stored)


def _again(waiting: Waiting, error: Exception, attempts: int | None) -> Fetched:
    """Return that the file waits for its next attempt, or that `attempts` are used up."""
    now, code = datetime.now(UTC), type(error).__name__
    if attempts is not None and waiting.attempts >= attempts:
        return Fetched(waiting.id, "failed", now, code)
    due_at = now + min(FIRST_WAIT * 2 ** min(waiting.attempts - 1, 10), LONGEST_WAIT)
    return Fetched(waiting.id, "waiting", due_at, code)
