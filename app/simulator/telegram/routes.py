"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import hmac
import json
import mimetypes
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.simulator.edge import Edge
from app.simulator.telegram.bodies import read_params
from app.simulator.telegram.methods import METHODS, SET_UP, flood
from app.simulator.telegram.platform import Telegram
from app.simulator.telegram.rules import TOKEN, Refusal
from app.simulator.telegram.shapes import Json


def bot_api(telegram: Telegram) -> list[BaseRoute]:
    """The routes of the Bot API."""
    edge = Edge(
        telegram.faults,
        telegram.wire,
        error=lambda: _refused(Refusal(500, "Internal Server Error")),
        flood=lambda seconds: _refused(flood(seconds)),
        stopping=lambda: telegram.stopping,
    )
    api = _BotApi(telegram, edge)
    return [
        Route("/bot{token}/{method}", api.call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", api.file, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _BotApi:
    telegram: Telegram
    edge: Edge

    async def call(self, request: Request) -> Response:
        """One call of a method, with the faults that are switched on."""
        method = request.path_params["method"].lower()
        run = partial(self._perform, request, method)
        return await self.edge.answer(request, method, run, spoilt=method not in SET_UP)

    async def _perform(self, request: Request, method: str) -> Response:
        try:
            self._authorise(request)
            function = METHODS.get(method, _no_such_method)
            result = await function(self.telegram, await read_params(request))
        except Refusal as refusal:
            return _refused(refusal)
        return _json(200, {"ok": True, "result": result})

    def _authorise(self, request: Request) -> None:
        """A token of the wrong shape is no path at all, one nobody knows is unauthorised."""
        token = request.path_params["token"]
        if not TOKEN.fullmatch(token):
            raise Refusal(404, "Not Found")
        known = self.telegram.settings.telegram_token.get_secret_value()
        if known and not hmac.compare_digest(token, known):
            raise Refusal(401, "Unauthorized")
        self.telegram.bot_id = int(token.partition(":")[0])

    async def file(self, request: Request) -> Response:
        """The bytes behind a link of getFile."""
        try:
            self._authorise(request)
        except Refusal as refusal:
            return _refused(refusal)
        path = request.path_params["path"]
        await asyncio.sleep(self.telegram.faults.latency_ms / 1000)
        content = self.telegram.files.fetch(path)
        if content is None:
            return _refused(Refusal(404, "Not Found"))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        return Response(content, media_type=kind)


async def _no_such_method(*_: object) -> Json:
    raise Refusal(404, "Not Found: method not found")


def _refused(refusal: Refusal) -> Response:
    body: Json = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return _json(refusal.code, body)


def _json(status: int, body: Json) -> Response:
    return Response(json.dumps(body), status, None, "application/json")
