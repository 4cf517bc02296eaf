"""Settings of the program: queue, web server, which channels are on."""

from typing import Annotated, Literal

from pydantic import AnyHttpUrl, BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _in_capitals(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_in_capitals)
]


class AppSettings(BaseSettings):
    """Where the processes meet, and how much each of them takes on at once."""

    model_config = SettingsConfigDict(env_prefix="KANAL_", extra="ignore", env_ignore_empty=True)

    redis_url: str = Field(
        default="",
        validation_alias="REDIS_URL",
        description="Redis for the wake-ups, as redis://host:6379/0 or "
        "redis+socket:///path/to/socket. Empty: `kanal demo` starts its own.",
    )
    channels: str = Field(
        default="telegram", description="The channels that are on, separated by commas."
    )
    public_url: AnyHttpUrl | None = Field(
        default=None,
        description="Where platforms reach this web server, as https://lapor.example.go.id; "
        "needed for `kanal set-webhook`.",
    )
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8080, ge=1, le=65535, description="Port the web server listens on.")
    log_level: LogLevel = Field(
        default="INFO",
        description="DEBUG, INFO, WARNING, ERROR or CRITICAL; no level logs personal data.",
    )
    webhook_max_bytes: int = Field(
        default=4 * 2**20,
        ge=1,
        description="Largest webhook body in bytes; a larger one is answered 413.",
    )
    web_connections: int = Field(
        default=10, ge=2, description="Database connections of one web process."
    )
    delivery_width: int = Field(
        default=64,
        ge=1,
        description="Messages that one worker process hands to a platform at the same time.",
    )
    sweep_seconds: float = Field(
        default=5,
        gt=0,
        description="How often forgotten work is looked for; the longest a message waits after "
        "its wake-up was lost.",
    )
    rate_factor: float = Field(
        default=1,
        gt=0,
        le=1_000_000,
        description="Factor on how many messages a platform is sent in each period: 1 holds the "
        "rates of its documentation; more for an account that was granted more, or a simulator "
        "without limits.",
    )

    @property
    def channel_names(self) -> list[str]:
        """Return the names in `channels`, each once."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.channels.split(",")))))
