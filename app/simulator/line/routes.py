"""The Messaging API over HTTP, below `/v2/bot`; files are at the same origin."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.simulator.edge import Edge
from app.simulator.line import rules
from app.simulator.line.methods import METHODS, Asked, Method, content, request_id
from app.simulator.line.platform import Line
from app.simulator.line.rules import Refusal
from app.simulator.line.shapes import Json

_ROOT = "/v2/bot/"


def messaging_api(line: Line) -> list[BaseRoute]:
    """The routes of the Messaging API."""
    api = _MessagingApi(
        line,
        Edge(
            line.faults,
            line.wire,
            error=lambda: _json(500, {"message": "An internal error has occurred"}),
            flood=lambda _: _refused(rules.too_fast()),
            stopping=lambda: line.stopping,
        ),
    )
    routes: list[BaseRoute] = [
        Route(_ROOT + path, partial(api.call, f"{verb} {path}", method, spoilt), methods=[verb])
        for verb, path, method, spoilt in METHODS
    ]
    return [*routes, Route(_ROOT + "message/{message}/content", api.file, methods=["GET"])]


@dataclass(frozen=True, slots=True)
class _MessagingApi:
    line: Line
    edge: Edge

    async def call(self, label: str, method: Method, spoilt: bool, request: Request) -> Response:
        """One call of an endpoint, with the faults that are switched on."""
        run = partial(self.run, request, method)
        return await self.edge.answer(request, label, run, spoilt=spoilt)

    async def run(self, request: Request, method: Method) -> Response:
        """Carry out one call, unless it is refused."""
        name = request_id()
        try:
            self._authorise(request)
            body = await request.body()
            asked = Asked(body, request.headers, request.path_params, name)
            return _json(200, await method(self.line, asked), {"x-line-request-id": name})
        except Refusal as refusal:
            return _refused(refusal, name)

    async def file(self, request: Request) -> Response:
        """The bytes of a citizen's file, 202 while it is being prepared."""
        try:
            self._authorise(request)
            found = await content(self.line, request.path_params["message"])
        except Refusal as refusal:
            return _refused(refusal)
        if found is None:
            return _json(202, {})
        return Response(found, media_type="application/octet-stream")

    def _authorise(self, request: Request) -> None:
        token = rules.token_of(request.headers.get("authorization", ""))
        known = self.line.settings.line_token.get_secret_value()
        if known and not hmac.compare_digest(token.encode(), known.encode()):
            raise rules.unauthorized()


def _refused(refusal: Refusal, name: str = "") -> Response:
    headers = {"x-line-request-id": name or request_id()} | refusal.headers
    return _json(refusal.status, refusal.body, headers)


def _json(status: int, body: Json, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, "application/json")
