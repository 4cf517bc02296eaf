"""When something happened, in words."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.date_words import READ, When, find_when

SENT = datetime(2026, 11, 22, 14, 0)  # noqa: DTZ001 - the clock on a wall; a Sunday

# Words in a text, days before it was sent (None for no single day), and whether it goes on.
DAYS: list[tuple[str, str, int | None, bool]] = [
    ("jalan ambles kemarin sore", "kemarin sore", 1, False),
    ("Kmrn saya lihat", "Kmrn", 1, False),
    ("tadi pagi lampunya padam", "tadi pagi", 0, False),
    ("td siang ada pohon tumbang", "td siang", 0, False),
    ("tadi malam gelap sekali", "tadi malam", 1, False),
    ("semalam banjir", "semalam", 1, False),
    ("barusan roboh", "barusan", 0, False),
    ("hari ini air mati", "hari ini", 0, False),
    ("wingi dalane ambles", "wingi", 1, False),
    ("wingi bengi udan", "wingi bengi", 1, False),
    ("kamarian ada urang rabah", "kamarian", 1, False),
    ("kemarin lusa sudah saya lapor", "kemarin lusa", 2, False),
    ("2 hari yg lalu", "2 hari yg lalu", 2, False),
    ("dua hari lalu", "dua hari lalu", 2, False),
    ("padam sejak 3 hari", "sejak 3 hari", 3, True),
    ("sdh 3hari tidak diangkut", "sdh 3hari", 3, True),
    ("selama sepuluh hari", "selama sepuluh hari", 10, True),
    ("3 hari ini bau", "3 hari ini", 3, True),
    ("dari kemarin mati", "dari kemarin", 1, True),
    ("sejak minggu lalu belum diangkut", "sejak minggu lalu", None, True),
    ("minggu lalu", "minggu lalu", None, False),
    ("bulan kemarin", "bulan kemarin", None, False),
    ("sudah seminggu", "sudah seminggu", None, True),
    ("udah 2 bulan", "udah 2 bulan", None, True),
    ("sejak seminggu yang lalu", "sejak seminggu yang lalu", None, True),
    ("sudah lama rusak", "sudah lama", None, True),
    ("tgl 12 kejadiannya", "tgl 12", 10, False),
    ("tanggal 30", "tanggal 30", 23, False),
    ("12 November", "12 November", 10, False),
    ("12 nov 2025", "12 nov 2025", 375, False),
    ("November 12", "November 12", 10, False),
    ("pada 12/11", "12/11", 10, False),
    ("12-11-2026", "12-11-2026", 10, False),
    ("12/11/26", "12/11/26", 10, False),
    ("2026-11-01", "2026-11-01", 21, False),
    ("tgl 12/11", "tgl 12/11", 10, False),
    ("tgl 1/2", "tgl 1/2", 294, False),
    ("30 desember", "30 desember", None, False),
    ("12/12/2027", "12/12/2027", None, False),
    ("senin kemarin", "senin kemarin", 6, False),
    ("minggu kemarin", "minggu kemarin", None, False),
    ("hari minggu kemarin", "hari minggu kemarin", 7, False),
    ("hari minggu", "hari minggu", 0, False),
    ("pd hari rabu yg lalu", "hari rabu yg lalu", 4, False),
    ("sejak senin", "sejak senin", 6, True),
    ("sejak hari jum'at", "sejak hari jum'at", 2, True),
    ("jam 7 pagi", "jam 7 pagi", None, False),
    ("jam 7 tadi", "jam 7 tadi", 0, False),
    ("kemarin sekitar situ jam 7 pagi", "kemarin", 1, False),
    ("kemarin jam 7 pagi", "kemarin jam 7 pagi", 1, False),
    ("pukul 07.30 wib", "pukul 07.30 wib", None, False),
    ("it broke yesterday", "yesterday", 1, False),
    ("last night", "last night", 1, False),
    ("since last week", "since last week", None, True),
    ("2 days ago", "2 days ago", 2, False),
    ("dark for three days", "for three days", 3, True),
    ("on monday", "on monday", 6, False),
    ("last sunday", "last sunday", 7, False),
    ("minggu lalu dilaporkan, kemarin runtuh", "kemarin", 1, False),
]

NO_DAYS = (
    "jalan rusak parah",
    "RT 04/RW 02",
    "rt 04/02 kelurahan kami",
    "blok c 12/11",
    "lampu 12/24 watt",
    "1/2 jam lebih",
    "0812-3456-7890",
    "harga 1.500.000",
    "31/02/2026",
    "versi 1.2.3",
    "setiap hari minggu",
    "tiap kemarin",
    "kalau tadi malam",
    "besok pagi",
    "minggu depan",
    "hari senin depan",
    "kantor buka jam kerja",
    "jam 99 pagi",
    "tgl 45",
    "3000 hari",
    "senin",
    "no 12",
    "sejak",
    "tanggal",
    "jam",
    "hari",
    "",
)


@pytest.mark.parametrize(("text", "words", "ago", "since"), DAYS)
def test_days(text: str, words: str, ago: int | None, since: bool) -> None:
    day = None if ago is None else SENT.date() - timedelta(days=ago)
    assert find_when(text, SENT) == When(words, day, since)


@pytest.mark.parametrize("text", NO_DAYS)
def test_no_day_is_told(text: str) -> None:
    assert find_when(text, SENT) == When("")


@pytest.mark.parametrize(("hour", "day"), [(1, 21), (19, 21), (20, 22), (23, 22)])
def test_late_in_the_evening_the_night_is_this_one(hour: int, day: int) -> None:
    found = find_when("tadi malam", SENT.replace(hour=hour))
    assert found.day == date(2026, 11, day)


def test_over_the_turn_of_the_year() -> None:
    sent = datetime(2027, 1, 2, 8, 0)  # noqa: DTZ001
    assert find_when("30 desember", sent).day == date(2026, 12, 30)
    assert find_when("tgl 31", sent).day == date(2026, 12, 31)
    assert find_when("tgl 30", datetime(2027, 3, 1)).day == date(2027, 1, 30)  # noqa: DTZ001


SCRAPS = """kemarin tadi malam pagi sejak sudah 3 hari minggu lalu yang tgl 12 30 31 november 12/11
senin jam 29 februari 7 ago last week ini 31-12-2026 12/12/99 besok setiap rt semalam , ."""
WORD = st.sampled_from(SCRAPS.split())


@given(
    st.one_of(st.text(max_size=80), st.lists(WORD, max_size=8).map(" ".join)),
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001
)
@example("29 februari", datetime(2027, 3, 1))  # noqa: DTZ001
@example("sejak", SENT)
def test_never_a_day_to_come(text: str, sent: datetime) -> None:
    found = find_when(text, sent)
    assert found.words in text
    assert found.day is None or found.day <= sent.date()
    assert bool(found.words) or found == When("")


def test_only_the_beginning_is_read() -> None:
    assert find_when("x" * READ + " kemarin", SENT) == When("")
