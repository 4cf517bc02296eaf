"""What the Messaging API refuses, and in which words.

https://developers.line.biz/en/reference/messaging-api/ ; what a wording is a guess of is told in
the README.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import regex

from app.simulator.phone import Button

Json = dict[str, Any]

TEXT_LIMIT = 5000  #: UTF-16 units
MESSAGES_LIMIT = 5
QUICK_LIMIT = 13
DATA_LIMIT = 300  #: characters
LABEL_LIMIT = 20  #: grapheme clusters
DISPLAY_LIMIT = 300
URL_LIMIT = 500
_CLUSTER = regex.compile(r"\X")
_BEARER = re.compile(r"Bearer\s+(\S+)")


@dataclass(eq=False)
class Refusal(Exception):
    """A call that is refused: HTTP status, LINE's message, what more stands in body and headers."""

    status: int
    message: str
    more: Json = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> Json:
        """The answer's body."""
        return {"message": self.message} | self.more


@dataclass(frozen=True, slots=True)
class Words:
    """One text message that is to be shown, with its quick replies."""

    text: str
    quick: tuple[Button, ...] = ()


def wrong(message: str, where: str) -> Refusal:
    """The refusal of one property of a body."""
    details = [{"message": message, "property": where}]
    return Refusal(400, "The request body has 1 error(s)", {"details": details})


def unauthorized() -> Refusal:
    """The refusal of a token."""
    return Refusal(
        401,
        "Authentication failed. "
        "Confirm that the access token in the authorization header is valid.",
    )


def not_found() -> Refusal:
    """The refusal of what is not there."""
    return Refusal(404, "Not found")


def too_fast() -> Refusal:
    """The refusal of a call that comes too fast; LINE does not say when to come again."""
    return Refusal(429, "The API rate limit has been exceeded. Try again later.")


def used_up() -> Refusal:
    """The refusal of a push beyond the month's quota."""
    return Refusal(429, "You have reached your monthly limit.")


def token_of(authorization: str) -> str:
    """The access token in the header; raises Refusal where there is none."""
    found = _BEARER.fullmatch(authorization.strip())
    if not found:
        raise unauthorized()
    return found[1]


def read_body(body: bytes) -> Json:
    """The object in a request's body."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal(
            400, "The request body could not be parsed as JSON (line: 1, column: 1)"
        ) from error
    if not isinstance(found, dict):
        raise Refusal(400, "The request body could not be parsed as JSON (line: 1, column: 1)")
    return found


def retry_key(headers: Mapping[str, str]) -> str:
    """The key of a push, "" without one."""
    given = headers.get("x-line-retry-key", "")
    if not given:
        return ""
    try:
        return str(UUID(given))
    except ValueError as error:
        raise Refusal(400, "The retry key is invalid") from error


def texts(body: Json) -> list[Words]:
    """The messages of a call; the simulator shows texts with quick replies, nothing else."""
    given = body.get("messages")
    if not isinstance(given, list) or not given:
        raise wrong("May not be empty", "messages")
    if len(given) > MESSAGES_LIMIT:
        raise wrong(f"Size must be between 0 and {MESSAGES_LIMIT}", "messages")
    return [_words(item, f"messages[{index}]") for index, item in enumerate(given)]


def _words(item: object, where: str) -> Words:
    if not isinstance(item, dict) or item.get("type") != "text":
        raise wrong("Must be one of the following values: [text]", f"{where}.type")
    text = _string(item, "text", where)
    if utf16_units(text) > TEXT_LIMIT:
        raise wrong(f"Length must be between 0 and {TEXT_LIMIT}", f"{where}.text")
    quick = item.get("quickReply")
    return Words(text, tuple(_quick(quick, f"{where}.quickReply")) if quick is not None else ())


def _quick(quick: object, where: str) -> Sequence[Button]:
    items = quick.get("items") if isinstance(quick, dict) else None
    if not isinstance(items, list) or not items:
        raise wrong("May not be empty", f"{where}.items")
    if len(items) > QUICK_LIMIT:
        raise wrong(f"Size must be between 1 and {QUICK_LIMIT}", f"{where}.items")
    return [_button(item, f"{where}.items[{index}]") for index, item in enumerate(items)]


def _button(item: object, where: str) -> Button:
    action = item.get("action") if isinstance(item, dict) else None
    if not isinstance(action, dict) or action.get("type") != "postback":
        raise wrong("Must be one of the following values: [postback]", f"{where}.action.type")
    where += ".action"
    label, data = _string(action, "label", where), _string(action, "data", where)
    if len(_CLUSTER.findall(label)) > LABEL_LIMIT:
        raise wrong(f"must not be longer than {LABEL_LIMIT} characters", f"{where}.label")
    if len(data) > DATA_LIMIT:
        raise wrong(f"must not be longer than {DATA_LIMIT} characters", f"{where}.data")
    says = str(action.get("displayText") or "")
    if len(says) > DISPLAY_LIMIT:
        raise wrong(f"must not be longer than {DISPLAY_LIMIT} characters", f"{where}.displayText")
    return Button(label, data, says=says)


def _string(fields: Json, name: str, where: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise wrong("May not be empty", f"{where}.{name}")
    return value


def utf16_units(text: str) -> int:
    """The length as LINE counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
