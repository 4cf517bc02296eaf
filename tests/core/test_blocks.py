"""Blocked senders: held and told once, nobody else, until the end or until it is lifted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, text, update

from core import blocks, inbox
from core.blocks import LONGEST
from core.db.session import Sessions, transaction
from core.db.tables import Block, Conversation, Inbox, Outbox, Report, ReportEvent
from core.errors import MoveRefused, NotFound
from core.reports import Officer
from tests.core.post import HOLE, Phone, membership, post, rows, tap, work
from tests.core.post import update as event

OFFICE = Officer("diskominfo")
OpenReport = Callable[..., str]
DAY = timedelta(days=1)


def later(wait: timedelta = DAY) -> datetime:
    return datetime.now(UTC) + wait


@pytest.fixture
def ticket(make: Sessions) -> str:
    """A report of sender 7; sender 8 has one too."""
    for sender in (7, 8):
        for raw in (event(sender, HOLE), event(sender, "lewati"), tap(sender, "send:1")):
            post(make, raw)
            work(make, Phone())
    return next(report.ticket for report in reports(make) if report.channel == "telegram")


def reports(make: Sessions) -> list[Report]:
    with transaction(make) as session:
        found = session.query(Report).join(Conversation, Conversation.id == Report.conversation_id)
        return found.filter(Conversation.address_key == "7").all()


def block(make: Sessions, ticket: str, until: datetime | None = None) -> int:
    with transaction(make) as session:
        return blocks.block(session, ticket, "Ancaman.", until or later(), OFFICE)


def history(make: Sessions) -> list[str]:
    with transaction(make) as session:
        own = session.scalars(select(ReportEvent).order_by(ReportEvent.id)).all()
        return [f"{it.actor} {it.kind}" for it in own if it.kind != "opened"]


def write(make: Sessions, *senders: int) -> list[list[str]]:
    """Let each of them write once; return the states of those letters, and what was said."""
    before = len(rows(make, Inbox)), len(rows(make, Outbox))
    post(make, *(event(sender, "bantuan") for sender in senders))
    work(make, Phone())
    states = [row.state for row in rows(make, Inbox)[before[0] :]]
    return [states, [row.texts[0] for row in rows(make, Outbox)[before[1] :]]]


def test_a_blocked_sender_is_held_and_told_once_and_others_are_served(
    make: Sessions, ticket: str
) -> None:
    until = later(10 * DAY).replace(hour=20)  # a day later in Makassar
    block(make, ticket, until)
    states, said = write(make, 7, 8)
    assert states == ["held", "done"]
    (told,) = [one for one in said if "belum kami baca" in one]
    assert f"sampai {(until + DAY).day} " in told
    assert "Ancaman" not in told
    states, said = write(make, 7, 7, 8)
    assert states == ["held", "held", "done"]
    assert len(said) == 1
    assert {row.error for row in rows(make, Inbox) if row.state == "held"} == {"blocked"}
    assert history(make) == ["diskominfo blocked"]


def test_what_is_not_said_still_counts_while_blocked(make: Sessions, ticket: str) -> None:
    block(make, ticket)
    post(make, membership(7, "kicked"))
    work(make, Phone())
    assert rows(make, Inbox)[-1].state == "done"
    with transaction(make) as session:
        reachable = select(Conversation.reachable).where(Conversation.address_key == "7")
        assert session.scalar(reachable) is False


def test_the_end_comes_by_itself(make: Sessions, ticket: str) -> None:
    block(make, ticket)
    with transaction(make) as session:
        session.execute(update(Block).values(until=text("now() - interval '1 second'")))
    assert write(make, 7)[0] == ["done"]
    second = block(make, ticket)  # the first is over
    assert write(make, 7) == [["held"], [rows(make, Outbox)[-1].texts[0]]]
    assert second == 2


def test_lifted_and_what_was_held_is_replayed(make: Sessions, ticket: str) -> None:
    number = block(make, ticket)
    assert write(make, 7)[0] == ["held"]
    with transaction(make) as session:
        assert len(inbox.replay(session, state="held")) == 1
    work(make, Phone())
    assert rows(make, Inbox)[-1].state == "held"  # still blocked
    for _ in range(2):  # asking twice does no harm
        with transaction(make) as session:
            blocks.lift(session, number, OFFICE)
    assert write(make, 7)[0] == ["done"]
    with transaction(make) as session:
        inbox.replay(session, state="held")
    work(make, Phone())
    assert {row.state for row in rows(make, Inbox)} == {"done"}
    assert history(make) == ["diskominfo blocked", "diskominfo block_lifted"]
    with transaction(make) as session:
        line = blocks.line(session, number)
    assert (line.in_force, line.lifted_by) == (False, "diskominfo")
    assert reports(make)[0].version == 3


@pytest.mark.parametrize(
    ("wait", "reason", "error"),
    [
        (timedelta(seconds=-1), "sebab", "future"),
        (timedelta(), "sebab", "future"),
        (LONGEST + timedelta(minutes=1), "sebab", "366 days"),
        (DAY, " \n", "reason"),
    ],
)
def test_what_is_no_block(
    make: Sessions, ticket: str, wait: timedelta, reason: str, error: str
) -> None:
    with transaction(make) as session, pytest.raises(MoveRefused, match=error):
        blocks.block(session, ticket, reason, later(wait), OFFICE)
    assert rows(make, Block) == []
    assert history(make) == []


@pytest.mark.parametrize("wait", [timedelta(minutes=1), LONGEST - timedelta(minutes=1)])
def test_the_ends_of_a_block(make: Sessions, ticket: str, wait: timedelta) -> None:
    assert block(make, ticket, later(wait)) == 1


def test_unknown_tickets_and_blocks(make: Sessions, ticket: str) -> None:
    with transaction(make) as session:
        with pytest.raises(NotFound):
            blocks.block(session, "7KQ2M-X9PAT", "sebab", later(), OFFICE)
        with pytest.raises(NotFound):
            blocks.lift(session, 1, OFFICE)


def test_of_two_officers_at_once_one_blocks(make: Sessions, ticket: str) -> None:
    start = Barrier(8)

    def act() -> bool:
        start.wait(10)
        try:
            block(make, ticket)
        except MoveRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = [future.result() for future in [pool.submit(act) for _ in range(8)]]
    assert sorted(done) == [False] * 7 + [True]
    assert len(rows(make, Block)) == 1
    assert history(make) == ["diskominfo blocked"]


def test_pages(make: Sessions, open_report: OpenReport) -> None:
    with transaction(make) as session:
        tickets = [open_report(session) for _ in range(5)]
        for ticket in tickets:
            blocks.block(session, ticket, "sebab", later(), OFFICE)
        blocks.lift(session, 4, OFFICE)
        found, after = [], None
        while True:
            page = blocks.page(session, in_force=True, limit=2, after=after)
            found.append([row.id for row in page.rows])
            after = page.after
            if after is None:
                break
        assert found == [[5, 3], [2, 1]]
        everything = blocks.page(session, in_force=False, limit=9, after=None)
        assert [row.in_force for row in everything.rows] == [True, False, True, True, True]
        assert [row.ticket for row in everything.rows] == tickets[::-1]
        assert not {"address", "conversation_id"} & set(everything.rows[0]._fields)
