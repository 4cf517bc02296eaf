"""What citizens bring about after a report was sent, on real PostgreSQL."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import conversations
from core.db.session import Sessions, transaction
from core.db.tables import File, Message, Report
from core.draft import Draft, Line, State
from core.effects import (
    AddTo,
    Attach,
    CancelReport,
    Effect,
    GiveVerdict,
    Resend,
    SetSecrecy,
)
from core.message import Attachment, Inbound, Kind, Media, Place
from core.transcript import Entry, add
from core.turn import Reply, Where
from core.workflow import ReportState
from tests.core.desk import (
    BUDI,
    LINE,
    SITI,
    Who,
    agency,
    done,
    history,
    keys,
    link,
    own,
    report,
    row_of,
    talker,
    tells,
    wish,
)
from tests.core.post import rows

PIN = Place(0.5, 117.5, "")
SUDAH, BELUM = "sudah", "belum"


def message(said: str = "", *, photo: bool = False, pin: Place | None = None) -> Inbound:
    files = (Attachment(Media.PHOTO, "f1"),) if photo else ()
    return Inbound(
        "telegram", "x", "7", Kind.MESSAGE, b"{}", text=said, attachments=files, place=pin
    )


# ---- additions


@pytest.mark.parametrize(
    ("inbound", "detail"),
    [
        (message("Sekarang makin dalam"), {"file": False}),
        (message("", photo=True), {"file": True}),
        (message("", pin=PIN), {"file": False, "pin": True}),
        (message("di jalan Melati"), {"file": False, "place": True}),
    ],
)
def test_an_addition_is_noted_without_its_words(
    make: Sessions, inbound: Inbound, detail: dict[str, Any]
) -> None:
    ticket = tells(make)
    assert wish(make, (BUDI, AddTo(own(make, BUDI, ticket)), inbound)) == [None]
    assert history(make, ticket) == [("added", detail)]
    assert report(make, ticket).version == 1


def test_who_only_asks_has_answered_nothing(make: Sessions) -> None:
    ago = datetime.now(UTC) - timedelta(days=1)
    ticket = tells(make, state=ReportState.TUNDA, paused_at=ago, promise_at=None)
    said = wish(make, (BUDI, AddTo(own(make, BUDI, ticket), asks=True), message("kok ditunda?")))
    assert said == [None]
    assert report(make, ticket).state == ReportState.TUNDA
    assert history(make, ticket) == [("added", {"file": False})]


@pytest.mark.parametrize(
    ("before", "alarm", "after"),
    [("biasa", "", "biasa"), ("biasa", "api", "darurat"), ("darurat", "", "darurat")],
)
def test_an_emergency_that_is_added_makes_the_report_urgent(
    make: Sessions, before: str, alarm: str, after: str
) -> None:
    ticket = tells(make, urgency=before)
    wish(make, (BUDI, AddTo(own(make, BUDI, ticket), alarm), message("apinya ke rumah sebelah")))
    assert report(make, ticket).urgency == after


def test_what_was_added_at_once_is_one_line(make: Sessions) -> None:
    mine, other = tells(make), tells(make)
    added = AddTo(own(make, BUDI, mine))
    wish(
        make,
        (BUDI, added, message("satu")),
        (BUDI, added, message("", photo=True)),
        (BUDI, AddTo(own(make, BUDI, other)), message("dua")),
        (BUDI, added, message("tiga")),
    )
    assert history(make, mine) == [("added", {"file": True})]
    assert history(make, other) == [("added", {"file": False})]


@pytest.mark.parametrize(
    ("before", "handed", "after"),
    [
        (ReportState.TUNDA, True, ReportState.TERDISPOSISI),
        (ReportState.TUNDA, False, ReportState.BELUM_TERVERIFIKASI),
        (ReportState.PROSES, True, ReportState.PROSES),
        (ReportState.SELESAI, True, ReportState.SELESAI),
        (ReportState.ARSIP, False, ReportState.ARSIP),
    ],
)
def test_what_waited_for_the_citizen_goes_on(
    make: Sessions, before: ReportState, handed: bool, after: ReportState
) -> None:
    ago = datetime.now(UTC) - timedelta(days=30)
    columns: dict[str, Any] = {"state": before, "agency_id": agency(make) if handed else None}
    stands: dict[str, Any] = (
        {"paused_at": ago, "promise_at": None} if before is ReportState.TUNDA else {}
    )
    ticket = tells(make, **columns, **stands)
    promised = report(make, ticket).answer_by
    wish(make, (BUDI, AddTo(own(make, BUDI, ticket)), message("ini fotonya", photo=True)))
    row = report(make, ticket)
    assert (row.state, row.version) == (after, 2 if before is ReportState.TUNDA else 1)
    resumed = ("resumed", {"from": before, "to": after})
    waited = [resumed] if before is ReportState.TUNDA else []
    assert history(make, ticket) == [*waited, ("added", {"file": True})]
    if waited:
        assert row.paused_at is None
        assert row.promise_at
        assert promised
        assert row.answer_by
        assert row.answer_by > promised


@pytest.mark.parametrize("state", [ReportState.BELUM_TERVERIFIKASI, ReportState.PROSES])
@pytest.mark.parametrize(
    ("inbound", "reads"),
    [(message("lagi"), True), (message("", pin=PIN), True), (message("", photo=True), False)],
)
def test_a_report_is_read_anew_until_somebody_decided(
    make: Sessions, state: ReportState, inbound: Inbound, reads: bool
) -> None:
    ticket = tells(make, state=state, suggestion_id=5)
    wish(make, (BUDI, AddTo(own(make, BUDI, ticket)), inbound))
    anew = reads and state is ReportState.BELUM_TERVERIFIKASI
    assert report(make, ticket).suggestion_id == (None if anew else 5)


@pytest.mark.parametrize(
    ("stands", "inbound", "place"),
    [
        (("", None), message("", pin=PIN), ("", 0.5)),
        (("", None), message("", pin=Place(1, 2, "Pasar")), ("Pasar", 1)),
        (("", None), message("di jalan Melati"), ("jalan Melati", None)),
        (("gang X", None), message("di jalan Melati", pin=PIN), ("gang X", 0.5)),
        (("gang X", 9.0), message("di jalan Melati", pin=PIN), ("gang X", 9.0)),
    ],
)
def test_a_place_that_is_added_fills_what_is_empty(
    make: Sessions,
    stands: tuple[str, float | None],
    inbound: Inbound,
    place: tuple[str, float | None],
) -> None:
    longitude = None if stands[1] is None else 117.0
    ticket = tells(make, place=stands[0], latitude=stands[1], longitude=longitude)
    wish(make, (BUDI, AddTo(own(make, BUDI, ticket)), inbound))
    row = report(make, ticket)
    assert (row.place, row.latitude) == place


def write(make: Sessions, who: Who, draft: int, number: str) -> None:
    inbound = Inbound(
        "telegram", number, who.address, Kind.MESSAGE, b"{}", message_id=number, text="kata",
        attachments=(Attachment(Media.PHOTO, f"f{number}"),),
    )  # fmt: skip
    with transaction(make) as session:
        add(session, [Entry(talker(session, who).id, draft, inbound, 0)])


def test_a_draft_that_belonged_to_a_report_moves_there(make: Sessions) -> None:
    """Its messages and files too; those of a report stay, whatever number is named."""
    elsewhere = Who("9", LINE)
    ticket = tells(make, elsewhere, place="")
    link(make, BUDI, elsewhere)
    sent = tells(make, BUDI)
    for told, number in ((1, "a"), (2, "b"), (3, "c")):
        write(make, BUDI, told, number)
    draft = Draft(2, (Line("b", "kata"),), place="gang X", place_id="b", files=("b",))
    with transaction(make) as session:
        mine = talker(session, BUDI)
        conversations.save(session, {mine.id: State(last_draft=2, draft=draft)}, {})
    there = own(make, BUDI, ticket)
    assert not there.here
    wish(make, (BUDI, Attach(2, there)), (BUDI, Attach(1, there)))
    owner = row_of(make, elsewhere).id
    for table in (Message, File):
        moved = [(row.conversation_id == owner, row.draft) for row in rows(make, table)]
        assert moved == [(False, 1), (True, 1), (False, 3)]
    assert report(make, ticket).place == "gang X"
    assert history(make, ticket) == [("added", {"file": True, "place": True})]
    assert history(make, sent) == []


# ---- verdicts


def test_sudah_is_stored_as_what_the_citizen_said(make: Sessions) -> None:
    ticket = done(make)
    (reply,) = wish(make, (BUDI, GiveVerdict(ticket, SUDAH)))
    assert reply == Reply("verdict-done", {"ticket": ticket}, where=Where.PRIVATE)
    row = report(make, ticket)
    assert (row.state, row.verdict, row.close_at, row.version) == ("selesai", SUDAH, None, 1)
    assert row.verdict_at
    assert history(make, ticket) == [("confirmed", {})]


def test_belum_opens_the_report_again_with_a_new_date(make: Sessions) -> None:
    ticket = done(make, answer_by=datetime(2020, 1, 1, tzinfo=UTC))
    (reply,) = wish(make, (BUDI, GiveVerdict(ticket, BELUM)))
    assert reply
    assert reply.key == "verdict-not-done"
    assert reply.args["promise"].startswith("Terjawab tuntas paling lambat: ")
    row = report(make, ticket)
    assert (row.state, row.verdict, row.version) == ("proses", BELUM, 2)
    assert (row.close_at, row.done_at) == (None, None)
    assert row.answer_by
    assert row.promise_at == row.answer_by > datetime.now(UTC)
    assert history(make, ticket) == [("reopened", {"from": "selesai", "to": "proses"})]


@pytest.mark.parametrize("verdict", [SUDAH, BELUM])
@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        ({}, True),
        ({"verdict": "diam", "close_at": None}, True),  # he was silent, and speaks after all
        ({"verdict": SUDAH}, False),
        ({"verdict": BELUM}, False),
        ({"state": "proses"}, False),
        ({"state": "arsip"}, False),
    ],
)
def test_a_verdict_that_comes_too_late_changes_nothing(
    make: Sessions, verdict: str, columns: dict[str, Any], counts: bool
) -> None:
    ticket = done(make, **columns)
    before = report(make, ticket)
    (reply,) = wish(make, (BUDI, GiveVerdict(ticket, verdict)))
    assert reply
    assert (reply.key != "verdict-late") == counts
    after = report(make, ticket)
    same = (after.state, after.verdict) == (before.state, before.verdict)
    assert same != counts
    assert bool(history(make, ticket)) == counts


def test_of_two_equal_verdicts_the_first_holds(make: Sessions) -> None:
    ticket = done(make)
    said = wish(make, (BUDI, GiveVerdict(ticket, SUDAH)), (BUDI, GiveVerdict(ticket, SUDAH)))
    assert keys(said) == ["verdict-done", "verdict-late"]
    assert report(make, ticket).verdict == SUDAH


@pytest.mark.parametrize(("days", "key"), [(9, "verdict-not-done"), (11, "verdict-late")])
def test_a_sudah_by_mistake_is_taken_back_for_a_while(make: Sessions, days: int, key: str) -> None:
    ticket = done(make)
    assert keys(wish(make, (BUDI, GiveVerdict(ticket, SUDAH)))) == ["verdict-done"]
    with transaction(make) as session:
        given = session.scalars(select(Report).where(Report.ticket == ticket)).one()
        assert given.verdict_at
        given.verdict_at -= timedelta(days=days)
    assert keys(wish(make, (BUDI, GiveVerdict(ticket, BELUM)))) == [key]
    opened = key == "verdict-not-done"
    after = report(make, ticket)
    assert (after.state, after.verdict) == (("proses", BELUM) if opened else ("selesai", SUDAH))


def test_of_verdicts_on_two_channels_at_once_one_holds(make: Sessions) -> None:
    elsewhere = Who("9", LINE)
    tells(make, elsewhere)
    link(make, BUDI, elsewhere)
    for _ in range(5):
        ticket = done(make)
        with ThreadPoolExecutor(2) as pool:
            both = [
                pool.submit(wish, make, (who, GiveVerdict(ticket, BELUM)))
                for who in (BUDI, elsewhere)
            ]
        said = [reply for one in both for reply in one.result()]
        assert sorted(keys(said)) == ["verdict-late", "verdict-not-done"]
        assert len(history(make, ticket)) == 1
        assert report(make, ticket).version == 2


# ---- taken back


@pytest.mark.parametrize("state", list(ReportState))
def test_a_report_is_taken_back_as_long_as_it_is_open(make: Sessions, state: ReportState) -> None:
    ticket = tells(make, state=state)
    open_ = state not in {ReportState.SELESAI, ReportState.ARSIP}
    (reply,) = wish(make, (BUDI, CancelReport(ticket)))
    assert reply
    assert reply.key == ("taken-back" if open_ else "take-back-late")
    row = report(make, ticket)
    assert row.state == (ReportState.ARSIP if open_ else state)
    reason = {"from": state, "to": "arsip", "reason": "ditarik oleh pelapor"}
    assert history(make, ticket) == ([("taken_back", reason)] if open_ else [])
    assert row.version == 1 + open_
    if open_:
        assert row.promise_at is None


# ---- secrecy


@pytest.mark.parametrize(
    ("wanted", "told", "changes"),
    [
        ([{"anonim": True}], ["anonim"], 1),
        ([{"rahasia": True}], ["rahasia"], 1),
        ([{"anonim": True}, {"rahasia": True}], ["anonim", "both"], 2),
        ([{"anonim": True}, {"anonim": False, "rahasia": False}], ["anonim", "named"], 2),
        ([{"anonim": False}], ["named"], 0),
        ([{"anonim": True}, {"anonim": True}], ["anonim", "anonim"], 1),
    ],
)
def test_secrecy_changes_after_sending(
    make: Sessions, wanted: list[dict[str, bool]], told: list[str], changes: int
) -> None:
    ticket = tells(make)
    said = wish(make, *((BUDI, SetSecrecy(ticket, **one)) for one in wanted))
    assert [reply.args["secrecy"] for reply in said if reply] == told
    row, last = report(make, ticket), told[-1]
    assert row.anonim == (last in {"anonim", "both"})
    assert row.rahasia == (last in {"rahasia", "both"})
    assert [kind for kind, _ in history(make, ticket)] == ["secrecy"] * changes


# ---- of others


ON_OWN: list[Callable[[str], Effect]] = [
    lambda ticket: SetSecrecy(ticket, anonim=True),
    lambda ticket: GiveVerdict(ticket, BELUM),
    CancelReport,
    Resend,
]


@pytest.mark.parametrize("effect", ON_OWN)
def test_nobody_does_anything_with_anothers_report(
    make: Sessions, effect: Callable[[str], Effect]
) -> None:
    ticket = done(make)
    tells(make, SITI)
    before = report(make, ticket)
    for asked in (ticket, "22222-22222"):
        assert wish(make, (SITI, effect(asked))) == [
            Reply("not-yours", {"ticket": asked}, where=Where.PRIVATE)
        ]
    after = report(make, ticket)
    assert (after.state, after.anonim, after.version) == (before.state, False, 1)
    assert history(make, ticket) == []


def test_nobody_adds_to_anothers_report(make: Sessions) -> None:
    ticket = tells(make)
    tells(make, SITI)
    theirs = own(make, BUDI, ticket)
    said = wish(make, (SITI, AddTo(theirs), message("x")), (SITI, Attach(1, theirs)))
    assert keys(said) == ["not-yours", "not-yours"]
    assert history(make, ticket) == []
