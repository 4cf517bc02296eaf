"""The phone page as each platform's own app: what it offers, and how it shows what comes back."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.simulator.background import running
from tests.browser.conftest import HEIGHTS
from tests.browser.platform_side import (
    COVERED,
    PLATFORMS,
    WRITE,
    act_on,
    ask,
    open_phone,
    push_line,
    say,
    send_messenger,
)

OpenPage = Callable[[int], Page]

# How much of the page lies outside of the window: to the right, below.
OVERFLOW = """[document.documentElement.scrollWidth - innerWidth,
    document.documentElement.scrollHeight - innerHeight]"""


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A simulator without any bot."""
    with running() as origin, httpx.Client(base_url=origin, timeout=20) as http:
        yield http


@pytest.mark.parametrize("width", [390, 1280])
def test_four_phones_in_four_tabs(http: httpx.Client, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    open_phone(page, http, "telegram")
    tabs = page.get_by_role("navigation", name="Aplikasi obrolan").get_by_role("link")

    def fits() -> bool:
        """Nothing lies outside of the window, and the tabs stand in one line."""
        tops = {box["y"] for it in tabs.all() if (box := it.bounding_box())}
        return len(tops) == 1 and page.evaluate(OVERFLOW) == [0, 0]

    expect(tabs).to_have_text(["Telegram", "LINE", "X", "Messenger"])
    for name in ("LINE", "X", "Messenger", "Telegram"):
        tabs.filter(has_text=name).press("Enter")
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        expect(page.get_by_text("tersambung")).to_be_visible()
        assert fits()
    phone = page.locator(".phone").bounding_box()
    assert phone
    left, below = phone["x"] + phone["width"] / 2, HEIGHTS[width] - phone["y"] - phone["height"]
    assert (left, below) == (width / 2, 0 if width == 390 else pytest.approx(24, abs=8))
    assert phone["height"] >= 0.86 * HEIGHTS[width]
    for other in (360, 800):
        page.set_viewport_size({"width": other, "height": 740})
        assert fits()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_phones_keep_their_own_conversation(
    http: httpx.Client, open_page: OpenPage, platform: str
) -> None:
    page = open_page(390)
    open_phone(page, http, platform)
    say(page, "halo dari sini")
    for other in PLATFORMS:
        open_phone(page, http, other)
        expect(page.locator("#log li.mine")).to_have_count(1 if other == platform else 0)


_PHOTOS = ["Foto contoh", "Dua foto (album)"]
_ALL = [*_PHOTOS, "Video", "Lokasi", "Stiker", "Dokumen", "Suara"]


@pytest.mark.parametrize(
    ("platform", "files", "later", "public"),
    [
        ("telegram", _ALL, ["Balas", "Ubah"], False),
        ("line", _ALL, ["Balas", "Batalkan kirim"], False),
        ("twitter", _PHOTOS, ["Ubah"], True),
        ("messenger", _ALL, ["Balas", "Ubah"], False),
    ],
)
def test_a_phone_offers_what_the_platform_has(
    http: httpx.Client,
    open_page: OpenPage,
    platform: str,
    files: list[str],
    later: list[str],
    public: bool,
) -> None:
    page = open_page(390)
    open_phone(page, http, platform)
    say(page, "halo")
    expect(page.locator("#log li.mine .later button")).to_have_text(later)
    expect(page.get_by_role("radio", name="Publik")).to_have_count(int(public))
    menu = page.locator("#attachments button")
    expect(menu).to_have_text(files)
    for place in range(len(files)):
        page.get_by_role("button", name="Lampirkan").click()
        sent = page.locator("#log li.mine").count()
        menu.nth(place).click()
        expect(page.locator("#log li.mine").nth(sent)).to_be_visible()
    expect(page.locator("#notice")).to_be_hidden()


def test_quick_replies_stand_under_the_last_message_only(
    http: httpx.Client, open_page: OpenPage
) -> None:
    page = open_page(390)
    chat = open_phone(page, http, "line")
    say(page, "halo")
    quick = page.get_by_role("group", name="Pilihan jawaban")
    expect(quick).to_be_hidden()
    push_line(http, chat, "Sudah benar?", "Kirim", "Batal")
    expect(quick.get_by_role("button")).to_have_text(["Kirim", "Batal"])
    push_line(http, chat, "Masih di sini?", "Ya")
    expect(quick.get_by_role("button")).to_have_text(["Ya"])
    quick.get_by_role("button", name="Ya").press("Enter")
    expect(page.locator("#log li.mine").last).to_contain_text("Ya")
    expect(quick).to_be_hidden()
    expect(page.get_by_label(WRITE)).to_be_focused()


def test_a_message_is_taken_back(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(1280)
    open_phone(page, http, "line")
    say(page, "salah kirim")
    mine = page.locator("#log li.mine")
    act_on(mine, "Balas")
    expect(page.get_by_text("Membalas: salah kirim")).to_be_visible()
    say(page, "yang ini")
    expect(mine.last.locator("blockquote")).to_contain_text("salah kirim")
    act_on(mine.first, "Batalkan kirim")
    expect(mine.first).to_contain_text("Pesan ini ditarik")
    expect(mine.last.locator("blockquote")).to_contain_text("Pesan ini ditarik")
    expect(page.locator("#log")).not_to_contain_text("salah kirim")
    expect(mine.first.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize(
    ("platform", "file", "quotes"),
    [("telegram", "Suara", True), ("line", "Foto contoh", False), ("messenger", "Lokasi", True)],
)
def test_a_message_is_answered(
    http: httpx.Client, open_page: OpenPage, platform: str, file: str, quotes: bool
) -> None:
    """With a text, and with a file where the platform can."""
    page = open_page(390)
    open_phone(page, http, platform)
    long = "jalan rusak sekali " * 12
    say(page, long.strip())
    mine = page.locator("#log li.mine")
    act_on(mine, "Balas")
    expect(page.locator("#task").get_by_role("button", name="Batal")).to_be_in_viewport(ratio=1)
    page.locator("#task").get_by_role("button", name="Batal").click()
    say(page, "tanpa kutipan")
    expect(mine.last.locator("blockquote")).to_have_count(0)
    act_on(mine.first, "Balas")
    say(page, "masih begitu")
    expect(mine.last.locator("blockquote")).to_have_text(re.compile("Warga.*jalan rusak"))
    act_on(mine.first, "Balas")
    page.get_by_role("button", name="Lampirkan").click()
    page.get_by_role("button", name=file).click()
    expect(mine).to_have_count(4)
    expect(mine.last.locator("blockquote")).to_have_count(int(quotes))
    expect(page.locator("#task")).to_be_hidden()
    expect(page.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_tap_shows_what_can_be_done_and_covers_nothing(
    http: httpx.Client, open_page: OpenPage, platform: str
) -> None:
    page = open_page(390)
    chat = open_phone(page, http, platform)
    say(page, "halo")
    ask(http, platform, chat)
    expect(page.locator("#log li")).to_have_count(2)
    menus = page.locator("#log li .later")
    expect(menus).to_have_count(2)
    for menu in menus.all():
        time = menu.locator("xpath=..").locator("time")
        expect(menu).to_have_css("opacity", "0")
        time.click()
        expect(menu).to_have_css("opacity", "1")
        assert page.evaluate(COVERED) == []
        time.click()
        expect(menu).to_have_css("opacity", "0")
    menu = menus.last
    menu.get_by_role("button").first.focus()  # as the keyboard does
    expect(menu).to_have_css("opacity", "1")
    page.get_by_role("button", name="Lampirkan").click()
    expect(menu).to_have_css("opacity", "0")
    attachments, composer = page.locator("#attachments"), page.locator("#composer")
    upper, lower = attachments.bounding_box(), composer.bounding_box()
    assert upper
    assert lower
    assert upper["y"] + upper["height"] <= lower["y"]


@pytest.mark.parametrize("platform", ["telegram", "twitter", "messenger"])
def test_a_message_is_edited(http: httpx.Client, open_page: OpenPage, platform: str) -> None:
    page = open_page(390)
    open_phone(page, http, platform)
    say(page, "jalan rusah")
    act_on(page.locator("#log li.mine"), "Ubah")
    expect(page.get_by_text("Mengubah pesan")).to_be_visible()
    expect(page.get_by_label(WRITE)).to_have_value(re.compile("jalan rusah$"))
    page.get_by_role("button", name="Batal").click()
    expect(page.get_by_text("Mengubah pesan")).to_be_hidden()
    expect(page.get_by_label(WRITE)).to_have_value("")
    act_on(page.locator("#log li.mine"), "Ubah")
    say(page, "jalan rusak")
    expect(page.locator("#log li.mine")).to_have_count(1)
    expect(page.locator("#log li.mine time")).to_contain_text("diubah")
    expect(page.get_by_text("Mengubah pesan")).to_be_hidden()


def test_buttons_and_reactions_of_messenger(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = open_phone(page, http, "messenger")
    say(page, "halo")
    buttons = [{"type": "postback", "title": it, "payload": it} for it in ("Kirim", "Batal")]
    payload = {"template_type": "button", "text": "Sudah benar?", "buttons": buttons}
    send_messenger(http, chat, attachment={"type": "template", "payload": payload})
    theirs = page.locator("#log li:not(.mine)")
    expect(theirs.locator(".keys button")).to_have_text(["Kirim", "Batal"])
    act_on(theirs, "Suka")
    expect(theirs.get_by_role("img", name="Reaksi: 👍")).to_be_visible()
    expect(theirs.get_by_role("button", name="Suka")).to_have_count(0)
    theirs.get_by_role("button", name="Kirim").click()
    expect(page.locator("#log li.mine").last).to_contain_text("Kirim")


def test_faults_of_one_platform_or_of_all(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(1280)
    open_phone(page, http, "line")
    page.get_by_text("Gangguan", exact=True).click()
    page.get_by_label("3 jawaban galat 500").check()
    expect(page.get_by_text("1 gangguan menyala")).to_be_visible()
    counts = {name: it["error_next"] for name, it in http.get("/simulator/faults").json().items()}
    assert counts == dict.fromkeys(PLATFORMS, 0) | {"line": 3}
    page.get_by_label("Pada").select_option("semua aplikasi")
    expect(page.get_by_text("Semua berjalan normal")).to_be_visible()
    page.get_by_label("Jawaban lambat").check()
    expect(page.get_by_text("1 gangguan menyala")).to_be_visible()
    everywhere = http.get("/simulator/faults").json()
    assert {it["latency_ms"] for it in everywhere.values()} == {2000}
    page.get_by_role("button", name="Hapus semua gangguan").click()
    expect(page.get_by_text("Semua berjalan normal")).to_be_visible()
    cleared = http.get("/simulator/faults").json().values()
    assert {(it["latency_ms"], it["error_next"]) for it in cleared} == {(0, 0)}


# Tappable things that are narrower or lower than a thumb; of a hidden radio its label is measured.
SMALL = """() => [...document.querySelectorAll("button, a, summary, select, textarea, label")]
    .filter((e) => e.checkVisibility({ opacityProperty: true }) && !e.matches(".hidden"))
    .map((e) => [e.getBoundingClientRect(), e.outerHTML])
    .filter(([box]) => box.width < 44 || box.height < 44)
    .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_everything_has_a_name_and_a_size_for_fingers(
    http: httpx.Client, open_page: OpenPage, platform: str, width: int
) -> None:
    page = open_page(width)
    chat = open_phone(page, http, platform)
    assert page.evaluate(SMALL) == []
    say(page, "halo")
    ask(http, platform, chat)
    asked = page.locator("#log li:not(.mine)")
    asked.locator(".bubble").click()
    expect(asked.get_by_role("button", name="Balas")).to_have_css("opacity", "1")
    assert page.evaluate(SMALL) == []
    asked.get_by_role("button", name="Balas").click()
    expect(page.locator("#task")).to_be_visible()
    page.get_by_text("Gangguan", exact=True).click()
    page.get_by_role("button", name="Lampirkan").click()
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea, select")]
            .filter((e) => e.offsetParent && !(e.ariaLabel || e.textContent.trim()
                || (e.labels && e.labels.length)))
            .map((e) => e.outerHTML)"""
    )
    assert unnamed == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(OVERFLOW) == [0, 0]
    assert page.locator("html").get_attribute("lang") == "id"
    assert page.locator("h1").count() == 1
