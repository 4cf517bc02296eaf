"""X's settings, from environment variables that begin with TWITTER_."""

import re

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from core.errors import ConfigurationError
from core.settings import ChannelSettings, Secrets

_ID = re.compile(r"[0-9]{1,19}")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_TOKEN = re.compile(r"[!-~]*")


class TwitterSettings(ChannelSettings):
    """How to reach X, and how X reaches us; times are in seconds."""

    model_config = SettingsConfigDict(env_prefix="TWITTER_")

    consumer_key: SecretStr = Field(
        default=SecretStr(""), description="The app's consumer key (API key)."
    )
    consumer_secrets: Secrets = Field(
        default=(),
        description="The app's consumer secrets (API key secrets), separated by commas: the first "
        "signs our calls and answers X's challenge, all are accepted under a webhook.",
    )
    access_token: SecretStr = Field(
        default=SecretStr(""),
        description="The account's own OAuth 1.0a access token, with the right to read, write "
        "and send direct messages; it does not expire.",
    )
    access_token_secret: SecretStr = Field(
        default=SecretStr(""), description="The secret that belongs to the access token."
    )
    bearer_token: SecretStr = Field(
        default=SecretStr(""),
        description="The app's bearer token; only `kanal set-webhook` and the check of the "
        "webhook need it.",
    )
    oauth2_token: SecretStr = Field(
        default=SecretStr(""),
        description="An OAuth 2.0 access token of the account with dm.read and tweet.read, valid "
        "for two hours; only `kanal set-webhook` needs it, for the events of direct messages.",
    )
    user_id: str = Field(default="", description="The account's numeric id.")
    username: str = Field(default="", description="The account's handle, without @.")
    api_origin: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.twitter.com"),
        description="Where X's API is; another origin for a stand-in.",
    )
    polling: bool = Field(
        default=False,
        description="Ask X for mentions and direct messages instead of waiting for its webhook.",
    )
    poll_interval: float = Field(
        default=15,
        ge=0,
        le=20,
        description="Seconds between two questions for mentions; X allows one each 3 s.",
    )
    poll_dm_interval: float = Field(
        default=60,
        ge=0,
        description="Seconds between two questions for direct messages; X allows one each 60 s.",
    )
    account_activity: bool = Field(
        default=False,
        description="Read the older payloads of the Account Activity API too; without, they are "
        "kept as unknown.",
    )
    post_length: int = Field(
        default=280,
        ge=50,
        description="The longest public reply, in X's weighted length.",
    )
    dm_length: int = Field(
        default=10_000,
        ge=50,
        description="The longest direct message in characters; X no longer documents the number.",
    )
    media_max_bytes: int = Field(
        default=20 * 2**20,
        ge=1,
        description="Of a film, the best version up to this size is fetched; X names no sizes, so "
        "they are reckoned from bit rate and duration.",
    )

    @field_validator("username")
    @classmethod
    def _without_at(cls, value: str) -> str:
        return value.removeprefix("@")

    @property
    def origin(self) -> str:
        """The API origin without a slash at its end."""
        return str(self.api_origin).rstrip("/")

    def check(self) -> None:
        """Raise ConfigurationError, naming the variable, unless the channel can work with this."""
        for name in (
            *("consumer_key", "consumer_secrets", "access_token", "access_token_secret"),
            *("user_id", "username"),
        ):
            if not (value := getattr(self, name)) or value == SecretStr(""):
                raise ConfigurationError(f"TWITTER_{name.upper()} is missing")
        if not _ID.fullmatch(self.user_id):
            raise ConfigurationError("TWITTER_USER_ID is no number: it is not the handle")
        if not _USERNAME.fullmatch(self.username):
            raise ConfigurationError("TWITTER_USERNAME: 1-15 of the characters A-Z a-z 0-9 _")
        if not all(map(_TOKEN.fullmatch, self.all_secrets)):
            raise ConfigurationError("a key or token of TWITTER_ holds characters that none has")
