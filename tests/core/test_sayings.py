"""From decisions to sentences."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core.conversation import AmendMessage, OpenReport, Reply, SetReachable, Step, TellStatus
from core.draft import Draft, State
from core.message import Choice
from core.replies import LANGUAGES
from core.reports import Standing
from core.sayings import Facts, say, sentences
from core.ticket import find_ticket
from core.words import Word

TICKET = "3QSKV-PA71K"
WHO = uuid4()
DAY = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
FACTS = Facts(
    {(WHO, 4): TICKET},
    {
        TICKET: Standing(TICKET, "proses", "", DAY),
        "OF-OPD": Standing("OF-OPD", "selesai", "Dinas Contoh", DAY),
    },
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_effects_are_told_before_replies(language: str) -> None:
    effects = (OpenReport(Draft(4)), AmendMessage("m", ""), SetReachable(False))
    step = Step(State(language=language), (Reply("help"),), effects)
    (ticket, no_buttons), (help_, _) = sentences(step, WHO, FACTS)
    assert find_ticket(ticket) == TICKET
    assert no_buttons == ()
    assert help_ == say(language, Reply("help"))[0]


@pytest.mark.parametrize(
    ("ticket", "parts"),
    [
        (TICKET, (TICKET, "sedang ditangani", "09-03-2026")),
        ("OF-OPD", ("OF-OPD", "selesai ditangani", "Dinas Contoh")),
        ("NOBODY", ("NOBODY", "tidak kami temukan")),
    ],
)
def test_status(ticket: str, parts: tuple[str, ...]) -> None:
    ((text, _),) = sentences(Step(State(), effects=(TellStatus(ticket),)), WHO, FACTS)
    assert all(part in text for part in parts)
    assert ("Ditangani" in text) == (ticket == "OF-OPD")


def test_buttons_name_the_draft() -> None:
    _, choices = say("id", Reply("ask-change", choices=(Word.CHANGE_TEXT, Word.CANCEL), serial=7))
    assert choices == (Choice("Isi laporan", "text:7"), Choice("Batal", "cancel:7"))


def test_the_example_is_a_ticket_and_a_fresh_one() -> None:
    examples = {find_ticket(say("id", Reply("status-how"))[0]) for _ in range(5)}
    assert len(examples) == 5
    assert "" not in examples
