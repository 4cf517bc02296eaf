"""Group commit: few transactions for many requests, and each hears of its own."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from app.web.letterbox import Letterbox
from core.message import Inbound, Kind


def event(number: int) -> Inbound:
    return Inbound("telegram", f"e{number}", "7", Kind.MESSAGE, b"{}")


class Store:
    """A blocking commit that waits until it may go on, and notes each batch."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.may_go_on = threading.Event()
        self.began = threading.Event()
        self.error: Exception | None = None

    def commit(self, inbounds: Sequence[Inbound]) -> None:
        """Take the batch."""
        self.began.set()
        assert self.may_go_on.wait(10)
        if self.error:
            raise self.error
        self.batches.append([inbound.external_id for inbound in inbounds])


async def first_is_committing(store: Store, box: Letterbox) -> "asyncio.Task[None]":
    first = asyncio.create_task(box.put([event(0)]))
    await asyncio.to_thread(store.began.wait, 10)
    return first


def test_what_arrives_during_a_commit_goes_into_the_next_in_order() -> None:
    store = Store()

    async def scenario() -> None:
        box = Letterbox(store.commit)
        first = await first_is_committing(store, box)
        rest = [asyncio.create_task(box.put([event(n), event(-n)])) for n in range(1, 100)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in [first, *rest])
        store.may_go_on.set()
        await asyncio.gather(first, *rest)
        await box.put([event(200)])

    asyncio.run(scenario())
    expected = [f"e{number}" for n in range(1, 100) for number in (n, -n)]
    assert store.batches == [["e0"], expected, ["e200"]]


def test_an_error_reaches_everybody_who_waits_and_the_next_goes_on() -> None:
    store = Store()

    async def scenario() -> list[BaseException | None]:
        box = Letterbox(store.commit)
        first = await first_is_committing(store, box)
        rest = [asyncio.create_task(box.put([event(n)])) for n in range(1, 6)]
        await asyncio.sleep(0)
        store.error = ZeroDivisionError("away")
        store.may_go_on.set()
        results = await asyncio.gather(first, *rest, return_exceptions=True)
        store.error = None
        await box.put([event(9)])
        return results

    assert [type(result) for result in asyncio.run(scenario())] == [ZeroDivisionError] * 6
    assert store.batches == [["e9"]]


@pytest.mark.parametrize("fails", [False, True])
def test_a_cancelled_request_disturbs_nobody(fails: bool) -> None:
    store = Store()

    async def scenario() -> list[BaseException | None]:
        box = Letterbox(store.commit)
        first = await first_is_committing(store, box)
        gone, stays = (asyncio.create_task(box.put([event(n)])) for n in (1, 2))
        await asyncio.sleep(0)
        first.cancel()
        gone.cancel()
        await asyncio.sleep(0)
        store.error = ZeroDivisionError() if fails else None
        store.may_go_on.set()
        return [*await asyncio.gather(first, gone, stays, return_exceptions=True)]

    first, gone, stays = asyncio.run(scenario())
    assert isinstance(first, asyncio.CancelledError)
    assert isinstance(gone, asyncio.CancelledError)
    assert isinstance(stays, ZeroDivisionError) if fails else stays is None
    assert store.batches == ([] if fails else [["e0"], ["e1", "e2"]])


def test_one_request_that_postgresql_refuses_fails_alone() -> None:
    kept: list[str] = []

    def commit(inbounds: Sequence[Inbound]) -> None:
        if any(inbound.external_id == "e2" for inbound in inbounds):
            raise ValueError("refused")
        kept.extend(inbound.external_id for inbound in inbounds)

    async def post_five_and_one() -> list[BaseException | None]:
        box = Letterbox(commit)
        posts = (box.put([event(number)]) for number in range(5))
        results = await asyncio.gather(*posts, return_exceptions=True)
        await box.put([event(9)])
        return results

    results = asyncio.run(post_five_and_one())
    assert [type(result) for result in results] == [
        *[type(None)] * 2,
        ValueError,
        *[type(None)] * 2,
    ]
    assert sorted(kept) == ["e0", "e1", "e3", "e4", "e9"]
