"""What the webhook is compared with: two FastAPI applications as anybody would write them."""

from datetime import datetime
from os import environ
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request, Response
from sqlalchemy import BigInteger, DateTime, create_engine, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker

POOL = 40  # as many as FastAPI has threads for such routes


def create_empty() -> FastAPI:
    """Return an application whose one route does nothing."""
    app = FastAPI()

    @app.post("/empty")
    async def empty() -> Response:
        return Response()

    app.add_route("/healthz", healthy)
    return app


async def healthy(_: Request) -> Response:
    """Answer that the process is alive."""
    return Response()


class Root(DeclarativeBase):
    """The root of the reference's one table."""


class Plain(Root):
    """One row for each request."""

    __tablename__ = "bench_plain"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    update_id: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )


def create_plain() -> FastAPI:
    """Return an application whose one route inserts a row in a transaction of its own."""
    engine = create_engine(environ["DATABASE_URL"], pool_size=POOL, max_overflow=0)
    Root.metadata.create_all(engine)
    make = sessionmaker(engine)
    app = FastAPI()

    @app.post("/plain")
    def plain(update: Annotated[dict[str, Any], Body()]) -> Response:
        with make.begin() as session:
            session.add(Plain(update_id=update["update_id"], body=update))
        return Response()

    app.add_route("/healthz", healthy)
    return app
