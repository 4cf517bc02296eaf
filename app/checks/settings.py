"""Every setting has a description and stands in docs/SETTINGS.md, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from app.settings import AppSettings
from app.simulator.settings import SimulatorSettings
from app.storage import S3Settings
from channels.line.settings import LineSettings
from channels.messenger.settings import MessengerSettings
from channels.telegram.settings import TelegramSettings
from channels.twitter.settings import TwitterSettings
from core.settings import CoreSettings, WordingSettings

ALL: tuple[type[BaseSettings], ...] = (
    CoreSettings,
    WordingSettings,
    S3Settings,
    AppSettings,
    TelegramSettings,
    LineSettings,
    TwitterSettings,
    MessengerSettings,
    SimulatorSettings,
)
_NAME = re.compile(
    r"`((?:KANAL|TELEGRAM|LINE|TWITTER|MESSENGER|SIMULATOR|DATABASE|REDIS)_[A-Z0-9_]+)`"
)


def check(root: Path) -> list[str]:
    """Return what is undocumented or documented otherwise, and what is no setting."""
    path = root / "docs" / "SETTINGS.md"
    page = path.read_text(encoding="utf-8") if path.exists() else ""
    settings = {setting.name: setting for setting in known()}
    return [
        *(f"{it.name} has no description" for it in settings.values() if not it.description),
        *(
            f"docs/SETTINGS.md lacks: {it.row}"
            for it in settings.values()
            if it.row not in page.splitlines()
        ),
        *(f"{name} of docs/SETTINGS.md is no setting" for name in _names(page) - settings.keys()),
    ]


@dataclass(frozen=True)
class Setting:
    """An environment variable, its default as one would write it, and its meaning."""

    name: str
    default: str
    description: str

    @property
    def row(self) -> str:
        """Return its row in docs/SETTINGS.md."""
        default = f"`{self.default}`" if self.default else ""
        return f"| `{self.name}` | {default} | {self.description} |"


def variable(room: str, field: str) -> str:
    """Return the environment variable of a field of the settings class called `room`."""
    prefixes = {it.__name__: it.model_config.get("env_prefix", "") for it in ALL}
    fields = {it.__name__: it.model_fields for it in ALL}
    prefix = prefixes.get(room, "") if field in fields.get(room, {}) else ""
    return f"{prefix}{field}".upper()


def known() -> Iterator[Setting]:
    """Yield every setting, room by room."""
    for room in ALL:
        prefix = room.model_config.get("env_prefix", "")
        for field, information in room.model_fields.items():
            alias = information.validation_alias
            name = alias if isinstance(alias, str) else f"{prefix}{field}".upper()
            yield Setting(name, _written(information.default), information.description or "")


def _names(page: str) -> set[str]:
    return set(_NAME.findall(page))


def _written(default: object) -> str:
    match default:
        case SecretStr() | None | ():
            return ""
        case bool():
            return str(default).lower()
        case timedelta():
            return f"{default.total_seconds():g}"
        case _:
            return str(default)
