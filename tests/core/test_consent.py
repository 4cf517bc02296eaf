"""News or none, what is stored, and that it is erased as far as no report needs it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core import conversations, inbox
from core.channel import Power
from core.conversations import load_state
from core.db.session import Sessions, transaction
from core.db.tables import File, Follower, Inbox, LinkCode, Message, Outbox
from core.draft import Draft, Line, State
from core.effects import EraseData, Follow, MakeLinkCode, SetNotices, TellData, TellReports
from core.message import Attachment, Inbound, Kind, Media
from core.outbox import Note, put
from core.replies import LANGUAGES
from core.sayings import say
from core.transcript import Entry, add
from core.turn import Reply
from tests.core.desk import (
    BUDI,
    LINE,
    SITI,
    Who,
    history,
    keys,
    link,
    report,
    row_of,
    talker,
    tells,
    wish,
)
from tests.core.post import rows
from tests.core.test_reports import LIMITS

ONE_SCREEN = 700
ELSEWHERE = Who("9", LINE)


# ---- notices


def test_stop_and_resume_the_last_word_holds(make: Sessions) -> None:
    tells(make)
    tells(make, SITI)
    no, yes = SetNotices(wanted=False), SetNotices(wanted=True)
    assert wish(make, (BUDI, no), (SITI, no), (SITI, yes)) == [None] * 3
    assert (row_of(make, BUDI).notices, row_of(make, SITI).notices) == (False, True)
    wish(make, (BUDI, yes))
    assert row_of(make, BUDI).notices


# ---- lihat data


def stores(make: Sessions, who: Who, draft: int, number: str, *, photo: bool = True) -> None:
    """Keep a message of his in the inbox and the transcript, and what we said about it."""
    files = (Attachment(Media.PHOTO, f"f{number}"),) if photo else ()
    inbound = Inbound(
        who.channel, number, who.address, Kind.MESSAGE, b"raw", message_id=number, text="kata",
        attachments=files,
    )  # fmt: skip
    with transaction(make) as session:
        mine = talker(session, who)
        inbox.put(session, [inbound], timedelta())
        letter = session.query(Inbox).order_by(Inbox.id.desc()).first()
        assert letter
        inbox.finish(session, [letter.id])
        add(session, [Entry(mine.id, draft, inbound, letter.id)])
        put(session, [Note(who.channel, who.address, mine.id, "Kata kami", draft=draft)], LIMITS_OF)
        session.execute(update(Outbox).values(state="sent"))


LIMITS_OF = LIMITS | {LINE: LIMITS["telegram"]}


def named(make: Sessions, who: Who, name: str) -> None:
    with transaction(make) as session:
        mine = talker(session, who)
        conversations.save(session, {mine.id: mine.state}, {}, {mine.id: name})


def my_data(make: Sessions, who: Who = BUDI) -> Reply:
    [reply] = wish(make, (who, TellData()))
    assert reply
    return reply


def test_what_is_stored_is_counted_over_all_channels(make: Sessions) -> None:
    theirs = tells(make, SITI)
    assert my_data(make).args | {"since": ""} == {
        "since": "", "channels": "Telegram", "name": "none", "notices": "on",
        "reports": "0", "messages": "0", "files": "0", "follows": "0",
    }  # fmt: skip
    tells(make)
    stores(make, BUDI, 1, "a")
    stores(make, BUDI, 0, "b", photo=False)
    stores(make, SITI, 1, "c")
    tells(make, ELSEWHERE)
    link(make, ELSEWHERE, BUDI)
    named(make, BUDI, "Nama Contoh")
    wish(make, (BUDI, Follow(theirs)), (BUDI, SetNotices(wanted=False)))
    expected = {
        "channels": "LINE, Telegram", "name": "Nama Contoh", "notices": "off",
        "reports": "2", "messages": "2", "files": "1", "follows": "1",
    }  # fmt: skip
    told = my_data(make).args
    assert expected.items() <= told.items()
    assert my_data(make, ELSEWHERE).args["name"] == "none"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_stored_is_one_screen(make: Sessions, language: str) -> None:
    who = Who("7", language=language)
    tells(make, who)
    named(make, who, "n" * 300)
    [reply] = wish(make, (who, TellData()))
    assert reply
    assert len(say(language, reply, frozenset(Power)).text) <= ONE_SCREEN


# ---- hapus data


def test_what_no_report_needs_is_erased(make: Sessions) -> None:
    kept, theirs = tells(make), tells(make, SITI)
    link(make, ELSEWHERE, BUDI)
    for who, told, number in (
        (BUDI, 1, "a"), (BUDI, 2, "b"), (BUDI, 0, "c"), (SITI, 0, "d"), (ELSEWHERE, 5, "e"),
    ):  # fmt: skip
        stores(make, who, told, number)
    draft = Draft(5, (Line("e", "kata"),))
    with transaction(make) as session:
        other = talker(session, ELSEWHERE)
        conversations.save(session, {other.id: State("en", last_draft=5, draft=draft)}, {})
    for who in (BUDI, SITI, ELSEWHERE):
        named(make, who, "Nama Contoh")
    wish(make, (BUDI, Follow(theirs)), (BUDI, MakeLinkCode()))
    hold(make, BUDI, "h")
    hold(make, SITI, "i")
    assert keys(wish(make, (BUDI, EraseData()))) == ["erased"]

    ids = {row_of(make, who).id: who for who in (BUDI, SITI, ELSEWHERE)}
    messages = {(ids[row.conversation_id], row.draft) for row in rows(make, Message)}
    assert messages == {(BUDI, 1), (SITI, 0)}
    shown = {(ids[r.conversation_id], r.draft) for r in rows(make, File) if r.state != "withdrawn"}
    assert shown == {(BUDI, 1), (SITI, 0)}
    raws = [(row.state, row.raw) for row in rows(make, Inbox)]
    empty, full = ("done", b""), ("done", b"raw")
    assert raws == [empty, empty, empty, full, empty, empty, ("held", b"raw")]
    said = [(ids[r.conversation_id], r.draft) for r in rows(make, Outbox) if r.texts]
    assert said == [(BUDI, 1), (SITI, 0), (ELSEWHERE, 0)]  # the last: that it was done
    assert [row_of(make, who).name for who in ids.values()] == ["", "Nama Contoh", ""]
    assert [r.conversation_id for r in all_of(make, Follower)] == []
    assert all_of(make, LinkCode) == []
    assert len({row_of(make, who).person for who in ids.values()}) == 3
    state = load_state(row_of(make, ELSEWHERE).state)
    assert (state.draft, state.last_draft, state.language) == (None, 5, "en")
    assert row_of(make, ELSEWHERE).draft_at is None
    assert report(make, kept).anonim
    assert history(make, kept) == [("secrecy", {"anonim": True, "rahasia": False})]
    assert not report(make, theirs).anonim


def hold(make: Sessions, who: Who, number: str) -> None:
    inbound = Inbound(who.channel, number, who.address, Kind.MESSAGE, b"raw", message_id=number)
    with transaction(make) as session:
        inbox.put(session, [inbound], timedelta())
        letter = session.query(Inbox).order_by(Inbox.id.desc()).first()
        assert letter
        inbox.hold(session, [(letter.id, "blocked", number)])


def all_of(make: Sessions, table: type[Any]) -> list[Any]:
    with transaction(make) as session:
        return list(session.query(table))


def test_replies_still_reach_who_had_his_data_erased(make: Sessions) -> None:
    ticket = tells(make)
    wish(make, (BUDI, EraseData()))
    row = row_of(make, BUDI)
    assert (row.address, row.notices, row.reachable) == (BUDI.address, True, True)
    assert report(make, ticket).conversation_id == row.id
    assert keys(wish(make, (BUDI, TellReports()))) == ["my-reports"]


THIRD = Who("3", "messenger", "en")
HERE = "Data Anda baru saja dihapus lewat kanal Telegram: nama, draf,"
THERE = "Your data was just erased on Telegram: name, drafts,"


def heard(make: Sessions, since: int = 0) -> list[tuple[Who, str, str]]:
    """Return who is told what without having asked for it, and whether it goes out."""
    ids = {row_of(make, who).id: who for who in (BUDI, ELSEWHERE, THIRD)}
    told = rows(make, Outbox)[since:]
    return [(ids[row.conversation_id], row.texts[0], row.state) for row in told]


def linked(make: Sessions) -> int:
    """Make all three one person; return how many parts there are in the outbox by then."""
    for who in (ELSEWHERE, THIRD):
        tells(make, who)
        link(make, who, BUDI)
    return len(rows(make, Outbox))


def test_each_other_channel_is_told_once_that_his_data_are_gone(make: Sessions) -> None:
    since = linked(make)
    wish(make, (ELSEWHERE, SetNotices(wanted=False)))
    assert keys(wish(make, (BUDI, EraseData()), (BUDI, EraseData()))) == ["erased"] * 2
    wish(make, (BUDI, EraseData()))
    told = sorted(heard(make, since), key=lambda one: one[0].channel)
    assert [(who, state) for who, _, state in told] == [(ELSEWHERE, "open"), (THIRD, "open")]
    assert [told[0][1].startswith(HERE), told[1][1].startswith(THERE)] == [True, True]
    assert ["ketik PETUGAS di sini" in told[0][1], "type OFFICER" in told[1][1]] == [True, True]


def test_who_asks_for_it_on_two_channels_at_once_hears_it_on_the_third_alone(
    make: Sessions,
) -> None:
    since = linked(make)
    said = wish(make, (BUDI, EraseData()), (ELSEWHERE, EraseData()), (SITI, EraseData()))
    assert keys(said) == ["erased"] * 3
    assert [who for who, *_ in heard(make, since)] == [THIRD]


def test_a_channel_that_cannot_be_reached_is_told_when_it_can(make: Sessions) -> None:
    since = linked(make)
    with transaction(make) as session:
        conversations.set_reachable(session, [talker(session, ELSEWHERE).id], reachable=False)
    wish(make, (BUDI, EraseData()))
    states = {who: state for who, _, state in heard(make, since)}
    assert states == {ELSEWHERE: "parked", THIRD: "open"}


def test_erasing_twice_notes_it_once(make: Sessions) -> None:
    ticket = tells(make, rahasia=True)
    assert keys(wish(make, (BUDI, EraseData()), (BUDI, EraseData()))) == ["erased"] * 2
    wish(make, (BUDI, EraseData()))
    assert history(make, ticket) == [("secrecy", {"anonim": True, "rahasia": True})]


def test_a_citizens_rows_are_found_by_indexes(
    make: Sessions, statements: list[tuple[str, Any]]
) -> None:
    """However much there is of others: no large table is walked from end to end."""
    tells(make)
    wish(make, (BUDI, EraseData()), (BUDI, TellData()))
    large = ("inbox", "message", "outbox", "file", "report", "conversation")
    ours = [one for one in statements if "asked.upto" in one[0] or "since" in one[0]]
    assert len(ours) == 2
    with make() as session:
        connection = session.connection()
        connection.exec_driver_sql("set local enable_seqscan = off")
        for statement, parameters in ours:
            rows_ = connection.exec_driver_sql(f"explain {statement}", parameters)
            plan = "\n".join(row[0] for row in rows_)
            assert [name for name in large if f"Seq Scan on {name} " in plan] == []
