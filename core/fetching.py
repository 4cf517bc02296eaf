"""Fetches citizens' files from the platforms into the media folder."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from core import files, media
from core.channel import Channel, FetchesMedia
from core.db.session import Sessions, transaction
from core.errors import MediaAway, MediaRefused
from core.files import Fetched, Waiting
from core.settings import CoreSettings

log = logging.getLogger(__name__)

AT_ONCE = 8  # files claimed together
LEASE = timedelta(minutes=5)  # longer than the slowest download of one claim may take
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)


def fetch_due(make: Sessions, channels: Mapping[str, Channel], settings: CoreSettings) -> int:
    """Fetch the files that are due, one claim of them; return how many were claimed."""
    with transaction(make) as session:
        waiting = files.claim(session, channels, AT_ONCE, LEASE)
    fetched = [fetch_one(one, channels[one.channel], settings) for one in waiting]
    with transaction(make) as session:
        files.record(session, fetched)
    return len(waiting)


def fetch_one(waiting: Waiting, channel: Channel, settings: CoreSettings) -> Fetched:
    """Store one file; a refusal is final, what may pass is tried again after 5, 10 .. 900 s.

    A full disk is our fault, not the file's: it never ends the attempts.
    """
    now = datetime.now(UTC)
    if not isinstance(channel, FetchesMedia):
        return Fetched(waiting.id, "failed", now, "not_fetchable")
    try:
        chunks = channel.fetch(waiting.ref)
        stored = media.store(chunks, settings.media_dir, settings.media_max_bytes)
    except MediaRefused as refused:
        return Fetched(waiting.id, "refused", now, refused.code)
    except Exception as error:  # one file's failure must not lose what was fetched beside it
        if not isinstance(error, MediaAway | OSError):
            log.exception("fetch failed in our own code", extra={"channel": waiting.channel})
        if waiting.attempts >= settings.media_attempts and not isinstance(error, OSError):
            return Fetched(waiting.id, "failed", now, type(error).__name__)
        due_at = now + min(FIRST_WAIT * 2 ** min(waiting.attempts - 1, 10), LONGEST_WAIT)
        return Fetched(waiting.id, "waiting", due_at, type(error).__name__)
    return Fetched(waiting.id, "stored", now, stored=stored)
