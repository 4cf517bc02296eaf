"""The Bot API as plain blocking calls, safe from many threads at once.

python-telegram-bot knows the methods and the errors, but is async only. Nothing in it waits for
anything but its request object, and ours (`Wire`) blocks instead of waiting. So each of its
coroutines runs to its end in the calling thread: no event loop, no hop between threads, and a
fifth of the CPU time that its httpx client takes for a message.
"""

import json
import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import urllib3
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    HTTPError,
    NewConnectionError,
    ProxyError,
)

from channels.telegram.settings import TelegramSettings
from core.channel import Call
from core.connections import pool
from core.errors import SendCode
from core.text import outline

T = TypeVar("T")

_FORM = {"content-type": "application/x-www-form-urlencoded", "user-agent": "Kanal"}
_NOT_SENT = (ConnectTimeoutError, NewConnectionError, ProxyError, EmptyPoolError)
_ODD = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
_THROTTLED_DEFAULT = 5  # seconds
_THROTTLED_LONGEST = 3600
# What a refusal is called in the trace; `outbound` looks closer, at the words of a 400 too.
_CODES: dict[int, SendCode] = {
    HTTPStatus.BAD_REQUEST: SendCode.REJECTED,
    HTTPStatus.UNAUTHORIZED: SendCode.CREDENTIALS,
    HTTPStatus.FORBIDDEN: SendCode.BLOCKED,
    HTTPStatus.NOT_FOUND: SendCode.CREDENTIALS,
    HTTPStatus.CONFLICT: SendCode.CONFLICT,
}


class Unreachable(NetworkError):
    """No connection was made: the call surely did not arrive. The message is safe to show."""


class OddAnswer(NetworkError):
    """What came back is not the Bot API's, or nothing did. The message is safe to show."""


class Outage(OddAnswer):
    """The Bot API, or a server before it, fails: an answer with status 5xx."""


class Throttled(TelegramError):
    """The Bot API asks for `pause` before the next call."""

    def __init__(self, pause: timedelta) -> None:
        super().__init__("too many requests")
        self.pause = pause


class Wire(BaseRequest):
    """Carries the calls of python-telegram-bot over urllib3, without ever giving up control."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._connect_timeout = settings.connect_timeout
        self._read_timeout = settings.read_timeout
        self._pool = pool(settings.origin, settings.pool_size)
        self.observe: Callable[[Call], None] | None = None

    @property
    def read_timeout(self) -> float:
        """The seconds to wait for an answer's next bytes."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Do nothing: connections are opened by the calls."""

    async def shutdown(self) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._pool.clear()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = None,
        *_others: object,
        **_timeouts: object,
    ) -> tuple[int, bytes]:
        """Post the call; a query in `url` goes into the form like any other parameter."""
        url, _, query = url.partition("?")
        form = urlencode(request_data.json_parameters) if request_data else query
        wait = read_timeout if isinstance(read_timeout, int | float) else self.read_timeout
        status, payload = self.exchange(method, url, form.encode(), wait)
        if status >= HTTPStatus.BAD_REQUEST:
            _check_refusal(status, payload)
        return status, payload

    def exchange(self, method: str, url: str, form: bytes, wait: float) -> tuple[int, bytes]:
        """Return status and body; raises Unreachable or OddAnswer, in which no URL is named."""
        begun, name = monotonic(), f"{method} {url.rpartition('/')[2]}"
        timeout = urllib3.Timeout(connect=self._connect_timeout, read=wait)
        try:
            answer = self._pool.request(
                method,
                url,
                body=form,
                headers=_FORM,
                timeout=timeout,
                pool_timeout=self._connect_timeout,
            )
        except _NOT_SENT as error:
            self._tell(Call(name, 0, monotonic() - begun, SendCode.UNREACHABLE))
            raise Unreachable(type(error).__name__) from None
        except HTTPError as error:
            self._tell(Call(name, 0, monotonic() - begun, SendCode.UNCERTAIN))
            raise OddAnswer(type(error).__name__) from None
        status, body = answer.status, answer.data
        if self.observe:
            code = _code(status, body)
            self.observe(Call(name, status, monotonic() - begun, code, outline(body)))
        return status, body

    def _tell(self, call: Call) -> None:
        if self.observe:
            self.observe(call)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer's object; unlike the overridden method, never log what is odd."""
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            raise OddAnswer("not JSON") from None
        if not isinstance(answer, dict):
            raise OddAnswer("not a JSON object")
        return answer


class BotApi:
    """One bot's calls to the Bot API at `settings.origin`."""

    def __init__(self, settings: TelegramSettings) -> None:
        token = settings.token.get_secret_value()
        self._wire = Wire(settings)
        self._calls = f"{settings.origin}/bot{token}/"
        self.files = f"{settings.origin}/file/bot{token}/"  #: where files are; holds the token
        self.bot = Bot(
            token,
            base_url=f"{settings.origin}/bot",
            base_file_url=f"{settings.origin}/file/bot",
            request=self._wire,
            get_updates_request=self._wire,
        )

    def call(self, method: Coroutine[Any, Any, T]) -> T:
        """Run a method of `bot` to its end in this thread; raises TelegramError."""
        try:
            method.send(None)
        except StopIteration as end:
            return cast("T", end.value)
        except _ODD as error:
            raise OddAnswer(type(error).__name__) from None
        finally:
            method.close()
        raise RuntimeError("python-telegram-bot waits for something other than our wire")

    def ask(self, method: str, fields: Mapping[str, str | int], wait: float = 0) -> object:
        """Return the result of an API method as plain JSON; waits `wait` seconds longer for it."""
        url = f"{self._calls}{method}?{urlencode(fields)}"
        return self.call(self._wire.post(url, read_timeout=self._wire.read_timeout + wait))

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call from now on."""
        self._wire.observe = observe

    def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        self._wire.close()


def _check_refusal(status: int, payload: bytes) -> None:
    """Raise Outage, Throttled or OddAnswer unless the Bot API itself refuses, in its own words.

    A proxy in between answers in HTML with the same numbers; its 403 blocks nobody.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Outage(f"status {status}")
    try:
        refusal = Wire.parse_json_payload(payload)
    except OddAnswer as odd:
        raise OddAnswer(f"status {status}, {odd}") from None
    parameters = refusal.get("parameters") or {}
    if not isinstance(refusal.get("description"), str) or not isinstance(parameters, dict):
        raise OddAnswer(f"status {status}, not the Bot API's words")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        pause = parameters.get("retry_after")
        seconds = pause if type(pause) is int and pause > 0 else _THROTTLED_DEFAULT
        raise Throttled(timedelta(seconds=min(seconds, _THROTTLED_LONGEST)))


def _code(status: int, payload: bytes) -> str:
    """Return what a trace calls an answer, "" for one that is no refusal."""
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return ""
    try:
        _check_refusal(status, payload)
    except Throttled:
        return SendCode.THROTTLED
    except Outage:
        return SendCode.OUTAGE
    except OddAnswer:
        return SendCode.UNCERTAIN
    return _CODES.get(status, SendCode.UNCERTAIN)


def _hide_token(record: logging.LogRecord) -> bool:
    record.msg = re.sub(r"/bot[^/\s\"]+", "/bot***", record.getMessage())
    record.args = None
    return True


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


# urllib3 logs each URL, python-telegram-bot at level DEBUG each parameter, the text among them.
logging.getLogger("urllib3.connectionpool").addFilter(_hide_token)
logging.getLogger("telegram.Bot").addFilter(_is_warning)
