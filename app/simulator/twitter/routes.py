"""X's API over HTTP, below `/2`; the photos of posts are at the same origin, open to everybody."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from app.simulator.edge import Edge
from app.simulator.twitter import rules
from app.simulator.twitter.methods import ENDPOINTS, Asked, Endpoint
from app.simulator.twitter.platform import CDN, Twitter
from app.simulator.twitter.quota import FIFTEEN_MINUTES
from app.simulator.twitter.rules import Refusal
from app.simulator.twitter.shapes import Json

_DM_MEDIA = "/2/dm_conversations/media/{message}/{media}/{name}.jpg"


def twitter_api(twitter: Twitter) -> list[BaseRoute]:
    """The routes of the API."""
    edge = Edge(
        twitter.faults,
        twitter.wire,
        error=lambda: _refused(rules.broken()),
        flood=lambda seconds: _refused(rules.too_many(_pause(seconds))),
        stopping=lambda: twitter.stopping,
    )
    api = _Api(twitter, edge)
    routes: list[BaseRoute] = [
        Route(f"/2/{it.path}", partial(api.call, it), methods=[it.verb]) for it in ENDPOINTS
    ]
    return [
        *routes,
        Route(_DM_MEDIA, api.private_photo, methods=["GET"]),
        Route(f"{CDN}/{{name}}.jpg", api.photo, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class _Api:
    twitter: Twitter
    edge: Edge

    async def call(self, endpoint: Endpoint, request: Request) -> Response:
        """One call of an endpoint, with the faults that are switched on."""
        label = f"{endpoint.verb} {endpoint.path}"
        run = partial(self.run, endpoint, request)
        return await self.edge.answer(request, label, run, spoilt=endpoint.spoilt)

    async def run(self, endpoint: Endpoint, request: Request) -> Response:
        """Carry out one call, unless it is refused or comes too fast."""
        headers: dict[str, str] = {}
        try:
            self._authorise(request)
            for name in endpoint.windows:
                window = self.twitter.windows[name]
                window.take(time.time())
                headers |= window.headers()
            asked = Asked(await request.body(), request.query_params, request.path_params)
            status, body = await endpoint.method(self.twitter, asked)
        except Refusal as refusal:
            return _refused(refusal, headers)
        return _json(status, body, headers)

    async def photo(self, request: Request) -> Response:
        """The bytes of a post's photo."""
        return self._picture(request)

    async def private_photo(self, request: Request) -> Response:
        """The bytes of a photo in a direct message, for the account alone."""
        try:
            self._authorise(request)
        except Refusal as refusal:
            return _refused(refusal)
        return self._picture(request)

    def _picture(self, request: Request) -> Response:
        content = self.twitter.files.get(request.path_params["name"])
        if content is None:
            return _refused(rules.not_found("the file"))
        return Response(content, media_type="image/jpeg")

    def _authorise(self, request: Request) -> None:
        known = self.twitter.settings.twitter_token.get_secret_value()
        rules.authorise(request.headers.get("authorization", ""), known)
        self.twitter.origin = str(request.base_url).rstrip("/")


def _pause(seconds: int) -> Mapping[str, str]:
    """The headers of a 429 that asks to wait."""
    return {
        f"{FIFTEEN_MINUTES}-limit": "100",
        f"{FIFTEEN_MINUTES}-remaining": "0",
        f"{FIFTEEN_MINUTES}-reset": str(int(time.time()) + seconds),
    }


def _refused(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    return _json(refusal.status, refusal.body, {**(headers or {}), **refusal.headers})


def _json(status: int, body: Json, headers: Mapping[str, str]) -> Response:
    return Response(json.dumps(body), status, dict(headers), "application/json")
