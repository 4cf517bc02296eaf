"""Fetches a file from where a channel located it, and from nowhere inside our own network.

What a channel located may be a URL that a stranger wrote, and a redirect may lead anywhere. So
each address is checked before it is dialled (`core.dialing`), secrets go to the first origin only,
and neither size nor time is unlimited. No URL stands in a log or an error: it may hold a token.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from core.channel import Download
from core.dialing import Clock, Origin, dial
from core.errors import MediaAway, MediaRefused

REDIRECTS = 3
_CHUNK = 64 * 1024
_MOVED = frozenset({301, 302, 303, 307, 308})
# All else may pass: 5xx and 429 are outages, 202 says that the file is still being made, and a
# link that ran out (401, 403) is made anew by the next attempt.
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_UNSAFE = re.compile(r"[^!-~]+")  # what no request line can carry


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may come, in how many seconds in all, and which origins may be private."""

    max_bytes: int
    seconds: float
    trusted: frozenset[Origin] = frozenset()


def download(where: Download, bounds: Bounds) -> Iterator[bytes]:
    """Yield the bytes of the file, in chunks.

    Raises MediaRefused `too_large`, `gone`, or `address_refused` for what leads into a private
    network, to another scheme, or from https to http; MediaAway when a later attempt may succeed.
    """
    clock, headers, url = Clock(bounds.seconds), where.headers, _split(where.url)
    try:
        for _ in range(REDIRECTS + 1):
            with _answer(url, headers, clock, bounds) as answer:
                if answer.status not in _MOVED:
                    yield from _body(answer, bounds.max_bytes)
                    return
                following = _following(url, answer)
            if Origin.of(following) != Origin.of(url):
                headers = {}
            url = following
    except (OSError, HTTPException) as error:
        raise MediaAway(type(error).__name__) from None
    raise MediaAway("too many redirects")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise MediaRefused("address_refused") from None


@contextmanager
def _answer(
    url: SplitResult, headers: Mapping[str, str], clock: Clock, bounds: Bounds
) -> Iterator[HTTPResponse]:
    """Ask for `url`; no cookie, no login of ours, and no compression that could grow goes along."""
    origin = Origin.of(url)
    connection, line = dial(origin, clock, origin in bounds.trusted)
    try:
        target = _UNSAFE.sub(lambda found: quote(found[0]), url.path or "/")
        query = _UNSAFE.sub(lambda found: quote(found[0]), url.query)
        target = f"{target}?{query}" if query else target
        connection.request("GET", target, headers={"User-Agent": "Kanal", **headers})
        yield connection.getresponse()
    finally:
        line.hang_up()


def _following(url: SplitResult, answer: HTTPResponse) -> SplitResult:
    location = answer.getheader("location")
    if not location:
        raise MediaAway("redirect to nowhere")
    try:
        following = urlsplit(urljoin(url.geturl(), location))
    except ValueError:
        raise MediaRefused("address_refused") from None
    if url.scheme == "https" and following.scheme != "https":
        raise MediaRefused("address_refused")
    return following


def _body(answer: HTTPResponse, max_bytes: int) -> Iterator[bytes]:
    if answer.status in _GONE:
        raise MediaRefused("gone")
    if answer.status != HTTPStatus.OK:
        raise MediaAway(f"status {answer.status}")
    if (answer.length or 0) > max_bytes:
        raise MediaRefused("too_large")
    size = 0
    while chunk := answer.read1(_CHUNK):  # what came, without waiting for a chunk to fill
        size += len(chunk)
        if size > max_bytes:
            raise MediaRefused("too_large")
        yield chunk
    if answer.length:
        raise MediaAway("cut short")
