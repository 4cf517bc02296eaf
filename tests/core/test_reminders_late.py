"""A reminder that did not go out in time is dropped: none comes out of the blue."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import outbox, settlement
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox
from core.errors import SendCode
from core.outbox import Outcome, Rank
from tests.core.post import Phone, post, rows, work
from tests.core.post import update as event
from tests.core.test_reminding import DAY, NOON, leave, reminders, sweep

HOUR = timedelta(hours=1)
OpenReport = Callable[..., str]
Held = Callable[[Session, Outbox], None]


def park(code: SendCode) -> Held:
    def act(session: Session, row: Outbox) -> None:
        session.execute(
            update(Outbox)
            .where(Outbox.id == row.id)
            .values(state="parked", code=code, due_at=func.now())
        )

    return act


def keep(session: Session, row: Outbox) -> None:
    """Leave it open: the channel rests."""


@pytest.mark.parametrize(
    "held", [keep, *map(park, (SendCode.WINDOW_CLOSED, SendCode.BLOCKED, SendCode.QUOTA))]
)
def test_a_reminder_that_did_not_go_out_never_comes_out_of_the_blue(
    make: Sessions, held: Held
) -> None:
    leave(make, DAY)
    sweep(make)
    with transaction(make) as session:
        held(session, reminders(make)[0])
    post(make, event(7, "lewati"))
    work(make, Phone())
    assert reminders(make) == []
    assert "Ini laporan Anda" in rows(make, Outbox)[-1].texts[0]


def test_a_new_quota_sends_no_old_reminder(make: Sessions) -> None:
    leave(make, DAY)
    sweep(make)
    with transaction(make) as session:
        park(SendCode.QUOTA)(session, reminders(make)[0])
    with transaction(make) as session:
        outbox.reopen_paid(session)
    assert reminders(make) == []


def test_other_news_of_the_same_rank_is_released(make: Sessions, open_report: OpenReport) -> None:
    """A missed promise is about a report, and holds whenever he is back."""
    with transaction(make) as session:
        open_report(session)
        whose = session.scalars(select(Conversation)).one()
        whose.reminded = 1
        note = outbox.Note(
            "telegram", whose.address, whose.id, "berita", draft=1, rank=Rank.REMINDER
        )
        outbox.put(session, [note], {"telegram": Phone().limits})
        session.execute(update(Outbox).values(state="parked", code=SendCode.WINDOW_CLOSED))
        outbox.release(session, [whose.id])
        assert session.scalars(select(Outbox.state)).all() == ["open"]


def test_what_was_on_its_way_meanwhile_does_no_harm(make: Sessions) -> None:
    leave(make, DAY)
    sweep(make)
    with transaction(make) as session:
        [part] = outbox.claim(session, "telegram", 9, HOUR)
    post(make, event(7, "lewati"))
    work(make, Phone())
    with transaction(make) as session:
        sent = Outcome(part, "sent", NOON, 1, platform_id="p1")
        settlement.record(session, "telegram", [sent], NOON)
    assert reminders(make) == []
