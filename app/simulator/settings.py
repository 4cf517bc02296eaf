"""What can be set about the simulated platforms (environment names: SIMULATOR_...)."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class SimulatorSettings(BaseSettings):
    """Settings of the simulator process; every one has a default that suits a demonstration."""

    model_config = SettingsConfigDict(env_prefix="SIMULATOR_", extra="ignore", frozen=True)

    host: str = Field(default="127.0.0.1", description="Address the simulator listens on.")
    port: int = Field(default=8081, ge=0, le=65535, description="Port the simulator listens on.")
    hosts: str = Field(
        default="127.0.0.1,localhost,::1",
        description="Host names, separated by commas, under which the simulator answers and to "
        "which it delivers webhooks; every other Host header is refused.",
    )
    telegram_token: SecretStr = Field(
        default=SecretStr(""),
        description="The only bot token taken; empty takes every token of the right shape.",
    )
    telegram_limits: bool = Field(
        default=True, description="Refuse with 429 what is sent faster than Telegram allows."
    )
    telegram_chat_rate: float = Field(
        default=1.0, gt=0, description="Messages per second to one private chat in the long run."
    )
    telegram_chat_burst: int = Field(
        default=5,
        ge=1,
        description="Messages to one private chat that may come at once before the rate.",
    )
    telegram_group_rate: float = Field(
        default=20 / 60, gt=0, description="Messages per second to one group in the long run."
    )
    telegram_group_burst: int = Field(
        default=20, ge=1, description="Messages to one group that may come at once before the rate."
    )
    telegram_rate: int = Field(
        default=30, ge=1, description="Messages per second to all chats together; also the burst."
    )
    telegram_callback_seconds: float = Field(
        default=900, gt=0, description="How long the press of a button can be answered."
    )
    telegram_file_seconds: float = Field(
        default=3600, gt=0, description="How long the link that getFile hands out works."
    )
    ack_seconds: float = Field(
        default=60,
        gt=0,
        description="How long a webhook may take to answer before it counts as failed.",
    )
    time_scale: float = Field(
        default=1.0,
        gt=0,
        description="Factor on the platforms' waits before a redelivery and on the time after "
        "which an update is dropped; tests set it low.",
    )
    wire_limit: int = Field(
        default=500_000, ge=1, description="Entries the wire log keeps; older ones are forgotten."
    )
    bubble_limit: int = Field(
        default=200, ge=1, description="Messages each phone keeps; older ones are forgotten."
    )

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names of `hosts` as a set, lower case."""
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())
