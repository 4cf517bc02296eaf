"""What the Graph API's answers mean: the table of errors.

https://developers.facebook.com/docs/messenger-platform/error-codes
https://developers.facebook.com/docs/graph-api/guides/error-handling
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus

from core.errors import BrokenPayload, SendCode, SendError
from core.payload import Fields, decode, inner, words

#: The time in which the echo of a message whose answer was lost comes, and proves it delivered.
ECHO_TIME = timedelta(seconds=20)

_PAUSE = timedelta(seconds=60)
_LONGEST_PAUSE = timedelta(hours=1)
_SILLY = 10**6  # minutes that no one waits
_USAGE = "x-business-use-case-usage"
_PROOF = "appsecret_proof"
_ANY = None
_PERMISSIONS = range(200, 300)

# The first row that fits counts: code, subcode, meaning.
_ERRORS: tuple[tuple[int | None, int | None, SendCode], ...] = (
    (551, _ANY, SendCode.BLOCKED),
    (10, 2018108, SendCode.BLOCKED),
    (10, 2018278, SendCode.WINDOW_CLOSED),
    (10, 2018065, SendCode.WINDOW_CLOSED),
    (_ANY, 1545041, SendCode.WINDOW_CLOSED),
    (10, 1893063, SendCode.SUSPENDED),
    (368, _ANY, SendCode.SUSPENDED),
    (100, 2018001, SendCode.NO_CHAT),
    (4, _ANY, SendCode.THROTTLED),
    (17, _ANY, SendCode.THROTTLED),
    (32, _ANY, SendCode.THROTTLED),
    (613, _ANY, SendCode.THROTTLED),
    (80004, _ANY, SendCode.THROTTLED),
    (80006, _ANY, SendCode.THROTTLED),
    (1, _ANY, SendCode.OUTAGE),
    (2, _ANY, SendCode.OUTAGE),
    (1200, _ANY, SendCode.OUTAGE),
)
# The meaning of a code whatever its subcode, unless Meta says that the error will pass.
_GENERAL = {
    3: SendCode.CREDENTIALS,
    10: SendCode.CREDENTIALS,
    100: SendCode.REJECTED,
    102: SendCode.CREDENTIALS,
    190: SendCode.CREDENTIALS,
    **dict.fromkeys(_PERMISSIONS, SendCode.CREDENTIALS),
}
_PERMANENT = frozenset(
    {SendCode.BLOCKED, SendCode.NO_CHAT, SendCode.REJECTED, SendCode.WINDOW_CLOSED}
)


def read(status: int, headers: Mapping[str, str], body: bytes) -> Fields | SendError:
    """Return the fields of an answer that says yes, else what it means.

    What is not the Graph API's own answer, as a proxy's page, leaves open whether a message
    was sent; a status 5xx is an outage, 429 a refusal, whoever says it.
    """
    try:
        answer = decode(body)
    except BrokenPayload:
        answer = {}
    error = inner(answer, "error")
    code, subcode = _number(error, "code"), _number(error, "error_subcode")
    if code is not None:
        meaning = _meaning(code, subcode, error.get("is_transient") is True, status)
        if meaning is SendCode.REJECTED and _PROOF in words(error, "message"):
            meaning = SendCode.CREDENTIALS  # our app secret is wrong, not the message
        detail = f"Graph error {code}/{subcode or 0}, status {status}"
        return _error(meaning, detail, headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _error(SendCode.THROTTLED, f"status {status}", headers)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _error(SendCode.OUTAGE, f"status {status}", headers)
    if status != HTTPStatus.OK or not answer:
        return uncertain(f"status {status}, not the Graph API's words")
    return answer


def uncertain(detail: str) -> SendError:
    """Return that nobody knows whether it was sent; the echo may tell before the next attempt."""
    return SendError(SendCode.UNCERTAIN, retryable=True, retry_after=ECHO_TIME, detail=detail)


def _meaning(code: int, subcode: int | None, passing: bool, status: int) -> SendCode:
    for row_code, row_subcode, meaning in _ERRORS:
        if row_code in {_ANY, code} and row_subcode in {_ANY, subcode}:
            return meaning
    if passing:
        return SendCode.OUTAGE
    if code in _GENERAL:
        return _GENERAL[code]
    failing = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return SendCode.OUTAGE if failing else SendCode.REJECTED


def _error(code: SendCode, detail: str, headers: Mapping[str, str]) -> SendError:
    throttled = code is SendCode.THROTTLED
    return SendError(
        code=code,
        retryable=code not in _PERMANENT,
        retry_after=_pause(headers) if throttled else None,
        detail=detail,
        everyone=throttled,
    )


def _pause(headers: Mapping[str, str]) -> timedelta:
    """Return how long to rest: a header's seconds, or the minutes Meta estimates, or a minute.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting
    """
    seconds = headers.get("retry-after", "")
    if re.fullmatch("[0-9]{1,6}", seconds):
        return min(timedelta(seconds=max(int(seconds), 1)), _LONGEST_PAUSE)
    try:
        found = list(_minutes(json.loads(headers.get(_USAGE, ""))))
    except (ValueError, RecursionError):
        return _PAUSE
    return min(timedelta(minutes=max(found)), _LONGEST_PAUSE) if found else _PAUSE


def _minutes(usage: object) -> Iterator[int]:
    lists = usage.values() if isinstance(usage, dict) else ()
    for uses in lists:
        for use in uses if isinstance(uses, list) else ():
            minutes = _number(use, "estimated_time_to_regain_access")
            if minutes is not None and 0 < minutes < _SILLY:
                yield minutes


def _number(fields: object, word: str) -> int | None:
    value = fields.get(word) if isinstance(fields, dict) else None
    return value if type(value) is int else None
