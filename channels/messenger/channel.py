"""Messenger as a channel."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from channels.messenger import checks, events, inbound, outbound
from channels.messenger.api import GraphApi
from channels.messenger.settings import MessengerSettings
from core.channel import Call, Download, Finding, Handshake, Limits, Power, Rate
from core.errors import MediaRefused, SendError, Sent
from core.message import Inbound, Outbound
from core.settings import read
from core.text import characters

# No PINS: a place arrives as a map link. No ALBUMS: several pictures are one message. No BLOCKS:
# a block shows only as a refused message. No WITHDRAWALS: no event tells of an unsent message.
_POWERS = frozenset({Power.BUTTONS, Power.FILES, Power.EDITS, Power.WINDOW})
_LIMITS = Limits(
    text=outbound.TEXT,
    measure=characters,
    choices=outbound.QUICK_REPLIES,
    choice_bytes=outbound.PAYLOAD,
    label=outbound.LABEL,
)
# https://developers.facebook.com/docs/messenger-platform/overview/rate-limits (March 2026)
_RATES = (Rate("page", 300, 1),)
_WEB = re.compile(r"https?://[!-~]+")


class MessengerChannel:
    """A Facebook page's inbox: webhook, media, and sending from many threads at once."""

    def __init__(self, settings: MessengerSettings) -> None:
        """Raise ConfigurationError if a setting is missing; opens no connection yet."""
        settings.check()
        self._settings = settings
        self._api = GraphApi(settings)

    @classmethod
    def create(cls) -> "MessengerChannel":
        """Return the channel that the environment describes; raises ConfigurationError."""
        return cls(read(MessengerSettings))

    @property
    def name(self) -> str:
        """The channel's name in URLs, rows and statistics."""
        return events.CHANNEL

    @property
    def powers(self) -> frozenset[Power]:
        """What Messenger can do."""
        return _POWERS

    @property
    def settings(self) -> MessengerSettings:
        """The settings it was built from."""
        return self._settings

    @property
    def secrets(self) -> Sequence[str]:
        """The tokens, the app's secrets and the proof made from them."""
        return self._settings.all_secrets

    def limits(self, address: str) -> Limits:  # noqa: ARG002  # the same for every citizen
        """What one message can hold."""
        return _LIMITS

    def rates(self, address: str) -> Sequence[Rate]:  # noqa: ARG002  # as above
        """How fast we may send: Meta counts calls of the page."""
        return _RATES

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call to the Graph API from now on."""
        self._api.watch(observe)

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:
        """Return Meta's challenge if it shows our verify token, None when it is refused."""
        return inbound.handshake(self._settings.verify_token, query)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether one of our app secrets signed these bytes."""
        return inbound.verify(self._settings.app_secrets, headers, body)

    def parse(self, body: bytes) -> list[Inbound]:
        """Return the post's events; raises BrokenPayload unless it is a JSON object."""
        return inbound.parse(self._settings.page_id, body)

    def send(self, part: Outbound) -> Sent | SendError:
        """Hand one part to Messenger; blocks, from as many threads as there are connections."""
        return outbound.send(self._api, self._settings, part, datetime.now(UTC))

    def locate(self, ref: str) -> Download:
        """Return the signed address that a file's `ref` is; raises MediaRefused for any other."""
        if not _WEB.fullmatch(ref):
            raise MediaRefused("gone")
        return Download(ref)

    def set_webhook(self, url: str) -> None:
        """Let Meta post to `url`, "" for no more; raises ConfigurationError if refused."""
        checks.set_webhook(self._api, self._settings, url)

    def check(self, webhook_url: str) -> Sequence[Finding]:
        """Ask Meta about the token, the page's subscription and the webhook."""
        return checks.check(self._api, self._settings, webhook_url)

    def close(self) -> None:
        """Close the connections for good."""
        self._api.close()
