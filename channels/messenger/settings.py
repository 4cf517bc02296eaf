"""Messenger's settings, from environment variables that begin with MESSENGER_."""

import hashlib
import hmac
import re

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from core.errors import ConfigurationError
from core.settings import ChannelSettings, Secrets

_PAGE = re.compile(r"[0-9]{1,32}")
_VISIBLE = re.compile(r"[!-~]+")


class MessengerSettings(ChannelSettings):
    """How to reach the Graph API, and how Messenger reaches us; times are in seconds."""

    model_config = SettingsConfigDict(env_prefix="MESSENGER_")

    page_id: str = Field(
        default="",
        description="The number of the Facebook page that citizens write to.",
    )
    page_token: SecretStr = Field(
        default=SecretStr(""),
        description="The page's access token with the permissions pages_messaging and "
        "pages_manage_metadata.",
    )
    app_secrets: Secrets = Field(
        default=(),
        description="Secrets of the Meta app, separated by commas: the first proves our calls, "
        "all verify webhooks, so a reset secret can be put in front while the old one still "
        "arrives.",
    )
    verify_token: SecretStr = Field(
        default=SecretStr(""),
        description="A word of your choice that Meta shows when the webhook is set up.",
    )
    graph_origin: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://graph.facebook.com"),
        description="Where the Graph API is; another origin for a stand-in.",
    )
    graph_version: str = Field(
        default="v26.0",
        pattern=r"^v[0-9]{1,3}\.[0-9]{1,3}$",
        description="The version of the Graph API; each is served for about two years.",
    )
    human_agent: bool = Field(
        default=False,
        description="Whether Meta approved the app for the feature Human Agent, with which an "
        "officer's own words may go out for 7 days instead of 24 hours.",
    )
    utility_template: str = Field(
        default="",
        pattern=r"^[a-z0-9_]{0,512}$",
        description="Name of the page's approved utility template whose body is one parameter; "
        "it carries automatic notices after 24 hours. Empty: they wait until the citizen writes.",
    )
    utility_language: str = Field(
        default="id",
        pattern=r"^[A-Za-z]{2,3}(_[A-Za-z]{2,4})?$",
        description="The language code of that template.",
    )

    @property
    def root(self) -> str:
        """The origin and version that every path of the Graph API follows, without a slash."""
        return f"{str(self.graph_origin).rstrip('/')}/{self.graph_version}"

    @property
    def proof(self) -> str:
        """What shows with each call that we know the app's secret, not the token alone.

        https://developers.facebook.com/docs/graph-api/guides/secure-requests
        """
        secret = self.app_secrets[0].get_secret_value().encode()
        token = self.page_token.get_secret_value().encode()
        return hmac.new(secret, token, hashlib.sha256).hexdigest()

    @property
    def all_secrets(self) -> tuple[str, ...]:
        """Every value that must never show, the proof of our calls among them."""
        return (*super().all_secrets, self.proof)

    def check(self) -> None:
        """Raise ConfigurationError, naming the variable, unless the channel can work with this."""
        if not _PAGE.fullmatch(self.page_id):
            raise ConfigurationError("MESSENGER_PAGE_ID is missing, or not the page's number")
        if not self.app_secrets:
            raise ConfigurationError("MESSENGER_APP_SECRETS is missing: see the app's dashboard")
        words = {
            "MESSENGER_PAGE_TOKEN": [self.page_token],
            "MESSENGER_VERIFY_TOKEN": [self.verify_token],
            "MESSENGER_APP_SECRETS": self.app_secrets,
        }
        for name, secrets in words.items():
            if not all(_VISIBLE.fullmatch(secret.get_secret_value()) for secret in secrets):
                raise ConfigurationError(f"{name} is missing, or has spaces or odd characters")
