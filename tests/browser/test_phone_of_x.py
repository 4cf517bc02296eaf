"""X's phone: what everybody reads, what one person reads, and when the account is silent."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.simulator.background import running
from app.simulator.settings import SimulatorSettings
from tests.browser.platform_side import (
    COVERED,
    SIGNED,
    act_on,
    answer_post,
    ask,
    open_phone,
    say,
    write_dm,
)

OpenPage = Callable[[int], Page]


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    """A simulator without any bot."""
    with running() as origin, httpx.Client(base_url=origin, timeout=20) as http:
        yield http


def test_posts_and_messages_on_x(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = open_phone(page, http, "twitter")
    say(page, "jalan rusak")
    post = page.locator("#log li.mine.public")
    expect(post).to_contain_text("@kanal_simulasi jalan rusak")
    expect(post).to_contain_text("Publik")
    page.get_by_label("DM").check(force=True)
    say(page, "nomor saya rahasia")
    expect(page.locator("#log li.mine:not(.public)")).to_have_count(1)
    expect(page.locator("#log li.mine").last).not_to_contain_text("@kanal_simulasi")
    shown = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"]
    assert [bubble["public"] for bubble in shown] == [True, False]


def test_who_reads_along_on_x_is_remembered(http: httpx.Client, open_page: OpenPage) -> None:
    page = open_page(390)
    chat = open_phone(page, http, "twitter")
    everybody, alone = page.get_by_label("Publik"), page.get_by_label("DM")
    expect(everybody).to_be_checked()
    say(page, "jalan rusak")
    ask(http, "twitter", chat)
    expect(page.locator("#log li:not(.mine)")).to_have_count(1)
    expect(everybody).to_be_checked()
    write_dm(http, chat, "Balas 1 untuk mengirim.")
    expect(alone).to_be_checked()
    page.reload()
    expect(alone).to_be_checked()
    act_on(page.locator("#log li.public:not(.mine)"), "Balas")
    expect(everybody).to_be_checked()
    say(page, "dekat jembatan")
    expect(alone).to_be_checked()  # again: only the answer was for everybody
    say(page, "1")
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
        chat = open_phone(page, http, "twitter")
        say(page, "jalan rusak")
        silence = page.locator("#pause")
        for words in ("satu", "dua"):
            expect(silence).to_be_hidden()
            write_dm(http, chat, words)
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
    chat = open_phone(page, http, "twitter")
    say(page, "jalan rusak")
    first = http.get(f"/simulator/twitter/chats/{chat}").json()["bubbles"][0]["id"]
    answer_post(http, first, "Nomor tiket: 1")
    act_on(page.locator("#log li:not(.mine)"), "Balas")
    expect(page.get_by_text("Membalas kiriman publik")).to_be_visible()
    say(page, "dekat jembatan")
    expect(page.get_by_text("Membalas kiriman publik")).to_be_hidden()
    say(page, "lampu padam")
    mentions = http.get("/2/users/1500000000000000001/mentions", headers=SIGNED).json()["data"]
    threads = {it["text"].split()[-1]: it["conversation_id"] for it in mentions}
    assert threads["jembatan"] == threads["rusak"] != threads["padam"]
