"""What X refuses, and in which words; how long it finds a post. Pure.

Weights: https://docs.x.com/fundamentals/counting-characters
"""

import hmac
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import regex

POST_LIMIT = 280  #: weighted
DM_LIMIT = 10_000  #: characters
_LINK_WEIGHT, _EMOJI_WEIGHT = 23, 2
_PROBLEMS = "https://api.twitter.com/2/problems/"

#: Ranges of code points that weigh 1; all others weigh 2.
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_LINK = regex.compile(
    r"(?<![\w@.-])(?:https?://)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+"
    r"(?:com|net|org|info|id|io|me|co|app|xyz|my|sg)(?![a-z0-9-]|\.[a-z0-9])(?:/[^\s]*)?",
    regex.IGNORECASE,
)
_EMOJI = regex.compile(
    r"\p{RI}\p{RI}|[0-9#*]\ufe0f?\u20e3"
    r"|\p{Extended_Pictographic}[\ufe0f\p{EMod}]?"
    r"(?:\u200d\p{Extended_Pictographic}[\ufe0f\p{EMod}]?)*"
    r"(?:[\U000e0020-\U000e007e]+\U000e007f)?"
)


@dataclass(eq=False)
class Refusal(Exception):
    """A call that is refused: HTTP status, the body that says why, further headers."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def refuse(status: int, title: str, detail: str, kind: str = "about:blank") -> Refusal:
    """A refusal as an RFC 9457 problem."""
    return Refusal(status, {"detail": detail, "type": kind, "title": title, "status": status})


def forbidden(detail: str) -> Refusal:
    """The common refusal of what a post or message wants."""
    return refuse(403, "Forbidden", detail)


def duplicate() -> Refusal:
    """The account has this post already."""
    return forbidden("You are not allowed to create a Tweet with duplicate content.")


def not_summoned() -> Refusal:
    """Nobody called the account into this conversation."""
    return forbidden(
        "Reply to this conversation is not allowed because you have not been mentioned or "
        "otherwise engaged by the author of the post you are replying to."
    )


def dm_closed() -> Refusal:
    """The citizen takes no direct messages from the account."""
    return forbidden("You do not have permission to DM one or more participants.")


def unauthorized() -> Refusal:
    """No token, or a wrong one."""
    return refuse(401, "Unauthorized", "Unauthorized")


def not_found(what: str) -> Refusal:
    """No such post, user or webhook."""
    detail = f"Could not find {what}."
    return refuse(404, "Not Found Error", detail, f"{_PROBLEMS}resource-not-found")


def invalid(message: str) -> Refusal:
    """A parameter that cannot be taken."""
    detail = "One or more parameters to your request was invalid."
    refusal = refuse(400, "Invalid Request", detail, f"{_PROBLEMS}invalid-request")
    refusal.body["errors"] = [{"message": message}]
    return refusal


def too_many(headers: Mapping[str, str]) -> Refusal:
    """Too fast; the headers say until when."""
    refusal = refuse(429, "Too Many Requests", "Too Many Requests")
    refusal.headers |= headers
    return refusal


def broken() -> Refusal:
    """X itself fails."""
    return refuse(500, "Internal Server Error", "Internal Server Error")


def read_body(body: bytes) -> dict[str, Any]:
    """The object of a call."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise invalid("The request body is not JSON.") from error
    if not isinstance(found, dict):
        raise invalid("The request body is no object.")
    return found


def text_of(body: Mapping[str, Any]) -> str:
    """The text of a post or message; raises Refusal if there is none."""
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise invalid("The text field is required.")
    return text


def authorise(authorization: str, known: str) -> None:
    """Take every bearer token, and of OAuth 1.0a the token `known`, or each if that is empty."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer" and rest.strip():
        return
    pairs = (pair.strip().partition("=") for pair in rest.split(","))
    found = next((value.strip('"') for name, _, value in pairs if name == "oauth_token"), "")
    right = not known or hmac.compare_digest(found.encode(), known.encode())
    if scheme.lower() != "oauth" or not found or not right:
        raise unauthorized()


def weighted(text: str) -> int:
    """How long X finds a text: a link 23, an emoji 2, another character 1 or 2."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    without_links, links = _LINK.subn("", text)
    without_emoji, emoji = _EMOJI.subn("", without_links)
    rest = sum(1 if _is_light(ord(sign)) else 2 for sign in without_emoji)
    return links * _LINK_WEIGHT + emoji * _EMOJI_WEIGHT + rest


def _is_light(code: int) -> bool:
    return any(first <= code <= last for first, last in _LIGHT)
