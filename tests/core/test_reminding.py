"""Drafts are never thrown away: reminded twice, in daytime, each once, and revived by any word."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from core import reminding
from core.channel import Power
from core.conversations import STATE, load_state
from core.db.session import Sessions, transaction
from core.db.tables import Block, Conversation, Outbox
from core.draft import Draft, Line, Stage, State
from core.message import Inbound
from core.outbox import Rank
from core.reminding import RESTS, Patience, Reminded, remind, repeated
from core.settings import CoreSettings
from core.turn import Option
from core.understanding import Klasifikasi
from core.words import Word
from core.zones import WIB, WIT, WITA
from tests.core.citizen import Chat, photo, pin, says, taps
from tests.core.post import HOLE, Phone, post, rows, tap, work
from tests.core.post import update as event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OpenReport = Callable[..., str]
NOON = datetime(2026, 3, 12, 12, tzinfo=WITA)
PATIENCE = Patience()


def leave(make: Sessions, age: timedelta, now: datetime = NOON, sender: int = 7) -> UUID:
    """Let a citizen begin a report, and leave it alone for so long; return the conversation."""
    post(make, event(sender, HOLE))
    work(make, Phone())
    with transaction(make) as session:
        mine = Conversation.address_key == str(sender)
        id_ = session.scalars(select(Conversation.id).where(mine)).one()
        columns = {"draft_at": now - age, "heard_at": now - age}
        session.execute(update(Conversation).where(mine).values(columns))
        session.execute(update(Outbox).where(Outbox.state == "open").values(state="sent"))
    return id_


def change(make: Sessions, id_: UUID, **columns: object) -> None:
    with transaction(make) as session:
        session.execute(update(Conversation).where(Conversation.id == id_).values(columns))


def sweep(
    make: Sessions, now: datetime = NOON, phone: Phone | None = None, **options: int
) -> Reminded:
    channel = phone or Phone()
    with transaction(make) as session:
        return remind(session, {channel.name: channel}, PATIENCE, now, **options)


def reminders(make: Sessions) -> list[Outbox]:
    return [row for row in rows(make, Outbox) if row.rank == Rank.REMINDER]


def stage(make: Sessions, id_: UUID) -> tuple[int, State]:
    with transaction(make) as session:
        row = session.get_one(Conversation, id_)
        return row.reminded, load_state(row.state)


# ---- when


@pytest.mark.parametrize(
    ("age", "before", "after", "key"),
    [
        (23 * HOUR, 0, 0, ""),
        (24 * HOUR, 0, 1, "belum terkirim. Yang"),
        (71 * HOUR, 0, 1, "belum terkirim. Yang"),
        (71 * HOUR, 1, 1, ""),
        (72 * HOUR, 1, RESTS, "pengingat terakhir"),
        (72 * HOUR, 0, RESTS, "pengingat terakhir"),  # whoever slept meanwhile says it once
        (300 * DAY, RESTS, RESTS, ""),
    ],
)
def test_after_one_day_and_after_three(
    make: Sessions, age: timedelta, before: int, after: int, key: str
) -> None:
    id_ = leave(make, age)
    change(make, id_, reminded=before)
    assert sweep(make) == (Reminded(1, frozenset({"telegram"})) if key else Reminded())
    assert sweep(make) == Reminded()
    told = reminders(make)
    assert [key in row.texts[0] for row in told] == ([True] if key else [])
    assert stage(make, id_)[0] == after
    assert all(row.draft == 1 and not row.human and row.state == "open" for row in told)


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
@pytest.mark.parametrize(
    ("clock", "daytime"),
    [((7, 59, 59), False), ((8, 0, 0), True), ((19, 59, 59), True), ((20, 0, 0), False)],
)
def test_only_in_daytime_of_the_region(
    make: Sessions, zone: ZoneInfo, clock: tuple[int, int, int], daytime: bool
) -> None:
    now = datetime(2026, 3, 12, *clock, tzinfo=zone)
    leave(make, 2 * DAY, now)
    patience = Patience(zone=zone)
    with transaction(make) as session:
        found = remind(session, {"telegram": Phone()}, patience, now.astimezone(UTC))
    assert found.drafts == daytime
    assert len(reminders(make)) == daytime


WINDOWED = frozenset({Power.BUTTONS, Power.WINDOW})


@given(st.integers(0, 24 * 3600 - 1))
def test_where_a_window_closes_after_a_day_there_is_a_daytime_for_everybody(second: int) -> None:
    left = datetime(2026, 3, 12, tzinfo=WITA) + timedelta(seconds=second)
    due = left + PATIENCE.before_first(WINDOWED)
    moments = (due + timedelta(minutes=minute) for minute in range(24 * 60))
    first = next(moment for moment in moments if moment in PATIENCE.hours)
    assert first - left < timedelta(hours=23, minutes=54)
    assert PATIENCE.before_first(frozenset()) == DAY


def test_a_window_brings_the_first_reminder_forward(make: Sessions) -> None:
    leave(make, 11 * HOUR)
    assert sweep(make) == Reminded()
    assert sweep(make, phone=Phone(powers=WINDOWED)).drafts == 1


# ---- who


@pytest.mark.parametrize(
    ("columns", "reminded"),
    [
        ({"notices": False}, 1),
        ({"reachable": False}, 1),
        ({"human_until": NOON + HOUR}, 0),
        ({"draft_at": None}, 0),
    ],
)
def test_who_is_not_written_to(make: Sessions, columns: dict[str, Any], reminded: int) -> None:
    id_ = leave(make, DAY)
    change(make, id_, **columns)
    assert sweep(make).deliver == frozenset()
    assert reminders(make) == []
    assert stage(make, id_)[0] == reminded


def test_after_a_talk_with_an_officer_it_is_his_turn(make: Sessions) -> None:
    id_ = leave(make, DAY)
    change(make, id_, human_until=NOON - HOUR)
    assert sweep(make).drafts == 1


def test_who_is_blocked_by_the_office_is_not_reminded(make: Sessions) -> None:
    id_ = leave(make, DAY)
    with transaction(make) as session:
        until = datetime.now(UTC) + DAY
        block = {"conversation_id": id_, "ticket": "x", "reason": "x", "actor": "x"}
        session.add(Block(**block, until=until))
    assert sweep(make) == Reminded(1)
    assert reminders(make) == []


def test_a_channel_that_is_off_waits(make: Sessions) -> None:
    id_ = leave(make, DAY)
    assert sweep(make, phone=Phone(name="line")) == Reminded()
    assert stage(make, id_)[0] == 0


# ---- how often


def test_many_in_batches(make: Sessions) -> None:
    for sender in range(1, 6):
        leave(make, DAY + sender * HOUR, sender=sender)
    found = []
    while swept := sweep(make, batch=2).drafts:
        found.append(swept)
    assert found == [2, 2, 1]
    with transaction(make) as session:
        order = session.scalars(select(Outbox.address).where(Outbox.rank == Rank.REMINDER))
        assert sorted(order) == ["1", "2", "3", "4", "5"]


def test_two_workers_remind_once(make: Sessions) -> None:
    for sender in range(1, 31):
        leave(make, DAY, sender=sender)
    start = Barrier(4)

    def act() -> int:
        start.wait(10)
        return sum(iter(lambda: sweep(make, batch=3).drafts, 0))

    with ThreadPoolExecutor(4) as pool:
        done = [future.result() for future in [pool.submit(act) for _ in range(4)]]
    assert sum(done) == 30
    addresses = [row.address for row in reminders(make)]
    assert sorted(addresses) == sorted(str(sender) for sender in range(1, 31))


def test_whoever_is_held_is_left_for_later(make: Sessions) -> None:
    id_ = leave(make, DAY)
    with transaction(make) as session:
        session.get_one(Conversation, id_, with_for_update={"key_share": True})
        assert sweep(make) == Reminded()
    assert sweep(make).drafts == 1


def test_a_draft_that_cannot_be_read_keeps_nobody_else(
    make: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = leave(make, DAY, sender=7), leave(make, DAY, sender=8)
    with transaction(make) as session:
        session.get_one(Conversation, broken).state = {"stage": "no such"}
    assert sweep(make) == Reminded(2, frozenset({"telegram"}))
    assert [row.conversation_id for row in reminders(make)] == [fine]
    assert "a draft cannot be repeated" in caplog.text


def test_statements_do_not_grow_with_the_drafts(
    make: Sessions, statements: list[tuple[str, Any]]
) -> None:
    counts = []
    for number in (1, 9):
        for sender in range(number):
            leave(make, DAY, sender=100 * number + sender)
        before = len(statements)
        assert sweep(make).drafts == number
        counts.append(len(statements) - before)
    assert counts[0] == counts[1]


# ---- what


def test_the_question_comes_with_its_buttons_and_numbers_mean_it(make: Sessions) -> None:
    id_ = leave(make, DAY)
    post(make, event(7, "lewati"), event(7, "status"))
    work(make, Phone())
    change(make, id_, draft_at=NOON - DAY)
    sweep(make)
    [told] = reminders(make)
    assert HOLE in told.texts[0]
    assert next(value for _, value in told.choices) == "send:1"
    assert list(stage(make, id_)[1].menu) == [value for _, value in told.choices]


def play(*events: Inbound) -> Chat:
    chat = Chat()
    for one in events:
        chat.hear(one)
    return chat


@pytest.mark.parametrize(
    ("events", "key"),
    [
        ([photo()], "ask-text"),
        ([says("got mampet dan bau sekali")], "ask-place"),
        ([says("got mampet dan bau sekali"), pin()], "ask-evidence-again"),
        ([says("got mampet dan bau sekali"), pin(), taps("skip:1")], "preview"),
        (
            [says("got mampet dan bau sekali"), pin(), taps("skip:1"), taps("change:1")],
            "ask-change",
        ),
    ],
)
def test_the_question_that_is_open_is_repeated(events: list[Inbound], key: str) -> None:
    state = play(*events).state
    again = repeated(state)
    assert [reply.key for reply in again.replies] == [key]
    assert again.state == state
    assert not again.effects


def test_which_report_was_meant_is_asked_again(make: Sessions, open_report: OpenReport) -> None:
    draft = Draft(2, (Line("m", "yang kemarin"),), klasifikasi=Klasifikasi.ASPIRASI)
    with transaction(make) as session:
        ticket = open_report(session, "Lampu jalan mati")
        other = open_report(session, "Got mampet")
        whose = session.scalars(select(Conversation).order_by(Conversation.created_at)).first()
        assert whose
        session.execute(text("update conversation set person = :id"), {"id": whose.person})
        menu = (Option(Word.ADD, ticket).value, "new:2", "cancel:2")
        state = State(stage=Stage.WHICH, draft=draft, last_draft=2, menu=menu)
        whose.state = STATE.dump_python(state, mode="json")
        whose.draft_at = NOON - DAY
    sweep(make)
    [told] = reminders(make)
    assert [value for _, value in told.choices] == [menu[0], "new:2", "cancel:2"]
    assert other not in str(told.choices)
    assert [r.key for r in repeated(state).replies] == ["ask-new"]  # it was closed meanwhile


def test_nothing_is_repeated_without_a_draft() -> None:
    with pytest.raises(ValueError, match="no draft"):
        repeated(State())


# ---- and then


@pytest.mark.parametrize("reminded", [1, RESTS])
def test_any_word_goes_on_with_it(make: Sessions, reminded: int) -> None:
    id_ = leave(make, DAY)
    change(make, id_, reminded=reminded)
    post(make, event(7, "lewati"))
    work(make, Phone())
    again, state = stage(make, id_)
    assert (again, state.stage) == (0, Stage.PREVIEW)
    assert state.draft
    assert HOLE in state.draft.text
    post(make, tap(7, "send:1"))
    work(make, Phone())
    with transaction(make) as session:
        assert session.scalar(text("select count(*) from report")) == 1
        assert session.get_one(Conversation, id_).draft_at is None


def test_the_claim_walks_the_index_of_drafts(
    make: Sessions, statements: list[tuple[str, Any]], explain: Callable[[Any], str]
) -> None:
    leave(make, DAY)
    with transaction(make) as session:
        session.execute(
            text(
                "insert into conversation (id, channel, address, address_key)"
                " select gen_random_uuid(), 'telegram', '', int8send(n) || int8send(0)"
                " from generate_series(1, 3000) n"
            )
        )
        session.execute(text("analyze conversation"))
    sweep(make)
    claims = [one for one in statements if "set reminded = case" in one[0]]
    assert "ix_conversation_draft" in explain(claims[-1])


def test_patience_is_a_setting() -> None:
    assert reminding.KEYS == {1: "remind-1", RESTS: "remind-2"}
    assert Patience.of(CoreSettings()) == Patience()
    jayapura = CoreSettings(region="94.71", remind_hours=2)
    assert Patience.of(jayapura).zone == WIT
    assert Patience.of(jayapura).first == 2 * HOUR
