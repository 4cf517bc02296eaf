"""Messenger's row of the contract suite."""

import hashlib
import hmac
import json
from functools import partial
from pathlib import Path
from typing import Any

from channels import messenger
from channels.messenger import MessengerChannel, MessengerSettings
from core.channel import Channel, Handshake, Power
from core.errors import SendCode
from core.message import Kind
from tests.contract.case import ChannelCase, Lost, Way
from tests.contract.stub import Answer, Call

_PAGE = "102030405060708"
_TOKEN = "EAAtest-page-token-that-must-never-show"
_VERIFY = "test-verify-token"
_NEW, _OLD = "new-app-secret-1", "old-app-secret-2"
_CITIZEN = "7123456789012345"
_EVENT = ("entry", 0, "messaging", 0)
_GREETING = {
    "hub.mode": "subscribe",
    "hub.verify_token": _VERIFY,
    "hub.challenge": "1158201444",
}


def _signature(secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}"}


def _make(origin: str, secrets: str = f"{_NEW}, {_OLD}") -> Channel:
    return MessengerChannel(
        MessengerSettings.model_validate(
            {
                "page_id": _PAGE,
                "page_token": _TOKEN,
                "app_secrets": secrets,
                "verify_token": _VERIFY,
                "graph_origin": origin,
                "connect_timeout": 2,
                "read_timeout": 1.0,
                "pool_size": 16,
            }
        )
    )


def _message(call: Call) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(call.body)["message"]
    template: dict[str, Any] = message.get("attachment", {}).get("payload", {})
    return {**message, **template}


def _buttons(call: Call) -> list[tuple[str, str]]:
    message = _message(call)
    found = [*message.get("buttons", []), *message.get("quick_replies", [])]
    return [(it["title"], it["payload"]) for it in found]


MESSENGER = ChannelCase(
    name="messenger",
    samples=Path(messenger.__file__).parent / "samples",
    make=_make,
    settled=partial(_make, secrets=_NEW),
    secrets=(
        *(_TOKEN, _VERIFY, _NEW, _OLD),
        hmac.new(_NEW.encode(), _TOKEN.encode(), hashlib.sha256).hexdigest(),
    ),
    sign=partial(_signature, _NEW),
    sign_old=partial(_signature, _OLD),
    sign_forged=partial(_signature, _NEW[:-1]),
    stale=None,
    greeting=(_GREETING, Handshake("1158201444")),
    wrong_greetings=(
        {**_GREETING, "hub.verify_token": _VERIFY[:-1]},
        {**_GREETING, "hub.verify_token": _VERIFY + "\ud800"},
        {**_GREETING, "hub.mode": "unsubscribe"},
        {**_GREETING, "hub.challenge": "<script>"},
        {"hub.verify_token": _VERIFY, "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.challenge": "1158201444"},
        {"hub.mode": "subscribe", "hub.verify_token": _VERIFY},
    ),
    address=_CITIZEN,
    kinds={
        Kind.MESSAGE: "text",
        Kind.CHOICE: "quick_reply",
        Kind.START: "postback_get_started",
        Kind.EDIT: "message_edit",
        Kind.REACTION: "reaction",
        Kind.RECEIPT: "echo_ours",
        Kind.UNKNOWN: "read",
    },
    content={
        "place": "map_link",
        "attachments": "two_images",
        "choice": "postback_button",
        "quoted_id": "reply_to",
        "receipt": "echo_ours",
    },
    text_sample="text",
    text_at=(*_EVENT, "message", "text"),
    ids=((*_EVENT, "message", "mid"),),
    time_at=(*_EVENT, "timestamp"),
    time_units=1000,
    unspoken=("read", "delivery", "echo", "echo_page_inbox", "standby", "from_page"),
    batches=(("entry",), ("entry", 0, "messaging")),
    empty=(b'{"object":"page","entry":[]}', b'{"object":"page","entry":[{"messaging":[]}]}'),
    envelope=frozenset({"object", "entry", "messaging", "standby"}),
    edited=("text", "message_edit"),
    names={"text": "", "postback_button": "", "image": ""},
    press=("quick_reply", (*_EVENT, "message", "quick_reply", "payload")),
    receipt=("echo_ours", (*_EVENT, "message", "metadata")),
    shows={
        Power.BUTTONS: ("quick_reply", "postback_button"),
        Power.FILES: ("image", "video", "audio_voice", "file", "two_images"),
        Power.EDITS: ("message_edit",),
        Power.WINDOW: ("outside_window", "outside_window_2026", "outside_window_subscription"),
    },
    ways=(
        Way(
            name="page",
            address=_CITIZEN,
            sends="messages",
            accepted=Answer(body={"recipient_id": _CITIZEN, "message_id": "m_4711"}),
            longest=1999,  # "must be UTF-8 and less than 2000 characters"
            measure=len,
            texts=lambda call: [_message(call)["text"]],
            buttons=_buttons,
        ),
    ),
    # The key comes back in the echo, which proves it sent; without one it goes out again.
    lost=(
        Lost("page", then="", receipt=True),
        Lost("page", then="accepted", copies=2),
    ),
    labels=(20, len),
    values=(1000, len),
    key_of=lambda call: str(_message(call)["metadata"]),
    errors={
        "outside_window": SendCode.WINDOW_CLOSED,
        "outside_window_2026": SendCode.WINDOW_CLOSED,
        "outside_window_subscription": SendCode.WINDOW_CLOSED,
        "unavailable": SendCode.BLOCKED,
        "unavailable_without_subcode": SendCode.BLOCKED,
        "not_receiving": SendCode.BLOCKED,
        "no_such_user": SendCode.NO_CHAT,
        "retired_tag": SendCode.REJECTED,
        "bad_parameter": SendCode.REJECTED,
        "no_template": SendCode.REJECTED,
        "unknown_code": SendCode.REJECTED,
        "page_restricted": SendCode.SUSPENDED,
        "policy_block": SendCode.SUSPENDED,
        "token": SendCode.CREDENTIALS,
        "token_expired": SendCode.CREDENTIALS,
        "bad_proof": SendCode.CREDENTIALS,
        "no_permission": SendCode.CREDENTIALS,
        "permission": SendCode.CREDENTIALS,
        "permission_missing": SendCode.CREDENTIALS,
        "rate": SendCode.THROTTLED,
        "too_many": SendCode.THROTTLED,
        "app_rate": SendCode.THROTTLED,
        "page_rate": SendCode.THROTTLED,
        "business_rate": SendCode.THROTTLED,
        "temporary": SendCode.OUTAGE,
        "unknown": SendCode.OUTAGE,
        "service": SendCode.OUTAGE,
        "transient_parameter": SendCode.OUTAGE,
        "transient_permission": SendCode.OUTAGE,
        "unknown_code_failing": SendCode.OUTAGE,
    },
    permanent=frozenset(
        {SendCode.BLOCKED, SendCode.NO_CHAT, SendCode.REJECTED, SendCode.WINDOW_CLOSED}
    ),
    never=frozenset({SendCode.MOVED, SendCode.CONFLICT, SendCode.QUOTA}),
    refusal=lambda words: Answer(
        400, {"error": {"message": words, "type": words, "code": 100, "error_user_msg": words}}
    ),
)
