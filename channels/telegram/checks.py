"""What Telegram says about our token and our webhook, for the operator."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from channels.telegram.api import BotApi
from channels.telegram.outbound import failure
from channels.telegram.refusals import TelegramError
from channels.telegram.settings import TelegramSettings
from core.channel import Finding
from core.text import clean, redact

_TIME_LIMIT = 2**32  # the year 2106


def check(api: BotApi, settings: TelegramSettings, webhook_url: str) -> Sequence[Finding]:
    """Return what getMe and getWebhookInfo say; a wrong token ends it at once."""
    try:
        me = _object(api.ask("getMe", {}))
        webhook = _object(api.ask("getWebhookInfo", {}))
    except TelegramError as error:
        refused = failure(error)
        return [Finding(False, f"Telegram does not take our calls: {refused.code}.")]
    token = Finding(True, f"The token is that of @{clean(str(me.get('username', '?')))}.")
    registered = _registered(settings, str(webhook.get("url") or ""), webhook_url)
    return [token, registered, *_delivery(settings, webhook)]


def _registered(settings: TelegramSettings, registered: str, ours: str) -> Finding:
    if settings.polling:
        if registered:
            return Finding(
                False, "A webhook is registered, so polling fails: `kanal set-webhook --off`."
            )
        return Finding(True, "Updates are polled, and no webhook stands against it.")
    if not registered:
        return Finding(False, "No webhook is registered: `kanal set-webhook`.")
    if registered != ours:
        return Finding(False, "The webhook points to another address: `kanal set-webhook`.")
    return Finding(True, "The webhook points here.")


def _delivery(settings: TelegramSettings, webhook: Mapping[str, Any]) -> list[Finding]:
    """Return how delivery goes. Telegram resends, so what failed once and waits no more arrived."""
    pending, words = webhook.get("pending_update_count"), webhook.get("last_error_message")
    if type(pending) is not int:
        return [Finding(False, "Telegram does not say how many updates wait.")]
    waiting = f"{pending} updates wait at Telegram"
    if not isinstance(words, str) or not words:
        return [Finding(True, f"{waiting}.")]
    said = redact(clean(words), settings.all_secrets)
    at = _moment(webhook.get("last_error_date"))
    return [Finding(pending == 0, f"{waiting}; the latest failed delivery was {at}: {said}.")]


def _moment(seconds: object) -> str:
    if type(seconds) is not int or not 0 < seconds < _TIME_LIMIT:
        return "at an unknown time"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _object(answer: object) -> Mapping[str, Any]:
    return answer if isinstance(answer, dict) else {}
