"""Connections for downloads: to exactly the address that was checked, and within a total time."""

import io
import socket
import ssl
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPSConnection
from time import monotonic
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from core.addresses import Place, require_public, resolve
from core.errors import ConfigurationError, MediaAway, MediaRefused

CONNECT = 10.0  # seconds for one connection, or for one handshake
SILENCE = 15.0  # seconds without a byte
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a URL leads: `scheme` is http or https, `host` in lower case and without brackets."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: SplitResult) -> "Origin":
        """Return a URL's origin; raises MediaRefused `address_refused` where it has none of ours.

        A user name in it is nothing that a platform writes, and hides where it leads.
        """
        try:
            host, port = url.hostname, url.port
        except ValueError:
            raise MediaRefused("address_refused") from None
        if url.scheme not in _PORTS or not host or "@" in url.netloc or port == 0:
            raise MediaRefused("address_refused")
        return cls(url.scheme, host, port or _PORTS[url.scheme])


class Clock:
    """How much time one download has left in all."""

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def within(self, seconds: float) -> float:
        """Return `seconds`, or what is left if that is less; raises TimeoutError at the end."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return min(seconds, left)


class _Bytes(io.RawIOBase):
    """What comes over a socket, each read within the clock's time."""

    def __init__(self, line: socket.socket, clock: Clock) -> None:
        self._line, self._clock = line, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray") -> int:  # type: ignore[override]  # of typeshed's Buffer only these come
        self._line.settimeout(self._clock.within(SILENCE))
        return self._line.recv_into(buffer)


class Line:
    """A connected socket as `http.client` uses it; only its owner closes it."""

    def __init__(self, line: socket.socket, clock: Clock) -> None:
        self._line, self._clock = line, clock
        self.sendall = line.sendall

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what is received."""
        return io.BufferedReader(_Bytes(self._line, self._clock))

    def close(self) -> None:
        """Do nothing: `http.client` closes before it reads an answer's body."""

    def hang_up(self) -> None:
        """Close the socket."""
        self._line.close()


def dial(origin: Origin, clock: Clock, trusted: bool) -> tuple[HTTPConnection, Line]:
    """Connect to `origin`; unless it is `trusted`, refuse it if any of its addresses is private.

    Its name is looked up once, and what is dialled is what was checked. Where the environment
    names a proxy (https_proxy, http_proxy, no_proxy), the way out is the proxy's business, and
    it looks the name up again: our own check stays, but a name that only the proxy knows passes.
    Raises MediaRefused, MediaAway, OSError; the line is to be hung up in the end.
    """
    proxy = None if trusted else _proxy(origin)
    if proxy:
        _check_before_proxy(origin)
        connection, line = _through(proxy, origin, clock)
    else:
        connection, line = _straight(origin, clock, trusted)
    clocked = Line(line, clock)
    connection.sock = cast("socket.socket", clocked)  # it has what http.client asks for
    return connection, clocked


def _straight(origin: Origin, clock: Clock, trusted: bool) -> tuple[HTTPConnection, socket.socket]:
    places = resolve(origin.host, origin.port)
    if not trusted:
        require_public(places)
    line = _connect(places, clock)
    if origin.scheme == "http":
        return HTTPConnection(origin.host, origin.port), line
    try:
        line.settimeout(clock.within(CONNECT))
        secured = _tls().wrap_socket(line, server_hostname=origin.host)
    except BaseException:
        line.close()
        raise
    return HTTPSConnection(origin.host, origin.port, context=_tls()), secured


def _connect(places: list[Place], clock: Clock) -> socket.socket:
    """Return a connection to the first of `places` that takes one."""
    failure: OSError = OSError()
    for family, place in places:
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(clock.within(CONNECT))
            line.connect(place)
        except OSError as error:
            line.close()
            failure = error
        else:
            return line
    raise failure


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _proxy(origin: Origin) -> SplitResult | None:
    """Return the proxy that the environment names for this origin, None without one."""
    named = getproxies().get(origin.scheme)
    if not named or proxy_bypass(f"{origin.host}:{origin.port}"):
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if proxy.scheme != "http" or not proxy.hostname:
        raise ConfigurationError(f"{origin.scheme}_proxy names a kind of proxy not known")
    return proxy


def _check_before_proxy(origin: Origin) -> None:
    try:
        places = resolve(origin.host, origin.port)
    except MediaAway:
        return
    require_public(places)


def _through(
    proxy: SplitResult, origin: Origin, clock: Clock
) -> tuple[HTTPConnection, socket.socket]:
    """Connect by a tunnel through `proxy`."""
    host, port, wait = str(proxy.hostname), proxy.port or _PORTS["http"], clock.within(CONNECT)
    words = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}"
    basic = "Basic " + b64encode(words.encode()).decode()
    connection = (
        HTTPConnection(host, port, timeout=wait)
        if origin.scheme == "http"
        else HTTPSConnection(host, port, timeout=wait, context=_tls())
    )
    headers = {"Proxy-Authorization": basic} if proxy.username else {}
    connection.set_tunnel(origin.host, origin.port, headers)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection, connection.sock
