"""The phone page as each platform's own app: what it offers, and how it shows what comes back."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from tests.browser.conftest import HEIGHTS

OpenPage = Callable[[int], Page]

PLATFORMS = ["telegram", "line", "twitter", "messenger"]
SIGNED = {"Authorization": 'OAuth oauth_token="x"'}
WRITE = "Tulis pesan sebagai Warga"
ASKED = "Sudah benar?"


# How much of the page lies outside of the window: to the right, below.
OVERFLOW = """[document.documentElement.scrollWidth - innerWidth,
    document.documentElement.scrollHeight - innerHeight]"""


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
    message.locator(".bubble").click()
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


def _tell(http: httpx.Client, chat: int, text: str) -> None:
    """Write a direct message on X."""
    path = f"/2/dm_conversations/with/{chat}/messages"
    http.post(path, json={"text": text}, headers=SIGNED).raise_for_status()


def _ask(http: httpx.Client, platform: str, chat: int) -> None:
    """Let the account answer the citizen's only message, with two choices where it can."""
    if platform == "telegram":
        keys = [[{"text": it, "callback_data": it} for it in ("Kirim", "Batal")]]
        asked = {"chat_id": chat, "text": ASKED, "reply_markup": {"inline_keyboard": keys}}
        http.post("/bot7000000001:page-test/sendMessage", json=asked).raise_for_status()
    elif platform == "line":
        _line(http, chat, ASKED, "Kirim", "Batal")
    elif platform == "messenger":
        buttons = [{"type": "postback", "title": it, "payload": it} for it in ("Kirim", "Batal")]
        payload = {"template_type": "button", "text": ASKED, "buttons": buttons}
        _messenger(http, chat, attachment={"type": "template", "payload": payload})
    else:
        shown = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"]
        _twitter(http, shown[0]["id"], ASKED)


def _twitter(http: httpx.Client, answered: int, text: str) -> None:
    """Answer a citizen's post, by its number on the phone."""
    reply = {"in_reply_to_tweet_id": str(2 * 10**18 + answered)}
    http.post("/2/tweets", json={"text": text, "reply": reply}, headers=SIGNED).raise_for_status()


@pytest.mark.parametrize("width", [390, 1280])
def test_four_phones_in_four_tabs(http: httpx.Client, open_page: OpenPage, width: int) -> None:
    page = open_page(width)
    _open(page, http, "telegram")
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


# What can be tapped or read, and does not lie open to the eye at its middle and its corners.
COVERED = """() => {
    const sought =
        "#log button, #log p, #log time, .quick button, .phone label:not(.hidden), .round";
    const open = (e, u, v) => {
        const hit = document.elementFromPoint(u, v);
        return Boolean(hit) && (e.contains(hit) || hit.contains(e));
    };
    return [...document.querySelectorAll(sought)]
        .filter((e) => e.checkVisibility({ opacityProperty: true }))
        .filter((e) => {
            const { left, right, top, bottom } = e.getBoundingClientRect();
            const across = [left + 6, (left + right) / 2, right - 6];
            const down = [top + 6, (top + bottom) / 2, bottom - 6];
            return !across.every((u) => down.every((v) => open(e, u, v)));
        })
        .map((e) => e.outerHTML);
}"""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_tap_shows_what_can_be_done_and_covers_nothing(
    http: httpx.Client, open_page: OpenPage, platform: str
) -> None:
    page = open_page(390)
    chat = _open(page, http, platform)
    _say(page, "halo")
    _ask(http, platform, chat)
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


def test_who_reads_along_on_x_is_remembered(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = _open(page, http, "twitter")
    everybody, alone = page.get_by_label("Publik"), page.get_by_label("DM")
    expect(everybody).to_be_checked()
    _say(page, "jalan rusak")
    _ask(http, "twitter", chat)
    expect(page.locator("#log li:not(.mine)")).to_have_count(1)
    expect(everybody).to_be_checked()
    _tell(http, chat, "Balas 1 untuk mengirim.")
    expect(alone).to_be_checked()
    page.reload()
    expect(alone).to_be_checked()
    _do(page.locator("#log li.public:not(.mine)"), "Balas")
    expect(everybody).to_be_checked()
    _say(page, "dekat jembatan")
    expect(alone).to_be_checked()  # again: only the answer was for everybody
    _say(page, "1")
    shown = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"]
    assert [it["public"] for it in shown if it["mine"]] == [True, True, False]
    everybody.check(force=True)
    page.reload()
    expect(page.locator("#log li.mine")).to_have_count(3)
    expect(everybody).to_be_checked()


def test_x_tells_why_the_account_is_silent(open_page: OpenPage) -> None:
    page = open_page(390)
    page.clock.install()
    settings = SimulatorSettings(twitter_dm_limit=2)
    with running(settings) as origin, httpx.Client(base_url=origin, timeout=20) as http:
        chat = _open(page, http, "twitter")
        _say(page, "jalan rusak")
        silence = page.locator("#pause")
        for words in ("satu", "dua"):
            expect(silence).to_be_hidden()
            _tell(http, chat, words)
            expect(page.locator("#log li").last).to_contain_text(words)
        said = re.compile(
            r"^X membolehkan 2 DM dalam 15 menit; yang berikutnya datang (besok )?"
            r"mulai pukul \d\d\.\d\d\.$"
        )
        expect(silence).to_have_text(said)
        assert page.evaluate(COVERED) == []
        page.clock.fast_forward("14:00")
        expect(silence).to_be_visible()
        page.clock.fast_forward("01:01")
        expect(silence).to_be_hidden()


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
    chat = _open(page, http, platform)
    assert page.evaluate(SMALL) == []
    _say(page, "halo")
    _ask(http, platform, chat)
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
