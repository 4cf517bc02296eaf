"""Settings: from the environment, with limits, each with a description."""

from datetime import timedelta

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from app.settings import AppSettings
from channels.telegram.settings import TelegramSettings
from core.settings import CoreSettings

ROOMS: list[type[BaseSettings]] = [AppSettings, CoreSettings, TelegramSettings]


@pytest.mark.parametrize("room", ROOMS)
def test_each_is_described_and_has_a_default(room: type[BaseSettings]) -> None:
    for name, field in room.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", "/0")), name
        assert not field.is_required(), name


@pytest.mark.parametrize(
    ("room", "name", "value", "field", "read"),
    [
        (AppSettings, "REDIS_URL", "redis://r:6379/1", "redis_url", "redis://r:6379/1"),
        (AppSettings, "KANAL_PORT", "9", "port", 9),
        (AppSettings, "KANAL_PORT", "", "port", 8080),
        (
            CoreSettings,
            "DATABASE_URL",
            "postgresql+psycopg://",
            "database_url",
            "postgresql+psycopg://",
        ),
        (CoreSettings, "KANAL_ALBUM_WAIT", "0.5", "album_wait", timedelta(seconds=0.5)),
        (CoreSettings, "KANAL_DELIVERY_LEASE", "90", "delivery_lease", timedelta(seconds=90)),
        (CoreSettings, "KANAL_ALBUM_WAIT", "", "album_wait", timedelta(seconds=2)),
        (CoreSettings, "KANAL_MEDIA_ATTEMPTS", "", "media_attempts", 100),
    ],
)
def test_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
    room: type[BaseSettings],
    name: str,
    value: str,
    field: str,
    read: object,
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(room(), field) == read


@pytest.mark.parametrize(
    ("room", "name", "value"),
    [
        (AppSettings, "KANAL_PORT", "0"),
        (AppSettings, "KANAL_PORT", "70000"),
        (AppSettings, "KANAL_WEBHOOK_MAX_BYTES", "0"),
        (AppSettings, "KANAL_SWEEP_SECONDS", "0"),
        (AppSettings, "KANAL_PUBLIC_URL", "lapor"),
        (CoreSettings, "KANAL_CLAIM_MESSAGES", "0"),
        (CoreSettings, "KANAL_DELIVERY_ATTEMPTS", "many"),
        (CoreSettings, "KANAL_DELIVERY_LEASE", "soon"),
    ],
)
def test_nonsense_is_refused(
    monkeypatch: pytest.MonkeyPatch, room: type[BaseSettings], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        room()
