"""The Bot API as plain blocking calls, safe from many threads at once.

python-telegram-bot knows the methods and their parameters, but is async only. Nothing in it waits
for anything but its request object, and ours (`Wire`) blocks instead of waiting. So each of its
coroutines runs to its end in the calling thread: no event loop, no hop between threads, and a
fifth of the CPU time that its httpx client takes for a message. It takes 8 MB to load, so it is
loaded at the first call; the web process, which only verifies and parses, never does.
"""

import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    HTTPError,
    NewConnectionError,
    ProxyError,
)

from channels.telegram import refusals
from channels.telegram.refusals import NetworkError, OddAnswer, TelegramError, Unreachable
from channels.telegram.settings import TelegramSettings
from core.channel import Call
from core.connections import pool
from core.errors import SendCode
from core.text import outline

if TYPE_CHECKING:
    from telegram import Bot
    from telegram.request import BaseRequest, RequestData

T = TypeVar("T")

_FORM = {"content-type": "application/x-www-form-urlencoded", "user-agent": "Kanal"}
_NOT_SENT = (ConnectTimeoutError, NewConnectionError, ProxyError, EmptyPoolError)
_ODD = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


class Wire:
    """Carries the calls of python-telegram-bot over urllib3, without ever giving up control.

    It takes the place of the library's `BaseRequest`, of which a bot uses `post` alone.
    """

    def __init__(self, settings: TelegramSettings) -> None:
        self._connect_timeout = settings.connect_timeout
        self._read_timeout = settings.read_timeout
        self._pool = pool(settings.origin, settings.pool_size)
        self.observe: Callable[[Call], None] | None = None

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._pool.clear()

    async def post(
        self, url: str, request_data: "RequestData | None" = None, **_timeouts: object
    ) -> object:
        """Return the result of a call as `ask` does; the library's own timeouts are none."""
        return self.ask(url, request_data.json_parameters if request_data else {})

    def ask(self, url: str, fields: Mapping[str, str | int], wait: float = 0) -> object:
        """Return the result of the call at `url`; waits `wait` seconds longer for it.

        Raises TelegramError.
        """
        try:
            form = urlencode(fields).encode()
            status, payload = self.exchange("POST", url, form, self._read_timeout + wait)
        except TelegramError:
            raise
        except Exception as error:
            raise NetworkError("our own code failed") from error
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise refusals.read(status, payload)
        answer = refusals.parse(payload)
        if "result" not in answer:
            raise OddAnswer("no result")
        return answer["result"]

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
            code = refusals.code(status, body)
            self.observe(Call(name, status, monotonic() - begun, code, outline(body)))
        return status, body

    def _tell(self, call: Call) -> None:
        if self.observe:
            self.observe(call)


class BotApi:
    """One bot's calls to the Bot API at `settings.origin`."""

    def __init__(self, settings: TelegramSettings) -> None:
        token = settings.token.get_secret_value()
        self._settings = settings
        self._wire = Wire(settings)
        self._calls = f"{settings.origin}/bot{token}/"
        self.files = f"{settings.origin}/file/bot{token}/"  #: where files are; holds the token

    @cached_property
    def bot(self) -> "Bot":
        """The library's bot, for its methods."""
        from telegram import Bot  # noqa: PLC0415  # heavy, see above

        settings = self._settings
        request = cast("BaseRequest", self._wire)
        return Bot(
            settings.token.get_secret_value(),
            base_url=f"{settings.origin}/bot",
            base_file_url=f"{settings.origin}/file/bot",
            request=request,
            get_updates_request=request,
        )

    def prepare(self) -> None:
        """Load the library before the first message waits for it."""
        _ = self.bot

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
        return self._wire.ask(f"{self._calls}{method}", fields, wait)

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call from now on."""
        self._wire.observe = observe

    def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        self._wire.close()


def _hide_token(record: logging.LogRecord) -> bool:
    record.msg = re.sub(r"/bot[^/\s\"]+", "/bot***", record.getMessage())
    record.args = None
    return True


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


# urllib3 logs each URL, python-telegram-bot at level DEBUG each parameter, the text among them.
logging.getLogger("urllib3.connectionpool").addFilter(_hide_token)
logging.getLogger("telegram.Bot").addFilter(_is_warning)
