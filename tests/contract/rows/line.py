"""LINE's row of the contract suite."""

import hmac
import json
from base64 import b64encode
from functools import partial
from pathlib import Path

import regex

from channels import line
from channels.line import LineChannel, LineSettings
from core.channel import Channel, Power
from core.errors import SendCode
from core.message import Kind
from core.text import utf16_units
from tests.contract.case import ChannelCase, Headers, Lost, Way
from tests.contract.stub import Answer, Call

_TOKEN = "test/channel+token_that_must_never_show="
_NEW, _OLD = "0123new456789abcdef", "0123old456789abcdef"
_CITIZEN = "U8189cf6745fc0d808977bdb0b9f22995"
_SENT = "461230966842064897"


def _make(origin: str, secrets: str = f"{_NEW}, {_OLD}") -> Channel:
    return LineChannel(
        LineSettings.model_validate(
            {
                "channel_token": _TOKEN,
                "channel_secrets": secrets,
                "api_origin": origin,
                "connect_timeout": 2,
                "read_timeout": 1.0,
                "pool_size": 16,
            }
        )
    )


def _signed(secret: str) -> Headers:
    def sign(body: bytes) -> dict[str, str]:
        digest = hmac.digest(secret.encode(), body, "sha256")
        return {"x-line-signature": b64encode(digest).decode()}

    return sign


def _texts(call: Call) -> list[str]:
    return [message["text"] for message in json.loads(call.body)["messages"]]


def _buttons(call: Call) -> list[tuple[str, str]]:
    last = json.loads(call.body)["messages"][-1]
    actions = [item["action"] for item in last.get("quickReply", {}).get("items", [])]
    return [(action["label"], action["data"]) for action in actions]


_ACCEPTED = Answer(body={"sentMessages": [{"id": _SENT, "quoteToken": "q"}]})
_PUSH = Way(
    name="push",
    address=_CITIZEN,
    sends="push",
    accepted=_ACCEPTED,
    longest=5000,
    measure=utf16_units,
    texts=_texts,
    messages=5,
    buttons=_buttons,
)
_REPLY = Way(
    name="reply",
    address=_CITIZEN,
    sends="reply",
    then="push",  # the token is good for one call
    accepted=_ACCEPTED,
    longest=5000,
    measure=utf16_units,
    texts=_texts,
    messages=5,
    buttons=_buttons,
    aside=frozenset({"invalid_reply_token"}),
    reply_token="nHuyWiB7yP5Zw52FIkcQobQuGDXCTA00",
)

LINE = ChannelCase(
    name="line",
    samples=Path(line.__file__).parent / "samples",
    make=_make,
    settled=partial(_make, secrets=_NEW),
    secrets=(_TOKEN, _NEW, _OLD),
    sign=_signed(_NEW),
    sign_old=_signed(_OLD),
    sign_forged=_signed(_NEW[:-1]),
    stale=None,
    address=_CITIZEN,
    kinds={
        Kind.MESSAGE: "text",
        Kind.CHOICE: "postback",
        Kind.START: "follow",
        Kind.WITHDRAWN: "unsend",
        Kind.BLOCKED: "unfollow",
        Kind.UNBLOCKED: "follow_unblocked",
        Kind.GROUP: "group_text_mention",
        Kind.UNKNOWN: "unknown_kind",
    },
    content={
        "album": "image_set_item",
        "place": "location",
        "attachments": "file",
        "choice": "postback",
        "reply_token": "text",
        "quoted_id": "text_quoting",
    },
    text_sample="text",
    text_at=("events", 0, "message", "text"),
    ids=(("events", 0, "webhookEventId"), ("events", 0, "message", "id")),
    time_at=("events", 0, "timestamp"),
    time_units=1000,
    unspoken=("unknown_kind", "standby_no_reply_token", "without_user", "joined_group"),
    batches=(("events",),),
    empty=((Path(line.__file__).parent / "samples" / "_verify_ping_empty.json").read_bytes(),),
    envelope=frozenset({"events"}),
    withdrawn=("text", "unsend"),
    names={"text": "", "postback": "", "image": ""},
    press=("postback", ("events", 0, "postback", "data")),
    album=("image_set_item", "image_set_item"),
    album_ids=(("events", 0, "webhookEventId"), ("events", 0, "message", "id")),
    shows={
        Power.BUTTONS: ("postback",),
        Power.PINS: ("location",),
        Power.FILES: ("image", "video", "audio", "file"),
        Power.ALBUMS: ("image_set_item",),
        Power.WITHDRAWALS: ("unsend",),
        Power.BLOCKS: ("unfollow", "follow_unblocked"),
        Power.IDEMPOTENCE: ("already_accepted",),
    },
    ways=(_PUSH, _REPLY),
    # A push has a key. A reply has none: it is repeated only with its token, which works once, and
    # never pushed.
    lost=(
        Lost("push", then="already_accepted"),
        Lost("reply", then="invalid_reply_token"),
        Lost("reply", then="", state="failed", late=True),
    ),
    labels=(20, lambda label: len(regex.findall(r"\X", label))),
    values=(300, len),
    key_of=lambda call: call.headers["x-line-retry-key"],
    errors={
        "unknown_user": SendCode.NO_CHAT,
        "invalid_reply_token": SendCode.REJECTED,
        "bad_property": SendCode.REJECTED,
        "too_long": SendCode.REJECTED,
        "not_json": SendCode.REJECTED,
        "unauthorized": SendCode.CREDENTIALS,
        "forbidden": SendCode.REJECTED,
        "not_found": SendCode.REJECTED,
        "gone": SendCode.REJECTED,
        "too_large": SendCode.REJECTED,
        "monthly_quota": SendCode.QUOTA,
        "rate_limit": SendCode.THROTTLED,
        "server_error": SendCode.OUTAGE,
        "bad_gateway": SendCode.OUTAGE,
    },
    taken=frozenset({"already_accepted", "blocked_user_push"}),
    permanent=frozenset({SendCode.NO_CHAT, SendCode.REJECTED}),
    never=frozenset(
        {
            *(SendCode.BLOCKED, SendCode.MOVED, SendCode.CONFLICT),
            *(SendCode.WINDOW_CLOSED, SendCode.SUSPENDED),
        }
    ),
    refusal=lambda words: Answer(
        400, {"message": words, "details": [{"message": words, "property": words}]}
    ),
)
