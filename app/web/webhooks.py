"""The way in: verify the raw bytes, parse, commit to the inbox, wake a worker, answer."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.trace import TraceBuffer, Visit
from app.wake import WORK, Waker
from app.web.letterbox import Letterbox
from core.channel import Channel
from core.errors import BrokenPayload, DatabaseAway
from core.message import Inbound, unreadable

log = logging.getLogger(__name__)

OK = 200
BROKEN = 400
FORGED = 403
NO_CHANNEL = 404
TOO_LARGE = 413
AWAY = 503
# Each answer is the same every time, so it is made once.
ANSWERS = {status: Response(status_code=status) for status in (OK, BROKEN, FORGED, TOO_LARGE)}
ANSWERS[AWAY] = Response(status_code=AWAY, headers={"Retry-After": "2"})
POSTED = "POST webhook"
NAMED = 5  # kinds of events that a line of the trace names


class Door:
    """An endpoint that answers by itself: Starlette wraps functions at a tenth of all the cost."""

    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive, send))
        await response(scope, receive, send)


class Webhooks:
    """The platforms' door; unknown shapes and repeated events are taken like any other."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        letterbox: Letterbox,
        waker: Waker,
        trace: TraceBuffer,
        max_bytes: int,
    ) -> None:
        self._channels, self._letterbox, self._waker = channels, letterbox, waker
        self._trace, self._max_bytes = trace, max_bytes

    def routes(self) -> list[Route]:
        """Return the routes of all channels."""
        path = "/webhooks/{channel}"
        return [
            Route(path, Door(self.receive), methods=["POST"]),
            Route(path, self.shake_hands, methods=["GET"]),
        ]

    async def receive(self, request: Request) -> Response:
        """Answer 200 once the events are durable; else a status that tells the platform why."""
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            return Response(status_code=NO_CHANNEL)
        begun = monotonic()
        visit = await self._take(channel, request)
        self._trace.webhook(channel.name, visit, monotonic() - begun)
        return ANSWERS[visit.status]

    async def _take(self, channel: Channel, request: Request) -> Visit:
        try:
            body = await read_body(request, self._max_bytes)
        except BodyRefused as refused:
            return Visit(POSTED, refused.status, refused.code)
        if not channel.verify(request.headers, body):
            return Visit(POSTED, FORGED, "forged", body)
        try:
            inbounds = read(channel, body)
            await self._letterbox.put(inbounds)
        except BrokenPayload:
            return Visit(POSTED, BROKEN, "broken", body)
        except DatabaseAway:
            log.warning("webhook refused: database away", extra={"channel": channel.name})
            return Visit(POSTED, AWAY, "database_away", body)
        self._waker.wake(WORK)
        return Visit(POSTED, OK, kinds(inbounds), body)

    async def shake_hands(self, request: Request) -> Response:
        """Answer a platform's set-up request."""
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            return Response(status_code=NO_CHANNEL)
        answer = channel.handshake(request.query_params)
        status, code = (OK, "handshake") if answer else (FORGED, "forged")
        self._trace.webhook(channel.name, Visit("GET webhook", status, code), 0)
        if answer is None:
            return Response(status_code=status)
        return Response(answer.body, media_type=answer.media_type)


def kinds(inbounds: Sequence[Inbound]) -> str:
    """Return the kinds of events, separated by commas, each once and NAMED at most."""
    if len(inbounds) == 1:
        return inbounds[0].kind
    return ",".join(list(dict.fromkeys(inbound.kind for inbound in inbounds))[:NAMED])


def read(channel: Channel, body: bytes) -> list[Inbound]:
    """Return the events in `body`; where our own parser fails, it is kept to be read later.

    An error here would make the platform send it again for hours, and hold up its conversation.
    Raises BrokenPayload.
    """
    try:
        return channel.parse(body)
    except BrokenPayload:
        raise
    except Exception:
        log.exception("a webhook is quarantined unread", extra={"channel": channel.name})
        return [unreadable(channel.name, body)]


class BodyRefused(Exception):
    """The body was not read to its end; `status` and `code` tell why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status, self.code = status, code


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body; raises BodyRefused once it is longer than `max_bytes`, or broken off."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > max_bytes:
                raise BodyRefused(TOO_LARGE, "too_large")
            chunks.append(chunk)
    except ClientDisconnect as gone:
        raise BodyRefused(BROKEN, "broken_off") from gone
    return b"".join(chunks)
