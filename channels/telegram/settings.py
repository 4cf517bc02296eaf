"""Telegram's settings, from environment variables that begin with TELEGRAM_."""

import re

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.errors import ConfigurationError
from core.settings import ChannelSettings, Secrets

_TOKEN = re.compile(r"[A-Za-z0-9:_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class TelegramSettings(ChannelSettings):
    """How to reach Telegram, and how Telegram reaches us; times are in seconds."""

    model_config = SettingsConfigDict(env_prefix="TELEGRAM_")

    token: SecretStr = Field(
        default=SecretStr(""),
        description="The bot's token, as @BotFather gave it.",
    )
    webhook_secrets: Secrets = Field(
        default=(),
        description="Secrets of the webhook, separated by commas: the first is registered, all "
        "are accepted, so a new one can be put in front while the old one still arrives. "
        "Each has 1-256 of the characters A-Z a-z 0-9 _ -.",
    )
    api_origin: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.telegram.org"),
        description="Where the Bot API is; another origin for a stand-in or an own API server.",
    )
    polling: bool = Field(
        default=False,
        description="Ask Telegram for updates instead of waiting for its webhook.",
    )
    poll_wait: int = Field(
        default=20,
        ge=0,
        le=50,
        description="How many seconds one poll waits for updates.",
    )
    max_connections: int = Field(
        default=40,
        ge=1,
        le=100,
        description="How many webhook connections Telegram may open at once.",
    )
    media_max_bytes: int = Field(
        default=20 * 2**20,
        ge=1,
        description="The largest attachment in bytes that is fetched; Telegram itself gives "
        "20 MiB at most.",
    )

    @property
    def origin(self) -> str:
        """The API origin without a slash at its end."""
        return str(self.api_origin).rstrip("/")

    def check(self) -> None:
        """Raise ConfigurationError, naming the variable, unless the channel can work with this."""
        token = self.token.get_secret_value()
        secrets = [secret.get_secret_value() for secret in self.webhook_secrets]
        if not token:
            raise ConfigurationError("TELEGRAM_TOKEN is missing: ask @BotFather for a token")
        if not _TOKEN.fullmatch(token):
            raise ConfigurationError("TELEGRAM_TOKEN holds characters that no token has")
        if not secrets and not self.polling:
            raise ConfigurationError(
                "TELEGRAM_WEBHOOK_SECRETS is missing: choose a secret, or set TELEGRAM_POLLING=1"
            )
        if not all(map(_SECRET.fullmatch, secrets)):
            raise ConfigurationError(
                "TELEGRAM_WEBHOOK_SECRETS: each must have 1-256 of the characters A-Z a-z 0-9 _ -"
            )
