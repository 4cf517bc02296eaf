"""The API alone, in an application that is put together as app.asgi does."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine

from app.web.api import api_router
from core import agencies, tokens
from core.channel import Limits
from core.db.session import Sessions, connect, sessions, transaction
from core.promise import TERMS
from core.storage import Folder
from core.text import utf16_units
from core.tokens import Role
from tests.tls import TLS

AGENCIES = {"dinas-pupr": "Dinas PUPR", "dlh": "Dinas Lingkungan Hidup"}


class Woken:
    """Notes who was woken."""

    def __init__(self) -> None:
        self.channels: list[str] = []

    def wake_deliver(self, channel: str) -> None:
        self.channels.append(channel)


@dataclass(frozen=True)
class Served:
    """An application and where it answers."""

    app: FastAPI
    url: str


class Bearer(Protocol):
    """Makes the headers of a caller with this role."""

    def __call__(self, role: str, agency: str = ...) -> dict[str, str]: ...


def put_together(make: Sessions, media: Path) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None)
    app.state.make = make
    app.state.waker = Woken()
    app.state.limits = {"telegram": lambda address: Limits(4096, utf16_units, 8, 64)}
    app.state.terms = TERMS
    app.state.takeover = timedelta(minutes=30)
    app.state.folder, app.state.storage = media, Folder(media)
    app.include_router(api_router)
    return app


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve `app` over HTTP on a free port; gives its URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def served(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    app = put_together(sessions(engine), tmp_path_factory.mktemp("media"))
    with serving(app) as url:
        yield Served(app, url)


@pytest.fixture
def homeless(tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of an application whose database is away."""
    engine = connect(f"postgresql+psycopg://nobody@/kanal?host={tmp_path}")
    with (
        serving(put_together(sessions(engine), tmp_path)) as url,
        httpx.Client(base_url=f"{url}/api/v1", trust_env=False, verify=TLS) as client,
    ):
        yield client
    engine.dispose()


@pytest.fixture
def app(served: Served, make: Sessions) -> FastAPI:
    """The application over empty tables, with two OPD."""
    with transaction(make) as session:
        agencies.load(session, AGENCIES)
    served.app.state.waker = Woken()
    return served.app


@pytest.fixture
def client(served: Served, app: FastAPI) -> Iterator[httpx.Client]:
    """A client that takes no answer which its route does not document."""
    hooks = {"response": [documented_only(app)]}
    with httpx.Client(
        base_url=f"{served.url}/api/v1", trust_env=False, event_hooks=hooks, verify=TLS
    ) as client:
        yield client


def documented_only(app: FastAPI) -> Callable[[httpx.Response], None]:
    """Return what fails on an answer that the document of `app` does not name for its route."""
    routes = [
        (method.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path)), set(operation["responses"]))
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    ]

    def check(response: httpx.Response) -> None:
        request, status = response.request, str(response.status_code)
        for method, path, statuses in routes:
            if request.method == method and path.fullmatch(request.url.path):
                assert status in statuses, f"{method} {request.url.path} answers {status}"

    return check


@pytest.fixture
def bearer(app: FastAPI) -> Bearer:
    known: dict[tuple[str, str], dict[str, str]] = {}

    def act(role: str, agency: str = "dinas-pupr") -> dict[str, str]:
        slug = agency if role == "opd" else None
        if (role, agency) not in known:
            make: Sessions = app.state.make
            with transaction(make) as session:
                secret = tokens.create(session, f"{role} {agency}", Role(role), slug)
            known[role, agency] = {"Authorization": f"Bearer {secret}"}
        return known[role, agency]

    return act
