"""The office's news: for the citizen unless he said stop, for followers, and with a question."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import conversations, overdue, reports
from core.channel import Limits, LimitsOf
from core.conversations import load_state
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox, Report
from core.draft import Draft, Line, State
from core.effects import CancelReport, Follow, GiveVerdict
from core.errors import MoveRefused
from core.outbox import Rank
from core.promise import Terms
from core.reports import Officer
from core.text import utf16_units
from core.workflow import ReportState
from core.zones import Daytime
from tests.core.desk import (
    BUDI,
    LINE,
    SITI,
    Who,
    agency,
    done,
    keys,
    report,
    row_of,
    talker,
    tells,
    wish,
)
from tests.core.post import rows

BARE = Limits(5000, utf16_units, 0, 64)
BUTTONS = Limits(5000, utf16_units, 13, 64)
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: BUTTONS, LINE: lambda address: BARE}
CITY = Officer("diskominfo")
OTHER = Who("9", LINE, "en")
ANSWER = "Sudah ditambal. Terima kasih, hubungi 0812 3456 7890."

Act = Callable[[Session, Report], frozenset[str]]


def does(make: Sessions, ticket: str, act: Act) -> frozenset[str]:
    with transaction(make) as session:
        return act(session, reports.find(session, ticket, CITY))


def assigns(session: Session, row: Report) -> frozenset[str]:
    return reports.assign(session, row, "pupr", CITY, LIMITS)


def holds(session: Session, row: Report) -> frozenset[str]:
    return reports.change_state(session, row, ReportState.TUNDA, "Foto kurang", CITY, LIMITS)


def answers(*, done: bool, said: str = ANSWER) -> Act:
    return lambda session, row: reports.answer(session, row, said, done, CITY, LIMITS)


def told(make: Sessions, who: Who) -> list[Outbox]:
    id_ = row_of(make, who).id
    return [row for row in rows(make, Outbox) if row.conversation_id == id_]


def state_of(make: Sessions, who: Who) -> State:
    return load_state(row_of(make, who).state)


# ---- the question


def test_the_question_comes_with_buttons(make: Sessions) -> None:
    agency(make)
    ticket = tells(make, state="proses")
    assert does(make, ticket, answers(done=True)) == {"telegram"}
    [part] = told(make, BUDI)
    assert part.choices == [["Sudah", f"done::{ticket}"], ["Belum", f"not-done::{ticket}"]]
    assert part.texts[0].endswith(
        f"{ANSWER}\n\nMenurut Anda, sudah beres? Bila belum, kami buka kembali."
    )
    assert (part.rank, part.human, part.draft) == (Rank.ANSWER, True, 1)
    assert state_of(make, BUDI).menu == (f"done::{ticket}", f"not-done::{ticket}")


def test_where_there_are_no_buttons_numbers_answer(make: Sessions) -> None:
    ticket = tells(make, OTHER, state="proses")
    does(make, ticket, answers(done=True))
    [part] = told(make, OTHER)
    assert part.choices == []
    last = part.texts[0].splitlines()[-4:]
    assert [line[:3] for line in last[:2]] == ["1. ", "2. "]
    assert last[2:] == ["", "Just reply with the number."]
    assert state_of(make, OTHER).menu == (f"done::{ticket}", f"not-done::{ticket}")


def with_draft(make: Sessions, who: Who) -> State:
    state = State(
        who.language, last_draft=2, draft=Draft(2, (Line("m", "Lampu"),)), menu=("send:2",)
    )
    with transaction(make) as session:
        conversations.save(session, {talker(session, who).id: state}, {})
    return state


@pytest.mark.parametrize("who", [BUDI, OTHER])
def test_numbers_stay_those_of_an_open_draft(make: Sessions, who: Who) -> None:
    ticket = tells(make, who, state="proses")
    before = with_draft(make, who)
    does(make, ticket, answers(done=True))
    assert state_of(make, who) == before
    [part] = told(make, who)
    bare = who == OTHER
    assert len(part.choices) == (0 if bare else 2)
    assert (f"DONE {ticket} or NOT DONE {ticket}" in part.texts[0]) == bare
    assert "1." not in part.texts[0]


@pytest.mark.parametrize(
    ("act", "asks"),
    [
        (answers(done=True), True),
        (answers(done=False), False),
        (lambda s, r: reports.change_state(s, r, ReportState.SELESAI, "", CITY, LIMITS), True),
        (holds, False),
    ],
)
def test_only_what_is_done_is_asked_about(make: Sessions, act: Act, asks: bool) -> None:
    ticket = tells(make, state="proses")
    does(make, ticket, act)
    [part] = told(make, BUDI)
    assert bool(part.choices) == asks


@pytest.mark.parametrize(("verdict", "asks"), [("", True), ("sudah", False), ("diam", False)])
def test_nobody_is_asked_again_what_he_has_answered(
    make: Sessions, verdict: str, asks: bool
) -> None:
    ticket = tells(make, state="selesai", verdict=verdict)
    does(make, ticket, answers(done=True))
    assert bool(told(make, BUDI)[0].choices) == asks


def test_a_report_that_is_done_anew_is_asked_about_anew(make: Sessions) -> None:
    ticket = tells(make, state="proses", verdict="belum")
    does(make, ticket, answers(done=True))
    row = report(make, ticket)
    assert (row.state, row.verdict, row.verdict_at) == ("selesai", "", None)
    assert told(make, BUDI)[0].choices


# ---- stop


@pytest.mark.parametrize("act", [assigns, holds, answers(done=True)])
def test_who_said_stop_is_told_nothing(make: Sessions, act: Act) -> None:
    agency(make)
    ticket = tells(make, state="terdisposisi")
    with transaction(make) as session:
        session.execute(update(Conversation).values(notices=False))
    assert does(make, ticket, act) == frozenset()
    assert rows(make, Outbox) == []
    assert state_of(make, BUDI).menu == ()


# ---- followers


def follows(make: Sessions, ticket: str, *whos: Who) -> None:
    wish(make, *((who, Follow(ticket)) for who in whos))
    with transaction(make) as session:
        for who in whos:
            mine = talker(session, who)
            conversations.save(session, {mine.id: State(who.language)}, {})


def test_followers_read_the_same_news_in_their_language(make: Sessions) -> None:
    agency(make)
    ticket = tells(make, said="Rumah Contoh", anonim=True)
    follows(make, ticket, SITI, OTHER)
    assert does(make, ticket, assigns) == {"telegram", LINE}
    assert does(make, ticket, holds) == {"telegram", LINE}
    assert does(make, ticket, lambda s, r: reports.assign(s, r, "pupr", CITY, LIMITS))
    assert does(make, ticket, answers(done=True))
    english = [part.texts[0] for part in told(make, OTHER)]
    assert english == [
        f"Report {ticket} has been checked and passed on to Dinas PUPR.",
        f"Report {ticket} is now: on hold.",
        f"Report {ticket} has been checked and passed on to Dinas PUPR.",
        f"Report {ticket}, which you follow, was answered. It is now: completed.",
    ]
    for part in told(make, SITI) + told(make, OTHER):
        assert (part.choices, part.draft, part.rank) == ([], 0, Rank.ANSWER)
        assert "Foto kurang" not in part.texts[0]
        assert "Rumah" not in part.texts[0]
        assert "ditambal" not in part.texts[0]
    assert state_of(make, SITI).menu == ()


def test_of_a_report_that_is_rahasia_nobody_else_reads(make: Sessions) -> None:
    ticket = tells(make, state="proses")
    follows(make, ticket, SITI)
    with transaction(make) as session:
        session.execute(update(Report).values(rahasia=True))
    assert does(make, ticket, answers(done=True)) == {"telegram"}
    assert told(make, SITI) == []
    assert len(told(make, BUDI)) == 1


def test_stop_holds_for_what_is_followed_too(make: Sessions) -> None:
    ticket = tells(make, state="proses")
    follows(make, ticket, SITI, OTHER)
    with transaction(make) as session:
        mine = Conversation.id == talker(session, SITI).id
        session.execute(update(Conversation).where(mine).values(notices=False, reachable=False))
    does(make, ticket, answers(done=False))
    assert (len(told(make, SITI)), len(told(make, OTHER))) == (0, 1)


def test_a_channel_that_is_off_holds_up_nobody(make: Sessions) -> None:
    ticket = tells(make, state="proses")
    follows(make, ticket, SITI, OTHER)
    only = {"telegram": LIMITS["telegram"]}
    with transaction(make) as session:
        row = reports.find(session, ticket, CITY)
        assert reports.answer(session, row, ANSWER, True, CITY, only) == {"telegram"}
    assert (len(told(make, SITI)), len(told(make, OTHER))) == (1, 0)


def test_many_followers_take_as_many_statements_as_one(
    make: Sessions, statements: list[tuple[str, Any]]
) -> None:
    counted = []
    for number in (1, 30):
        ticket = tells(make, state="proses")
        follows(make, ticket, *(Who(f"{number}{i}") for i in range(number)))
        before = len(statements)
        does(make, ticket, answers(done=False))
        counted.append(len(statements) - before)
    assert counted[0] == counted[1]
    assert len(rows(make, Outbox)) == 2 + 31


def test_what_is_refused_tells_nobody(make: Sessions) -> None:
    ticket = tells(make)
    follows(make, ticket, SITI)
    with pytest.raises(MoveRefused):
        does(make, ticket, answers(done=True))
    with transaction(make) as session:
        assert session.scalars(select(Outbox.id)).all() == []


def test_followers_learn_that_it_is_opened_again_or_closed(make: Sessions) -> None:
    reopened, settled, taken, silent = done(make), done(make), tells(make), done(make)
    for ticket in (reopened, settled, taken, silent):
        follows(make, ticket, OTHER)
    hidden = done(make, rahasia=True)
    said = wish(
        make,
        (BUDI, GiveVerdict(reopened, "belum")),
        (BUDI, GiveVerdict(settled, "sudah")),
        (BUDI, CancelReport(taken)),
        (BUDI, GiveVerdict(hidden, "sudah")),
        (BUDI, GiveVerdict(taken, "sudah")),
    )
    assert keys(said)[-1] == "verdict-late"
    with transaction(make) as session:
        past = datetime.now(UTC) - timedelta(hours=1)
        session.execute(update(Report).where(Report.ticket == silent).values(close_at=past))
    always = Terms(hours=Daytime(time(0), time(23, 59, 59, 999999)))
    with transaction(make) as session:
        assert overdue.sweep(session, LIMITS, always).deliver == {"telegram", LINE}
    assert [part.texts[0] for part in told(make, OTHER)] == [
        f"Report {reopened}, which you follow, was opened again. It is now: being handled.",
        f"Report {settled}, which you follow, was closed.",
        f"Report {taken} is now: archived.",
        f"Report {silent}, which you follow, was closed.",
    ]
    assert all(part.draft == 0 for part in told(make, OTHER))
