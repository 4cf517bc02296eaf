"""One batch of conversations, one transaction; a failing one is worked on alone."""

import logging
from collections.abc import Mapping

from sqlalchemy.orm import Session

from core import inbox, intake
from core.channel import Channel
from core.db.session import Sessions, transaction
from core.errors import DatabaseAway
from core.inbox import Letter
from core.intake import Advanced
from core.settings import CoreSettings
from core.understanding import Reads

log = logging.getLogger(__name__)


def advance_batch(
    make: Sessions,
    channels: Mapping[str, Channel],
    settings: CoreSettings,
    reads: Reads | None = None,
) -> Advanced | None:
    """Advance the oldest waiting conversations; return what there is to do for others now.

    None when nothing waits. Without a model that `reads`, all that is told in public is a report.
    When a batch fails, its conversations are taken one letter at a time and without the model,
    and the letter that fails alone is quarantined. Raises DatabaseAway.
    """
    try:
        with transaction(make) as session:
            conversations, messages = settings.claim_conversations, settings.claim_messages
            letters = inbox.claim(session, channels, conversations, messages)
            return _advance(session, letters, channels, settings, reads)
    except DatabaseAway:
        raise
    except Exception:
        log.exception("a batch failed; its letters are taken one by one")
        return _advance_singly(make, channels, settings)


def _advance(
    session: Session,
    letters: list[Letter],
    channels: Mapping[str, Channel],
    settings: CoreSettings,
    reads: Reads | None = None,
) -> Advanced | None:
    return intake.advance(session, letters, channels, settings, reads) if letters else None


def _advance_singly(
    make: Sessions, channels: Mapping[str, Channel], settings: CoreSettings
) -> Advanced | None:
    done = Advanced()
    for _ in range(settings.claim_conversations):
        advanced = _advance_one(make, channels, settings)
        if advanced is None:
            break
        done |= advanced
    return done


def _advance_one(
    make: Sessions, channels: Mapping[str, Channel], settings: CoreSettings
) -> Advanced | None:
    letters: list[Letter] = []
    try:
        with transaction(make) as session:
            letters = inbox.claim(session, channels, 1, 1)
            return _advance(session, letters, channels, settings)
    except DatabaseAway:
        raise
    except Exception as error:
        if not letters:
            raise
        log.exception("a letter failed alone; it is quarantined", extra={"id": letters[0].id})
        return _set_aside(make, letters[0], type(error).__name__, channels)


def _set_aside(
    make: Sessions, letter: Letter, error: str, channels: Mapping[str, Channel]
) -> Advanced:
    """Quarantine the letter, also where the conversation itself is what our code fails on."""
    try:
        with transaction(make) as session:
            return intake.set_aside(session, letter, error, channels)
    except DatabaseAway:
        raise
    except Exception:
        log.exception("the sender of a quarantined letter is not told", extra={"id": letter.id})
        with transaction(make) as session:
            inbox.quarantine(session, {letter.id: error})
        return Advanced()
