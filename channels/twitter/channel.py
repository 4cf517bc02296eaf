"""X (Twitter) as a channel."""

from collections.abc import Callable, Mapping, Sequence

from channels.twitter import inbound, media, outbound, webhook
from channels.twitter.api import Api
from channels.twitter.polling import Poller
from channels.twitter.posts import CHANNEL, POST, Account
from channels.twitter.settings import TwitterSettings
from channels.twitter.weight import weighted
from core.channel import Call, Download, Finding, Handshake, Limits, Power, Rate
from core.errors import SendError, Sent
from core.message import Inbound, Outbound
from core.settings import read
from core.text import characters

# https://docs.x.com/x-api/fundamentals/rate-limits (November 2026); of the four, only that of
# posts a day is the app's, the others are the account's.
_POST_RATES = (Rate("posts", 100, 900), Rate("posts-day", 10_000, 86_400))
_DM_RATES = (Rate("dms", 15, 900), Rate("dms-day", 1440, 86_400))
_POWERS = frozenset({Power.FILES, Power.EDITS, Power.PUBLIC})


class TwitterChannel:
    """An account on X: webhook or polling, public replies, and messages to one citizen alone."""

    def __init__(self, settings: TwitterSettings) -> None:
        """Raise ConfigurationError if a setting is missing; opens no connection yet."""
        settings.check()
        self._settings = settings
        self._account = Account(
            settings.user_id,
            settings.username,
            settings.media_max_bytes,
            settings.account_activity,
        )
        self._api = Api(settings)
        self._poller = Poller(self._api, settings, self._account)

    @classmethod
    def create(cls) -> "TwitterChannel":
        """Return the channel that the environment describes; raises ConfigurationError."""
        return cls(read(TwitterSettings))

    @property
    def name(self) -> str:
        """The channel's name in URLs, rows and statistics."""
        return CHANNEL

    @property
    def powers(self) -> frozenset[Power]:
        """What X can do; only its older payloads tell of a post that a citizen deleted."""
        return _POWERS | ({Power.WITHDRAWALS} if self._account.old_payloads else set())

    @property
    def settings(self) -> TwitterSettings:
        """The settings it was built from."""
        return self._settings

    @property
    def polling(self) -> bool:
        """Whether the operator wants X asked instead of waiting for its webhook."""
        return self._settings.polling

    @property
    def secrets(self) -> Sequence[str]:
        """The keys, tokens and secrets that are set."""
        return self._settings.all_secrets

    def limits(self, address: str) -> Limits:
        """What one public reply or one direct message can hold."""
        if address.startswith(POST):
            return Limits(self._settings.post_length, weighted, 0, 0, numbered=True)
        return Limits(self._settings.dm_length, characters, 0, 0)

    def rates(self, address: str) -> Sequence[Rate]:
        """How fast we may reply in public or write to citizens."""
        return _POST_RATES if address.startswith(POST) else _DM_RATES

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call to X from now on."""
        self._api.watch(observe)

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:
        """Return the answer to X's challenge, None where there is none."""
        return inbound.answer_challenge(self._settings.consumer_secrets, query)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether one of our consumer secrets signed the body."""
        return inbound.verify(self._settings.consumer_secrets, headers, body)

    def parse(self, body: bytes) -> list[Inbound]:
        """Return the envelope's events; raises BrokenPayload unless it is a JSON object."""
        return inbound.parse(body, self._account)

    def prepare(self) -> None:
        """Load what sending needs, before the first message waits for it."""
        self._api.prepare()

    def send(self, part: Outbound) -> Sent | SendError:
        """Hand one part to X; blocks, from as many threads as there are connections."""
        return outbound.send(self._api, part)

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """Return the events after `cursor` and the next cursor; raises PollRefused."""
        return self._poller.poll(cursor)

    def locate(self, ref: str) -> Download:
        """Return where a file is; raises MediaRefused for an address that is not X's."""
        return media.locate(self._settings, ref)

    def check(self, webhook_url: str) -> Sequence[Finding]:
        """Ask X about the account, the webhook and its subscriptions."""
        return list(webhook.check(self._api, self._settings, webhook_url))

    def set_webhook(self, url: str) -> None:
        """Let X post to `url`, "" for no more; raises ConfigurationError if refused."""
        webhook.set_webhook(self._api, self._settings, url)

    def close(self) -> None:
        """Close the connections; the channel can still be used afterwards."""
        self._api.close()
