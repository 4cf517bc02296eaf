"""Who wants an officer is noted once, where the office looks; a word brings the program back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core.db.session import Sessions, transaction
from core.db.tables import Conversation
from core.draft import State
from core.effects import CallHuman, HandBack
from tests.core.desk import BUDI, LINE, SITI, Who, history, keys, link, row_of, tells, wish

ELSEWHERE = Who("9", LINE)
CALLED: list[tuple[str, dict[str, Any]]] = [("asked_for_human", {})]


def test_the_newest_open_report_tells_of_it(make: Sessions) -> None:
    old, new = tells(make), tells(make)
    closed, theirs = tells(make, state="selesai"), tells(make, SITI)
    assert keys(wish(make, (BUDI, CallHuman()))) == ["human-called"]
    found = [history(make, ticket) for ticket in (old, new, closed, theirs)]
    assert found == [[], CALLED, [], []]
    assert row_of(make, BUDI).asked_human_at
    assert row_of(make, SITI).asked_human_at is None


def test_the_report_that_was_spoken_of_tells_of_it_on_any_channel(make: Sessions) -> None:
    there = tells(make, ELSEWHERE)
    here = tells(make)
    link(make, BUDI, ELSEWHERE)
    wish(make, (BUDI, CallHuman()), state=State(focus=there))
    assert (history(make, there), history(make, here)) == (CALLED, [])


def test_without_a_report_there_is_the_mark(make: Sessions) -> None:
    assert keys(wish(make, (BUDI, CallHuman()), (SITI, CallHuman()))) == ["human-called"] * 2
    assert row_of(make, BUDI).asked_human_at
    assert row_of(make, SITI).asked_human_at


@pytest.mark.parametrize(("hours", "times"), [(0, 1), (23, 1), (25, 2)])
def test_calling_again_within_a_day_is_noted_once(make: Sessions, hours: int, times: int) -> None:
    ticket = tells(make)
    wish(make, (BUDI, CallHuman()), (BUDI, CallHuman()))
    ago = datetime.now(UTC) - timedelta(hours=hours)
    with transaction(make) as session:
        session.execute(update(Conversation).values(asked_human_at=ago))
    wish(make, (BUDI, CallHuman()))
    assert history(make, ticket) == CALLED * times


def talks(make: Sessions, until: datetime) -> None:
    with transaction(make) as session:
        session.execute(update(Conversation).values(human_until=until))


def test_the_program_comes_back(make: Sessions) -> None:
    spoken_of, other = tells(make), tells(make)
    wish(make, (BUDI, CallHuman()), (SITI, CallHuman()))
    talks(make, datetime(2100, 1, 1, tzinfo=UTC))
    said = wish(make, (BUDI, HandBack()), (BUDI, HandBack()), state=State(focus=spoken_of))
    assert keys(said) == ["handed-back"] * 2
    mine, theirs = row_of(make, BUDI), row_of(make, SITI)
    assert (mine.human_until, mine.asked_human_at) == (None, None)
    assert theirs.human_until
    assert theirs.asked_human_at
    assert history(make, spoken_of) == [("handback", {})]
    assert history(make, other) == CALLED


@pytest.mark.parametrize("until", [None, datetime(2020, 1, 1, tzinfo=UTC)])
def test_without_an_officer_nothing_comes_back(make: Sessions, until: datetime | None) -> None:
    ticket = tells(make)
    if until:
        talks(make, until)
    assert keys(wish(make, (BUDI, HandBack()), state=State(focus=ticket))) == ["greeting"]
    assert history(make, ticket) == []


def test_the_history_of_anothers_report_is_left_alone(make: Sessions) -> None:
    theirs = tells(make, SITI)
    tells(make)
    talks(make, datetime(2100, 1, 1, tzinfo=UTC))
    wish(make, (BUDI, HandBack()), state=State(focus=theirs))
    assert history(make, theirs) == []
