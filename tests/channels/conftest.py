"""Each channel against a stub of its platform's API."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from app.simulator.background import running
from channels.line import LineChannel
from channels.telegram import TelegramChannel
from channels.twitter import TwitterChannel
from tests.channels.line_town import Founder, simulator
from tests.channels.messenger_page import Page, connected, simulated
from tests.contract.channels import LINE, TELEGRAM, TWITTER
from tests.contract.stub import Stub, stub_api


@pytest.fixture
def api() -> Iterator[Stub]:
    """The API, to be told what to answer."""
    with stub_api() as stub:
        yield stub


@pytest.fixture
def telegram(api: Stub) -> TelegramChannel:
    """A bot that speaks to the stub."""
    channel = TELEGRAM.make(api.origin)
    assert isinstance(channel, TelegramChannel)
    return channel


@pytest.fixture
def line(api: Stub) -> LineChannel:
    """An official account that speaks to the stub."""
    channel = LINE.make(api.origin)
    assert isinstance(channel, LineChannel)
    return channel


@pytest.fixture
def twitter(api: Stub) -> TwitterChannel:
    """An account on X that speaks to the stub."""
    channel = TWITTER.make(api.origin)
    assert isinstance(channel, TwitterChannel)
    return channel


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what this machine's environment says about channels out of the tests."""
    for name in os.environ:
        if name.startswith(("TELEGRAM_", "LINE_", "TWITTER_", "MESSENGER_")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def messenger_origin() -> Iterator[str]:
    """A running simulator of Messenger."""
    with simulated() as origin:
        yield origin


@pytest.fixture
def page(messenger_origin: str) -> Iterator[Page]:
    """A page on the simulated Messenger, with a webhook and a citizen's empty phone."""
    with connected(messenger_origin) as page:
        yield page


@pytest.fixture(scope="session")
def line_phone() -> Iterator[httpx.Client]:
    """The phones of a simulated LINE that all towns without settings share."""
    with running(simulator()) as origin, httpx.Client(base_url=origin, timeout=20) as phone:
        yield phone


@pytest.fixture
def town(api: Stub, line_phone: httpx.Client) -> Iterator[Founder]:
    """Found a town with a simulated LINE."""
    with ExitStack() as stack:
        yield Founder(stack, api, line_phone)
