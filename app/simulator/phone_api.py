"""The phones' own API, for the page, the tests and the benchmarks."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import ValidationError

from app.simulator.acts import Move, Press, Saying, Writing
from app.simulator.faults import Faults
from app.simulator.phone import Phone
from app.simulator.platform import ActRefused, Done, Migrates, Platform
from app.simulator.world import World

#: Seconds of silence after which an event stream says that it is still there.
HEARTBEAT = 15.0


def phone_api(world: World) -> APIRouter:
    """All routes below /simulator."""
    router = APIRouter(prefix="/simulator")
    _acts(router, world)
    _fates(router, world)
    _screens(router, world)
    _switches(router, world)
    _log(router, world)
    return router


def _platform(world: World, name: str) -> Platform:
    if name not in world.platforms:
        raise HTTPException(404, "no such platform")
    return world.platforms[name]


def _acts(router: APIRouter, world: World) -> None:
    @router.post("/{platform}/chats/{chat}/messages")
    async def write(platform: str, chat: int, writing: Writing) -> Done:
        return _platform(world, platform).write(chat, writing)

    @router.post("/{platform}/chats/{chat}/press")
    async def press(platform: str, chat: int, act: Press) -> Done:
        return _platform(world, platform).press(chat, act.message_id, act.value)

    @router.post("/{platform}/say")
    async def say(platform: str, sayings: list[Saying]) -> list[Done]:
        return [_say(world, _platform(world, platform), saying) for saying in sayings]

    @router.post("/{platform}/updates")
    async def inject(platform: str, event: Annotated[dict[str, Any], Body()]) -> Done:
        return _platform(world, platform).inject(event)


def _fates(router: APIRouter, world: World) -> None:
    @router.post("/{platform}/chats/{chat}/block")
    async def block(platform: str, chat: int) -> Done:
        return _platform(world, platform).block(chat, True)

    @router.post("/{platform}/chats/{chat}/unblock")
    async def unblock(platform: str, chat: int) -> Done:
        return _platform(world, platform).block(chat, False)

    @router.post("/{platform}/chats/{chat}/deactivate")
    async def deactivate(platform: str, chat: int) -> Done:
        return _platform(world, platform).deactivate(chat)

    @router.post("/{platform}/chats/{chat}/migrate")
    async def migrate(platform: str, chat: int, move: Move) -> Done:
        found = _platform(world, platform)
        if not isinstance(found, Migrates):
            raise ActRefused(409, f"{found.title} has no groups that move")
        return found.migrate(chat, move.to)


def _say(world: World, platform: Platform, saying: Saying) -> Done:
    if saying.press is None:
        return platform.write(saying.chat, Writing(text=saying.text, public=saying.public))
    bubble = world.phones.of(platform.name, saying.chat).newest_with(saying.press)
    if bubble is None:
        raise ActRefused(404, f"no such button in chat {saying.chat}")
    return platform.press(saying.chat, bubble.id, saying.press)


def _screens(router: APIRouter, world: World) -> None:
    @router.get("/{platform}/chats")
    async def chats(platform: str) -> list[int]:
        phones = world.phones.on(_platform(world, platform).name)
        return [phone.address for phone in phones]

    @router.get("/{platform}/chats/{chat}")
    async def screen(platform: str, chat: int) -> dict[str, Any]:
        return world.phones.screen(_platform(world, platform).name, chat)

    @router.get("/{platform}/chats/{chat}/events")
    async def events(platform: str, chat: int, request: Request) -> StreamingResponse:
        name = _platform(world, platform).name
        last = request.headers.get("last-event-id", "")
        stream = _events(world, name, chat, last)
        return StreamingResponse(stream, media_type="text/event-stream", headers=_FRESH)

    @router.get("/{platform}/files/{unique_id}")
    async def file(platform: str, unique_id: str) -> Response:
        content = _platform(world, platform).file(unique_id)
        if content is None:
            raise HTTPException(404, "no such file")
        return Response(content, media_type="image/jpeg")


_FRESH = {"Cache-Control": "no-store"}


async def _events(world: World, platform: str, chat: int, last: str) -> AsyncIterator[str]:
    """The screen, then its changes; an id is `epoch-version`, so that a reset is noticed."""
    epoch, _, seen = last.partition("-")
    version = int(seen) if seen.isdigit() and epoch == world.phones.epoch else 0
    yield "retry: 1000\n\n"
    while not world.stopping:
        if epoch != world.phones.epoch:
            epoch, version = world.phones.epoch, 0
        phone = world.phones.of(platform, chat)
        changes = world.phones.screen(platform, chat, version) | {"fresh": version == 0}
        version = phone.version
        yield f"id: {epoch}-{version}\ndata: {json.dumps(changes)}\n\n"
        async for beat in _until_changed(world, phone, version):
            yield beat


async def _until_changed(world: World, phone: Phone, version: int) -> AsyncIterator[str]:
    """Beats while nothing happens."""
    with phone.watched() as changed:
        while phone.version == version and not world.stopping:
            if not await _set_within(changed, HEARTBEAT):
                yield ": still here\n\n"


def _faults(world: World, platform: str | None) -> dict[str, Faults]:
    """The switches of one platform, or of all."""
    if platform is None:
        return world.faults
    return {platform: world.faults[_platform(world, platform).name]}


def _shown(world: World, platform: str | None) -> dict[str, Any]:
    """The switches of one platform, or of all by its name."""
    shown = {
        name: switches.model_dump(mode="json")
        for name, switches in _faults(world, platform).items()
    }
    return shown if platform is None else shown[platform]


def _switches(router: APIRouter, world: World) -> None:
    @router.get("/faults")
    async def faults(platform: str | None = None) -> dict[str, Any]:
        return _shown(world, platform)

    @router.post("/faults")
    async def change(
        wanted: Annotated[dict[str, Any], Body()], platform: str | None = None
    ) -> Response:
        every = _faults(world, platform).values()
        try:
            changed = [switches.changed(wanted) for switches in every]
        except ValidationError as error:
            return JSONResponse({"detail": json.loads(error.json(include_url=False))}, 422)
        for switches, new in zip(every, changed, strict=True):
            switches.take_over(new)
        return JSONResponse(_shown(world, platform))

    @router.delete("/faults")
    async def clear(platform: str | None = None) -> dict[str, Any]:
        for switches in _faults(world, platform).values():
            switches.clear()
        return _shown(world, platform)


def _log(router: APIRouter, world: World) -> None:
    @router.post("/reset")
    async def reset() -> dict[str, str]:
        await world.reset()
        return {"epoch": world.phones.epoch}

    @router.get("/wire")
    async def wire(
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=100_000)] = 1000,
    ) -> Response:
        entries = list(world.wire.after(after, limit))
        log = {
            "entries": entries,
            "last": world.wire.last,
            "waiting": world.wire.waiting,
            "calls": world.wire.calls,
        }
        return Response(json.dumps(log), media_type="application/json")


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
