"""The channels that the contract suite runs over: one row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from channels import telegram
from channels.telegram import TelegramChannel, TelegramSettings
from core.channel import Channel
from core.errors import SendCode
from core.message import Kind
from tests.contract.stub import Answer


@dataclass(frozen=True)
class ChannelCase:
    """What the suite must know of a channel.

    `make` builds it against an API origin, with short timeouts and `secrets`, of which none may
    ever show. `sign` makes the headers of a webhook request; `sign_old` those made with a secret
    that is being replaced. `stale` makes headers that are right but too old, None where the
    platform's signature has no time. `kinds` names a sample for each kind the platform can send.
    `unspoken` are samples that must stay without an address. `sends` is the last part of the path
    of the sending call, `accepted` the answer of a platform that took the message.
    """

    name: str
    samples: Path
    make: Callable[[str], Channel]
    secrets: tuple[str, ...]
    sign: Callable[[bytes], dict[str, str]]
    sign_old: Callable[[bytes], dict[str, str]]
    sign_forged: Callable[[bytes], dict[str, str]]
    stale: Callable[[bytes], dict[str, str]] | None
    address: str
    kinds: Mapping[Kind, str]
    content: Mapping[str, str]
    text_sample: str
    unspoken: tuple[str, ...]
    sends: str
    accepted: Answer
    platform_id: str
    errors: Mapping[str, SendCode]
    permanent: frozenset[SendCode]


_TOKEN = "7001112223:AAtest-token_that_must_never_show"
_NEW, _OLD = "new-secret_1", "old-secret_2"
_HEADER = "x-telegram-bot-api-secret-token"


def _telegram(origin: str) -> Channel:
    return TelegramChannel(
        TelegramSettings.model_validate(
            {
                "token": _TOKEN,
                "webhook_secrets": f"{_NEW}, {_OLD}",
                "api_origin": origin,
                "connect_timeout": 2,
                "read_timeout": 0.3,
                "poll_wait": 0,
                "pool_size": 16,
            }
        )
    )


TELEGRAM = ChannelCase(
    name="telegram",
    samples=Path(telegram.__file__).parent / "samples",
    make=_telegram,
    secrets=(_TOKEN, _NEW, _OLD),
    sign=lambda body: {_HEADER: _NEW},
    sign_old=lambda body: {_HEADER: _OLD},
    sign_forged=lambda body: {_HEADER: _NEW[:-1]},
    stale=None,
    address="5012345678",
    kinds={
        Kind.MESSAGE: "text",
        Kind.CHOICE: "callback_query",
        Kind.START: "start_deeplink",
        Kind.EDIT: "edited_message",
        Kind.BLOCKED: "bot_blocked",
        Kind.UNBLOCKED: "bot_unblocked",
        Kind.GROUP: "group_mention",
        Kind.UNKNOWN: "unknown_kind",
    },
    content={"album": "photo_album_item1", "place": "location", "attachments": "document"},
    text_sample="text",
    unspoken=("unknown_kind", "channel_post", "from_bot", "bot_added_to_group"),
    sends="sendMessage",
    accepted=Answer(
        body={
            "ok": True,
            "result": {
                "message_id": 4711,
                "date": 1795000101,
                "chat": {"id": 5, "type": "private"},
            },
        }
    ),
    platform_id="4711",
    errors={
        "blocked": SendCode.BLOCKED,
        "deactivated": SendCode.BLOCKED,
        "kicked": SendCode.BLOCKED,
        "never_started": SendCode.BLOCKED,
        "chat_not_found": SendCode.NO_CHAT,
        "too_long": SendCode.REJECTED,
        "empty_text": SendCode.REJECTED,
        "migrated": SendCode.MOVED,
        "unauthorized": SendCode.CREDENTIALS,
        "not_found": SendCode.CREDENTIALS,
        "two_pollers": SendCode.CONFLICT,
        "flood": SendCode.THROTTLED,
        "flood_without_pause": SendCode.THROTTLED,
        "server_error": SendCode.OUTAGE,
        "bad_gateway": SendCode.OUTAGE,
    },
    permanent=frozenset({SendCode.BLOCKED, SendCode.NO_CHAT, SendCode.REJECTED}),
)

CHANNELS = (TELEGRAM,)
