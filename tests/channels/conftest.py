"""Telegram against a stub of its Bot API."""

from collections.abc import Iterator

import pytest

from channels.telegram import TelegramChannel, TelegramSettings
from tests.contract.channels import TELEGRAM
from tests.contract.stub import Stub, stub_api


@pytest.fixture
def api() -> Iterator[Stub]:
    """The Bot API, to be told what to answer."""
    with stub_api() as stub:
        yield stub


@pytest.fixture
def telegram(api: Stub) -> TelegramChannel:
    """A bot that speaks to the stub."""
    channel = TELEGRAM.make(api.origin)
    assert isinstance(channel, TelegramChannel)
    return channel


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what this machine's environment says about Telegram out of the tests."""
    for name in TelegramSettings.model_fields:
        monkeypatch.delenv(f"TELEGRAM_{name.upper()}", raising=False)
