"""What X's answers mean: one table from status and X's own words to `SendError`."""

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from core.errors import SendCode, SendError
from core.payload import Fields, inners, words

TRIED = "tried"  #: the memo of a part that an earlier attempt may have brought to X

_MADE_AGAIN = frozenset({SendCode.UNCERTAIN, SendCode.OUTAGE})
_PERMANENT = frozenset({SendCode.BLOCKED, SendCode.NO_CHAT, SendCode.REJECTED})
_DUPLICATE = re.compile(r"duplicate content|status is a duplicate", re.IGNORECASE)
# Account or app as a whole, whatever the call was.
_SUSPENDED = re.compile(
    r"usage.?cap|\bcredits?\b|spend cap|account is suspended|temporarily locked", re.IGNORECASE
)
_MISCONFIGURED = re.compile(
    r"app permissions|oauth1-permissions|client-forbidden|client-not-enrolled"
    r"|unsupported-authentication|not permitted to use OAuth",
    re.IGNORECASE,
)
_NOT_SUMMONED = re.compile(r"mentioned or otherwise engaged", re.IGNORECASE)
_DM_CLOSED = re.compile(r"permission to DM|cannot send messages to this user", re.IGNORECASE)
_THROTTLED_DEFAULT = 60  # seconds
_THROTTLED_LONGEST = 24 * 3600
_DAILY = ("x-user-limit-24hour", "x-app-limit-24hour")


class Refusal(Exception):
    """X did not do what a call asked; `detail` is safe to show, `words` may hold anything."""

    def __init__(
        self, code: SendCode, detail: str, words: str = "", retry_after: timedelta | None = None
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.words = words
        self.retry_after = retry_after

    @property
    def is_duplicate(self) -> bool:
        """Whether X says that it has this very post already."""
        return bool(_DUPLICATE.search(self.words))

    def as_error(self, memo: str) -> SendError:
        """Return what the outbox is told; `memo` is that of the attempt before."""
        return SendError(
            code=self.code,
            retryable=self.code not in _PERMANENT,
            retry_after=self.retry_after,
            detail=self.detail,
            memo=TRIED if self.code in _MADE_AGAIN else memo,
        )


def refusal(
    status: int, headers: Mapping[str, str], answer: object, *, private: bool
) -> Refusal | None:
    """Return what an answer refuses, None for a 2xx; `answer` is its JSON, None if it has none.

    `private` tells that the call was for a direct message. A proxy in between answers with the
    same numbers, so a 4xx counts only in X's own words; but for 429, which never did anything.
    """
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal(SendCode.OUTAGE, f"status {status}")
    said = _words(answer)
    if status == HTTPStatus.TOO_MANY_REQUESTS and not _SUSPENDED.search(said):
        return Refusal(SendCode.THROTTLED, "status 429", said, _pause(headers))
    if not said or status < HTTPStatus.BAD_REQUEST:
        return Refusal(SendCode.UNCERTAIN, f"status {status}, not X's words")
    code, detail = _meaning(status, said, private)
    return Refusal(code, f"status {status}, {detail}" if detail else f"status {status}", said)


def _meaning(status: int, said: str, private: bool) -> tuple[SendCode, str]:
    if _SUSPENDED.search(said) or status == HTTPStatus.PAYMENT_REQUIRED:
        return SendCode.SUSPENDED, "no credits left, usage cap reached, or account locked"
    if _MISCONFIGURED.search(said):
        return SendCode.CREDENTIALS, "the app lacks a permission"
    for pattern, code, detail in _TELLING:
        if pattern.search(said):
            return code, detail
    if status == HTTPStatus.FORBIDDEN:
        return SendCode.BLOCKED if private else SendCode.REJECTED, ""
    return _BY_STATUS.get(status, SendCode.REJECTED), ""


_TELLING = (
    (_DUPLICATE, SendCode.REJECTED, "duplicate content"),
    (_NOT_SUMMONED, SendCode.REJECTED, "not mentioned by the post's author"),
    (_DM_CLOSED, SendCode.BLOCKED, "direct messages closed"),
)
_BY_STATUS: dict[int, SendCode] = {
    HTTPStatus.UNAUTHORIZED: SendCode.CREDENTIALS,
    HTTPStatus.NOT_FOUND: SendCode.NO_CHAT,
}


def _words(answer: object) -> str:
    """Return X's own words of a problem, "" where the answer is not one of X's problems."""
    if not isinstance(answer, dict):
        return ""
    fields: Fields = answer
    errors = " ".join(_of_error(it) for it in inners(fields, "errors"))
    own = bool(words(fields, "title")) and bool(words(fields, "detail") or words(fields, "type"))
    if not own and not errors.strip():
        return ""
    named = (words(fields, it) for it in ("title", "detail", "type", "reason"))
    return " ".join(filter(None, (*named, errors)))


def _of_error(error: Fields) -> str:
    return " ".join(filter(None, (words(error, "message"), words(error, "detail"))))


def _pause(headers: Mapping[str, Any]) -> timedelta:
    """Return how long X asks us to wait: until the daily limit ends, if that is the one reached."""
    for limit in _DAILY:
        if str(headers.get(f"{limit}-remaining", "")).strip() == "0":
            return _until(headers.get(f"{limit}-reset"))
    return _until(headers.get("x-rate-limit-reset"))


def _until(reset: object) -> timedelta:
    digits = str(reset or "").strip()
    if not digits.isascii() or not digits.isdigit():
        return timedelta(seconds=_THROTTLED_DEFAULT)
    left = min(int(digits[:12]) - time.time(), _THROTTLED_LONGEST)
    return timedelta(seconds=max(left, 1))
