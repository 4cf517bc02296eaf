"""What the Bot API's refusals mean, as errors of our own.

python-telegram-bot has the same by the same names; but to import one of its modules is to load
all of it, which the web process does without.
"""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from core.errors import SendCode

_THROTTLED_DEFAULT = 5  # seconds
_THROTTLED_LONGEST = 3600
# What the Bot API puts before its words where the status says the same.
_BAD_REQUEST = "Bad Request: "


class TelegramError(Exception):
    """A call that did not end well; `message` may quote what we sent."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Unreachable(TelegramError):
    """No connection was made: the call surely did not arrive. The message is safe to show."""


class OddAnswer(TelegramError):
    """What came back is not the Bot API's, or nothing did. The message is safe to show."""


class Outage(OddAnswer):
    """The Bot API, or a server before it, fails: an answer with status 5xx."""


class Throttled(TelegramError):
    """The Bot API asks for `pause` before the next call."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__("too many requests")
        self.pause = pause


class ChatMigrated(TelegramError):
    """The group has become a supergroup, with another id."""

    def __init__(self, new_chat_id: object) -> None:
        super().__init__("the group has another id now")
        self.new_chat_id = new_chat_id


class BadRequest(TelegramError):
    """The call cannot be carried out as it is."""


class Forbidden(TelegramError):
    """The bot may not write there."""


class InvalidToken(TelegramError):
    """The token is not that of a bot; a method that does not exist is refused in the same way."""


class Conflict(TelegramError):
    """Somebody else polls, or a webhook is registered."""


class NetworkError(TelegramError):
    """Anything else: the call may have arrived."""


_KINDS: dict[int, tuple[type[TelegramError], SendCode]] = {
    HTTPStatus.BAD_REQUEST: (BadRequest, SendCode.REJECTED),
    HTTPStatus.UNAUTHORIZED: (InvalidToken, SendCode.CREDENTIALS),
    HTTPStatus.FORBIDDEN: (Forbidden, SendCode.BLOCKED),
    HTTPStatus.NOT_FOUND: (InvalidToken, SendCode.CREDENTIALS),
    HTTPStatus.CONFLICT: (Conflict, SendCode.CONFLICT),
}
_OTHER = (NetworkError, SendCode.UNCERTAIN)


def parse(payload: bytes) -> dict[str, Any]:
    """Return the answer's object; raises OddAnswer where it is none."""
    try:
        answer = json.loads(payload)
    except (ValueError, RecursionError):
        raise OddAnswer("not JSON") from None
    if not isinstance(answer, dict):
        raise OddAnswer("not a JSON object")
    return answer


def read(status: int, payload: bytes) -> TelegramError:
    """Return what an answer means whose status is no success.

    A proxy in between answers in HTML with the same numbers; its 403 blocks nobody.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outage(f"status {status}")
    try:
        refusal = parse(payload)
    except OddAnswer as odd:
        return OddAnswer(f"status {status}, {odd}")
    words, parameters = refusal.get("description"), refusal.get("parameters") or {}
    if not isinstance(words, str) or not isinstance(parameters, dict):
        return OddAnswer(f"status {status}, not the Bot API's words")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_pause(parameters.get("retry_after")))
    if moved := parameters.get("migrate_to_chat_id"):
        return ChatMigrated(moved)
    kind, _ = _OTHER if parameters.get("retry_after") else _KINDS.get(status, _OTHER)
    return kind(words.removeprefix(_BAD_REQUEST) or f"status {status}")


def _pause(asked: object) -> timedelta:
    seconds = asked if type(asked) is int and asked > 0 else _THROTTLED_DEFAULT
    return timedelta(seconds=min(seconds, _THROTTLED_LONGEST))


def code(status: int, payload: bytes) -> str:
    """Return what a trace calls an answer, "" for one that is no refusal.

    `outbound` looks closer, at the words of a 400 too.
    """
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    match read(status, payload):
        case Throttled():
            return SendCode.THROTTLED
        case Outage():
            return SendCode.OUTAGE
        case OddAnswer():
            return SendCode.UNCERTAIN
        case _:
            return _KINDS.get(status, _OTHER)[1]
