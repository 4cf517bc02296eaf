"""The web process: webhooks, API, health."""

from asyncio import to_thread
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Router

from app import logs, wiring
from app.settings import AppSettings
from app.trace import TraceBuffer
from app.wake import Waker, create_celery
from app.web.api import api_router
from app.web.letterbox import Letterbox
from app.web.webhooks import Webhooks
from core import inbox
from core.db.session import Sessions, connect, sessions, transaction
from core.errors import DatabaseAway
from core.message import Inbound
from core.privacy.keys import KeyRing
from core.promise import Terms
from core.settings import CoreSettings


def create_app() -> Router:
    """Return the web process's application, wired by the environment's settings.

    Webhooks do not pass FastAPI's middleware: that costs as much as all they do themselves.

    Raises ConfigurationError when a setting is missing.
    """
    settings, core_settings = AppSettings(), CoreSettings()
    channels = wiring.channels(settings)
    logs.configure(settings.log_level, wiring.secrets(channels))
    ring = KeyRing.of(core_settings)
    make = sessions(connect(core_settings.database_url, settings.web_connections, ring=ring))
    waker = Waker(create_celery(settings))

    # One statement is a transaction by itself: one round trip in place of four.
    door = connect(core_settings.database_url, 1, ring=ring, ping=False)
    letters = sessions(door.execution_options(isolation_level="AUTOCOMMIT"))

    def commit(inbounds: Sequence[Inbound]) -> None:
        with transaction(letters) as session:
            inbox.put(session, inbounds, core_settings.album_wait)

    # The interactive pages of FastAPI load scripts from other hosts; the document is served.
    app = FastAPI(title="Kanal", docs_url=None, redoc_url=None)
    app.state.make, app.state.waker = make, waker
    app.state.limits = {name: channel.limits for name, channel in channels.items()}
    app.state.terms = Terms.of(core_settings)
    app.state.takeover = timedelta(minutes=core_settings.takeover_minutes)
    app.state.storage = wiring.storage(core_settings)
    trace = wiring.traced(channels, make)
    webhooks = Webhooks(channels, Letterbox(commit), waker, trace, settings.webhook_max_bytes)
    app.include_router(api_router)
    app.add_route("/healthz", health, include_in_schema=False)
    app.add_route("/readyz", readiness, include_in_schema=False)
    wiring.settle()
    routes = [*webhooks.routes(), Mount("", app)]
    return Router(routes, redirect_slashes=False, lifespan=lambda _: stopping(trace))


@asynccontextmanager
async def stopping(trace: TraceBuffer) -> AsyncIterator[None]:
    """Write the rest of the trace at the end of the process."""
    yield
    await to_thread(trace.stop)


async def health(_: Request) -> Response:
    """Answer that the process is alive."""
    return PlainTextResponse("ok")


def readiness(request: Request) -> Response:
    """Answer whether messages can be taken: PostgreSQL is there."""
    make: Sessions = request.app.state.make
    try:
        with transaction(make) as session:
            session.execute(text("select 1"))
    except DatabaseAway:
        return PlainTextResponse("database away", status_code=503)
    return PlainTextResponse("ok")
