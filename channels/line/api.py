"""The Messaging API as plain blocking calls, safe from many threads at once.

line-bot-sdk knows the paths, headers and answers; our `Wire` stands in for its connection pool:
it waits for a free connection, repeats nothing, follows no redirect, and tells what surely was not
sent from what may have been. The SDK takes seconds and 60 MB to load, so it is loaded at the
first call; the web process, which only verifies and parses, never does.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    EmptyPoolError,
    HTTPError,
    NewConnectionError,
    ProxyError,
)

from channels.line.settings import LineSettings
from core.channel import Call
from core.connections import pool
from core.errors import SendCode
from core.text import outline

if TYPE_CHECKING:
    from linebot.v3.messaging import ApiClient, MessagingApi, MessagingApiBlob

_NOT_SENT = (ConnectTimeoutError, NewConnectionError, ProxyError, EmptyPoolError)
_ODD = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
_ROOT = "/v2/bot/"
_OWN_ID = re.compile(r"(?<=message/)[^/]+(?=/content)")


class LineError(Exception):
    """A call that did not end well; the message is safe to show."""

    code = SendCode.UNCERTAIN


class Unreachable(LineError):
    """No connection was made: the call surely did not arrive."""

    code = SendCode.UNREACHABLE


class OddAnswer(LineError):
    """What came back is not the Messaging API's, or nothing did."""


class Outage(LineError):
    """LINE, or a server before it, fails: an answer with status 5xx."""

    code = SendCode.OUTAGE


class Refused(LineError):
    """LINE refuses the call: the `status` and its own `words`, which may quote what we sent."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.body = body
        self.words = str(body["message"])
        self.code = _code(status, self.words)


_CODES: dict[int, SendCode] = {
    HTTPStatus.BAD_REQUEST: SendCode.REJECTED,
    HTTPStatus.UNAUTHORIZED: SendCode.CREDENTIALS,
    HTTPStatus.FORBIDDEN: SendCode.REJECTED,
    HTTPStatus.NOT_FOUND: SendCode.REJECTED,
    HTTPStatus.GONE: SendCode.REJECTED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: SendCode.REJECTED,
    HTTPStatus.TOO_MANY_REQUESTS: SendCode.THROTTLED,
}
_NO_CHAT = "failed to send messages"
_QUOTA = "monthly limit"


def _code(status: int, words: str) -> SendCode:
    """Return what LINE means; a few refusals of one status are told apart by their words alone."""
    words = words.lower()
    if status == HTTPStatus.TOO_MANY_REQUESTS and _QUOTA in words:
        return SendCode.QUOTA
    if status == HTTPStatus.BAD_REQUEST and _NO_CHAT in words:
        return SendCode.NO_CHAT
    return _CODES.get(status, SendCode.UNCERTAIN)


@dataclass
class Answer:
    """A proper answer of LINE, with the names by which the SDK asks for its parts."""

    status: int
    data: Any  #: bytes; the SDK puts the text in their place where it reads them itself
    headers: Mapping[str, str] = field(default_factory=dict)

    def getheaders(self) -> Mapping[str, str]:
        """Return all headers."""
        return self.headers

    def getheader(self, name: str, default: str | None = None) -> str | None:
        """Return one header."""
        return self.headers.get(name, default)


class Wire:
    """Carries the SDK's calls, in place of its own `RESTClientObject`; raises LineError.

    `observe` is told of each call.
    """

    def __init__(self, settings: LineSettings) -> None:
        self.observe: Callable[[Call], None] = lambda _: None
        self._connect_timeout = settings.connect_timeout
        self._timeout = urllib3.Timeout(
            connect=settings.connect_timeout, read=settings.read_timeout
        )
        self._pool = pool(settings.origin, settings.pool_size)

    def get_request(self, url: str, headers: Mapping[str, str], **_: object) -> Answer:
        """Called by the SDK."""
        return self._exchange("GET", url, headers)

    def post_request(
        self, url: str, headers: Mapping[str, str], body: object = None, **_: object
    ) -> Answer:
        """Called by the SDK."""
        return self._exchange("POST", url, headers, body)

    def put_request(
        self, url: str, headers: Mapping[str, str], body: object = None, **_: object
    ) -> Answer:
        """Called by the SDK."""
        return self._exchange("PUT", url, headers, body)

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._pool.clear()

    def _exchange(
        self, verb: str, url: str, headers: Mapping[str, str], body: object = None
    ) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        started = time.monotonic()
        answer, problem = Answer(0, b""), None
        try:
            answer = self._carry(verb, url, headers, data)
            problem = _problem(answer)
        except LineError as error:
            problem = error
        self.observe(
            Call(
                method=f"{verb} {_label(url)}",
                status=answer.status,
                seconds=time.monotonic() - started,
                code=problem.code if problem else "",
                body=outline(answer.data),
            )
        )
        if problem:
            raise problem
        return answer

    def _carry(self, verb: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Answer:
        try:
            answer = self._pool.request(
                verb,
                url,
                body=data,
                headers={"Content-Type": "application/json", **headers},
                timeout=self._timeout,
                pool_timeout=self._connect_timeout,
            )
        except _NOT_SENT as error:
            raise Unreachable(type(error).__name__) from None
        except HTTPError as error:
            raise OddAnswer(type(error).__name__) from None
        return Answer(answer.status, answer.data, answer.headers)


class LineApi:
    """One channel's calls to the Messaging API."""

    def __init__(self, settings: LineSettings) -> None:
        self.wire = Wire(settings)
        self._settings = settings

    def post(self, path: str, body: object, headers: Mapping[str, str]) -> Answer:
        """Post `body` to an endpoint below /v2/bot/ and return LINE's answer; raises LineError.

        The SDK's models (`PushMessageRequest` ..) would take 0.8 ms of CPU time for a message, 28
        times as much as all the rest of a call, so messages go past them; a test holds our bodies
        against theirs.
        """
        answer = self.call(
            lambda: self._client.call_api(
                _ROOT + path,
                "POST",
                header_params=dict(headers),
                body=body,
                response_types_map={},
                auth_settings=["Bearer"],
                _preload_content=False,
            )
        )
        return Answer(answer.status_code, answer.raw_data)

    def call(self, method: Callable[[], Any]) -> Any:  # noqa: ANN401  # the SDK is not typed
        """Return what a method of the SDK gives; raises LineError."""
        try:
            return method()
        except _ODD as error:  # its models refuse an odd answer in many ways
            raise OddAnswer(type(error).__name__) from None

    def prepare(self) -> None:
        """Load the SDK, which takes seconds, before the first message waits for it."""
        _ = self._client

    @cached_property
    def account(self) -> "MessagingApi":
        """The SDK's methods about the account, with its models."""
        from linebot.v3.messaging import MessagingApi  # noqa: PLC0415  # heavy, see above

        return MessagingApi(self._client)

    @cached_property
    def files(self) -> "MessagingApiBlob":
        """The SDK's methods about files."""
        from linebot.v3.messaging import MessagingApiBlob  # noqa: PLC0415  # heavy, see above

        return MessagingApiBlob(self._connected(self._settings.files_origin))

    @cached_property
    def _client(self) -> "ApiClient":
        return self._connected(self._settings.origin)

    def _connected(self, origin: str) -> "ApiClient":
        from linebot.v3.messaging import ApiClient, Configuration  # noqa: PLC0415  # see above

        token = self._settings.channel_token.get_secret_value()
        client = ApiClient(Configuration(host=origin, access_token=token))
        client.rest_client = self.wire
        return client


def read(data: bytes) -> Mapping[str, Any] | None:
    """Return the JSON object in an answer, None where there is none."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _problem(answer: Answer) -> LineError | None:
    """Return what is wrong with an answer, None where it is a good one.

    409 is: it answers a push that LINE had already accepted. A proxy in between answers in HTML
    with the same numbers; its 403 rejects nobody.
    """
    status = answer.status
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outage(f"status {status}")
    body = read(answer.data)
    if body is None:
        return OddAnswer(f"status {status}, not a JSON object")
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if status < HTTPStatus.BAD_REQUEST or not isinstance(body.get("message"), str):
        return OddAnswer(f"status {status}, not LINE's words")
    return None if status == HTTPStatus.CONFLICT else Refused(status, body)


def _label(url: str) -> str:
    """Return what a trace calls an endpoint: its path without root and ids."""
    return _OWN_ID.sub("..", urlsplit(url).path.removeprefix(_ROOT))
