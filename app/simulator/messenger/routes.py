"""The Graph API over HTTP: `/v26.0/...`, the server of files, and the phone's clock."""

import hmac
import json
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.simulator.edge import Edge
from app.simulator.messenger import graph
from app.simulator.messenger.files import CDN
from app.simulator.messenger.graph import Method
from app.simulator.messenger.platform import Messenger
from app.simulator.messenger.rules import Json, Refusal, parameter
from app.simulator.messenger.shapes import APP_ID

_PROOF = re.compile(r"[0-9a-f]{64}")
#: Verb and path below the node -> the call; the first two need the page's token, not the app's.
_PAGE_CALLS: Mapping[tuple[str, str], Method] = {
    ("POST", "messages"): graph.send,
    ("GET", "subscribed_apps"): graph.subscriptions,
    ("POST", "subscribed_apps"): graph.subscribe,
    ("DELETE", "subscribed_apps"): graph.unsubscribe,
}
_APP_CALLS: Mapping[tuple[str, str], Method] = {
    ("GET", "subscriptions"): graph.webhooks,
    ("POST", "subscriptions"): graph.set_webhook,
}
_NODES: Mapping[str, Method] = {"me": graph.me, "app": graph.app}


class Clock(BaseModel):
    """How long ago the citizen's last act is to be."""

    hours: float = Field(ge=0, le=10_000)


def graph_api(messenger: Messenger) -> list[BaseRoute]:
    """The routes of the Graph API, of the files, and of the clock."""
    edge = Edge(
        messenger.faults,
        messenger.wire,
        error=lambda: _refused(Refusal(500, 1, "An unknown error occurred")),
        flood=lambda seconds: _refused(graph.flood(seconds)),
        stopping=lambda: messenger.stopping,
    )
    api = _GraphApi(messenger, edge)
    root = "/v{major:int}.{minor:int}/{node}"
    return [
        Route(root, api.node, methods=["GET"]),
        Route(root + "/{edge}", api.call, methods=["GET", "POST", "DELETE"]),
        Route(CDN + "/{name}", api.file, methods=["GET"]),
        Route("/simulator/messenger/chats/{chat:int}/clock", api.clock, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class _GraphApi:
    messenger: Messenger
    edge: Edge

    async def node(self, request: Request) -> Response:
        """`GET /{node}`: the page, the app, or a citizen."""
        node = request.path_params["node"]
        method = _NODES.get(node, graph.profile)
        run = partial(self._perform, request, method, self.messenger.page_id)
        return await self.edge.answer(request, node, run, spoilt=False)

    async def call(self, request: Request) -> Response:
        """A call of the page or of the app; only sending is spoilt by faults."""
        node, edge = request.path_params["node"], request.path_params["edge"]
        key = (request.method, edge)
        method = _APP_CALLS.get(key) if node == APP_ID else _PAGE_CALLS.get(key)
        known = APP_ID if node == APP_ID else self.messenger.page_id
        run = partial(self._perform, request, method or _no_such_path, known)
        return await self.edge.answer(request, edge, run, spoilt=edge == "messages")

    async def _perform(self, request: Request, method: Method, owner: str) -> Response:
        self.messenger.files.origin = str(request.base_url).rstrip("/")
        node = request.path_params["node"]
        try:
            params = await _params(request)
            self._authorise(request, params, owner)
            if method in _PAGE_CALLS.values() and node not in {"me", owner}:
                raise parameter(f"Object with ID '{node}' does not exist", 33)
            answer = await method(self.messenger, {**params, "node": node})
        except Refusal as refusal:
            return _refused(refusal)
        return _json(200, answer)

    def _authorise(self, request: Request, params: Json, owner: str) -> None:
        """A page's call needs its token and the proof, an app's call the app's own token."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = given or str(params.get("access_token") or "")
        if owner == APP_ID:
            known = f"{APP_ID}|{self.messenger.app_secret}"
        else:
            known = self.messenger.settings.messenger_page_token.get_secret_value()
        if not token or (known and not hmac.compare_digest(token.encode(), known.encode())):
            raise Refusal(400, 190, "Invalid OAuth access token.")
        if owner != APP_ID:
            self._check_proof(token, str(params.get("appsecret_proof") or ""))

    def _check_proof(self, token: str, proof: str) -> None:
        if not proof:
            words = "API calls from the server require an appsecret_proof argument"
            raise Refusal(400, 100, words)
        secret = self.messenger.app_secret
        right = proof == self.messenger.proof(token) if secret else _PROOF.fullmatch(proof)
        if not right:
            raise Refusal(400, 100, "Invalid appsecret_proof provided in the API argument")

    async def file(self, request: Request) -> Response:
        """The bytes of a file that a citizen sent; whoever has the address gets them."""
        name = request.path_params["name"]
        content = self.messenger.files.read(name)
        if content is None:
            return Response("URL signature mismatch", 403)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, media_type=kind)

    async def clock(self, request: Request) -> Response:
        """`{"hours": 25}`: the citizen's last act was so long ago, and the window moves with it."""
        try:
            wanted = Clock.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"detail": json.loads(error.json(include_url=False))}, 422)
        self.messenger.turn_clock(request.path_params["chat"], wanted.hours)
        return JSONResponse({"hours": wanted.hours})


async def _no_such_path(*_: object) -> Json:
    raise Refusal(400, 2500, "Unknown path components")


async def _params(request: Request) -> Json:
    """The parameters of a call; those of the body win."""
    params: Json = dict(request.query_params)
    body = await request.body()
    if not body:
        return params
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise parameter("The simulator takes JSON bodies only") from error
    if not isinstance(found, dict):
        raise parameter("The body must be an object")
    return params | found


def _refused(refusal: Refusal) -> Response:
    return _json(refusal.status, refusal.json(), refusal.headers)


def _json(status: int, body: Json, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, "application/json")
