"""The way in: verify the raw bytes, parse, commit to the inbox, wake a worker, answer."""

import logging
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

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
RETRY_AFTER = {"Retry-After": "2"}


class Webhooks:
    """The platforms' door; unknown shapes and repeated events are taken like any other."""

    def __init__(
        self, channels: Mapping[str, Channel], letterbox: Letterbox, waker: Waker, max_bytes: int
    ) -> None:
        self._channels, self._letterbox, self._waker = channels, letterbox, waker
        self._max_bytes = max_bytes

    def routes(self) -> list[Route]:
        """Return the routes of all channels."""
        path = "/webhooks/{channel}"
        return [
            Route(path, self.receive, methods=["POST"]),
            Route(path, self.shake_hands, methods=["GET"]),
        ]

    async def receive(self, request: Request) -> Response:
        """Answer 200 once the events are durable; else a status that tells the platform why."""
        channel = self._channels.get(request.path_params["channel"])
        if channel is None:
            return Response(status_code=NO_CHANNEL)
        try:
            body = await read_body(request, self._max_bytes)
        except BodyRefused as refused:
            return Response(status_code=refused.status)
        if not channel.verify(request.headers, body):
            return Response(status_code=FORGED)
        try:
            await self._letterbox.put(read(channel, body))
        except BrokenPayload:
            return Response(status_code=BROKEN)
        except DatabaseAway:
            log.warning("webhook refused: database away", extra={"channel": channel.name})
            return Response(status_code=AWAY, headers=RETRY_AFTER)
        self._waker.wake(WORK)
        return Response(status_code=OK)

    async def shake_hands(self, request: Request) -> Response:
        """Answer a platform's set-up request."""
        channel = self._channels.get(request.path_params["channel"])
        answer = channel.handshake(request.query_params) if channel else None
        if answer is None:
            return Response(status_code=FORGED if channel else NO_CHANNEL)
        return PlainTextResponse(answer)


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
    """The body was not read to its end; `status` tells why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the body; raises BodyRefused once it is longer than `max_bytes`, or broken off."""
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > max_bytes:
                raise BodyRefused(TOO_LARGE)
            chunks.append(chunk)
    except ClientDisconnect as gone:
        raise BodyRefused(BROKEN) from gone
    return b"".join(chunks)
