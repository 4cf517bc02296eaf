"""Laporan saya and kirim ulang: what a citizen reads of his reports again."""

import pytest

from core.channel import Power
from core.db.session import Sessions, transaction
from core.effects import Resend, TellReports
from core.replies import LANGUAGES
from core.reports import Officer, answer, find
from core.sayings import say, with_numbers
from core.turn import Reply
from core.words import Word
from tests.core.desk import BUDI, LINE, SITI, Who, agency, keys, link, tells, wish
from tests.core.test_reports import LIMITS

ONE_SCREEN = 700
CITY = Officer("diskominfo")


def listed(make: Sessions, who: Who = BUDI) -> Reply:
    [reply] = wish(make, (who, TellReports()))
    assert reply
    return reply


@pytest.mark.parametrize(("told", "more"), [(1, "none"), (5, "none"), (6, "1"), (25, "20")])
def test_the_newest_reports_come_first_and_the_rest_is_counted(
    make: Sessions, told: int, more: str
) -> None:
    tickets = [tells(make, said=f"Lampu {number} padam") for number in range(told)]
    tells(make, SITI, said="Bukan punya saya")
    reply = listed(make)
    newest = tickets[::-1][:5]
    assert [option.ticket for option in reply.options] == newest
    assert {option.word for option in reply.options} == {Word.STATUS}
    assert [line.split()[1] for line in reply.args["list"].splitlines()[::2]] == newest
    assert f"Lampu {told - 1} padam" in reply.args["list"]
    assert reply.args["more"] == more


def test_who_has_none_is_told_so(make: Sessions) -> None:
    tells(make, SITI)
    assert listed(make).key == "no-reports"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_is_one_screen_even_with_numbers(make: Sessions, language: str) -> None:
    who = Who("7", language=language)
    for _ in range(9):
        tells(make, who, said="Jalan berlubang besar sekali dan dalam " * 20, state="terdisposisi")
    sentence = say(language, listed(make, who), frozenset(Power))
    assert len(with_numbers(language, sentence, 0).text) <= ONE_SCREEN
    assert sentence.text.count("…") == 5


def test_reports_of_all_linked_channels_are_listed_by_their_age(make: Sessions) -> None:
    elsewhere = Who("9", LINE)
    first, second = tells(make), tells(make, elsewhere)
    third = tells(make)
    link(make, elsewhere, BUDI)
    for who in (BUDI, elsewhere):
        assert [option.ticket for option in listed(make, who).options] == [third, second, first]


@pytest.mark.parametrize("length", [1, 2501, 8000])
def test_kirim_ulang_tells_the_latest_answer_whole(make: Sessions, length: int) -> None:
    ticket = tells(make, agency_id=agency(make), state="proses")
    answers = ("Kami periksa", "🙏" * length)
    for text in answers:
        with transaction(make) as session:
            answer(session, find(session, ticket, CITY), text, False, CITY, LIMITS)
    [reply] = wish(make, (BUDI, Resend(ticket)))
    assert reply
    said = say("id", reply, frozenset()).text
    assert said.startswith(f"Laporan {ticket}\nStatus: sedang ditangani\nDitangani: Dinas PUPR")
    assert said.endswith(f"\n\n{answers[1]}")
    assert "Jawaban terakhir dari Dinas PUPR:" in said


def test_without_an_answer_the_status_is_all_there_is(make: Sessions) -> None:
    mine, theirs = tells(make), tells(make, SITI)
    said = wish(make, (BUDI, Resend(mine)), (BUDI, Resend(theirs)), (SITI, Resend(theirs)))
    assert keys(said) == ["latest-none", "not-yours", "latest-none"]
    assert said[0]
    assert mine in say("id", said[0], frozenset()).text
