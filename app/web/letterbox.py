"""Group commit: what arrives while one transaction commits goes into the next, all together.

A webhook is answered when its own rows are committed, never before; under load one fsync serves
many requests. https://www.postgresql.org/docs/current/wal-async-commit.html describes what is
deliberately not done here: answering before the flush.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from core.errors import DatabaseAway
from core.message import Inbound


@dataclass(frozen=True, slots=True)
class Posting:
    """The events of one request, and the future of the request that waits for them."""

    inbounds: Sequence[Inbound]
    done: asyncio.Future[None]


class Letterbox:
    """Hands events to `commit`, a blocking function, from one thread, in batches.

    A batch is as large as what arrived meanwhile; the number of requests that the server takes
    at once bounds it.
    """

    def __init__(self, commit: Callable[[Sequence[Inbound]], None]) -> None:
        self._commit = commit
        self._waiting: list[Posting] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="letterbox")
        self._emptying: asyncio.Task[None] | None = None

    async def put(self, inbounds: Sequence[Inbound]) -> None:
        """Return when the events are committed; raises what `commit` raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Posting(inbounds, done))
        if self._emptying is None:
            self._emptying = asyncio.create_task(self._empty())
        await done

    async def _empty(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._post(batch)
        finally:
            self._emptying = None

    async def _post(self, batch: Sequence[Posting]) -> None:
        """Commit the batch; when PostgreSQL refuses it, each request's events by themselves."""
        inbounds = [inbound for posting in batch for inbound in posting.inbounds]
        commit = asyncio.get_running_loop().run_in_executor(self._thread, self._commit, inbounds)
        await asyncio.wait([commit])
        error = commit.exception()
        if error is None or isinstance(error, DatabaseAway) or len(batch) == 1:
            _settle(batch, error)
            return
        for posting in batch:
            await self._post([posting])


def _settle(batch: Sequence[Posting], error: BaseException | None) -> None:
    for posting in batch:
        if posting.done.done():  # its request was cancelled
            continue
        if error is None:
            posting.done.set_result(None)
        else:
            posting.done.set_exception(error)
