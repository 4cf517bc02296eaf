"""Telegram as a channel."""

from collections.abc import Callable, Mapping, Sequence

from channels.telegram import checks, inbound, media, outbound, updates
from channels.telegram.api import BotApi
from channels.telegram.settings import TelegramSettings
from core.channel import Call, Download, Finding, Handshake, Limits, Power, Rate
from core.errors import SendError, Sent
from core.message import Inbound, Outbound
from core.settings import read
from core.text import utf16_units

# https://core.telegram.org/bots/api#sendmessage; 4096 is counted after reading entities, of
# which we send none. Whether in UTF-16 units is not said; that is the safe reading.
_LIMITS = Limits(text=4096, measure=utf16_units, choices=100, choice_bytes=64)
_POWERS = frozenset(
    {Power.BUTTONS, Power.PINS, Power.FILES, Power.ALBUMS, Power.EDITS, Power.BLOCKS}
)
# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: about 30
# messages a second in all, 20 a minute in a group, one a second in a chat with short bursts above
# it. How short is not said; five are the parts of the longest reply.
_BOT = Rate("bot", 30, 1)
_GROUP = (_BOT, Rate("chat", 20, 60, per_address=True))
_PRIVATE = (_BOT, Rate("chat", 5, 5, per_address=True))


class TelegramChannel:
    """A bot on Telegram: webhook or polling, media, and sending from many threads at once."""

    def __init__(self, settings: TelegramSettings) -> None:
        """Raise ConfigurationError if a setting is missing; opens no connection yet."""
        settings.check()
        self._settings = settings
        self._api = BotApi(settings)

    @classmethod
    def create(cls) -> "TelegramChannel":
        """Return the channel that the environment describes; raises ConfigurationError."""
        return cls(read(TelegramSettings))

    @property
    def name(self) -> str:
        """The channel's name in URLs, rows and statistics."""
        return inbound.CHANNEL

    @property
    def powers(self) -> frozenset[Power]:
        """What Telegram can do; it tells of no deleted message."""
        return _POWERS

    def limits(self, address: str) -> Limits:  # noqa: ARG002  # the same in every chat
        """Return what one message can hold."""
        return _LIMITS

    def rates(self, address: str) -> Sequence[Rate]:
        """Return how fast we may send to `address`; the ids of groups are negative."""
        return _GROUP if address.startswith("-") else _PRIVATE

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call to the Bot API from now on."""
        self._api.watch(observe)

    @property
    def settings(self) -> TelegramSettings:
        """The settings it was built from."""
        return self._settings

    @property
    def polling(self) -> bool:
        """Whether the operator wants updates polled instead of posted."""
        return self._settings.polling

    @property
    def secrets(self) -> Sequence[str]:
        """The token and the webhook's secrets."""
        return self._settings.all_secrets

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:  # noqa: ARG002  # the contract
        """Refuse: Telegram has no GET set-up request."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:  # noqa: ARG002  # as above
        """Tell whether the secret header holds one of our secrets; the body is not signed."""
        return inbound.verify(self._settings.webhook_secrets, headers)

    def parse(self, body: bytes) -> list[Inbound]:
        """Return the update's event; raises BrokenPayload unless it is a JSON object."""
        return inbound.parse(body)

    def prepare(self) -> None:
        """Load what the first message would wait for."""
        self._api.prepare()

    def send(self, part: Outbound) -> Sent | SendError:
        """Hand one part to Telegram; blocks, from as many threads as there are connections."""
        return outbound.send(self._api, part)

    def poll(self, cursor: str) -> tuple[Sequence[Inbound], str]:
        """Return the updates after `cursor` and the next cursor; raises PollRefused."""
        return updates.poll(self._api, cursor, self._settings.poll_wait)

    def locate(self, ref: str) -> Download:
        """Return where a file is; raises MediaRefused or MediaAway."""
        return media.locate(self._api, ref, self._settings.media_max_bytes)

    def set_webhook(self, url: str) -> None:
        """Let Telegram post to `url`, "" for no more; raises ConfigurationError if refused."""
        updates.set_webhook(self._api, self._settings, url)

    def check(self, webhook_url: str) -> Sequence[Finding]:
        """Return what Telegram says about the token and the webhook."""
        return checks.check(self._api, self._settings, webhook_url)

    def close(self) -> None:
        """Close the connections; the channel can still be used afterwards."""
        self._api.close()
