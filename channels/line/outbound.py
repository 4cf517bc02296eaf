"""One part of a reply becomes up to five messages in LINE; what goes wrong becomes a value.

A reply token costs nothing and a push counts in the monthly quota, so the token is used while it
lives. A push can be repeated without harm, because it carries a key; a reply only with the same
token, which works once. `way` decides from that.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

import regex

from channels.line.api import Answer, LineApi, LineError, OddAnswer, Refused, read
from core.errors import SendCode, SendError, Sent
from core.message import UNRECORDED, Choice, Outbound
from core.text import clean, utf16_units

LABEL = 20
_DISPLAY = 300  # characters that pressing a button shows as the citizen's own words
_REPLY_UNKNOWN = "reply"  # a memo: an earlier reply may have arrived
_PUSHED = "push"  # a memo: an earlier push may have arrived, so that no reply may follow
_PERHAPS_REPLIED = frozenset({_REPLY_UNKNOWN, UNRECORDED})
_SOON = timedelta(seconds=2)
_AT_MOST = timedelta(days=1)
_PERMANENT = frozenset({SendCode.REJECTED, SendCode.NO_CHAT})
# Where the month of the quota begins is not said anywhere; the company's own time zone is assumed.
_QUOTA_ZONE = ZoneInfo("Asia/Tokyo")
_CLUSTER = regex.compile(r"\X")
# LINE's words may quote a text or an address; only these are passed on.
_SAFE_WORDS = re.compile(
    r"invalid reply token|failed to send messages|monthly limit|rate limit|retry key"
    r"|the request body has \d+ error|request body could not be parsed|authentication failed"
    r"|not authorized|not available for your account|not found|internal server error",
    re.IGNORECASE,
)
_SAFE_PROPERTY = re.compile(r"[A-Za-z]+(?:\[\d+\])?(?:[./][A-Za-z]+(?:\[\d+\])?)*")


class Way(StrEnum):
    """How a part can go out."""

    REPLY = "reply"  #: by the token of the event that it answers
    PUSH = "push"  #: by the address, with the part's key
    LOST = "lost"  #: not at all: a reply may have arrived, and can no longer be repeated


def way(part: Outbound, now: datetime, lifetime: timedelta) -> Way:
    """Return how `part` goes out, where a reply token is used for `lifetime`.

    A later part of one text (`after`) finds the token used up by the first. A part whose sender
    died is pushed once its token is too old: it may then arrive twice, but it is never lost.
    """
    given = part.reply_token and part.token_at and not part.after
    usable = bool(given and part.token_at and now - part.token_at < lifetime)
    if part.memo == _REPLY_UNKNOWN:
        return Way.REPLY if usable else Way.LOST
    return Way.REPLY if usable and part.memo != _PUSHED else Way.PUSH


def send(api: LineApi, part: Outbound, lifetime: timedelta, now: datetime) -> Sent | SendError:
    """Send `part` as a reply or as a push."""
    match way(part, now, lifetime):
        case Way.REPLY:
            return _reply(api, part, now)
        case Way.PUSH:
            return _push(api, part, now)
        case Way.LOST:
            return SendError(SendCode.UNCERTAIN, retryable=False, detail="reply outcome unknown")


def _reply(api: LineApi, part: Outbound, now: datetime) -> Sent | SendError:
    """Reply; pushes once instead where the token is of no use."""
    body = {"replyToken": part.reply_token, "messages": messages(part.texts, part.choices)}
    try:
        return _sent(api.post("message/reply", body, {}))
    except LineError as error:
        if not _token_is_used_up(error):
            return failed_reply(error, part.memo, now)
    # No other part has this token: if an earlier try may have arrived, it did.
    return Sent("") if part.memo in _PERHAPS_REPLIED else _push(api, part, now)


def _push(api: LineApi, part: Outbound, now: datetime) -> Sent | SendError:
    body = {"to": part.address, "messages": messages(part.texts, part.choices)}
    try:
        return _sent(api.post("message/push", body, {"X-Line-Retry-Key": str(part.key)}))
    except LineError as error:
        return failure(error, now, _PUSHED)


def _token_is_used_up(error: LineError) -> bool:
    return isinstance(error, Refused) and "invalid reply token" in error.words.lower()


def _sent(answer: Answer) -> Sent:
    """Return LINE's id of the last message; an answer 409 is one to a push that was accepted."""
    listed = (read(answer.data) or {}).get("sentMessages")
    accepted_before = answer.status == HTTPStatus.CONFLICT
    if not isinstance(listed, list) and not accepted_before:
        raise OddAnswer("no sentMessages")
    last: Any = listed[-1] if isinstance(listed, list) and listed else None
    name = last.get("id") if isinstance(last, dict) else None
    return Sent(name if isinstance(name, str) else "")


def failed_reply(error: LineError, memo: str, now: datetime) -> SendError:
    """Return what a failed reply means; one that may have arrived is soon tried again.

    After a 5xx the same token is tried again too, or the part is pushed: LINE may have sent it,
    but then it is doubled, not lost.
    """
    result = failure(error, now, memo)
    if error.code is SendCode.UNCERTAIN:
        return replace(result, retry_after=_SOON, memo=_REPLY_UNKNOWN)
    return result


def failure(error: LineError, now: datetime, memo: str = "") -> SendError:
    """Return what `error` means; `memo` goes with it."""
    return SendError(
        code=error.code,
        retryable=error.code not in _PERMANENT,
        retry_after=_pause(error.code, now),
        detail=_detail(error),
        everyone=error.code is SendCode.THROTTLED,
        memo=memo,
    )


def _pause(code: SendCode, now: datetime) -> timedelta | None:
    """Return how long to wait; LINE itself never says."""
    if code is SendCode.THROTTLED:
        return _SOON
    return until_quota(now) if code is SendCode.QUOTA else None


def until_quota(now: datetime) -> timedelta:
    """Return how long to wait for the next month's quota, but for a day at most.

    LINE says "monthly limit" too while a broadcast of the same account has reserved what is left,
    and an operator can buy more: https://developers.line.biz/en/faq/tags/line-official-account/
    """
    first = now.astimezone(_QUOTA_ZONE).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return min(following - now, _AT_MOST)


def _detail(error: LineError) -> str:
    name = f"{type(error).__name__}: {error}"
    if not isinstance(error, Refused):
        return name
    found = [match[0].lower() for match in _SAFE_WORDS.finditer(error.words)]
    details = error.body.get("details")
    for detail in details if isinstance(details, list) else ():
        where = detail.get("property") if isinstance(detail, dict) else None
        if isinstance(where, str) and _SAFE_PROPERTY.fullmatch(where):
            found.append(where)
    return ", ".join([name, *found])


def messages(texts: Sequence[str], choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Return the message objects of a part; its choices are quick replies below the last."""
    made: list[dict[str, Any]] = [{"type": "text", "text": clean(text)} for text in texts]
    if choices:
        made[-1]["quickReply"] = {"items": [_button(choice) for choice in choices]}
    return made


def _button(choice: Choice) -> dict[str, Any]:
    label = clean(choice.label)
    action = {
        "type": "postback",
        "label": shortened(label, LABEL),
        "data": choice.value,
        "displayText": shortened(label, _DISPLAY),
    }
    return {"type": "action", "action": action}


def shortened(text: str, limit: int) -> str:
    """Return `text` cut between two grapheme clusters to `limit` UTF-16 units.

    LINE counts clusters; no other reading of "characters" finds the result too long either.
    """
    if utf16_units(text) <= limit:
        return text
    end, room = 0, limit
    for cluster in _CLUSTER.findall(text):
        room -= utf16_units(cluster)
        if room < 0:
            break
        end += len(cluster)
    return text[: end or limit // 2].rstrip()
