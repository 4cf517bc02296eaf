"""Settings of the core: where the rows live, and the clocks of the road."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CoreSettings(BaseSettings):
    """Database, media folder and the time limits of inbox, outbox and drafts."""

    model_config = SettingsConfigDict(env_prefix="KANAL_", extra="ignore")

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
        default=6, ge=1, description="How often a file is tried before it is given up."
    )
    album_wait: timedelta = Field(
        default=timedelta(seconds=2),
        description="How long an album's pictures are collected before they are read as one.",
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
    delivery_lease: timedelta = Field(
        default=timedelta(seconds=60),
        description="How long a claimed part belongs to one worker; longer than any call to a "
        "platform may take, or a slow call is repeated.",
    )
    delivery_attempts: int = Field(
        default=12,
        ge=1,
        description="Failed attempts of one part before it is a dead letter. With waits of 2, 4, "
        "8 .. 900 seconds, twelve are about one and a quarter hours.",
    )
    channel_pause: timedelta = Field(
        default=timedelta(seconds=60),
        description="How long a channel rests after the platform refused its credentials.",
    )
