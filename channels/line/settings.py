"""LINE's settings, from environment variables that begin with LINE_."""

import re
from datetime import timedelta

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.errors import ConfigurationError
from core.settings import ChannelSettings, Secrets

_API = "https://api.line.me"
_DATA = "https://api-data.line.me"
_TOKEN = re.compile(r"[\x21-\x7e]+")  # what an HTTP header can carry


class LineSettings(ChannelSettings):
    """How to reach LINE, and how LINE reaches us; times are in seconds."""

    model_config = SettingsConfigDict(env_prefix="LINE_")

    channel_token: SecretStr = Field(
        default=SecretStr(""),
        description="The long-lived channel access token of the Messaging API channel.",
    )
    channel_secrets: Secrets = Field(
        default=(),
        description="The channel secret that signs the webhook. Several are separated by commas, "
        "and each is accepted, so that a new one can be added before it is issued.",
    )
    api_origin: AnyHttpUrl = Field(
        default=AnyHttpUrl(_API),
        description="Where the Messaging API is; another origin for a stand-in.",
    )
    data_origin: AnyHttpUrl | None = Field(
        default=None,
        description=f"Where citizens' files are; not given, {_DATA}, or the API origin where that "
        "is a stand-in.",
    )
    reply_seconds: float = Field(
        default=50,
        ge=0,
        le=55,
        description="How long after its event a reply token is used; LINE takes it for 60 "
        "seconds. Afterwards, and with 0 always, messages are pushed, which counts in the quota.",
    )
    read_timeout: float = Field(
        default=10,
        gt=0,
        description="Seconds to wait for LINE's next bytes before the outcome of a call counts as "
        "unknown. Replies are tried again while their token lives, so well below a minute.",
    )

    @property
    def origin(self) -> str:
        """The API origin without a slash at its end."""
        return str(self.api_origin).rstrip("/")

    @property
    def files_origin(self) -> str:
        """The origin of files without a slash at its end."""
        if self.data_origin is not None:
            return str(self.data_origin).rstrip("/")
        return _DATA if self.origin == _API else self.origin

    @property
    def reply_time(self) -> timedelta:
        """How long a reply token is used."""
        return timedelta(seconds=self.reply_seconds)

    def check(self) -> None:
        """Raise ConfigurationError, naming the variable, unless the channel can work with this."""
        token = self.channel_token.get_secret_value()
        if not token:
            raise ConfigurationError(
                "LINE_CHANNEL_TOKEN is missing: issue one in the LINE Developers console"
            )
        if not _TOKEN.fullmatch(token):
            raise ConfigurationError("LINE_CHANNEL_TOKEN holds characters that no token has")
        if not self.channel_secrets:
            raise ConfigurationError(
                "LINE_CHANNEL_SECRETS is missing: it stands in the LINE Developers console"
            )
