"""A page of the system's Chromium that tolerates no error and no foreign host."""

import shutil
from collections.abc import Callable, Iterator
from os import environ
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    ViewportSize,
    sync_playwright,
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HEIGHTS = {390: 844, 1280: 900}  # of the other widths 780
LOOPBACK = {"127.0.0.1", "localhost"}

OpenPage = Callable[[int], Page]


def _chromium() -> str:
    """The path of Chromium: CHROMIUM, else what is installed; fails where there is none."""
    found = environ.get("CHROMIUM") or next(
        (
            path
            for name in ("chromium", "chromium-browser", "google-chrome")
            if (path := shutil.which(name))
        ),
        None,
    )
    if not found:
        pytest.fail(
            "The browser tests need Chromium: install the package `chromium`, "
            "or name the program in the variable CHROMIUM.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages of a given width; afterwards none may have had an error of any kind."""
    troubles: list[str] = []
    contexts = []

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            troubles.append(f"console {message.type}: {message.text}")

    def failed(error: Error) -> None:
        troubles.append(f"page error: {error}")

    def requested(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.hostname not in LOOPBACK:
            troubles.append(f"request to another host: {request.url}")

    def open_one(width: int) -> Page:
        size = ViewportSize(width=width, height=HEIGHTS.get(width, 780))
        context = browser.new_context(viewport=size, locale="id-ID")
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", console)
        page.on("pageerror", failed)
        page.on("request", requested)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert troubles == []
