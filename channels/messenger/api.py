"""The Graph API as plain blocking calls, safe from many threads at once: our one HTTP edge."""

import logging
import ssl
import time
import weakref
from collections.abc import Callable, Mapping
from functools import cache

import httpx

from channels.messenger import refusals
from channels.messenger.settings import MessengerSettings
from core.channel import Call
from core.connections import on_loopback
from core.errors import ConfigurationError, SendCode, SendError
from core.payload import Fields, words
from core.text import outline

Json = Mapping[str, object]

# After any other failure the call may have arrived.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


class GraphApi:
    """One page's calls to the Graph API; repeats nothing and follows no redirect."""

    def __init__(self, settings: MessengerSettings) -> None:
        """Raise ConfigurationError if the environment names an unknown kind of proxy."""
        self._root = settings.root
        self._token = settings.page_token.get_secret_value()
        self._proof = settings.proof
        self._observe: Callable[[Call], None] = _ignore
        self._client = _client(settings)
        weakref.finalize(self, self._client.close)

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call from now on."""
        self._observe = observe

    def get(self, name: str, path: str, fields: str = "") -> Fields | SendError:
        """Return the object at `path`; `name` stands for it in the trace."""
        wanted = {"fields": fields} if fields else {}
        return self._call(name, self._request("GET", path, query=wanted | self._proven))

    def post(self, name: str, path: str, body: Json, want: str = "") -> Fields | SendError:
        """Return the answer to `body`; one in which `want` is no text is no proper answer."""
        return self._call(name, self._request("POST", path, body={**body, **self._proven}), want)

    def delete(self, name: str, path: str) -> Fields | SendError:
        """Remove what is at `path`."""
        return self._call(name, self._request("DELETE", path, query=self._proven))

    def as_app(
        self, app_id: str, app_secret: str, path: str, body: Json | None = None
    ) -> Fields | SendError:
        """Ask, or tell, the Graph API something that the app itself must, not the page."""
        verb = "GET" if body is None else "POST"
        request = self._request(verb, path, body=body, token=f"{app_id}|{app_secret}")
        return self._call("app/subscriptions", request)

    def close(self) -> None:
        """Close all connections for good."""
        self._client.close()

    @property
    def _proven(self) -> dict[str, str]:
        return {"appsecret_proof": self._proof}

    def _request(
        self,
        verb: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Json | None = None,
        token: str = "",
    ) -> httpx.Request:
        headers = {"authorization": f"Bearer {token or self._token}"}
        url = f"{self._root}/{path}"
        return self._client.build_request(verb, url, params=query, json=body, headers=headers)

    def _call(self, name: str, request: httpx.Request, want: str = "") -> Fields | SendError:
        started = time.monotonic()
        status, body = 0, b""
        result: Fields | SendError
        try:
            answer = self._client.send(request)
        except _NOT_SENT as error:
            kind = type(error).__name__
            result = SendError(SendCode.UNREACHABLE, retryable=True, detail=kind)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            result = refusals.uncertain(type(error).__name__)
        else:
            status, body = answer.status_code, answer.content
            result = refusals.read(status, answer.headers, body)
            if want and not isinstance(result, SendError) and not words(result, want):
                result = refusals.uncertain(f"status {status} without {want}")
        code = result.code if isinstance(result, SendError) else ""
        elapsed = time.monotonic() - started
        self._observe(Call(f"{request.method} {name}", status, elapsed, code, outline(body)))
        return result


@cache
def _tls() -> ssl.SSLContext:
    """Return what knows the world's certificates; loading them takes a while."""
    return httpx.create_ssl_context()


def _client(settings: MessengerSettings) -> httpx.Client:
    """Return a client that waits for a free connection.

    A proxy is taken from the environment (https_proxy, no_proxy) as everywhere, but for a
    stand-in on loopback, which no proxy could reach.
    """
    size, connect, read = settings.pool_size, settings.connect_timeout, settings.read_timeout
    try:
        return httpx.Client(
            limits=httpx.Limits(max_connections=size, max_keepalive_connections=size),
            timeout=httpx.Timeout(connect=connect, read=read, write=read, pool=connect),
            headers={"user-agent": "Kanal"},
            follow_redirects=False,
            trust_env=not on_loopback(settings.root),
            verify=_tls(),
        )
    except (ValueError, ImportError):
        raise ConfigurationError("https_proxy names a kind of proxy not known") from None


def _ignore(_: Call) -> None:
    """Nobody watches yet."""


def _hide_query(record: logging.LogRecord) -> bool:
    """Keep what follows the path of an address out of the log: it holds the proof."""
    record.args = tuple(
        str(arg).partition("?")[0] if isinstance(arg, httpx.URL) else arg
        for arg in record.args or ()
    )
    return True


def _is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


logging.getLogger("httpx").addFilter(_hide_query)
# At level DEBUG these log the headers of answers, which can hold anything.
for _part in ("connection", "http11", "proxy"):
    logging.getLogger(f"httpcore.{_part}").addFilter(_is_warning)
