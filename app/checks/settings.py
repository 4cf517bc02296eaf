"""Every setting has a description and stands in docs/SETTINGS.md, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic_settings import BaseSettings

from app.settings import AppSettings
from app.simulator.settings import SimulatorSettings
from channels.telegram.settings import TelegramSettings
from core.settings import CoreSettings

ALL: tuple[type[BaseSettings], ...] = (
    CoreSettings,
    AppSettings,
    TelegramSettings,
    SimulatorSettings,
)
_NAME = re.compile(r"`((?:KANAL|TELEGRAM|SIMULATOR|DATABASE|REDIS)_[A-Z_]+)`")


def check(root: Path) -> list[str]:
    """Return what is undocumented, and what is documented but no setting."""
    described = dict(known())
    page = root / "docs" / "SETTINGS.md"
    documented = set(_NAME.findall(page.read_text(encoding="utf-8"))) if page.exists() else set()
    return [
        *(f"{name} has no description" for name, text in described.items() if not text),
        *(f"{name} is not in docs/SETTINGS.md" for name in described if name not in documented),
        *(f"{name} of docs/SETTINGS.md is no setting" for name in documented - described.keys()),
    ]


def known() -> Iterator[tuple[str, str]]:
    """Yield the environment variable and the description of every setting."""
    for room in ALL:
        prefix = room.model_config.get("env_prefix", "")
        for field, information in room.model_fields.items():
            alias = information.validation_alias
            name = alias if isinstance(alias, str) else f"{prefix}{field}".upper()
            yield name, information.description or ""
