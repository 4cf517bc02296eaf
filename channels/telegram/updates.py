"""How updates come to us: Telegram is told to post them, or is asked for them."""

import json
import logging

from channels.telegram.api import BotApi
from channels.telegram.inbound import CHANNEL, UPDATES, parse
from channels.telegram.outbound import failure
from channels.telegram.refusals import TelegramError
from channels.telegram.settings import TelegramSettings
from core.errors import ConfigurationError, PollRefused, SendCode
from core.message import Inbound, unreadable
from core.text import redact

log = logging.getLogger(__name__)

_MOST = 100  # Telegram gives no more at once


def poll(api: BotApi, cursor: str, wait: int) -> tuple[list[Inbound], str]:
    """Return the updates from the id `cursor` on ("" = the oldest kept) and the next cursor.

    Asking with the next cursor tells Telegram that these were received. Raises PollRefused.
    """
    fields: dict[str, str | int] = {
        "timeout": wait,
        "limit": _MOST,
        "allowed_updates": json.dumps(UPDATES),
    }
    if cursor:
        fields["offset"] = cursor
    try:
        updates = api.ask("getUpdates", fields, wait=wait)
    except TelegramError as error:
        raise PollRefused(failure(error).code) from None
    if not isinstance(updates, list) or not all(isinstance(it, dict) for it in updates):
        raise PollRefused(SendCode.UNCERTAIN)
    raws = (json.dumps(update, separators=(",", ":")).encode() for update in updates)
    ids = [it["update_id"] for it in updates if type(it.get("update_id")) is int]
    after = str(max(ids) + 1) if ids else cursor
    return [inbound for raw in raws for inbound in _read(raw)], after


def set_webhook(api: BotApi, settings: TelegramSettings, url: str) -> None:
    """Let Telegram post updates to `url` with the first secret; "" ends it, for polling.

    Raises ConfigurationError if there is no secret or Telegram refuses, with its words.
    """
    secrets = settings.webhook_secrets
    if url and not secrets:
        raise ConfigurationError("TELEGRAM_WEBHOOK_SECRETS is missing: choose a secret")
    registration = api.bot.set_webhook(
        url=url,
        secret_token=secrets[0].get_secret_value() if url else None,
        allowed_updates=UPDATES,
        max_connections=settings.max_connections,
    )
    try:
        api.call(registration)
    except TelegramError as error:
        words = redact(error.message, settings.all_secrets)
        raise ConfigurationError(f"Telegram refuses the webhook: {words}") from None


def _read(raw: bytes) -> list[Inbound]:
    """Return the update's event; one on which our own parser fails must not stop the others."""
    try:
        return parse(raw)
    except Exception:
        log.exception("an update is quarantined unread")
        return [unreadable(CHANNEL, raw)]
