from pathlib import Path

import pytest
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.checks import settings


class Sample(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KANAL_")

    database_url: str = Field(default="", validation_alias="DATABASE_URL", description="Where.")
    port: int = Field(default=1, description="Which.")
    bare: int = 1


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "ALL", (Sample,))
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_undocumented_and_unknown_names_are_found(root: Path) -> None:
    page = root / "docs" / "SETTINGS.md"
    page.write_text("| `DATABASE_URL` |  | Where. |\n| `KANAL_PORT` | `2` | Which. |\n`KANAL_OLD`")
    assert settings.check(root) == [
        "KANAL_BARE has no description",
        "docs/SETTINGS.md lacks: | `KANAL_PORT` | `1` | Which. |",
        "docs/SETTINGS.md lacks: | `KANAL_BARE` | `1` |  |",
        "KANAL_OLD of docs/SETTINGS.md is no setting",
    ]


def test_a_missing_page_documents_nothing(root: Path) -> None:
    assert "docs/SETTINGS.md lacks: | `DATABASE_URL` |  | Where. |" in settings.check(root)


def test_the_names_are_those_of_the_environment() -> None:
    names = [setting.name for setting in settings.known()]
    assert {"DATABASE_URL", "REDIS_URL", "KANAL_PORT", "TELEGRAM_TOKEN"} <= set(names)
    assert len(names) == len(set(names))
