"""The phone page alone, with a tiny bot on the other side."""

import json
import re
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.simulator.background import running

BOT = "/bot7000000001:page-test"
WIDTHS = [360, 1280]
EXAMPLE = "jalan depan SDN 3 Tanjung Laut berlubang, sudah dua bulan"


@pytest.fixture
def origin() -> Iterator[str]:
    """A simulator whose bot repeats every text with two buttons and answers their press."""
    with running() as origin, httpx.Client(base_url=origin, timeout=30) as http:
        ended = threading.Event()
        bot = threading.Thread(target=_repeat, args=(http, ended))
        bot.start()
        yield origin
        ended.set()
        bot.join()


def _repeat(http: httpx.Client, ended: threading.Event) -> None:
    offset = 0
    while not ended.is_set():
        updates = http.get(f"{BOT}/getUpdates", params={"offset": offset, "timeout": 1}).json()
        for update in updates["result"]:
            offset = update["update_id"] + 1
            _answer(http, update)


def _answer(http: httpx.Client, update: dict[str, dict[str, str]]) -> None:
    if query := update.get("callback_query"):
        note = {"callback_query_id": query["id"], "text": f"Anda memilih {query['data']}"}
        http.post(f"{BOT}/answerCallbackQuery", json=note)
    elif message := json.loads(json.dumps(update.get("message") or {})):
        rows = [[{"text": word, "callback_data": word.lower()} for word in ("Kirim", "Batal")]]
        reply = {
            "chat_id": message["chat"]["id"],
            "text": f"Anda menulis: {message.get('text', 'sesuatu')}",
            "reply_markup": {"inline_keyboard": rows},
        }
        http.post(f"{BOT}/sendMessage", json=reply)


@pytest.mark.parametrize("width", WIDTHS)
def test_writing_and_pressing(origin: str, open_page: Callable[[int], Page], width: int) -> None:
    page = open_page(width)
    page.goto(origin)
    expect(page.get_by_text("tersambung")).to_be_visible()
    page.get_by_role("button", name=EXAMPLE).click()
    field = page.get_by_label("Tulis pesan sebagai Warga")
    expect(field).to_have_value(EXAMPLE)
    page.keyboard.press("Enter")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(page.locator("#log li.mine")).to_contain_text(EXAMPLE)
    expect(page.locator("#log li:not(.mine)")).to_contain_text(f"Anda menulis: {EXAMPLE}")
    expect(page.locator("#hint")).to_be_hidden()
    page.get_by_role("button", name="Batal").click()
    expect(page.get_by_text("Anda memilih batal")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_attaching(origin: str, open_page: Callable[[int], Page], width: int) -> None:
    page = open_page(width)
    page.goto(origin)
    mine = page.locator("#log li.mine")
    kinds = ["Foto contoh", "Dua foto", "Lokasi", "Stiker", "Dokumen", "Suara"]
    for count, name in zip([1, 3, 4, 5, 6, 7], kinds, strict=True):
        page.get_by_role("button", name="Lampirkan").click()
        page.get_by_role("button", name=re.compile(name)).click()
        expect(mine).to_have_count(count)
    pictures = page.locator("#log img")
    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        expect(picture).to_have_js_property("naturalWidth", 320)


def test_the_menu_by_keyboard(origin: str, open_page: Callable[[int], Page]) -> None:
    page = open_page(1280)
    page.goto(origin)
    page.get_by_role("button", name="Lampirkan").press("Enter")
    expect(page.get_by_role("button", name="Foto contoh")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Lampirkan")).to_be_focused()
    expect(page.locator("#attachments")).to_be_hidden()


def test_blocking_the_bot(origin: str, open_page: Callable[[int], Page]) -> None:
    page = open_page(360)
    page.goto(origin)
    page.get_by_role("button", name="Blokir bot").click()
    expect(page.get_by_label("Tulis pesan sebagai Warga")).to_be_disabled()
    page.get_by_role("button", name="Buka blokir").click()
    expect(page.get_by_label("Tulis pesan sebagai Warga")).to_be_enabled()


def test_a_new_citizen_has_a_phone_of_their_own(
    origin: str, open_page: Callable[[int], Page]
) -> None:
    page = open_page(1280)
    page.goto(origin)
    page.get_by_label("Tulis pesan sebagai Warga").fill("halo")
    page.keyboard.press("Enter")
    expect(page.locator("#log li")).to_have_count(2)
    page.get_by_role("link", name="Warga baru").click()
    page.wait_for_url(re.compile(r"chat=\d+"))
    expect(page.get_by_text("tersambung")).to_be_visible()
    expect(page.locator("#log li")).to_have_count(0)
    page.go_back()
    expect(page.locator("#log li")).to_have_count(2)


@pytest.mark.parametrize("width", WIDTHS)
def test_faults_are_switched_on_the_page(
    origin: str, open_page: Callable[[int], Page], width: int
) -> None:
    page = open_page(width)
    page.goto(origin)
    page.get_by_text("Gangguan", exact=True).click()
    page.get_by_label("3 jawaban galat 500").check()
    page.get_by_label("Setiap kiriman dikirim 3 kali").check()
    expect(page.get_by_text("2 gangguan menyala")).to_be_visible()
    faults = httpx.get(f"{origin}/simulator/faults?platform=telegram").json()
    assert (faults["error_next"], faults["duplicate"]) == (3, 3)
    page.get_by_label("Setiap kiriman dikirim 3 kali").uncheck()
    expect(page.get_by_text("1 gangguan menyala")).to_be_visible()
    page.get_by_role("button", name="Hapus semua gangguan").click()
    expect(page.get_by_text("Semua berjalan normal")).to_be_visible()
    everywhere = httpx.get(f"{origin}/simulator/faults").json()
    assert {switches["error_next"] for switches in everywhere.values()} == {0}


def test_a_text_is_never_read_as_markup(origin: str, open_page: Callable[[int], Page]) -> None:
    page = open_page(1280)
    page.goto(origin)
    text = "<img src=x onerror=alert(1)><b>tebal</b>"
    page.get_by_label("Tulis pesan sebagai Warga").fill(text)
    page.get_by_role("button", name="Kirim", exact=True).click()
    expect(page.locator("#log li.mine")).to_contain_text(text)
    expect(page.locator("#log img, #log b")).to_have_count(0)
