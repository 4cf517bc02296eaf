"""The whole road on each platform's phone: from the first word to "sudah beres".

The journeys are tables of steps. A step that needs a power is left out where the platform has not
got it, and no step knows on which platform it is done.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from core.channel import Power
from tests.browser.handset import PATIENCE, Handset, open_handset
from tests.running_demo import Demo
from tests.waiting import eventually

DAY = r"(Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu), \d{1,2} [A-Z][a-z]+ \d{4}"
HOLE = "kemarin jalan depan SDN 3 Bontang Baru berlubang, sudah dua bulan"
LAMP = "lampu penerangan padam sejak minggu lalu, tolong diperbaiki"
FIRE = "tolong ada kebakaran rumah di Jalan Ahmad Yani Bontang Baru"
REFUSE = "sampah menumpuk di pasar Rawa Indah Bontang, sudah seminggu tidak diangkut"

OpenPage = Callable[[int], Page]


@dataclass
class Visit:
    """A citizen with his phone, the office behind its API, and the tickets he got, newest last.

    `sends` is the order in which he tells his first report, and `keys_stay` tells whether the
    platform's buttons stay under their message.
    """

    phone: Handset
    demo: Demo
    platform: str
    sends: Sequence[str] = ()
    keys_stay: bool = False
    tickets: list[str] = field(default_factory=list)

    def report(self, ticket: str) -> dict[str, Any]:
        """Return the report as the API shows it."""
        found: dict[str, Any] = self.demo.api("GET", f"/reports/{ticket}").json()
        return found

    def told(self, ticket: str) -> list[str]:
        """Return what the citizen wrote to this report."""
        return [it["text"] for it in self.report(ticket)["messages"] if it["direction"] == "in"]

    def lies_beside(self, words: str, ticket: str) -> None:
        """Wait until `words` stand in this report, and see that they stand in no other."""
        eventually(f"{words} is in the report", lambda: words in self.told(ticket))
        others = [it for it in self.tickets if it != ticket]
        assert not [other for other in others if words in self.told(other)]

    def kinds(self, ticket: str) -> list[str]:
        """Return what happened to this report."""
        return [it["kind"] for it in self.report(ticket)["history"]]

    def answer(self, words: str) -> None:
        """Be the office: say that the matter is settled."""
        self.demo.api("POST", f"/reports/{self.tickets[-1]}/answer", text=words, done=True)
        self.phone.hears(words, "Menurut Anda, sudah beres?")

    def stored(self, count: int) -> None:
        """Wait until the newest report has `count` files, all of them stored."""

        def all_stored() -> bool:
            files = self.report(self.tickets[-1])["files"]
            return [file["state"] for file in files] == ["stored"] * count

        eventually(f"{count} files are stored", all_stored)


# ---- what is done


def tell_everybody(visit: Visit) -> None:
    """Mention the account; nothing personal is said in public, and what lacks is asked alone."""
    phone = visit.phone
    phone.write(LAMP)
    ticket = phone.ticket(phone.posts)
    phone.hears("di mana tepatnya?")
    for post in phone.posts.all_inner_texts():
        assert "penerangan" not in post
        assert "://" not in post
    phone.whisper()
    phone.write("Jalan Melati, dekat masjid")
    phone.hears("sudah kami tambahkan")
    assert any("Jalan Melati" in text for text in visit.told(ticket))


def send(visit: Visit) -> None:
    """Send everything at once, in the order of this platform's row."""
    given = {
        "text": lambda: visit.phone.write(HOLE),
        "photo": lambda: visit.phone.attach("Foto contoh"),
        "pin": lambda: visit.phone.attach("Lokasi"),
    }
    for name in visit.sends:
        given[name]()


def read_preview(visit: Visit) -> None:
    """See what was understood, without having been asked for it."""
    place, day, files = "📍 jalan depan SDN 3 Bontang Baru", "🗓 kemarin", "1 berkas"
    visit.phone.hears("Ini laporan Anda", HOLE, place, day, files)


def read_pin(visit: Visit) -> None:
    visit.phone.hears("(dengan titik peta)")


def correct(visit: Visit) -> None:
    """Edit the text; the draft follows."""
    phone = visit.phone
    before = HOLE.replace("dua", "tiga")
    phone.begin(phone.mine.filter(has_text=HOLE), "Ubah")
    phone.write(before)
    phone.hears("Ini laporan Anda", before)
    phone.begin(phone.mine.filter(has_text=before), "Ubah")
    phone.write(HOLE)
    phone.hears("Ini laporan Anda", HOLE)


def take_back(visit: Visit) -> None:
    """Send a text too many, and take it back; the draft forgets it."""
    phone, slip = visit.phone, "pesan untuk ibu di rumah, salah kirim"
    phone.write(slip)
    phone.hears("Ini laporan Anda", slip)
    phone.begin(phone.mine.filter(has_text=slip), "Batalkan kirim")
    expect(phone.mine.filter(has_text="Pesan ini ditarik")).to_be_visible()
    expect(phone.theirs.last).not_to_contain_text(slip, timeout=PATIENCE)
    phone.hears("Ini laporan Anda", HOLE)


def hide(visit: Visit) -> None:
    """Become anonymous with a button."""
    visit.phone.choose("Anonim")
    visit.phone.hears("🕶 Anonim")


def confirm(visit: Visit) -> None:
    """Send it; the ticket says by which dates it is checked and answered."""
    phone = visit.phone
    phone.choose("Kirim")
    visit.tickets.append(phone.ticket(phone.theirs))
    phone.hears(re.compile(rf"paling lambat {DAY}.*paling lambat {DAY} \(WITA\)", re.DOTALL))
    report = visit.report(visit.tickets[-1])
    assert (report["channel"], report["state"]) == (visit.platform, "belum_terverifikasi")
    visit.stored(1)


def be_answered(visit: Visit) -> None:
    """The office hands it to an OPD, which says that it is done."""
    visit.demo.api("POST", f"/reports/{visit.tickets[-1]}/assign", agency="bontang-pupr")
    visit.phone.hears("diteruskan ke Dinas Pekerjaan Umum")
    visit.answer("Lubang di depan sekolah sudah ditambal.")


def deny(visit: Visit) -> None:
    """Say that it is not done, with a photo; the report is open again, and the OPD sees why."""
    phone, ticket = visit.phone, visit.tickets[-1]
    phone.choose("Belum")
    phone.hears("kami buka kembali", "Apa yang belum beres?")
    phone.attach("Foto contoh")
    phone.hears(f"sudah kami tambahkan ke laporan {ticket}")
    assert visit.report(ticket)["state"] == "proses"
    visit.stored(2)


def be_content(visit: Visit) -> None:
    """Be answered again, and say that it is done; only now it is closed."""
    ticket = visit.tickets[-1]
    visit.answer("Sisi kiri pun sudah ditambal.")
    visit.phone.choose("Sudah")
    visit.phone.hears(f"Laporan {ticket} kami tutup")
    assert visit.report(ticket)["state"] == "selesai"
    happened = ["answered", "reopened", "added", "answered", "confirmed"]
    assert visit.kinds(ticket)[-len(happened) :] == happened


def begin_alone(visit: Visit) -> None:
    """Write where nobody reads along."""
    visit.phone.whisper()


def call_for_help(visit: Visit) -> None:
    """Tell of a fire: the numbers come at once, and the report is taken without a question."""
    phone = visit.phone
    phone.write(FIRE)
    numbers = phone.theirs.filter(has_text=re.compile(r"113.*112"))
    expect(numbers).to_contain_text("tidak dapat mengirim pertolongan", timeout=PATIENCE)
    phone.hears("langsung kami catat")
    visit.tickets.append(phone.ticket(phone.theirs))
    assert visit.told(visit.tickets[-1]) == [FIRE]


def report_another(visit: Visit) -> None:
    """Report a second matter; it is one of its own."""
    phone = visit.phone
    phone.write(REFUSE)
    phone.hears("Ada fotonya?")
    phone.choose("Lewati")
    phone.hears("Ini laporan Anda", REFUSE)
    phone.choose("Kirim")
    phone.hears(re.compile(rf"Nomor tiket: (?!{visit.tickets[-1]})"))
    visit.tickets.append(phone.ticket(phone.theirs))


def quote(visit: Visit) -> None:
    """Answer the message about the first report; the words lie beside that one."""
    phone, first, more = visit.phone, visit.tickets[0], "apinya sudah padam pak"
    phone.begin(phone.theirs.filter(has_text=f"Nomor tiket: {first}"), "Balas")
    phone.write(more)
    expect(phone.mine.last.locator("blockquote")).to_contain_text(first)
    phone.hears(f"sudah kami tambahkan ke laporan {first}")
    visit.lies_beside(more, first)


def name_ticket(visit: Visit) -> None:
    """Name the first report by its ticket; the words lie beside that one."""
    first = visit.tickets[0]
    more = f"{first} asapnya masih ada"
    visit.phone.write(more)
    visit.lies_beside(more, first)
    visit.phone.hears(f"sudah kami tambahkan ke laporan {first}")


def list_reports(visit: Visit) -> None:
    """Ask for all reports, and look at one of them."""
    first, second = visit.tickets
    visit.phone.write("laporan saya")
    visit.phone.hears(re.compile(rf"Laporan Anda:.*{second}.*{first}", re.DOTALL))
    visit.phone.choose(first)
    visit.phone.hears(f"Laporan {first}", "Status: menunggu pemeriksaan")


def look_back(visit: Visit) -> None:
    """Press a button of an older message; where they vanish, there is none any more."""
    phone, first = visit.phone, visit.tickets[0]
    phone.write("terima kasih")
    phone.hears("Sama-sama")
    old = phone.page.locator(".keys button, .quick button").filter(has_text=first)
    expect(old).to_have_count(int(visit.keys_stay))
    for key in old.all():
        key.click()
        phone.hears(f"Laporan {first}", "Status: menunggu pemeriksaan")


# ---- the tables

Step = tuple[Callable[[Visit], None], frozenset[Power], frozenset[Power]]


def step(do: Callable[[Visit], None], *needs: Power, without: Sequence[Power] = ()) -> Step:
    """Return a step for platforms that have the powers it needs, and none of those `without`."""
    return do, frozenset(needs), frozenset(without)


PROMISE = (
    step(tell_everybody, Power.PUBLIC),
    step(send),
    step(read_preview),
    step(read_pin, Power.PINS),
    # Where there are posts, only they can be changed or quoted, and not what is said in private.
    step(correct, Power.EDITS, without=[Power.PUBLIC]),
    step(take_back, Power.WITHDRAWALS, without=[Power.PUBLIC]),
    step(hide),
    step(confirm),
    step(be_answered),
    step(deny),
    step(be_content),
)
THREADS = (
    step(begin_alone, Power.PUBLIC),
    step(call_for_help),
    step(report_another),
    step(quote, without=[Power.PUBLIC]),
    step(name_ticket),
    step(list_reports),
    step(look_back),
)


@pytest.fixture
def demo(demo: Demo) -> Demo:
    """The demo, with new phones: what one test wrote counts in no limit of another."""
    httpx.post(f"{demo.phone}/simulator/reset", json={}).raise_for_status()
    return demo


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("platform", "sends", "width"),
    [
        ("telegram", ["photo", "pin", "text"], 390),
        ("line", ["pin", "text", "photo"], 1280),
        ("twitter", ["text", "photo"], 390),
        ("messenger", ["photo", "text"], 1280),
    ],
)
def test_a_promise_is_kept(
    demo: Demo, open_page: OpenPage, platform: str, sends: list[str], width: int
) -> None:
    page = open_page(width)
    _walk(PROMISE, page, Visit(_phone(page, demo, platform), demo, platform, sends=sends))


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("platform", "keys_stay", "width"),
    [
        ("telegram", True, 1280),
        ("line", False, 390),
        ("twitter", False, 1280),
        ("messenger", True, 390),
    ],
)
def test_words_find_their_report(
    demo: Demo, open_page: OpenPage, platform: str, keys_stay: bool, width: int
) -> None:
    page = open_page(width)
    _walk(THREADS, page, Visit(_phone(page, demo, platform), demo, platform, keys_stay=keys_stay))


def _phone(page: Page, demo: Demo, platform: str) -> Handset:
    chat = 910_100_000 + int(page.evaluate("innerWidth"))
    return open_handset(page, demo.phone, platform, chat)


def _walk(steps: Sequence[Step], page: Page, visit: Visit) -> None:
    for do, needs, without in steps:
        if needs <= visit.phone.powers and not without & visit.phone.powers:
            do(visit)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
