"""What a citizen reads of dates: the ticket, the status, the line below news."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.clock import Clock
from core.promise import Desk
from core.replies import LANGUAGES, render
from core.replies.dates import say_date, say_day, say_promise
from core.sayings import say_status, say_ticket
from core.standing import Opened, Standing
from core.workflow import ReportState
from core.zones import WIB, WIT, WITA

TICKET = "3QSKV-PA71K"
SUNDAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TERDISPOSISI, PROSES = ReportState.TERDISPOSISI, ReportState.PROSES
TUNDA, SELESAI = ReportState.TUNDA, ReportState.SELESAI


@pytest.mark.parametrize(
    ("zone", "language", "said"),
    [
        (WIB, "id", "Rabu, 25 November 2026"),
        (WITA, "id", "Rabu, 25 November 2026"),
        (WIT, "id", "Rabu, 25 November 2026"),
        (WITA, "en", "Wednesday, 25 November 2026"),
    ],
)
def test_a_promised_day(zone: ZoneInfo, language: str, said: str) -> None:
    deadline = datetime(2026, 11, 25, 23, 59, 59, tzinfo=WITA)
    assert say_day(language, deadline, zone) == said
    assert said.split(", ")[1].startswith(say_date(language, deadline))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_weekday_has_a_name(language: str) -> None:
    assert len({render(language, f"weekday-{number}") for number in range(1, 8)}) == 7


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_the_ticket_tells_both_days(zone: ZoneInfo) -> None:
    opened = Opened(TICKET, clock.opened(SUNDAY, "", Desk(zone)))
    said = say_ticket("id", opened, zone)
    name = SUNDAY.astimezone(zone).tzname()
    assert "Kami periksa paling lambat Rabu, 25 November 2026, dan" in said
    assert f"terjawab tuntas paling lambat Kamis, 10 Desember 2026 ({name})" in said
    assert TICKET in said


def at(*states: ReportState) -> Clock:
    found = clock.opened(SUNDAY, "", Desk(WITA))
    for state in states:
        found = clock.moved(found, state, SUNDAY, Desk(WITA))
    return found


def let_down(clock_: Clock) -> Clock:
    while clock_.promise_at:
        clock_, _ = clock.missed(clock_, clock_.promise_at, Desk(WITA))
    return clock_


STANDINGS = [
    (at(), "Diperiksa paling lambat: Rabu, 25 November 2026"),
    (at(TERDISPOSISI), "Ditindaklanjuti paling lambat: Jumat, 27 November 2026"),
    (at(TERDISPOSISI, PROSES), "Terjawab tuntas paling lambat: Kamis, 10 Desember 2026"),
    (at(TUNDA), "Selama ditunda, batas waktunya tidak dihitung."),
    (let_down(at()), "Sudah melewati tanggal yang kami janjikan."),
    (at(TERDISPOSISI, SELESAI), ""),
    (at(ReportState.ARSIP), ""),
    (Clock(PROSES), ""),  # of a version that promised nothing
]


@pytest.mark.parametrize(("found", "line"), STANDINGS)
def test_the_status_tells_what_is_open(found: Clock, line: str) -> None:
    assert say_promise("id", found, WITA) == line
    standing = Standing(TICKET, found.state, "", SUNDAY, found)
    last = line or "Masuk: 22 November 2026"
    assert say_status("id", TICKET, standing, WITA).splitlines()[-1] == last


def test_the_status_is_told_in_the_time_of_its_region() -> None:
    late = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    standing = Standing(TICKET, "belum_terverifikasi", "", late, at(), "91.71")
    said = say_status("id", TICKET, standing, WIB)
    assert "Masuk: 23 November 2026" in said
    assert said.endswith("25 November 2026")


def test_what_is_promised_elsewhere_is_the_same_day() -> None:
    assert "25 November 2026" in say_promise("id", at(), WIB)
    assert "25 November 2026" in say_promise("id", at(), WIT)
