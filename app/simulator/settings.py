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
    line_token: SecretStr = Field(
        default=SecretStr(""),
        description="The only channel access token taken; empty takes every token.",
    )
    line_channel_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs what LINE posts; one of LINE_CHANNEL_SECRETS.",
    )
    line_reply_seconds: float = Field(
        default=60, gt=0, description="How long a reply token can be used."
    )
    line_monthly_quota: int = Field(
        default=0, ge=0, description="Messages that can be pushed in all; 0 for no limit."
    )
    line_redelivery: bool = Field(
        default=True, description="Post again what LINE's webhook did not take."
    )
    ack_seconds: float = Field(
        default=60,
        gt=0,
        description="How long Telegram's webhook may take to answer before it counts as failed.",
    )
    line_ack_seconds: float = Field(
        default=2, gt=0, description="As SIMULATOR_ACK_SECONDS, for LINE."
    )
    twitter_ack_seconds: float = Field(
        default=10, gt=0, description="As SIMULATOR_ACK_SECONDS, for X."
    )
    messenger_ack_seconds: float = Field(
        default=20, gt=0, description="As SIMULATOR_ACK_SECONDS, for Messenger."
    )
    twitter_consumer_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Signs what X posts and its challenge; one of TWITTER_CONSUMER_SECRETS.",
    )
    twitter_token: SecretStr = Field(
        default=SecretStr(""),
        description="The only OAuth 1.0a access token taken on X; empty takes every one.",
    )
    twitter_post_limit: int = Field(
        default=100, ge=1, description="Public posts of the account in one window."
    )
    twitter_dm_limit: int = Field(
        default=15, ge=1, description="Direct messages of the account in one window."
    )
    twitter_dm_day_limit: int = Field(
        default=1440, ge=1, description="Direct messages of the account in 24 hours."
    )
    twitter_window_seconds: float = Field(
        default=900, gt=0, description="How long a window of X's rate limits is."
    )
    twitter_duplicates: bool = Field(
        default=True,
        description="Refuse a public text that the account has published before, whatever it "
        "answers; X does not say whether the post answered counts.",
    )
    messenger_page_id: str = Field(
        default="102030405060708", description="The number of the one page there is."
    )
    messenger_page_token: SecretStr = Field(
        default=SecretStr(""), description="The only page token taken; empty takes every one."
    )
    messenger_app_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The app's secret: it signs webhooks and must prove every call; empty takes "
        "every proof of the right shape.",
    )
    messenger_webhook_url: str = Field(
        default="",
        description="Where Messenger's events go from the start, without a handshake; empty "
        "until the app registers a webhook.",
    )
    messenger_echo: bool = Field(
        default=True, description="Tell the app of every message that its page sent."
    )
    messenger_human_agent: bool = Field(
        default=False, description="The app is approved for Human Agent: 7 days for officers."
    )
    messenger_templates: str = Field(
        default="kanal_pemberitahuan",
        description="Names of the page's approved utility templates, separated by commas.",
    )
    messenger_rate: int = Field(
        default=300, ge=1, description="Messages per second of the page; also the burst."
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
    def messenger_template_names(self) -> frozenset[str]:
        """The names of `messenger_templates` as a set."""
        return frozenset(filter(None, map(str.strip, self.messenger_templates.split(","))))

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names of `hosts` as a set, lower case."""
        return frozenset(name.strip().lower() for name in self.hosts.split(",") if name.strip())
