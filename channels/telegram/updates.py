"""How updates come to us: Telegram is told to post them, or is asked for them."""

import json
from collections.abc import Sequence

from telegram.error import TelegramError

from channels.telegram.api import BotApi
from channels.telegram.inbound import UPDATES, parse
from channels.telegram.outbound import failure
from channels.telegram.settings import TelegramSettings
from core.errors import ConfigurationError, PollRefused, SendCode
from core.message import Inbound
from core.text import redact

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
    inbounds = [inbound for raw in raws for inbound in parse(raw)]
    return inbounds, _next(inbounds, cursor)


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


def _next(inbounds: Sequence[Inbound], cursor: str) -> str:
    ids = [int(it.external_id) for it in inbounds if it.external_id.isdecimal()]
    return str(max(ids) + 1) if ids else cursor
