"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import hmac
import json
import mimetypes
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from app.simulator.faults import Verdict
from app.simulator.telegram.bodies import read_params
from app.simulator.telegram.methods import METHODS, SET_UP, flood
from app.simulator.telegram.platform import Telegram
from app.simulator.telegram.rules import TOKEN, Refusal
from app.simulator.telegram.shapes import Json

#: A client that waits longer than this for an answer is told that there is none.
LONGEST_SILENCE = 120.0


def bot_api(telegram: Telegram) -> list[BaseRoute]:
    """The routes of the Bot API."""
    api = _BotApi(telegram)
    return [
        Route("/bot{token}/{method}", api.call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", api.file, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _BotApi:
    telegram: Telegram

    async def call(self, request: Request) -> Response:
        """One call of a method, with the faults that are switched on."""
        method = request.path_params["method"].lower()
        answer = await self._perform(request, method)
        self.telegram.wire.calls[f"{method} {answer.status_code}"] += 1
        return answer

    async def _perform(self, request: Request, method: str) -> Response:
        spoilt = method not in SET_UP
        pause = self.telegram.faults.latency_ms / 2000 if spoilt else 0
        if pause:
            await asyncio.sleep(pause)
        try:
            self._authorise(request)
            answer = (
                await self._spoil(request, method) if spoilt else await self._run(request, method)
            )
        except Refusal as refusal:
            answer = _refused(refusal)
        if pause:
            await asyncio.sleep(pause)
        return answer

    async def _spoil(self, request: Request, method: str) -> Response:
        """Run the method unless the fault of the moment keeps it from being accepted."""
        match self.telegram.faults.verdict():
            case Verdict.ERROR:
                raise Refusal(500, "Internal Server Error")
            case Verdict.FLOOD:
                raise flood(self.telegram.faults.flood_retry_after)
            case Verdict.HTML:
                page = (
                    "<html><head><title>503 Service Temporarily Unavailable</title></head></html>"
                )
                return HTMLResponse(page, 503)
            case Verdict.TIMEOUT:
                await self._run(request, method)
                return await _silence(request, self.telegram)
            case Verdict.WRONG_JSON:
                await self._run(request, method)
                return Response('{"ok":true,"result":{"message_id":', 200, None, "application/json")
        return await self._run(request, method)

    async def _run(self, request: Request, method: str) -> Response:
        function = METHODS.get(method)
        if function is None:
            raise Refusal(404, "Not Found: method not found")
        result = await function(self.telegram, await read_params(request))
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


async def _silence(request: Request, telegram: Telegram) -> Response:
    """Say nothing until the client gives up or the simulator stops."""
    for _ in range(round(LONGEST_SILENCE / 0.1)):
        if telegram.stopping or await request.is_disconnected():
            break
        await asyncio.sleep(0.1)
    return Response(status_code=504)


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
