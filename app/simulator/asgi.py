"""The simulator as an ASGI application and as a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from socket import socket

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from app.simulator.guard import Guard
from app.simulator.line import messaging_api
from app.simulator.messenger import graph_api
from app.simulator.page import HERE, page
from app.simulator.phone_api import phone_api
from app.simulator.platform import ActRefused
from app.simulator.settings import SimulatorSettings
from app.simulator.telegram import bot_api
from app.simulator.twitter import twitter_api
from app.simulator.world import World


def create_app(settings: SimulatorSettings | None = None) -> FastAPI:
    """A simulator with empty phones; settings come from the environment unless given.

    Its World is `app.state.world`: call `hang_up()` on it before the server waits for
    connections to end, or use `Server`.
    """
    settings = settings or SimulatorSettings()
    world = World(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await world.stop()

    app = FastAPI(
        title="Kanal: simulated platforms",
        docs_url=None,
        redoc_url=None,
        routes=[
            *bot_api(world.telegram),
            *messaging_api(world.line),
            *graph_api(world.messenger),
            *twitter_api(world.twitter),
        ],
        lifespan=lifespan,
        middleware=[Middleware(Guard, hosts=settings.known_hosts)],
        exception_handlers={ActRefused: _act_refused},
    )
    app.state.world = world

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    app.include_router(phone_api(world))
    app.include_router(page(world))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app


async def _act_refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ActRefused):
        raise error
    return JSONResponse({"detail": error.reason}, error.status)


class Server(uvicorn.Server):
    """Ends event streams and long polls when asked to exit, instead of waiting for them."""

    def __init__(self, app: FastAPI, settings: SimulatorSettings) -> None:
        self._world: World = app.state.world
        super().__init__(
            uvicorn.Config(
                app,
                host=settings.host,
                port=settings.port,
                access_log=False,
                log_level="warning",
                timeout_graceful_shutdown=5,
            )
        )

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Called by uvicorn before it waits for its connections."""
        self._world.hang_up()
        await super().shutdown(sockets)


def serve(settings: SimulatorSettings | None = None) -> None:
    """Run the simulator in this process until it is told to end."""
    settings = settings or SimulatorSettings()
    Server(create_app(settings), settings).run()
