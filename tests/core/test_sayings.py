"""From decisions to sentences."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.channel import Power
from core.draft import Draft, State
from core.effects import AmendMessage, OpenReport, SetReachable, TellStatus
from core.message import Choice
from core.promise import Desk
from core.replies import LANGUAGES
from core.sayings import SCREEN, Facts, Sentence, joined, say, say_status, sentences
from core.standing import Opened, Standing
from core.ticket import find_ticket
from core.turn import Reply, Step, Where
from core.words import Word

TICKET = "3QSKV-PA71K"
WHO = uuid4()
ALL = frozenset(Power)
DAY = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
WITA = ZoneInfo("Asia/Makassar")  # eight hours before UTC
FACTS = Facts(
    {(WHO, 4): Opened(TICKET, clock.opened(DAY, "", Desk(WITA)))},
    {
        (WHO, TICKET): Standing(TICKET, "proses", "", DAY),
        (WHO, "OF-OPD"): Standing("OF-OPD", "selesai", "Dinas Contoh", DAY),
    },
    WITA,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_effects_are_told_before_replies(language: str) -> None:
    effects = (OpenReport(Draft(4)), AmendMessage("m", ""), SetReachable(False))
    step = Step(State(language=language), (Reply("help"),), effects)
    ticket, help_ = sentences(step, WHO, FACTS, ALL)
    assert find_ticket(ticket.text) == TICKET
    assert ticket.choices == ()
    assert help_ == say(language, Reply("help"), ALL)


@pytest.mark.parametrize(
    ("ticket", "parts"),
    [
        (TICKET, (TICKET, "sedang ditangani", "Masuk: 9 Maret 2026")),
        ("OF-OPD", ("OF-OPD", "selesai ditangani", "Dinas Contoh")),
        ("NOBODY", ("NOBODY", "tidak kami temukan")),
    ],
)
def test_status(ticket: str, parts: tuple[str, ...]) -> None:
    (said,) = sentences(Step(State(), effects=(TellStatus(ticket),)), WHO, FACTS, ALL)
    assert said.where is Where.PRIVATE
    text = said.text
    assert all(part in text for part in parts)
    assert ("Ditangani" in text) == (ticket == "OF-OPD")


@pytest.mark.parametrize(
    ("created_at", "zone", "language", "day"),
    [
        (datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC), "Asia/Makassar", "id", "9 Maret 2026"),
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), "Asia/Makassar", "id", "10 Maret 2026"),
        (datetime(2026, 3, 9, 16, 0, tzinfo=UTC), "Asia/Jakarta", "id", "9 Maret 2026"),
        (datetime(2026, 3, 9, 15, 0, tzinfo=UTC), "Asia/Jayapura", "id", "10 Maret 2026"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "Asia/Makassar", "en", "1 January 2027"),
        (datetime(2026, 3, 10, 0, 0, tzinfo=WITA), "Asia/Makassar", "en", "10 March 2026"),
    ],
)
def test_the_date_is_the_citizens_own(
    created_at: datetime, zone: str, language: str, day: str
) -> None:
    standing = Standing(TICKET, "proses", "", created_at)
    text = say_status(language, TICKET, standing, ZoneInfo(zone))
    assert text.endswith(f": {day}")


def test_buttons_name_the_draft() -> None:
    reply = Reply("ask-change", choices=(Word.CHANGE_TEXT, Word.CANCEL), serial=7)
    assert say("id", reply, ALL).choices == (
        Choice("Isi laporan", "text:7"),
        Choice("Batal", "cancel:7"),
    )


def test_the_example_is_a_ticket_and_a_fresh_one() -> None:
    examples = {
        find_ticket(say("id", Reply("status-how", {"known": "none"}), ALL).text) for _ in range(5)
    }
    assert len(examples) == 5
    assert "" not in examples


ONE, TWO = Sentence("satu"), Sentence("dua")
ASKED = Sentence("tiga?", (Choice("Ya", "send:1"),))


@pytest.mark.parametrize(
    ("spoken", "texts"),
    [
        ([], []),
        ([ONE], ["satu"]),
        ([ONE, TWO, ASKED], ["satu\n\ndua\n\ntiga?"]),
        ([ASKED, ONE], ["tiga?", "satu"]),
        ([replace(ONE, alone=True), TWO], ["satu", "dua"]),
        ([ONE, replace(TWO, alone=True)], ["satu", "dua"]),
        ([ONE, replace(TWO, where=Where.PUBLIC)], ["satu", "dua"]),
        ([ONE, replace(TWO, where=Where.PRIVATE)], ["satu\n\ndua"]),
        ([Sentence("a" * 300), Sentence("b" * (SCREEN - 302))], ["a" * 300 + "\n\n" + "b" * 298]),
        ([Sentence("a" * 300), Sentence("b" * (SCREEN - 301))], ["a" * 300, "b" * 299]),
    ],
)
def test_one_answer_is_one_message(spoken: list[Sentence], texts: list[str]) -> None:
    def address(where: Where) -> str:
        return "post:1" if where is Where.PUBLIC else "dm"

    whole = joined(spoken, address)
    assert [sentence.text for sentence in whole] == texts
    assert [sentence.choices for sentence in whole if sentence.choices] == [
        sentence.choices for sentence in spoken if sentence.choices
    ]
