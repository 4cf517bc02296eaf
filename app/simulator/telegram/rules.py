"""What the Bot API refuses, and in which words.

The wordings follow Telegram's open-source Bot API server (github.com/tdlib/telegram-bot-api).
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from app.simulator.phone import Button

Params = dict[str, Any]

TEXT_LIMIT = 4096  #: UTF-16 units
CALLBACK_DATA_LIMIT = 64  #: bytes
CALLBACK_ANSWER_LIMIT = 200  #: UTF-16 units
SECRET_LIMIT = 256  #: characters
FILE_LIMIT = 20 * 2**20  #: bytes
WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
TOKEN = re.compile(r"[0-9]{1,19}:[A-Za-z0-9_-]{1,255}")

_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,19}\s*")
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(eq=False)
class Refusal(Exception):
    """A call that is refused: HTTP status, Telegram's description, its `parameters`."""

    code: int
    description: str
    parameters: dict[str, int] | None = None


def refuse(description: str) -> Refusal:
    """The common refusal, 400."""
    return Refusal(400, f"Bad Request: {description}")


def number(params: Params, name: str, default: int) -> int:
    """An integer parameter in any spelling; like Telegram, what is no number is the default."""
    value = params.get(name)
    if isinstance(value, bool) or value is None:
        return default
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return int(text) if _NUMBER.fullmatch(text) else default


def flag(params: Params, name: str) -> bool:
    """A truth value in any spelling."""
    return str(params.get(name, "")).strip().lower() in {"true", "yes", "1"}


def structure(params: Params, name: str) -> object:
    """A parameter that is JSON, as itself or as text; None where it is absent."""
    value = params.get(name)
    if not isinstance(value, str):
        return value
    try:
        parsed: object = json.loads(value) if value.strip() else None
    except ValueError as error:
        raise refuse(f"can't parse {name} JSON object") from error
    return parsed


def utf16_units(text: str) -> int:
    """Length as Telegram counts it; surrogates standing alone are refused."""
    try:
        return len(text.encode("utf-16-le")) // 2
    except UnicodeEncodeError as error:
        raise refuse("strings must be encoded in UTF-8") from error


def message_text(params: Params) -> str:
    """The text of a message as it will be shown: 1..4096 units after trimming."""
    if params.get("parse_mode"):
        raise refuse("unsupported parse_mode")
    value = params.get("text")
    text = _UNSEEN.sub(" ", "" if value is None else str(value)).strip()
    if not text:
        raise refuse("message text is empty")
    if utf16_units(text) > TEXT_LIMIT:
        raise refuse("message is too long")
    return text


def callback_answer(params: Params) -> str:
    """The note that answers the press of a button, at most 200 units."""
    text = str(params.get("text") or "")
    if utf16_units(text) > CALLBACK_ANSWER_LIMIT:
        raise refuse("MESSAGE_TOO_LONG")
    return text


def keyboard(params: Params) -> list[list[Button]]:
    """The inline keyboard of a message, empty if it has none; other keyboards are refused."""
    markup = structure(params, "reply_markup")
    if not markup:
        return []
    if not isinstance(markup, dict):
        raise refuse("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        raise refuse("the simulator shows inline keyboards only")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise refuse('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array')
    return [[_button(item) for item in row] for row in rows if row]


def _button(item: object) -> Button:
    if not isinstance(item, dict):
        raise refuse("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text, data, url = (item.get(name) for name in ("text", "callback_data", "url"))
    if not isinstance(text, str) or not text.strip():
        raise refuse("inline keyboard button text must be non-empty")
    if isinstance(url, str) and url:
        return Button(text, url=url)
    if data is None:
        raise refuse("Text buttons are unallowed in the inline keyboard")
    utf16_units(text + str(data))
    if not 1 <= len(str(data).encode()) <= CALLBACK_DATA_LIMIT:
        raise refuse("BUTTON_DATA_INVALID")
    return Button(text, str(data))


def webhook_secret(params: Params) -> str:
    """The secret the webhook is called with, empty for none."""
    secret = str(params.get("secret_token") or "")
    if len(secret) > SECRET_LIMIT:
        raise refuse("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise refuse("secret token contains unallowed characters")
    return secret


def webhook_url(url: str, hosts: frozenset[str]) -> SplitResult:
    """The webhook's address; http is taken, but only known hosts, so that nothing leaves."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise refuse("bad webhook: invalid URL") from error
    if parts.scheme not in {"http", "https"}:
        raise refuse("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.hostname or "").lower() not in hosts:
        raise refuse("bad webhook: the simulator delivers to SIMULATOR_HOSTS only")
    if parts.scheme == "https" and (port or 443) not in WEBHOOK_PORTS:
        raise refuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not url.isascii() or any(char.isspace() for char in url):
        raise refuse("bad webhook: invalid URL")
    return parts
