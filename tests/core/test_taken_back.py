"""What is edited or taken back leaves the report whole, wherever the message stands by now."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from core import conversations, reports, transcript
from core.db.session import Sessions, transaction
from core.db.tables import File, Message, Report, ReportEvent
from core.draft import Draft, Line, State
from core.effects import AddTo, Attach
from core.guard import mask
from core.knowing import quoted_drafts
from core.message import Attachment, Inbound, Kind, Media, Place
from core.reports import Confirmed, Told
from core.sources import WITHDRAWN_MARK, Parts, sources_of, without, without_line
from core.transcript import Amendment, Entry
from tests.core.desk import BUDI, LINE, SITI, Who, history, link, own, report, talker, tells, wish
from tests.core.post import Phone, post, rows, update, work

PHONE, OTHER = "081234567890", "081298765490"
ELSEWHERE = Who("9", LINE)
PIN = Place(0.5, 117.5, "Pasar")


def message(number: str, said: str, who: Who = BUDI, pin: Place | None = None) -> Inbound:
    files = (Attachment(Media.PHOTO, f"{who.channel} {number}"),)
    return Inbound(
        who.channel, number, who.address, Kind.MESSAGE, b"", None, number, said,
        attachments=files, place=pin,
    )  # fmt: skip


def opens(make: Sessions, *said: str, who: Who = BUDI, **told: Any) -> str:
    """Open a report of messages "1", "2" ..; return its ticket."""
    with transaction(make) as session:
        id_ = talker(session, who).id
        lines = tuple(Line(str(n), words) for n, words in enumerate(said, start=1))
        inbounds = [message(line.message_id, line.text, who) for line in lines]
        transcript.add(session, [Entry(id_, 1, inbound, 0) for inbound in inbounds])
        draft = Draft(1, lines, **told)
        [opened] = reports.open_all(session, [Confirmed(id_, who.channel, draft)])
        conversations.save(session, {id_: State(last_draft=1)}, {})
    return opened.ticket


def keeps(make: Sessions, ticket: str, inbound: Inbound, who: Who = BUDI) -> None:
    """Put a later message of his beside the report."""
    held = own(make, who, ticket)
    with transaction(make) as session:
        mine = talker(session, who)
        entry = Entry(held.conversation_id, held.number, inbound, 0, told_in=mine.id)
        transcript.add(session, [entry])
    wish(make, (who, AddTo(held), inbound))


def amends(make: Sessions, *changes: tuple[str, str], who: Who = BUDI) -> None:
    """Change his messages; what reads nothing now is taken back."""
    with transaction(make) as session:
        id_ = talker(session, who).id
        amendments = [
            Amendment(id_, number, said, "noted", withdrawn=not said) for number, said in changes
        ]
        transcript.amend(session, amendments)


def test_a_short_addition_that_is_taken_back_leaves_the_report_alone(make: Sessions) -> None:
    told = ("lampu mati di jalan Melati", f"sudah lama, wa {PHONE}")
    ticket = opens(make, *told, place="jalan Melati", place_id="1")
    before = report(make, ticket)
    keeps(make, ticket, message("7", "mati"))
    keeps(make, ticket, message("8", "jalan Melati"))
    amends(make, ("7", ""), ("8", ""))
    after = report(make, ticket)
    assert (after.text, after.sealed) == (before.text, before.sealed)
    assert after.sealed == "\n".join(told)
    assert after.place == "jalan Melati"
    assert [row.text for row in rows(make, Message)][2:] == ["", ""]


def test_what_was_edited_and_taken_back_leaves_as_it_was_told_at_first(make: Sessions) -> None:
    ticket = opens(make, "satu", f"dua, wa {PHONE}", "tiga")
    amends(make, ("2", "lain sama sekali"), ("3", f"tiga, wa {OTHER}"))
    assert report(make, ticket).text == f"satu\n{mask(f'dua, wa {PHONE}')}\ntiga"
    amends(make, ("2", ""))
    row = report(make, ticket)
    assert (row.text, row.sealed) == (f"satu\n{WITHDRAWN_MARK}\ntiga", None)
    amends(make, ("2", ""))
    assert report(make, ticket).text == row.text
    amends(make, ("1", ""), ("3", ""))
    assert report(make, ticket).text == "\n".join([WITHDRAWN_MARK] * 3)


def test_place_pin_and_day_go_with_the_messages_that_brought_them(make: Sessions) -> None:
    told: dict[str, Any] = {
        "place": "jalan Melati", "place_id": "1", "pin": PIN, "pin_id": "2",
        "happened": "kemarin", "when_id": "3",
    }  # fmt: skip
    ticket = opens(make, "lampu mati di jalan Melati", "ini", "kemarin", **told)

    def stands() -> tuple[str, float | None, str]:
        row = report(make, ticket)
        return row.place, row.latitude, row.happened

    assert stands() == ("jalan Melati", 0.5, "kemarin")
    amends(make, ("2", ""))
    assert stands() == ("jalan Melati", None, "kemarin")
    amends(make, ("1", ""), ("3", ""))
    assert stands() == ("", None, "")
    keeps(make, ticket, message("5", "di jalan Kenanga"))
    assert report(make, ticket).place == "jalan Kenanga"
    amends(make, ("1", ""))
    assert report(make, ticket).place == "jalan Kenanga"
    amends(make, ("5", ""))
    assert report(make, ticket).place == ""


def test_a_supplement_that_is_taken_back_takes_its_place_along(make: Sessions) -> None:
    ticket = opens(make, "lampu mati")
    with transaction(make) as session:
        mine = talker(session, BUDI)
        entry = Entry(mine.id, 1, message("4", f"gang Mawar, wa {PHONE}"), 0)
        transcript.add(session, [entry])
        reports.supplement(session, [Told(mine.id, 1, f"gang Mawar, wa {PHONE}", PIN, "4")])
    row = report(make, ticket)
    assert (row.place, row.latitude) == (mask(f"gang Mawar, wa {PHONE}"), 0.5)
    amends(make, ("1", ""))
    assert report(make, ticket).place == row.place
    amends(make, ("4", ""))
    row = report(make, ticket)
    assert (row.place, row.latitude, row.longitude) == ("", None, None)


def test_a_report_of_before_loses_whole_lines_only(make: Sessions) -> None:
    ticket = opens(make, "mati", "lampu mati di gang Mawar", place="gang Mawar")
    with transaction(make) as session:
        session.execute(text("update report set sources = '{}'"))
    amends(make, ("1", ""))
    row = report(make, ticket)
    assert row.text == f"{WITHDRAWN_MARK}\nlampu mati di gang Mawar"
    assert row.place == "gang Mawar"
    amends(make, ("2", ""))
    row = report(make, ticket)
    assert (row.text, row.place) == (f"{WITHDRAWN_MARK}\n{WITHDRAWN_MARK}", "")


LINES = st.lists(
    st.text(alphabet="ab\n0128 @.", min_size=1, max_size=20).map(lambda said: said + PHONE[:4]),
    min_size=1,
    max_size=5,
)


@given(LINES, st.sets(st.integers(1, 5)))
def test_a_report_without_some_messages_is_made_of_the_others(
    said: list[str], gone: set[int]
) -> None:
    lines = tuple(Line(str(n), words) for n, words in enumerate(said, start=1))
    draft = Draft(1, lines, place="gang X", place_id="2")
    sources = sources_of(draft, UUID(int=1), lambda whose, number: f"k{number}")
    sealed = draft.text if draft.text != draft.masked else None
    parts = Parts(draft.masked, sealed, draft.place, None, None, "", sources)
    one_by_one = parts
    for number in gone:
        one_by_one = without(one_by_one, {f"k{number}"})
    at_once = without(parts, {f"k{number}" for number in gone})
    assert at_once == one_by_one
    left = [WITHDRAWN_MARK if n in gone else words for n, words in enumerate(said, start=1)]
    assert at_once.text == "\n".join(one if one == WITHDRAWN_MARK else mask(one) for one in left)
    assert at_once.sealed in ("\n".join(left), None)
    assert at_once.place == ("" if 2 in gone else "gang X")
    assert without_line(at_once, "") == at_once


# ---- beside a report of another channel


def linked(make: Sessions) -> str:
    """Return his report on Telegram; LINE is linked, where all has the same ids."""
    ticket = opens(make, "satu", "dua")
    tells(make, ELSEWHERE)
    link(make, ELSEWHERE, BUDI)
    return ticket


@pytest.mark.parametrize("attached", [False, True])
def test_an_addition_of_another_channel_is_found_from_there_alone(
    make: Sessions, attached: bool
) -> None:
    ticket = linked(make)
    if attached:
        with transaction(make) as session:
            there = talker(session, ELSEWHERE)
            draft = Draft(2, (Line("1", "tiga"),), files=("1",))
            conversations.save(session, {there.id: State(last_draft=2, draft=draft)}, {})
            transcript.add(session, [Entry(there.id, 2, message("1", "tiga", ELSEWHERE), 0)])
        wish(make, (ELSEWHERE, Attach(2, own(make, ELSEWHERE, ticket))))
    else:
        keeps(make, ticket, message("1", "tiga", ELSEWHERE), ELSEWHERE)
    assert [(row.text, row.told_in is None) for row in rows(make, Message)] == [
        ("satu", True),
        ("dua", True),
        ("tiga", False),
    ]
    amends(make, ("1", "empat"), who=ELSEWHERE)
    assert [row.text for row in rows(make, Message)] == ["satu", "dua", "empat"]
    amends(make, ("1", ""), who=ELSEWHERE)
    assert [row.text for row in rows(make, Message)] == ["satu", "dua", ""]
    assert [row.state for row in rows(make, File)] == ["waiting", "waiting", "withdrawn"]
    assert report(make, ticket).text == "satu\ndua"
    assert [kind for kind, _ in history(make, ticket)] == ["added", "noted", "noted"]
    amends(make, ("1", ""), who=BUDI)
    assert report(make, ticket).text == f"{WITHDRAWN_MARK}\ndua"
    assert [row.text for row in rows(make, Message)] == ["", "dua", ""]


def test_a_quoted_addition_of_another_channel_names_its_report(make: Sessions) -> None:
    ticket = linked(make)
    keeps(make, ticket, message("5", "tiga", ELSEWHERE), ELSEWHERE)
    with transaction(make) as session:
        here, there = talker(session, BUDI).id, talker(session, ELSEWHERE).id
        quotes = [(there, "5"), (here, "5"), (here, "2"), (there, "2")]
        assert quoted_drafts(session, quotes) == {(there, "5"): (1, here), (here, "2"): (1, None)}


# ---- what the history holds


def test_no_place_and_no_word_is_written_unmasked_or_into_the_history(make: Sessions) -> None:
    """Every writer of a place, of a day and of a history that only grows."""
    tells(make, SITI)
    place = f"jalan Melati, wa {PHONE}"
    pin = Place(0.5, 117.5, place)
    tickets = [
        opens(make, "lampu", place=place, place_id="1", happened=f"kemarin {PHONE}", when_id="1")
    ]
    bare = tells(make)
    keeps(make, bare, message("5", "", pin=pin))
    spoken = tells(make)
    keeps(make, spoken, message("6", f"di {place}"))
    drafted = tells(make)
    with transaction(make) as session:
        mine = talker(session, BUDI)
        draft = Draft(9, (Line("8", "kata"),), place=place, place_id="8")
        conversations.save(session, {mine.id: State(last_draft=9, draft=draft)}, {})
    wish(make, (BUDI, Attach(9, own(make, BUDI, drafted))))
    told = tells(make, place="")
    with transaction(make) as session:
        row = session.scalars(select(Report).where(Report.ticket == told)).one()
        reports.supplement(session, [Told(row.conversation_id, row.draft, place, pin, "9")])
    for ticket in (*tickets, bare, spoken, drafted, told):
        assert report(make, ticket).place.startswith("jalan Melati")
    with make() as session:
        for table in ("report", "report_event", "message"):
            for stored in session.scalars(text(f"select row_to_json({table})::text from {table}")):
                assert PHONE not in stored
    for event in rows(make, ReportEvent):
        assert "Melati" not in str(event.detail)
        assert set(map(type, event.detail.values())) <= {bool}


def test_a_second_pin_stands_in_the_transcript(make: Sessions) -> None:
    ticket = tells(make, latitude=9.0, longitude=117.0, place="gang X")
    keeps(make, ticket, message("5", "", pin=PIN))
    assert report(make, ticket).latitude == 9.0
    assert [row.text for row in rows(make, Message)] == ["📍 0.500000, 117.500000 Pasar"]
    amends(make, ("5", ""))
    assert [row.text for row in rows(make, Message)] == [""]


def test_many_take_as_many_statements_as_one(
    make: Sessions, statements: list[tuple[str, Any]]
) -> None:
    counted = []
    for number in (1, 20):
        whos = [Who(f"{number}-{place}") for place in range(number)]
        with transaction(make) as session:
            ids = [talker(session, who).id for who in whos]
        for who in whos:
            opens(make, "satu", f"dua {PHONE}", who=who)
        before = len(statements)
        with transaction(make) as session:
            gone = [Amendment(id_, "2", "", "noted", withdrawn=True) for id_ in ids]
            transcript.amend(session, gone)
        counted.append(len(statements) - before)
    assert counted[0] == counted[1]
    assert {row.text for row in rows(make, Report)} == {f"satu\n{WITHDRAWN_MARK}"}


def test_from_what_is_typed_to_what_is_taken_back(make: Sessions) -> None:
    """The sources are noted on the road itself."""
    post(make, update(7, "lampu jalan mati di jalan Melati 5"), update(7, "sudah seminggu ya"))
    work(make, Phone())
    for said in ("lewati", "kirim"):
        post(make, update(7, said))
        work(make, Phone())
    [row] = rows(make, Report)
    assert [length for _, length in row.sources["lines"]] == list(map(len, row.text.split("\n")))
    assert row.sources["place"] == row.sources["lines"][0][0]
