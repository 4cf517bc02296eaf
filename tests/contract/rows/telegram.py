"""Telegram's row of the contract suite."""

import json
from functools import partial
from pathlib import Path

from channels import telegram
from channels.telegram import TelegramChannel, TelegramSettings
from core.channel import Channel, Power
from core.errors import SendCode
from core.message import Kind
from core.text import utf16_units
from tests.contract.case import ChannelCase, Lost, Way
from tests.contract.stub import Answer, Call

_TOKEN = "7001112223:AAtest-token_that_must_never_show"
_NEW, _OLD = "new-secret_1", "old-secret_2"
_HEADER = "x-telegram-bot-api-secret-token"
_CITIZEN = "5012345678"


def _make(origin: str, secrets: str = f"{_NEW}, {_OLD}") -> Channel:
    return TelegramChannel(
        TelegramSettings.model_validate(
            {
                "token": _TOKEN,
                "webhook_secrets": secrets,
                "api_origin": origin,
                "connect_timeout": 2,
                "read_timeout": 1.0,
                "poll_wait": 0,
                "pool_size": 16,
            }
        )
    )


def _buttons(call: Call) -> list[tuple[str, str]]:
    keyboard = json.loads(call.fields.get("reply_markup", "{}")).get("inline_keyboard", [])
    return [(it["text"], it["callback_data"]) for row in keyboard for it in row]


_SENT = {"message_id": 4711, "date": 1795000101, "chat": {"id": 5, "type": "private"}}

TELEGRAM = ChannelCase(
    name="telegram",
    samples=Path(telegram.__file__).parent / "samples",
    make=_make,
    settled=partial(_make, secrets=_NEW),
    secrets=(_TOKEN, _NEW, _OLD),
    sign=lambda body: {_HEADER: _NEW},
    sign_old=lambda body: {_HEADER: _OLD},
    sign_forged=lambda body: {_HEADER: _NEW[:-1]},
    stale=None,
    address=_CITIZEN,
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
    content={
        "album": "photo_album_item1",
        "place": "location",
        "attachments": "document",
        "choice": "callback_query",
        "reply_token": "callback_query",
        "quoted_id": "reply",
        "language": "text",
    },
    text_sample="text",
    text_at=("message", "text"),
    ids=(("update_id",), ("message", "message_id")),
    time_at=("message", "date"),
    time_units=1,
    unspoken=("unknown_kind", "channel_post", "from_bot", "bot_added_to_group"),
    edited=("text", "edited_message"),
    album=("photo_album_item1", "photo_album_item2"),
    names={
        "text": "Siti Rahmawati",
        "callback_query": "Siti Rahmawati",
        "emoji_300": "Warga",
        "group_mention": "",
        "bot_added_to_group": "",
        "no_date": "Warga",
    },
    press=("callback_query", ("callback_query", "data")),
    shows={
        Power.BUTTONS: ("callback_query",),
        Power.PINS: ("location", "venue"),
        Power.FILES: ("photo_caption", "document", "voice"),
        Power.ALBUMS: ("photo_album_item1", "photo_album_item2"),
        Power.EDITS: ("edited_message", "caption_edit"),
        Power.BLOCKS: ("bot_blocked", "bot_unblocked"),
    },
    ways=(
        Way(
            name="chat",
            address=_CITIZEN,
            sends="sendMessage",
            accepted=Answer(body={"ok": True, "result": _SENT}),
            longest=4096,
            measure=utf16_units,
            texts=lambda call: [call.fields["text"]],
            buttons=_buttons,
        ),
    ),
    # No key names a message, so what may have been sent is sent once more.
    lost=(Lost("chat", then="accepted", copies=2),),
    values=(64, lambda value: len(value.encode())),
    chat_rate=True,
    errors={
        "blocked": SendCode.BLOCKED,
        "deactivated": SendCode.BLOCKED,
        "kicked": SendCode.BLOCKED,
        "never_started": SendCode.BLOCKED,
        "chat_not_found": SendCode.NO_CHAT,
        "too_long": SendCode.REJECTED,
        "empty_text": SendCode.REJECTED,
        "file_too_big": SendCode.REJECTED,
        "file_id_wrong": SendCode.REJECTED,
        "file_id_invalid": SendCode.REJECTED,
        "old_query": SendCode.REJECTED,
        "webhook_needs_https": SendCode.REJECTED,
        "migrated": SendCode.MOVED,
        "unauthorized": SendCode.CREDENTIALS,
        "not_found": SendCode.CREDENTIALS,
        "two_pollers": SendCode.CONFLICT,
        "webhook_is_set": SendCode.CONFLICT,
        "flood": SendCode.THROTTLED,
        "flood_without_pause": SendCode.THROTTLED,
        "server_error": SendCode.OUTAGE,
        "bad_gateway": SendCode.OUTAGE,
    },
    permanent=frozenset({SendCode.BLOCKED, SendCode.NO_CHAT, SendCode.REJECTED}),
    never=frozenset({SendCode.WINDOW_CLOSED, SendCode.QUOTA, SendCode.SUSPENDED}),
    refusal=lambda words: Answer(400, {"ok": False, "error_code": 400, "description": words}),
)
