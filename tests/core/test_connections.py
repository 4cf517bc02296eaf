"""Connections to platforms go through the office's proxy, but never to this machine."""

import pytest
from pydantic import SecretStr
from urllib3 import PoolManager, ProxyManager

from core.connections import on_loopback, pool
from core.errors import ConfigurationError
from core.settings import ChannelSettings
from core.signature import matches


@pytest.mark.parametrize(
    ("origin", "proxied"),
    [
        ("https://api.example.org", True),
        ("https://inside.example.net", False),  # named in no_proxy
        ("https://127.0.0.1:8081", False),
        ("https://[::1]:8081", False),
        ("https://localhost", False),
    ],
)
def test_who_is_reached_through_the_proxy(
    monkeypatch: pytest.MonkeyPatch, origin: str, proxied: bool
) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example.org:3128")
    monkeypatch.setenv("no_proxy", "inside.example.net")
    made = pool(origin, 3)
    assert isinstance(made, PoolManager)
    assert isinstance(made, ProxyManager) == proxied


def test_an_unknown_kind_of_proxy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "gopher://proxy.example.org")
    with pytest.raises(ConfigurationError, match="https_proxy names a kind of proxy not known"):
        pool("https://api.example.org", 3)


def test_a_stand_in_on_this_machine() -> None:
    assert on_loopback("http://127.0.0.1:9")
    assert not on_loopback("http://10.0.0.1:9")


@pytest.mark.parametrize(
    ("given", "right", "match"),
    [
        ("abc", [b"abc"], True),
        ("abc", [b"xyz", b"abc"], True),
        ("abc", [b"abd"], False),
        ("", [], False),
        ("", [b"abc"], False),
        ("ä\udcff", [b"abc"], False),  # what no header should hold
    ],
)
def test_a_signature_is_any_of_the_right_ones(given: str, right: list[bytes], match: bool) -> None:
    assert matches(given, right) is match


def test_no_secret_of_a_channel_is_forgotten() -> None:
    class Settings(ChannelSettings):
        name: str = "terbuka"
        token: SecretStr = SecretStr("satu")
        empty: SecretStr = SecretStr("")
        several: tuple[SecretStr, ...] = (SecretStr("dua"), SecretStr("tiga"))

    assert Settings().all_secrets == ("satu", "dua", "tiga")
