"""An officer talks to a citizen: the program is silent, keeps what is said, and comes back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import outbox, reports, takeover
from core.conversations import STATE, load_state
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Message, Outbox, Report, ReportEvent
from core.draft import State
from core.errors import MoveRefused
from core.message import Outbound
from core.reports import Officer
from core.takeover import AWAKE, LONGEST, Ended
from tests.core.post import HOLE, Phone, post, rows, tap, work
from tests.core.post import update as event

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIMITS = {"telegram": Phone().limits}
OFFICE = Officer("diskominfo")
Act = Callable[[Session, Report], frozenset[str]]


@pytest.fixture
def ticket(make: Sessions) -> str:
    """A report of sender 7."""
    for raw in (event(7, HOLE), event(7, "lewati"), tap(7, "send:1")):
        post(make, raw)
        work(make, Phone())
    with transaction(make) as session:
        return session.scalars(select(Report.ticket)).one()


def now() -> datetime:
    return datetime.now(UTC)


def act(make: Sessions, ticket: str, what: Act) -> frozenset[str]:
    with transaction(make) as session:
        return what(session, reports.find(session, ticket, OFFICE))


def take(length: timedelta = HOUR) -> Act:
    return lambda session, report: takeover.take_over(session, report, length, OFFICE, LIMITS)


def write(words: str = "Selamat siang.", length: timedelta = HOUR) -> Act:
    return lambda session, report: takeover.write(session, report, words, length, OFFICE, LIMITS)


def back(session: Session, report: Report) -> frozenset[str]:
    return takeover.hand_back(session, report, OFFICE, LIMITS)


def only(make: Sessions) -> Conversation:
    with transaction(make) as session:
        return session.scalars(select(Conversation)).one()


def change(make: Sessions, **columns: object) -> None:
    with transaction(make) as session:
        session.execute(update(Conversation).values(columns))


def sweep(make: Sessions, *, daytime: bool = True, batch: int = 9) -> Ended:
    with transaction(make) as session:
        return takeover.end_over(session, LIMITS, daytime=daytime, batch=batch)


def said(make: Sessions, before: int = 0) -> list[str]:
    return [row.texts[0] for row in rows(make, Outbox)[before:]]


def history(make: Sessions) -> list[str]:
    with transaction(make) as session:
        found = session.scalars(select(ReportEvent).order_by(ReportEvent.id)).all()
        return [f"{it.actor} {it.kind}" for it in found if it.kind != "opened"]


def hear(make: Sessions, *raws: bytes) -> list[str]:
    """Let the citizen do that, and return what the program says to it."""
    before = len(rows(make, Outbox))
    post(make, *raws)
    work(make, Phone())
    return said(make, before)


def test_the_program_is_silent_and_keeps_every_word(make: Sessions, ticket: str) -> None:
    before = len(rows(make, Outbox))
    assert act(make, ticket, take()) == {"telegram"}
    [told] = said(make, before)
    assert ticket in told
    assert "BOT" in told
    photo = [{"file_id": "f", "width": 1, "height": 1}]
    words = ["rumah saya nomor 5", "batal", "1", "kirim", "status"]
    assert hear(make, *(event(7, text) for text in words), event(7, photo=photo)) == []
    with transaction(make) as session:
        kept = session.scalars(select(Message).order_by(Message.id)).all()[-6:]
        assert [(it.text, it.draft, it.decision) for it in kept] == [
            (text, 1, "human") for text in [*words, ""]
        ]
        assert session.scalars(select(Report)).one().state == "belum_terverifikasi"


def test_what_he_may_always_ask_for_he_gets(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    [numbers] = hear(make, event(7, "tolong, rumah tetangga kebakaran, apinya besar"))
    assert "113" in numbers
    hear(make, event(7, "stop"))
    assert not only(make).notices
    assert takeover.talks(only(make), now())  # and yet an officer still talks to him
    with transaction(make) as session:
        kept = session.scalars(select(Message).order_by(Message.id.desc()).offset(1)).first()
        assert kept
        assert (kept.draft, kept.decision) == (1, "human")


def test_what_is_told_about_a_second_report_stands_beside_that_one(
    make: Sessions, ticket: str
) -> None:
    hear(make, event(7, "lapor baru: lampu padam di Jalan Contoh"), event(7, "lewati"))
    hear(make, tap(7, "send:2"))
    with transaction(make) as session:
        second = session.scalars(select(Report.ticket).where(Report.draft == 2)).one()
    act(make, ticket, take())
    hear(make, event(7, "yang pertama"))
    before = len(rows(make, Outbox))
    assert act(make, second, write()) == {"telegram"}
    assert len(said(make, before)) == 2  # he is told that it is about another report now
    hear(make, event(7, "yang kedua"))
    with transaction(make) as session:
        found = session.scalars(select(Message).order_by(Message.id)).all()[-2:]
        assert [(it.text, it.draft) for it in found] == [("yang pertama", 1), ("yang kedua", 2)]


def test_an_open_draft_waits_for_the_end(make: Sessions, ticket: str) -> None:
    hear(make, event(7, "lapor baru: lampu padam di Jalan Contoh"))
    draft = load_state(only(make).state).draft
    act(make, ticket, take())
    assert hear(make, event(7, "sebentar ya pak"), event(7, "2")) == []
    assert load_state(only(make).state).draft == draft is not None
    act(make, ticket, back)
    assert hear(make, event(7, "lewati")) != []
    assert load_state(only(make).state).last_draft == 2


def test_words_of_an_officer_are_marked_and_extend_the_talk(make: Sessions, ticket: str) -> None:
    act(make, ticket, take(10 * MINUTE))
    before = len(rows(make, Outbox))
    act(make, ticket, write("Rumah nomor berapa?", HOUR))
    [row] = rows(make, Outbox)[before:]
    assert (row.texts, row.human, row.draft, row.state) == (
        ["Rumah nomor berapa?"],
        True,
        1,
        "open",
    )
    until = only(make).human_until
    assert until
    assert abs(until - now() - HOUR) < MINUTE
    act(make, ticket, write(length=MINUTE))
    assert only(make).human_until == until  # never shorter by writing
    act(make, ticket, take(MINUTE))
    assert (only(make).human_until or until) < until  # but by taking over for less
    assert [row.human for row in rows(make, Outbox)[:before]] == [False] * before
    assert history(make) == [
        f"diskominfo {kind}" for kind in ("takeover", "human_message", "human_message", "takeover")
    ]
    with transaction(make) as session:
        details = str(session.scalars(select(ReportEvent.detail)).all())
        assert "Rumah" not in details
        assert session.scalars(select(Report.version)).one() == 5


def test_writing_begins_a_talk(make: Sessions, ticket: str) -> None:
    change(make, asked_human_at=now())
    before = len(rows(make, Outbox))
    act(make, ticket, write("Halo."))
    assert [row.human for row in rows(make, Outbox)[before:]] == [False, True]
    assert said(make, before)[1] == "Halo."
    assert hear(make, event(7, "halo pak")) == []
    assert only(make).asked_human_at is None


def test_the_platform_learns_that_it_is_a_human(make: Sessions, ticket: str) -> None:
    act(make, ticket, write("Halo."))
    sent: list[Outbound] = []
    with transaction(make) as session:
        while parts := outbox.claim(session, "telegram", 9, HOUR):
            sent += [part.outbound for part in parts]
            session.execute(
                update(Outbox).where(Outbox.id.in_([p.id for p in parts])).values(state="sent")
            )
    assert [(it.text, it.human) for it in sent][-1] == ("Halo.", True)
    assert [it.human for it in sent].count(True) == 1


def test_long_words_are_whole(make: Sessions, ticket: str) -> None:
    words = "kata " * 1000
    before = len(rows(make, Outbox))
    act(make, ticket, write(words))
    parts = [row for row in rows(make, Outbox)[before:] if row.human]
    assert len(parts) == 2
    assert " ".join(" ".join(part.texts) for part in parts).split() == words.split()


# ---- the end


def test_an_officer_hands_back(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    before = len(rows(make, Outbox))
    assert act(make, ticket, back) == {"telegram"}
    [told] = said(make, before)
    assert "layanan otomatis kembali" in told
    assert only(make).human_until is None
    assert len(hear(make, event(7, "bantuan"))) == 1
    with pytest.raises(MoveRefused, match="nobody"):
        act(make, ticket, back)
    assert history(make)[-1] == "diskominfo handback"
    assert sweep(make) == Ended()


def test_a_word_of_the_citizen_hands_back(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    assert len(hear(make, event(7, "bot"))) == 1
    assert only(make).human_until is None
    assert len(hear(make, event(7, "bantuan"))) == 1
    assert sweep(make) == Ended()


def test_what_comes_after_the_end_is_judged_anew(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    act(make, ticket, back)
    hear(make, event(7, "lapor baru: pohon tumbang di Jalan Contoh menutup jalan"))
    assert load_state(only(make).state).draft is not None


def test_time_ends_it_and_he_is_told_once(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    assert sweep(make) == Ended()
    change(make, human_until=now() - MINUTE)
    before = len(rows(make, Outbox))
    assert sweep(make) == Ended(1, frozenset({"telegram"}))
    assert sweep(make) == Ended()
    [told] = said(make, before)
    assert ticket in told
    assert rows(make, Outbox)[-1].draft == 1
    assert history(make) == ["diskominfo takeover", "kanal handback"]
    with transaction(make) as session:
        assert session.scalars(select(Report.version)).one() == 2


def test_between_the_end_and_the_sweep_the_program_answers(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    change(make, human_until=now() - MINUTE)
    assert len(hear(make, event(7, "bantuan"))) == 1
    assert sweep(make).talks == 1


@pytest.mark.parametrize(
    ("silent", "daytime", "ended"),
    [
        (AWAKE - MINUTE, False, 1),
        (AWAKE + MINUTE, False, 0),
        (AWAKE + MINUTE, True, 1),
        (None, False, 0),
        (None, True, 1),
    ],
)
def test_nobody_is_woken_by_the_end(
    make: Sessions, ticket: str, silent: timedelta | None, daytime: bool, ended: int
) -> None:
    act(make, ticket, take())
    heard = now() - silent if silent else None
    change(make, human_until=now() - MINUTE, heard_at=heard)
    assert sweep(make, daytime=daytime).talks == ended


def test_a_channel_that_is_off_waits(make: Sessions, ticket: str) -> None:
    act(make, ticket, take())
    change(make, human_until=now() - MINUTE)
    with transaction(make) as session:
        assert takeover.end_over(session, {"line": LIMITS["telegram"]}, daytime=True) == Ended()
    assert sweep(make).talks == 1


def test_a_state_that_cannot_be_read_holds_up_nobody(
    make: Sessions, ticket: str, caplog: pytest.LogCaptureFixture
) -> None:
    act(make, ticket, take())
    with transaction(make) as session:
        broken = {"state": {"stage": "no such"}, "human_until": now() - HOUR}
        session.add(Conversation(channel="telegram", address="8", **broken))
    change(make, human_until=now() - MINUTE)
    assert sweep(make) == Ended(2, frozenset({"telegram"}))
    assert "unannounced" in caplog.text


def test_two_sweeps_at_once_tell_once(make: Sessions, ticket: str) -> None:
    focus = STATE.dump_python(State(focus=ticket), mode="json")
    with transaction(make) as session:
        for number in range(20):
            session.add(
                Conversation(
                    channel="telegram",
                    address=f"x{number}",
                    state=focus,
                    human_until=now() - MINUTE,
                )
            )
    before = len(rows(make, Outbox))
    start = Barrier(4)

    def run() -> int:
        start.wait(10)
        return sum(iter(lambda: sweep(make, batch=3).talks, 0))

    with ThreadPoolExecutor(4) as pool:
        done = [future.result() for future in [pool.submit(run) for _ in range(4)]]
    assert sum(done) == 20
    assert sorted(row.address for row in rows(make, Outbox)[before:]) == sorted(
        f"x{number}" for number in range(20)
    )


# ---- what is refused, and who is at the same time


@pytest.mark.parametrize("length", [timedelta(), -MINUTE, LONGEST + timedelta(seconds=1)])
def test_what_is_no_length(make: Sessions, ticket: str, length: timedelta) -> None:
    with pytest.raises(MoveRefused, match="24 hours"):
        act(make, ticket, take(length))
    assert only(make).human_until is None


def test_who_cannot_be_reached_gets_it_when_he_is_back(make: Sessions, ticket: str) -> None:
    change(make, reachable=False)
    before = len(rows(make, Outbox))
    act(make, ticket, write("Halo."))
    assert {row.state for row in rows(make, Outbox)[before:]} == {"parked"}
    hear(make, event(7, "maaf, baru aktif lagi"))
    assert {row.state for row in rows(make, Outbox)[before:]} == {"open"}


def test_an_officer_and_a_message_at_once(make: Sessions, ticket: str) -> None:
    """Whoever is first: no word is lost, and there is one state in the end."""
    start = Barrier(2)
    for number in range(10):
        post(make, event(7, f"pesan nomor {number} untuk petugas"))

        def officer() -> None:
            start.wait(10)
            act(make, ticket, write("Halo."))

        def citizen() -> None:
            start.wait(10)
            work(make, Phone())

        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(officer), pool.submit(citizen)]:
                future.result()
        assert load_state(only(make).state).focus == ticket
    with transaction(make) as session:
        found = session.scalars(select(Message.text)).all()
        assert all(f"pesan nomor {number} untuk petugas" in found for number in range(10))
