"""The phone page as each platform's own app: what it offers, and how it shows what comes back."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from app.simulator.background import running

OpenPage = Callable[[int], Page]

PLATFORMS = ["telegram", "line", "twitter", "messenger"]
SIGNED = {"Authorization": 'OAuth oauth_token="x"'}
WRITE = "Tulis pesan sebagai Warga"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A simulator without any bot."""
    with running() as origin, httpx.Client(base_url=origin, timeout=20) as http:
        yield http


def _open(page: Page, http: httpx.Client, platform: str) -> int:
    """Open the platform's phone; returns its chat."""
    page.goto(f"{str(http.base_url).rstrip('/')}/?platform={platform}")
    expect(page.get_by_text("tersambung")).to_be_visible()
    return int(page.locator(".phone").get_attribute("data-chat") or "0")


def _say(page: Page, words: str) -> None:
    page.get_by_label(WRITE).fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("#log li.mine").last).to_contain_text(words)


def _do(message: Locator, act: str) -> None:
    """Do with a message what its menu calls `act`."""
    message.locator(".bubble").hover()
    message.get_by_role("button", name=act).click()


def _line(http: httpx.Client, chat: int, text: str, *choices: str) -> None:
    """Push a text to a citizen of LINE, with quick replies."""
    message: dict[str, object] = {"type": "text", "text": text}
    if choices:
        actions = [
            {"type": "postback", "label": it, "data": it, "displayText": it} for it in choices
        ]
        message["quickReply"] = {"items": [{"type": "action", "action": it} for it in actions]}
    http.post(
        "/v2/bot/message/push",
        json={"to": f"U{chat:032x}", "messages": [message]},
        headers={"Authorization": "Bearer x"},
    ).raise_for_status()


def _messenger(http: httpx.Client, chat: int, **message: object) -> None:
    http.post(
        "/v26.0/102030405060708/messages",
        params={"access_token": "x", "appsecret_proof": "0" * 64},
        json={"recipient": {"id": str(chat)}, "messaging_type": "RESPONSE", "message": message},
    ).raise_for_status()


def _twitter(http: httpx.Client, answered: int, text: str) -> None:
    """Answer a citizen's post, by its number on the phone."""
    reply = {"in_reply_to_tweet_id": str(2 * 10**18 + answered)}
    http.post("/2/tweets", json={"text": text, "reply": reply}, headers=SIGNED).raise_for_status()


@pytest.mark.parametrize("width", [390, 1280])
def test_four_phones_in_four_tabs(http: httpx.Client, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    _open(page, http, "telegram")
    tabs = page.get_by_role("navigation", name="Aplikasi obrolan").get_by_role("link")
    expect(tabs).to_have_text(["Telegram", "LINE", "X", "Messenger"])
    for name in ("LINE", "X", "Messenger", "Telegram"):
        tabs.filter(has_text=name).press("Enter")
        expect(page.locator("[aria-current=page]")).to_have_text(name)
        expect(page.get_by_text("tersambung")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("platform", PLATFORMS)
def test_phones_keep_their_own_conversation(
    http: httpx.Client, open_page: OpenPage, platform: str
) -> None:
    page = open_page(390)
    _open(page, http, platform)
    _say(page, "halo dari sini")
    for other in PLATFORMS:
        _open(page, http, other)
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
    _open(page, http, platform)
    _say(page, "halo")
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
    chat = _open(page, http, "line")
    _say(page, "halo")
    quick = page.get_by_role("group", name="Pilihan jawaban")
    expect(quick).to_be_hidden()
    _line(http, chat, "Sudah benar?", "Kirim", "Batal")
    expect(quick.get_by_role("button")).to_have_text(["Kirim", "Batal"])
    _line(http, chat, "Masih di sini?", "Ya")
    expect(quick.get_by_role("button")).to_have_text(["Ya"])
    quick.get_by_role("button", name="Ya").press("Enter")
    expect(page.locator("#log li.mine").last).to_contain_text("Ya")
    expect(quick).to_be_hidden()
    expect(page.get_by_label(WRITE)).to_be_focused()


def test_a_message_is_taken_back(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(1280)
    _open(page, http, "line")
    _say(page, "salah kirim")
    mine = page.locator("#log li.mine")
    _do(mine, "Balas")
    expect(page.get_by_text("Membalas: salah kirim")).to_be_visible()
    _say(page, "yang ini")
    expect(mine.last.locator("blockquote")).to_contain_text("salah kirim")
    _do(mine.first, "Batalkan kirim")
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
    _open(page, http, platform)
    long = "jalan rusak sekali " * 12
    _say(page, long.strip())
    mine = page.locator("#log li.mine")
    _do(mine, "Balas")
    expect(page.locator("#task").get_by_role("button", name="Batal")).to_be_in_viewport(ratio=1)
    page.locator("#task").get_by_role("button", name="Batal").click()
    _say(page, "tanpa kutipan")
    expect(mine.last.locator("blockquote")).to_have_count(0)
    _do(mine.first, "Balas")
    _say(page, "masih begitu")
    expect(mine.last.locator("blockquote")).to_have_text(re.compile("Warga.*jalan rusak"))
    _do(mine.first, "Balas")
    page.get_by_role("button", name="Lampirkan").click()
    page.get_by_role("button", name=file).click()
    expect(mine).to_have_count(4)
    expect(mine.last.locator("blockquote")).to_have_count(int(quotes))
    expect(page.locator("#task")).to_be_hidden()
    expect(page.locator("#notice")).to_be_hidden()


def test_a_tap_shows_what_can_be_done(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    _open(page, http, "telegram")
    _say(page, "halo")
    menu = page.locator("#log li.mine .later")
    expect(menu).to_have_css("opacity", "0")
    page.locator("#log li.mine").focus()  # as a finger does that cannot point
    expect(menu).to_have_css("opacity", "1")


@pytest.mark.parametrize("platform", ["telegram", "twitter", "messenger"])
def test_a_message_is_edited(http: httpx.Client, open_page: OpenPage, platform: str) -> None:
    page = open_page(390)
    _open(page, http, platform)
    _say(page, "jalan rusah")
    _do(page.locator("#log li.mine"), "Ubah")
    expect(page.get_by_text("Mengubah pesan")).to_be_visible()
    expect(page.get_by_label(WRITE)).to_have_value(re.compile("jalan rusah$"))
    page.get_by_role("button", name="Batal").click()
    expect(page.get_by_text("Mengubah pesan")).to_be_hidden()
    expect(page.get_by_label(WRITE)).to_have_value("")
    _do(page.locator("#log li.mine"), "Ubah")
    _say(page, "jalan rusak")
    expect(page.locator("#log li.mine")).to_have_count(1)
    expect(page.locator("#log li.mine time")).to_contain_text("diubah")
    expect(page.get_by_text("Mengubah pesan")).to_be_hidden()


def test_buttons_and_reactions_of_messenger(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = _open(page, http, "messenger")
    _say(page, "halo")
    buttons = [{"type": "postback", "title": it, "payload": it} for it in ("Kirim", "Batal")]
    payload = {"template_type": "button", "text": "Sudah benar?", "buttons": buttons}
    _messenger(http, chat, attachment={"type": "template", "payload": payload})
    theirs = page.locator("#log li:not(.mine)")
    expect(theirs.locator(".keys button")).to_have_text(["Kirim", "Batal"])
    _do(theirs, "Suka")
    expect(theirs.get_by_role("img", name="Reaksi: 👍")).to_be_visible()
    expect(theirs.get_by_role("button", name="Suka")).to_have_count(0)
    theirs.get_by_role("button", name="Kirim").click()
    expect(page.locator("#log li.mine").last).to_contain_text("Kirim")


def test_posts_and_messages_on_x(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = _open(page, http, "twitter")
    _say(page, "jalan rusak")
    post = page.locator("#log li.mine.public")
    expect(post).to_contain_text("@kanal_simulasi jalan rusak")
    expect(post).to_contain_text("Publik")
    page.get_by_label("DM").check(force=True)
    _say(page, "nomor saya rahasia")
    expect(page.locator("#log li.mine:not(.public)")).to_have_count(1)
    expect(page.locator("#log li.mine").last).not_to_contain_text("@kanal_simulasi")
    shown = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"]
    assert [bubble["public"] for bubble in shown] == [True, False]


def test_a_public_reply_is_answered_in_its_thread(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = _open(page, http, "twitter")
    _say(page, "jalan rusak")
    first = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"][0]["id"]
    _twitter(http, first, "Nomor tiket: 1")
    _do(page.locator("#log li:not(.mine)"), "Balas")
    expect(page.get_by_text("Membalas kiriman publik")).to_be_visible()
    _say(page, "dekat jembatan")
    expect(page.get_by_text("Membalas kiriman publik")).to_be_hidden()
    _say(page, "lampu padam")
    mentions = http.get("/2/users/1500000000000000001/mentions", headers=SIGNED).json()["data"]
    threads = {it["text"].split()[-1]: it["conversation_id"] for it in mentions}
    assert threads["jembatan"] == threads["rusak"] != threads["padam"]


def test_faults_of_one_platform_or_of_all(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(1280)
    _open(page, http, "line")
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


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_everything_has_a_name_and_a_size_for_fingers(
    http: httpx.Client, open_page: OpenPage, platform: str, width: int
) -> None:
    page = open_page(width)
    _open(page, http, platform)
    _say(page, "halo")
    page.get_by_text("Gangguan", exact=True).click()
    page.get_by_role("button", name="Lampirkan").click()
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll("button, a, input, textarea, select")]
            .filter((e) => e.offsetParent && !(e.ariaLabel || e.textContent.trim()
                || (e.labels && e.labels.length)))
            .map((e) => e.outerHTML)"""
    )
    assert unnamed == []
    small = page.evaluate(
        """() => [...document.querySelectorAll(".tabs a, .phone button, .phone a, .side button")]
            .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 30)
            .map((e) => e.outerHTML)"""
    )
    assert small == []
    assert page.locator("html").get_attribute("lang") == "id"
    assert page.locator("h1").count() == 1
