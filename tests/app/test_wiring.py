"""The wiring: which channels are on, and one clear line for what is missing."""

import pytest

from app import wiring
from app.settings import AppSettings
from channels.telegram import TelegramChannel
from core.errors import ConfigurationError

TOKEN = "7001112223:AAnot-a-real-token"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRETS", "TELEGRAM_POLLING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRETS", "new,old")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://a:b@127.0.0.1:1/kanal")


@pytest.mark.parametrize("names", ["telegram", " telegram , ", "telegram,telegram"])
def test_channels_that_are_on(names: str) -> None:
    on = wiring.channels(AppSettings(channels=names))
    assert list(on) == ["telegram"]
    assert isinstance(on["telegram"], TelegramChannel)
    assert wiring.secrets(on)[:3] == [TOKEN, "new", "old"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [("", "nothing"), (" , ", "nothing"), ("telegram,smoke,mail", "mail.*smoke.*telegram")],
)
def test_channels_that_nobody_knows(names: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        wiring.channels(AppSettings(channels=names))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", ""),
        ("TELEGRAM_WEBHOOK_SECRETS", ""),
        ("REDIS_URL", ""),
        ("KANAL_IDENTITY_KEYS", ""),
        ("KANAL_IDENTITY_KEYS", "1:hush"),
        ("KANAL_INDEX_KEY", ""),
        ("KANAL_INDEX_KEY", "hush"),
        ("DATABASE_URL", "mysql://a:hush@h/k"),
    ],
)
def test_what_is_missing_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    wiring.require_settings()
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=name) as caught:
        wiring.require_settings()
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert "hush" not in str(caught.value)


def test_the_keys_of_identity_are_among_the_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KANAL_IDENTITY_KEYS", "new:key-one, old:key-two")
    monkeypatch.setenv("KANAL_INDEX_KEY", "key-three")
    assert {"key-one", "key-two", "key-three"} <= set(wiring.secrets({}))
    for name in ("KANAL_IDENTITY_KEYS", "KANAL_INDEX_KEY"):
        monkeypatch.delenv(name)
    assert "" not in wiring.secrets({})
