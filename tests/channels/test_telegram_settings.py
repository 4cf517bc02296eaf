"""Telegram's settings and the one line that a wrong one costs."""

import pytest

from channels.telegram import TelegramChannel, TelegramSettings
from core.channel import Checks, FetchesMedia, Polls, TakesWebhook
from core.errors import ConfigurationError

GOOD = {"TELEGRAM_TOKEN": "123:abc", "TELEGRAM_WEBHOOK_SECRETS": "satu,dua"}


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)


def test_the_environment_makes_a_channel_with_all_powers(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, TELEGRAM_API_ORIGIN="http://127.0.0.1:8081/", TELEGRAM_POLL_WAIT="")
    channel = TelegramChannel.create()
    assert not channel.polling
    assert channel.settings.origin == "http://127.0.0.1:8081"
    assert [it.get_secret_value() for it in channel.settings.webhook_secrets] == ["satu", "dua"]
    assert isinstance(channel, Polls)
    assert isinstance(channel, FetchesMedia)
    assert isinstance(channel, TakesWebhook)
    assert isinstance(channel, Checks)


def test_polling_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch, TELEGRAM_WEBHOOK_SECRETS="", TELEGRAM_POLLING="1")
    channel = TelegramChannel.create()
    assert channel.polling
    header = "x-telegram-bot-api-secret-token"
    assert not channel.verify({header: ""}, b"{}")
    assert not channel.verify({}, b"{}")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", ""),
        ("TELEGRAM_TOKEN", " "),
        ("TELEGRAM_TOKEN", "123:abc/../x"),
        ("TELEGRAM_WEBHOOK_SECRETS", ""),
        ("TELEGRAM_WEBHOOK_SECRETS", " , "),
        ("TELEGRAM_WEBHOOK_SECRETS", "baik,buruk sekali"),
        ("TELEGRAM_WEBHOOK_SECRETS", "x" * 257),
        ("TELEGRAM_API_ORIGIN", "ftp://127.0.0.1"),
        ("TELEGRAM_API_ORIGIN", "api.telegram.org"),
        ("TELEGRAM_MAX_CONNECTIONS", "101"),
        ("TELEGRAM_MAX_CONNECTIONS", "banyak"),
        ("TELEGRAM_POLL_WAIT", "51"),
        ("TELEGRAM_POLLING", "mungkin"),
        ("TELEGRAM_READ_TIMEOUT", "0.0"),
        ("TELEGRAM_POOL_SIZE", "-3"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment(monkeypatch, **{name: value})
    with pytest.raises(ConfigurationError) as refusal:
        TelegramChannel.create()
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not value.strip(" ,") or value not in str(refusal.value)


@pytest.mark.parametrize("secret", ["x", "x" * 256, "aZ09_-"])
def test_every_secret_that_telegram_takes_is_taken(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    environment(monkeypatch, TELEGRAM_WEBHOOK_SECRETS=secret)
    assert TelegramChannel.create().verify({"x-telegram-bot-api-secret-token": secret}, b"")


def test_every_setting_is_described() -> None:
    for name, field in TelegramSettings.model_fields.items():
        assert field.description, name


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = TelegramSettings()
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        assert "123:abc" not in shown
        assert "satu" not in shown
