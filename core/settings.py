"""Settings of the core: where the rows live, and the clocks of the road."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _from_seconds(value: object) -> object:
    return timedelta(seconds=float(value)) if isinstance(value, str | int | float) else value


Seconds = Annotated[timedelta, BeforeValidator(_from_seconds)]


class CoreSettings(BaseSettings):
    """Database, media folder and the time limits of inbox, outbox and drafts."""

    model_config = SettingsConfigDict(env_prefix="KANAL_", extra="ignore", env_ignore_empty=True)

    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="PostgreSQL, as postgresql+psycopg://user:password@host/database. "
        "Empty: `kanal demo` starts its own.",
    )
    media_dir: Path = Field(
        default=Path("var/media"),
        description="Folder for citizens' photos and files; never below a web root.",
    )
    media_max_bytes: int = Field(
        default=20 * 2**20,
        ge=1,
        description="Largest file that is kept, in bytes. Telegram gives bots no more than 20 MiB.",
    )
    media_attempts: int = Field(
        default=100,
        ge=1,
        description="How often a file is tried before it is given up; with waits of 5, 10, 20 .. "
        "900 seconds, a hundred take a day.",
    )
    album_wait: Seconds = Field(
        default=timedelta(seconds=2),
        description="Seconds for which an album's pictures are collected, to be read as one.",
    )
    claim_conversations: int = Field(
        default=50, ge=1, description="Conversations that one transaction of the worker advances."
    )
    claim_messages: int = Field(
        default=50,
        ge=1,
        description="Waiting messages of one conversation that are read at once; the rest wait "
        "for the next turn, so that one busy sender never fills a turn.",
    )
    delivery_lease: Seconds = Field(
        default=timedelta(seconds=60),
        description="Seconds for which a claimed part belongs to one worker; longer than any call "
        "to a platform may take, or a slow call is repeated.",
    )
    delivery_attempts: int = Field(
        default=15,
        ge=1,
        description="Failed attempts of one part before it is a dead letter; with waits of 2, 4, "
        "8 .. 900 seconds, fifteen take an hour and a half. Outages do not count.",
    )
    timezone: ZoneInfo = Field(
        default=ZoneInfo("Asia/Makassar"),
        description="The time zone in which citizens read dates: Asia/Jakarta, Asia/Makassar or "
        "Asia/Jayapura.",
    )
    channel_pause: Seconds = Field(
        default=timedelta(seconds=60),
        description="Seconds for which a channel rests after its credentials were refused.",
    )
