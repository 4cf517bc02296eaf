"""LINE as a channel."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from channels.line import inbound, media, outbound, setup
from channels.line.api import LineApi
from channels.line.settings import LineSettings
from core.channel import Call, Download, Finding, Handshake, Limits, Power, Rate
from core.errors import SendError, Sent
from core.message import Inbound, Outbound
from core.settings import read
from core.text import utf16_units

# https://developers.line.biz/en/reference/messaging-api/#message-objects
_LIMITS = Limits(
    text=5000,
    measure=utf16_units,
    choices=13,
    choice_bytes=300,
    label=outbound.LABEL,
    messages=5,
)
# https://developers.line.biz/en/reference/messaging-api/#rate-limits
_RATES = (Rate("line", count=2000, seconds=1),)
_POWERS = frozenset(
    {
        Power.BUTTONS,
        Power.PINS,
        Power.FILES,
        Power.ALBUMS,
        Power.WITHDRAWALS,
        Power.BLOCKS,
        Power.IDEMPOTENCE,  # of pushes; a reply whose outcome is unknown is never pushed
    }
)


class LineChannel:
    """An official account on LINE: webhook, replies and pushes from many threads at once."""

    def __init__(self, settings: LineSettings) -> None:
        """Raise ConfigurationError if a setting is missing; opens no connection yet."""
        settings.check()
        self._settings = settings
        self._api = LineApi(settings)

    @classmethod
    def create(cls) -> "LineChannel":
        """Return the channel that the environment describes; raises ConfigurationError."""
        return cls(read(LineSettings))

    @property
    def name(self) -> str:
        """The channel's name in URLs, rows and statistics."""
        return inbound.CHANNEL

    @property
    def powers(self) -> frozenset[Power]:
        """What LINE can do."""
        return _POWERS

    def limits(self, address: str) -> Limits:  # noqa: ARG002  # the same for all
        """Return what one message can hold."""
        return _LIMITS

    def rates(self, address: str) -> Sequence[Rate]:  # noqa: ARG002  # as above
        """Return how fast we may send."""
        return _RATES

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Tell `observe` of every call from now on."""
        self._api.wire.observe = observe

    @property
    def settings(self) -> LineSettings:
        """The settings it was built from."""
        return self._settings

    @property
    def secrets(self) -> Sequence[str]:
        """The token and the channel secrets."""
        return self._settings.all_secrets

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:  # noqa: ARG002  # the contract
        """Refuse: LINE verifies a webhook by a POST without events."""
        return None

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Tell whether one of our channel secrets signed these bytes."""
        return inbound.verify(self._settings.channel_secrets, headers, body)

    def parse(self, body: bytes) -> list[Inbound]:
        """Return the events; raises BrokenPayload unless the body is a JSON object."""
        return inbound.parse(body)

    def prepare(self) -> None:
        """Load what sending needs, before the first message waits for it."""
        self._api.prepare()

    def send(self, part: Outbound) -> Sent | SendError:
        """Hand one part to LINE; blocks, from as many threads as there are connections."""
        return outbound.send(self._api, part, self._settings.reply_time, datetime.now(UTC))

    def locate(self, ref: str) -> Download:
        """Return where a file is; raises MediaRefused or MediaAway."""
        settings = self._settings
        token = settings.channel_token.get_secret_value()
        return media.locate(self._api, settings.files_origin, token, ref)

    def set_webhook(self, url: str) -> None:
        """Let LINE post to `url`; raises ConfigurationError if refused."""
        setup.set_webhook(self._api, self._settings.all_secrets, url)

    def check(self, webhook_url: str) -> Sequence[Finding]:
        """Ask LINE about token, webhook and quota."""
        return list(setup.check(self._api, webhook_url))

    def close(self) -> None:
        """Close the connections; the channel can still be used afterwards."""
        self._api.wire.close()
