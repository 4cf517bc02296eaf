"""Where a platform's API meets HTTP: pauses, faults and the count of calls, the same for all."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app.simulator.faults import Faults, Verdict
from app.simulator.wire import Wire

#: A client that waits longer than this for an answer is told that there is none.
LONGEST_SILENCE = 120.0
_PAGE = "<html><head><title>503 Service Temporarily Unavailable</title></head></html>"

Run = Callable[[], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Edge:
    """Answers the calls of one platform; `error` and `flood` are its words for 500 and 429.

    `flood` is given the seconds to wait; `stopping` tells that the process ends.
    """

    faults: Faults
    wire: Wire
    error: Callable[[], Response]
    flood: Callable[[int], Response]
    stopping: Callable[[], bool]

    async def answer(self, request: Request, label: str, run: Run, *, spoilt: bool) -> Response:
        """Carry out one call, with the faults that are switched on if it may be `spoilt`.

        `run` authorises, carries out and answers; it is counted as `label` and its status.
        """
        pause = self.faults.latency_ms / 2000 if spoilt else 0
        if pause:
            await asyncio.sleep(pause)
        answer = await self._spoil(request, run) if spoilt else await run()
        if pause:
            await asyncio.sleep(pause)
        self.wire.calls[f"{label} {answer.status_code}"] += 1
        return answer

    async def _spoil(self, request: Request, run: Run) -> Response:
        """Run unless the fault of the moment keeps the call from being accepted."""
        match self.faults.verdict():
            case Verdict.ERROR:
                return self.error()
            case Verdict.FLOOD:
                return self.flood(self.faults.flood_retry_after)
            case Verdict.HTML:
                return HTMLResponse(_PAGE, 503)
            case Verdict.TIMEOUT:
                await run()
                return await self._silence(request)
            case Verdict.WRONG_JSON:
                await run()
                return Response('{"ok":true,"result":{"id":', 200, None, "application/json")
        return await run()

    async def _silence(self, request: Request) -> Response:
        """Say nothing until the client gives up or the simulator stops."""
        for _ in range(round(LONGEST_SILENCE / 0.1)):
            if self.stopping() or await request.is_disconnected():
                break
            await asyncio.sleep(0.1)
        return Response(status_code=504)
