"""A citizen's phone, worked by hand: what is done with it, and what is seen on it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from core.channel import Power
from tests.contract.channels import CHANNELS

PATIENCE = 20_000  # ms: a cold worker beside other work of the machine
NOWHERE = "http://127.0.0.1:9"  # the channels are only asked for their powers
POWERS = {case.name: case.make(NOWHERE).powers for case in CHANNELS}

_WRITE = "Tulis pesan sebagai Warga"
_TICKET = re.compile(r"Nomor tiket: ([A-Z0-9]+-[A-Z0-9]+)")


@dataclass(frozen=True)
class Handset:
    """The phone on `page`, of a platform with `powers`; `log` is the conversation on it.

    `mine` are the citizen's messages, `theirs` those that the account wrote to him alone, and
    `posts` what it wrote for everybody to read.
    """

    page: Page
    powers: frozenset[Power]

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def mine(self) -> Locator:
        return self.log.locator("li.mine")

    @property
    def theirs(self) -> Locator:
        return self.log.locator("li:not(.mine):not(.public)")

    @property
    def posts(self) -> Locator:
        return self.log.locator("li.public:not(.mine)")

    def write(self, words: str) -> None:
        """Send a text, and see it."""
        self.page.get_by_label(_WRITE).fill(words)
        self.page.keyboard.press("Enter")
        expect(self.mine.last).to_contain_text(words)

    def attach(self, name: str) -> None:
        """Send what the menu calls `name`, and see it."""
        seen = self.mine.count()
        self.page.get_by_role("button", name="Lampirkan").click()
        self.page.get_by_role("button", name=name, exact=True).click()
        expect(self.mine.nth(seen)).to_be_visible()

    def whisper(self) -> None:
        """Write for the account alone from now on."""
        self.page.get_by_label("DM").check(force=True)

    def begin(self, message: Locator, act: str) -> None:
        """Do with a message what its menu calls `act`."""
        message.locator(".bubble").click()
        message.get_by_role("button", name=act).click()

    def hears(self, *words: str | re.Pattern[str]) -> None:
        """Wait until the account's latest private message holds all these words."""
        for each in words:
            expect(self.theirs.last).to_contain_text(each, timeout=PATIENCE)

    def choose(self, label: str) -> None:
        """Take a choice of the latest message: its button, else the number before it."""
        if Power.BUTTONS in self.powers:
            named = re.compile(rf"^{re.escape(label)}$")
            below = self.theirs.last.locator(".keys button")
            keys = below.or_(self.page.locator("#quick button"))
            keys.filter(has_text=named).click(timeout=PATIENCE)
            return
        numbered = re.compile(rf"^(\d+)\. {re.escape(label)}$", re.MULTILINE)
        self.hears(numbered)
        found = numbered.search(self.theirs.last.inner_text())
        assert found
        self.write(found[1])

    def ticket(self, said: Locator) -> str:
        """Wait for the ticket in the latest of `said`."""
        expect(said.last).to_contain_text(_TICKET, timeout=PATIENCE)
        found = _TICKET.search(said.last.inner_text())
        assert found
        return found[1]


def open_handset(page: Page, origin: str, platform: str, chat: int) -> Handset:
    """Open the phone of citizen number `chat` on a platform."""
    page.goto(f"{origin}/?platform={platform}&chat={chat}")
    expect(page.get_by_text("tersambung")).to_be_visible(timeout=PATIENCE)
    return Handset(page, POWERS[platform])
