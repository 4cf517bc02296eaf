"""The whole road, walked on each platform's phone: from the first word to the OPD's answer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.running_demo import Demo
from tests.waiting import eventually

PATIENCE = 20_000  # ms on the phone: a cold worker beside other work of the machine
TICKET = re.compile(r"Nomor tiket: ([A-Z0-9-]+)")
WRITE = "Tulis pesan sebagai Warga"

OpenPage = Callable[[int], Page]


def _open(page: Page, demo: Demo, platform: str, chat: int) -> Locator:
    """Open a phone of one's own; returns the conversation on it."""
    page.goto(f"{demo.phone}/?platform={platform}&chat={chat}")
    expect(page.get_by_text("tersambung")).to_be_visible(timeout=PATIENCE)
    return page.get_by_role("log")


def _begin(page: Page) -> None:
    """Tell the example, with the Enter key."""
    page.get_by_role("button", name="jalan depan SDN 3").click()
    page.keyboard.press("Enter")


def _choose(page: Page, where: str, label: str) -> None:
    buttons = page.locator(f"{where} button")
    page.get_by_role("button", name=label, exact=True).and_(buttons).click(timeout=PATIENCE)


def _send_photo(page: Page) -> None:
    page.get_by_role("button", name="Lampirkan").click()
    page.get_by_role("button", name="Foto contoh").click()


def _write(page: Page, words: str) -> None:
    page.get_by_label(WRITE).fill(words)
    page.keyboard.press("Enter")


def _ticket(log: Locator) -> str:
    expect(log).to_contain_text(TICKET, timeout=PATIENCE)
    found = TICKET.search(log.inner_text())
    assert found
    return found[1]


def _report(demo: Demo, ticket: str) -> dict[str, Any]:
    report: dict[str, Any] = demo.api("GET", f"/reports/{ticket}").json()
    return report


def _has_photo(demo: Demo, ticket: str) -> bool:
    return [file["state"] for file in _report(demo, ticket)["files"]] == ["stored"]


def _answer(demo: Demo, log: Locator, ticket: str, answer: str) -> None:
    """Be the office: hand the report to an OPD and answer; both are seen on the phone."""
    demo.api("POST", f"/reports/{ticket}/assign", agency="bontang-pupr")
    expect(log).to_contain_text("Dinas Pekerjaan Umum", timeout=PATIENCE)
    demo.api("POST", f"/reports/{ticket}/answer", text=answer)
    expect(log).to_contain_text(answer, timeout=PATIENCE)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    ("platform", "buttons"), [("telegram", ".keys"), ("line", ".quick"), ("messenger", ".keys")]
)
def test_from_the_first_word_to_the_answer(
    demo: Demo, open_page: OpenPage, platform: str, buttons: str, width: int
) -> None:
    page = open_page(width)
    log = _open(page, demo, platform, 910_100_000 + width)
    _begin(page)
    expect(log).to_contain_text("Ada fotonya?", timeout=PATIENCE)
    with_photo = width == 360
    if with_photo:
        _send_photo(page)
    else:
        _choose(page, buttons, "Lewati")
    _choose(page, buttons, "Kirim")
    ticket = _ticket(log)
    report = _report(demo, ticket)
    assert report["channel"] == platform
    assert len(report["files"]) == with_photo
    if with_photo:
        eventually("the photo is stored", lambda: _has_photo(demo, ticket))
    _answer(demo, log, ticket, f"Lubang di depan sekolah ditambal besok pagi ({width}).")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.timeout(240)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_mention_is_answered_with_a_ticket_and_nothing_else_in_public(
    demo: Demo, open_page: OpenPage, width: int
) -> None:
    page = open_page(width)
    log = _open(page, demo, "twitter", 910_200_000 + width)
    page.get_by_role("button", name="jalan depan SDN 3").click()
    _send_photo(page)
    ticket = _ticket(log)
    eventually("the photo is stored", lambda: _has_photo(demo, ticket))
    answer = f"Tim kami datang besok pagi ({width})."
    _answer(demo, log, ticket, answer)
    expect(log.locator("li:not(.mine):not(.public)").last).to_contain_text(answer)
    public = log.locator("li.public:not(.mine)")
    expect(public.first).to_contain_text(ticket)
    for post in public.all_inner_texts():
        assert answer not in post
        assert "SDN 3" not in post
        assert "://" not in post
    assert _report(demo, ticket)["channel"] == "twitter"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.timeout(240)
def test_the_place_that_a_mention_lacks_is_asked_for_in_private(
    demo: Demo, open_page: OpenPage
) -> None:
    page = open_page(360)
    log = _open(page, demo, "twitter", 910_300_001)
    _write(page, "lampu penerangan padam sejak minggu lalu, tolong diperbaiki")
    ticket = _ticket(log)
    private = log.locator("li:not(.mine):not(.public)")
    expect(private).to_contain_text("di mana tepatnya?", timeout=PATIENCE)
    page.get_by_label("DM").check(force=True)
    _write(page, "Jalan Melati, dekat masjid")
    expect(private.last).to_contain_text("sudah kami tambahkan", timeout=PATIENCE)
    told = [message.get("text", "") for message in _report(demo, ticket)["messages"]]
    assert any("Jalan Melati" in text for text in told)


@pytest.mark.timeout(240)
def test_choices_without_buttons_are_numbers(demo: Demo, open_page: OpenPage) -> None:
    page = open_page(360)
    log = _open(page, demo, "twitter", 910_400_001)
    page.get_by_label("DM").check(force=True)
    _begin(page)
    expect(log).to_contain_text("1. Lewati", timeout=PATIENCE)
    _write(page, "1")
    expect(log).to_contain_text("1. Kirim", timeout=PATIENCE)
    _write(page, "1")
    ticket = _ticket(log)
    expect(page.locator("#log li.public")).to_have_count(0)
    _answer(demo, log, ticket, "Sudah kami jadwalkan.")
