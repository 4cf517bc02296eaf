"""The webhook of a platform that signs bodies and may put several events in one post."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

import pytest

from app.simulator.faults import Faults
from app.simulator.hook import BadWebhook, Hook, Manner
from app.simulator.settings import SimulatorSettings
from app.simulator.webhook import Resend
from app.simulator.wire import Wire

SETTINGS = SimulatorSettings(time_scale=0.01)


@dataclass
class Bot:
    """A webhook that answers by its script, then 200; `came` are signatures and bodies."""

    script: list[int] = field(default_factory=list)
    came: list[tuple[str, bytes]] = field(default_factory=list)
    url: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = (line.partition(": ") for line in head.splitlines()[1:])
        headers = {name.lower(): value for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        self.came.append((headers["x-signature"], body))
        status = self.script.pop(0) if self.script else 200
        writer.write(b"HTTP/1.1 %d x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status)
        writer.close()


def _sign(body: bytes) -> dict[str, str]:
    return {"X-Signature": body.decode()[::-1]}


def _manner(resend: Resend) -> Manner:
    return Manner("line", _sign, 2, resend, again=lambda body: body + b"!")


@pytest.fixture
def wire() -> Wire:
    return Wire(100)


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it did not happen within ten seconds")


def _run(hook: Hook, bot: Bot, act: Callable[[], Awaitable[None]], wire: Wire) -> None:
    """Let `act` happen with the bot listening, and wait until nothing is waiting."""

    async def scene() -> None:
        server = await asyncio.start_server(bot.serve, "127.0.0.1", 0)
        async with server, asyncio.timeout(10):
            bot.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
            await hook.point(bot.url)
            await act()
            await _until(lambda: not wire.waiting)
            await hook.stop()

    asyncio.run(scene())


def _fates(wire: Wire) -> Iterator[tuple[str, int, bool]]:
    return ((it["kind"], it["attempts"], it["dropped"]) for it in wire.after(0, 100))


@pytest.mark.parametrize(
    ("waits", "script", "bodies", "fates"),
    [
        ((), [], [b"ab"], [("x", 1, False), ("y", 1, False)]),
        ((), [500], [b"ab"], [("x", 1, True), ("y", 1, True)]),
        ((1, 1), [500, 503], [b"ab", b"ab!", b"ab!!"], [("x", 3, False), ("y", 3, False)]),
        ((1,), [500, 503], [b"ab", b"ab!"], [("x", 2, True), ("y", 2, True)]),
    ],
)
def test_several_events_in_one_signed_post(
    wire: Wire,
    waits: tuple[float, ...],
    script: list[int],
    bodies: list[bytes],
    fates: list[tuple[str, int, bool]],
) -> None:
    hook, bot = Hook(_manner(Resend(waits)), SETTINGS, Faults(), wire), Bot(script)

    async def act() -> None:
        assert len(set(hook.put(b"ab", [(1, "x"), (2, "y")]))) == 2

    _run(hook, bot, act, wire)
    assert bot.came == [(body.decode()[::-1], body) for body in bodies]
    assert list(_fates(wire)) == fates


def test_without_an_address_events_are_dropped(wire: Wire) -> None:
    hook = Hook(_manner(Resend()), SETTINGS, Faults(), wire)
    assert hook.put(b"ab", [(1, "x")]) == []
    assert list(_fates(wire)) == [("x", 0, True)]
    assert wire.waiting == 0


def test_the_address_may_come_from_the_settings(wire: Wire) -> None:
    manner = _manner(Resend())
    assert Hook(manner, SETTINGS, Faults(), wire, "http://localhost:1/x").url
    with pytest.raises(BadWebhook):
        Hook(manner, SETTINGS, Faults(), wire, "http://example.org/")


def test_what_is_pending_is_dropped_with_its_address(wire: Wire) -> None:
    hook, bot = Hook(_manner(Resend((900,))), SETTINGS, Faults(), wire), Bot([500])

    async def act() -> None:
        hook.put(b"a", [(1, "x")])
        await _until(lambda: hook.last_error is not None)
        assert wire.waiting == 1
        await hook.point("")
        assert (hook.url, wire.waiting) == ("", 0)

    _run(hook, bot, act, wire)
    assert list(_fates(wire)) == [("x", 1, True)]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "https://example.org/",
        "http://127.0.0.1:x/",
        "http://[::1",
        "http://a b/",
    ],
)
def test_addresses_that_are_not_posted_to(wire: Wire, url: str) -> None:
    hook = Hook(_manner(Resend()), SETTINGS, Faults(), wire, "http://127.0.0.1:9/")
    with pytest.raises(BadWebhook):
        asyncio.run(hook.point(url))
    assert hook.url == "http://127.0.0.1:9/"
