"""What citizens bring about afterwards: many at once, and from their messages to our answers."""

from datetime import UTC, datetime
from typing import Any, get_args

from app.work import advance_batch
from core import afterwards, reports
from core.afterwards import ACTS, DECIDE, TELLS, Aftermath
from core.channel import Limits, LimitsOf
from core.conversations import load_state
from core.db.session import Sessions, transaction
from core.db.tables import File, Inbox, Message, Outbox, Report
from core.effects import (
    AddTo,
    Attach,
    CallHuman,
    CancelReport,
    Effect,
    EraseData,
    Follow,
    GiveVerdict,
    HandBack,
    MakeLinkCode,
    OnReports,
    Resend,
    SetNotices,
    SetSecrecy,
    TellData,
    TellReports,
    UseLinkCode,
)
from core.reports import Officer
from core.text import utf16_units
from core.turn import Where
from tests.core.desk import BUDI, Who, done, history, keys, own, report, row_of, tells, wish
from tests.core.post import SETTINGS, Phone, post, rows, tap, update, work

PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
SUDAH, BELUM = "sudah", "belum"
BARE = Limits(4096, utf16_units, 0, 64)  # of a platform without buttons


# ---- many at once


def everything(make: Sessions, who: Who) -> list[tuple[Who, Effect]]:
    """Return one of every effect, each about reports of his."""
    tunda = tells(make, who, state="tunda", paused_at=datetime.now(UTC))
    open_, finished = tells(make, who), done(make, who)
    other = tells(make, Who(f"other-{who.address}"))
    held = own(make, who, tunda)
    return [
        (who, AddTo(held)),
        (who, Attach(9, held)),
        (who, SetSecrecy(open_, anonim=True)),
        (who, GiveVerdict(finished, BELUM)),
        (who, GiveVerdict(open_, SUDAH)),
        (who, CancelReport(open_)),
        (who, TellReports()),
        (who, Resend(open_)),
        (who, Follow(other)),
        (who, Follow(other, follows=False)),
        (who, SetNotices(wanted=False)),
        (who, MakeLinkCode()),
        (who, UseLinkCode("12345678")),
        (who, TellData()),
        (who, CallHuman()),
        (who, HandBack()),
        (who, EraseData()),
    ]


def test_as_many_statements_for_thirty_citizens_as_for_one(
    make: Sessions, statements: list[tuple[str, Any]]
) -> None:
    counted = []
    for number in (1, 30):
        whos = [Who(f"{number}-{place}") for place in range(number)]
        wishes = [one for who in whos for one in everything(make, who)]
        types = {type(effect) for _, effect in wishes}
        assert types == {*DECIDE, *ACTS, *TELLS}
        for who, _ in wishes[:: len(wishes) // number]:
            row_of(make, who)
        before = len(statements)
        said = wish(make, *wishes)
        counted.append(len(statements) - before - len(wishes))  # each is looked up by the test
        assert keys(said) == keys(said[: len(said) // number]) * number
        assert {reply.where for reply in said if reply} == {Where.PRIVATE}
    assert counted[0] == counted[1]
    assert counted[0] <= 2 * len(DECIDE | ACTS | TELLS)


def test_every_effect_is_carried_out() -> None:
    assert set(get_args(OnReports)) == {*DECIDE, *ACTS, *TELLS}


def test_nothing_asks_nothing(make: Sessions, statements: list[tuple[str, Any]]) -> None:
    with transaction(make) as session:
        assert afterwards.carry_out(session, [], SETTINGS) == Aftermath({}, [])
    assert statements == []


# ---- from message to answer


def said_to(make: Sessions, who: Who = BUDI) -> list[Outbox]:
    id_ = row_of(make, who).id
    return [row for row in rows(make, Outbox) if row.conversation_id == id_]


def says(make: Sessions, *raws: bytes, phone: Phone | None = None) -> list[str]:
    """Send these, and return what is answered."""
    before = len(rows(make, Outbox))
    post(make, *raws)
    work(make, phone or Phone())
    return [one for row in rows(make, Outbox)[before:] for one in row.texts]


def test_a_button_of_the_news_reopens_the_report_and_the_next_words_are_the_reason(
    make: Sessions,
) -> None:
    ticket = done(make)
    [reopened] = says(make, tap(7, f"not-done::{ticket}"))
    assert f"Laporan {ticket} kami buka kembali" in reopened
    [added] = says(make, update(7, "lubangnya masih ada di sebelah kiri"))
    assert f"tambahkan ke laporan {ticket}" in added
    assert [kind for kind, _ in history(make, ticket)] == ["reopened", "added"]
    [again] = says(make, tap(7, f"not-done::{ticket}"))
    assert "sedang ditangani" in again
    assert len(rows(make, Report)) == 1


def test_a_number_answers_the_question_of_the_news(make: Sessions) -> None:
    ticket = tells(make, state="proses")
    bare = Phone(room=BARE)
    limits: dict[str, LimitsOf] = {"telegram": bare.limits}
    officer = Officer("pupr")
    with transaction(make) as session:
        row = reports.find(session, ticket, officer)
        reports.answer(session, row, "Sudah ditambal", True, officer, limits)
    [thanks] = says(make, update(7, "1"), phone=bare)
    assert thanks.startswith("Terima kasih sudah memberi kabar")
    assert report(make, ticket).verdict == SUDAH


def test_numbers_of_a_list_hold_for_the_next_message(make: Sessions) -> None:
    first, _ = tells(make), tells(make)
    bare = Phone(room=BARE)
    [listed] = says(make, update(7, "laporan saya"), phone=bare)
    assert f"2. {first}" in listed
    [status] = says(make, update(7, "2"), phone=bare)
    assert status.startswith(f"Laporan {first}")


def test_what_cannot_be_undone_is_asked_twice(make: Sessions) -> None:
    ticket = tells(make)
    says(make, update(7, f"batal {ticket}"))
    [asked] = said_to(make)
    assert asked.choices == [["Ya, tarik laporan", f"cancel:sure:{ticket}"]]
    assert report(make, ticket).state == "belum_terverifikasi"
    says(make, tap(7, f"cancel:sure:{ticket}"))
    assert report(make, ticket).state == "arsip"
    says(make, update(7, "hapus data saya"))
    assert said_to(make)[-1].choices == [["Ya, hapus data", "erase-data:sure:"]]
    assert not report(make, ticket).anonim
    says(make, tap(7, "erase-data:sure:"))
    assert report(make, ticket).anonim


def test_a_name_that_was_erased_does_not_come_back(make: Sessions) -> None:
    sender = {"from": {"id": 7, "is_bot": False, "first_name": "Contoh"}}
    says(make, update(7, "halo", **sender))
    assert row_of(make, BUDI).name == "Contoh"
    says(make, tap(7, "erase-data:sure:"))
    says(make, update(7, "halo", **sender))
    assert row_of(make, BUDI).name == ""


def test_a_linked_channel_is_linked_by_what_people_type(make: Sessions) -> None:
    ticket = tells(make)
    [told] = says(make, update(7, "hubungkan"))
    code = next(word for word in told.split() if word.isdecimal() and len(word) == 8)
    linked, news = says(make, update(8, f"Hubungkan {code[:4]} {code[4:]}"))
    assert linked.startswith("Berhasil")
    assert news.startswith("Kode Anda baru saja dipakai: kanal Telegram kini terhubung")
    assert [row.texts for row in said_to(make)][-1] == [news]
    [mine] = says(make, update(8, "laporan saya"))
    assert ticket in mine
    [added] = says(make, update(8, f"{ticket} masih rusak parah sekali, tolong dicek lagi ya pak"))
    assert ticket in added
    assert [row.draft for row in rows(make, Message)][-1] == 1


def test_an_addition_is_read_by_the_classifier_at_once(make: Sessions) -> None:
    ticket = tells(make, suggestion_id=3)
    post(make, tap(7, f"add::{ticket}"))
    work(make, Phone())
    post(make, update(7, "lampunya juga padam di sebelah sana"))
    advanced = advance_batch(make, {"telegram": Phone()}, SETTINGS)
    assert advanced
    assert advanced.suggest
    assert report(make, ticket).suggestion_id is None


def test_a_new_report_is_told_right_after_words_about_an_old_one(make: Sessions) -> None:
    ticket = tells(make, state="arsip")
    [kept] = says(make, update(7, f"{ticket} padahal waktu itu belum benar diperbaiki petugasnya"))
    assert "LAPORAN BARU" in kept
    says(make, update(7, "laporan baru"), update(7, "lampu jalan di gang Melati padam total"))
    assert [kind for kind, _ in history(make, ticket)] == ["added"]
    assert [row.draft for row in rows(make, Message)][-1] == 2


def test_what_silence_closed_is_opened_again_from_words_about_it(make: Sessions) -> None:
    ticket = done(make, verdict="diam", verdict_at=datetime.now(UTC), close_at=None)
    says(make, update(7, f"{ticket} ternyata lubangnya masih belum ditambal sampai sekarang"))
    [part] = said_to(make)
    [[label, value]] = part.choices
    assert label in part.texts[0]
    says(make, tap(7, value))
    assert (report(make, ticket).state, report(make, ticket).verdict) == ("proses", BELUM)
    assert [kind for kind, _ in history(make, ticket)] == ["added", "reopened"]


def test_a_report_is_left_by_word_or_by_button(make: Sessions) -> None:
    ticket = tells(make)
    tells(make, Who("8"))
    for leave in (update(8, f"berhenti ikuti {ticket}"), update(8, f"unfollow {ticket}")):
        [followed] = says(make, update(8, f"ikuti {ticket}"))
        assert followed.startswith("Baik, perkembangan")
        [left] = says(make, leave)
        assert left == f"Baik, laporan {ticket} tidak kami kabarkan lagi kepada Anda."
    says(make, update(8, f"ikuti {ticket}"))
    [left] = says(make, tap(8, f"unfollow::{ticket}"))
    assert left.endswith("tidak kami kabarkan lagi kepada Anda.")
    [how] = says(make, update(8, "berhenti ikuti"))
    assert "BERHENTI IKUTI" in how
    assert row_of(make, Who("8")).notices


def test_another_learns_of_a_hidden_report_what_he_learns_of_none(make: Sessions) -> None:
    ticket = tells(make, rahasia=True)
    [mine] = says(make, update(7, f"status {ticket}"))
    assert "menunggu pemeriksaan" in mine
    [theirs], [none] = (says(make, update(8, f"status {t}")) for t in (ticket, "22222-22222"))
    assert theirs.replace(ticket, "") == none.replace("22222-22222", "")


def test_what_goes_on_is_promised_anew(make: Sessions) -> None:
    stands: dict[str, Any] = {"state": "tunda", "paused_at": datetime.now(UTC), "promise_at": None}
    ticket = tells(make, **stands)
    said = says(make, update(7, f"{ticket} ini kekurangannya, gang Melati nomor 5 ya"))
    assert said[0].startswith(f"Laporan {ticket} kami lanjutkan.\nDiperiksa paling lambat: ")


def test_who_was_given_up_and_says_belum_is_told_a_date(make: Sessions) -> None:
    ticket = done(make, missed=3)
    [said] = says(make, tap(7, f"not-done::{ticket}"))
    assert "Terjawab tuntas paling lambat: " in said
    row = report(make, ticket)
    assert row.promise_at
    assert row.promise_at == row.answer_by


def test_what_comes_behind_the_word_that_erases_stays(make: Sessions) -> None:
    named: dict[str, Any] = {"from": {"id": 7, "is_bot": False, "first_name": "Contoh"}}
    says(make, update(7, "jalan berlubang di gang Mawar"))
    post(
        make,
        update(7, "batal", **named),
        tap(7, "erase-data:sure:"),
        update(7, caption="lampu mati di jalan Melati", photo=PHOTO),
        update(7, "sudah lama", **named),
    )
    work(make, Phone())
    row = row_of(make, BUDI)
    assert row.name == ""
    kept = ["lampu mati di jalan Melati", "sudah lama"]
    assert [one.text for one in rows(make, Message)] == kept
    assert [one.state for one in rows(make, File)] == ["waiting"]
    state = load_state(row.state)
    assert state.draft
    raws = [one.raw for one in rows(make, Inbox)]
    assert [bool(raw) for raw in raws] == [False, False, False, True, True]
