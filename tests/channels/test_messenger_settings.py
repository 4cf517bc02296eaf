"""Messenger's settings and the one line that a wrong one costs."""

import pytest

from channels.messenger import MessengerChannel, MessengerSettings
from core.channel import Checks, FetchesMedia, Polls, Power, TakesWebhook
from core.errors import ConfigurationError

GOOD = {
    "MESSENGER_PAGE_ID": "102030405060708",
    "MESSENGER_PAGE_TOKEN": "EAAkunci",
    "MESSENGER_APP_SECRETS": "satu,dua",
    "MESSENGER_VERIFY_TOKEN": "kata-verifikasi",
}


def environment(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in {**GOOD, **changes}.items():
        monkeypatch.setenv(name, value)


def test_the_environment_makes_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    origin = "http://127.0.0.1:8081/"
    environment(monkeypatch, MESSENGER_GRAPH_ORIGIN=origin, MESSENGER_HUMAN_AGENT="1")
    channel = MessengerChannel.create()
    assert channel.settings.root == "http://127.0.0.1:8081/v26.0"
    assert channel.settings.human_agent
    assert [it.get_secret_value() for it in channel.settings.app_secrets] == ["satu", "dua"]
    assert isinstance(channel, FetchesMedia)
    assert isinstance(channel, TakesWebhook)
    assert isinstance(channel, Checks)
    assert not isinstance(channel, Polls)


def test_what_messenger_cannot_do_is_no_power(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    powers = MessengerChannel.create().powers
    assert powers == {Power.BUTTONS, Power.FILES, Power.EDITS, Power.WINDOW}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MESSENGER_PAGE_ID", ""),
        ("MESSENGER_PAGE_ID", "halaman-kota"),
        ("MESSENGER_PAGE_ID", "1/../2"),
        ("MESSENGER_PAGE_TOKEN", " "),
        ("MESSENGER_PAGE_TOKEN", "EAA kunci"),
        ("MESSENGER_PAGE_TOKEN", "EAA\nkunci"),
        ("MESSENGER_APP_SECRETS", " , "),
        ("MESSENGER_APP_SECRETS", "baik,buruk sekali"),
        ("MESSENGER_VERIFY_TOKEN", ""),
        ("MESSENGER_GRAPH_ORIGIN", "ftp://127.0.0.1"),
        ("MESSENGER_GRAPH_VERSION", "26"),
        ("MESSENGER_GRAPH_VERSION", "v26.0/../v1.0"),
        ("MESSENGER_UTILITY_TEMPLATE", "Nama Salah"),
        ("MESSENGER_UTILITY_LANGUAGE", "bahasa"),
        ("MESSENGER_HUMAN_AGENT", "mungkin"),
        ("MESSENGER_READ_TIMEOUT", "0.0"),
        ("MESSENGER_POOL_SIZE", "-3"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment(monkeypatch, **{name: value})
    with pytest.raises(ConfigurationError) as refusal:
        MessengerChannel.create()
    assert name in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not value.strip(" ,") or value not in str(refusal.value)


def test_every_setting_is_described() -> None:
    for name, field in MessengerSettings.model_fields.items():
        assert field.description, name


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    settings = MessengerSettings()
    for shown in (repr(settings), str(settings), settings.model_dump_json()):
        for secret in ("EAAkunci", "satu", "kata-verifikasi", settings.proof):
            assert secret not in shown
