"""Every channel at the real door: what is answered, what is kept, and how often."""

import asyncio
import random
from collections.abc import Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import httpx
import pytest
from starlette.applications import Starlette

from app.settings import AppSettings
from app.trace import TraceBuffer
from app.wake import Waker
from app.web.letterbox import Letterbox
from app.web.webhooks import Webhooks
from core import inbox
from core.channel import Channel, Handshake
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Inbox, Trace
from core.message import Inbound
from core.privacy.keys import KeyRing
from tests.contract.case import ChannelCase, Where
from tests.contract.channels import CHANNELS
from tests.contract.outgoing import TEXT, assert_discreet
from tests.core.post import NO_WAIT, rows

MAX = 4 * 2**20
T = TypeVar("T")
COPIES = 50
BATCHES = [
    pytest.param(case, where, id=f"{case.name}-{where[-1]}")
    for case in CHANNELS
    for where in case.batches
]
EMPTY = [
    pytest.param(case, body, id=f"{case.name}-{number}")
    for case in CHANNELS
    for number, body in enumerate(case.empty)
]


def finished(work: Coroutine[None, None, T]) -> T:
    """Return the result of `work`, in a thread of its own: a browser's loop may run in ours."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


class Silent(Waker):
    """A waker that wakes nobody."""

    def __init__(self) -> None:
        """Need no broker."""

    def wake(self, task: str, *args: str) -> None:
        """Do nothing."""


class Door:
    """The web edge of one channel; its inbox is real."""

    def __init__(self, case: ChannelCase, channel: Channel, make: Sessions) -> None:
        self.case, self.make = case, make
        self.url = f"http://kanal/webhooks/{channel.name}"
        self.trace = TraceBuffer(make)
        hooks = Webhooks(
            {channel.name: channel}, Letterbox(self._commit), Silent(), self.trace, MAX
        )
        self.app = Starlette(routes=hooks.routes())

    def _commit(self, inbounds: Sequence[Inbound]) -> None:
        with transaction(self.make) as session:
            inbox.put(session, inbounds, NO_WAIT)

    def post(self, *bodies: bytes) -> list[int]:
        """Post signed bodies, all at once; return what each is answered."""
        return self.request(*((self.case.sign(body), body) for body in bodies))

    def request(self, *requests: tuple[dict[str, str], bytes]) -> list[int]:
        """Post bodies with headers, all at once."""

        async def gather() -> list[httpx.Response]:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport) as http:
                posts = (http.post(self.url, headers=head, content=it) for head, it in requests)
                return await asyncio.gather(*posts)

        return [answer.status_code for answer in finished(gather())]

    def greet(self, query: Iterable[tuple[str, str]]) -> httpx.Response:
        """Make a set-up request."""

        async def get() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport) as http:
                return await http.get(self.url, params=list(query))

        return finished(get())

    @property
    def kept(self) -> list[Inbox]:
        """The rows of the inbox."""
        return list(rows(self.make, Inbox))


@pytest.fixture
def door(case: ChannelCase, channel: Channel, make: Sessions) -> Door:
    """The door of the channel."""
    return Door(case, channel, make)


def test_fifty_copies_at_once_are_one_row(case: ChannelCase, door: Door) -> None:
    assert door.post(*[case.says("halo")] * COPIES) == [200] * COPIES
    assert [row.state for row in door.kept] == ["waiting"]


@pytest.mark.parametrize(("case", "where"), BATCHES)
def test_fifty_copies_of_a_batch_at_once_are_one_row_for_each_event(
    case: ChannelCase, where: Where, door: Door
) -> None:
    body = case.together(where, *(case.item(where, number) for number in (1, 2, 3)))
    assert door.post(*[body] * COPIES) == [200] * COPIES
    assert [row.state for row in door.kept] == ["waiting"] * 3


def test_every_sample_several_times_at_once_in_any_order(
    case: ChannelCase, channel: Channel, door: Door, ring: KeyRing
) -> None:
    samples = [path.read_bytes() for path in sorted(case.samples.glob("[!_]*.json"))]
    posted = samples * 5
    random.Random(7).shuffle(posted)
    assert door.post(*posted) == [200] * len(posted)
    events = {event.external_id: event for body in samples for event in channel.parse(body)}
    found = {row.external_id: row for row in door.kept}
    assert len(door.kept) == len(events)
    assert found.keys() == {ring.blind(name) for name in events}
    for name, told in events.items():
        row = found[ring.blind(name)]
        assert [event.external_id for event in channel.parse(bytes(row.raw))] == [name]
        assert (row.state == "waiting") == bool(told.address)


def test_forged_bodies_are_refused_and_nothing_is_kept(case: ChannelCase, door: Door) -> None:
    body = case.says("halo")
    forged = [({}, body), (case.sign_forged(body), body), (case.sign_forged(b"{"), b"{")]
    assert door.request(*forged) == [403] * 3
    assert door.request((case.sign_old(body), body)) == [200]
    assert len(door.kept) == 1


def test_a_secret_that_was_removed_opens_nothing(case: ChannelCase, make: Sessions) -> None:
    body = case.says("halo")
    door = Door(case, case.settled("http://127.0.0.1:9"), make)
    assert door.request((case.sign_old(body), body), (case.sign(body), body)) == [403, 200]
    assert len(door.kept) == 1


def test_broken_bodies_are_refused_and_odd_ones_kept(case: ChannelCase, door: Door) -> None:
    assert door.post(b"", b"{", b"[]", b"null", b"\xff\x00", b"[" * 10_000) == [400] * 6
    assert door.kept == []
    assert door.post(b"{}", b'{"a":[]}') == [200, 200]
    assert [row.state for row in door.kept] == ["kept", "kept"]


@pytest.mark.parametrize(("case", "body"), EMPTY)
def test_an_empty_batch_is_taken_and_nothing_is_kept(door: Door, body: bytes) -> None:
    assert door.post(body) == [200]
    assert door.kept == []


def test_the_largest_body_and_one_byte_more(
    case: ChannelCase, channel: Channel, door: Door
) -> None:
    assert AppSettings.model_fields["webhook_max_bytes"].default == MAX
    largest = case.says("a" * (MAX - len(case.says(""))))
    assert len(largest) == MAX
    assert door.post(largest, largest + b" ", case.says("a" * MAX)) == [200, 413, 413]
    [row] = door.kept
    [event] = channel.parse(bytes(row.raw))
    assert len(event.text) > MAX - 2000


def test_while_the_database_is_away_nothing_is_acknowledged(
    case: ChannelCase, channel: Channel, make: Sessions, ring: KeyRing
) -> None:
    away = sessions(connect("postgresql+psycopg://a:b@127.0.0.1:1/kanal", ring=ring))
    door = Door(case, channel, away)
    body = case.says("halo")
    assert door.post(body, body) == [503, 503]
    assert door.post(b"{") == [400]
    assert Door(case, channel, make).post(body) == [200]  # the platform's next attempt


def test_a_right_greeting_is_answered_and_every_other_refused(
    case: ChannelCase, channel: Channel, door: Door
) -> None:
    others = [it.greeting[0] for it in CHANNELS if it.greeting and it is not case]
    for query in ({}, {"challenge": "4"}, *others, *case.wrong_greetings):
        assert channel.handshake(query) is None
        assert door.greet(_sendable(query)).status_code == 403
    if case.greeting:
        query, answer = case.greeting
        assert channel.handshake(query) == answer
        given = door.greet(query.items())
        media_type = given.headers["content-type"].partition(";")[0]
        assert (given.status_code, Handshake(given.text, media_type)) == (200, answer)
    assert door.kept == []


def _sendable(query: object) -> list[tuple[str, str]]:
    """Return the query without what no address can hold."""
    assert isinstance(query, dict)
    return [(name, value.encode(errors="replace").decode()) for name, value in query.items()]


def test_the_trace_of_what_came_in_tells_nothing(
    case: ChannelCase, door: Door, make: Sessions
) -> None:
    body = case.says(TEXT)
    door.request((case.sign(body), body), (case.sign_forged(body), body), (case.sign(b""), b""))
    query = case.greeting[0].items() if case.greeting else [("a", case.secrets[0])]
    greeted = door.greet(query).status_code
    door.trace.flush()
    lines = rows(make, Trace)
    assert sorted(line.status for line in lines) == sorted([200, 403, 400, greeted])
    assert_discreet(case, *(f"{line.method} {line.code} {line.body}" for line in lines))
