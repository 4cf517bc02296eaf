"""X's row of the contract suite."""

import hmac
import json
import unicodedata
from base64 import b64encode
from functools import partial
from pathlib import Path

import regex

from channels import twitter
from channels.twitter import TwitterChannel, TwitterSettings
from core.channel import Channel, Handshake, Power
from core.errors import SendCode
from core.message import Kind
from tests.contract.case import ChannelCase, Headers, Lost, Way
from tests.contract.stub import Answer, Call

_KEY, _NEW, _OLD = "testConsumerKey0000", "new-consumer-secret_1", "old-consumer-secret_2"
_TOKEN, _TOKEN_SECRET = "1111111111111111111-testAccessToken", "testAccessTokenSecret"
_BEARER = "AAAAtest%2Fbearer%3Dtoken"
_CITIZEN = "2222222222222222222"
_POST = "2090765813578191303"
_MESSAGE = ("data", "payload", "direct_message_events", 0)

_PICTURE = r"\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?"
_EMOJI = regex.compile(rf"{_PICTURE}(?:\u200D{_PICTURE})*|[\U0001F1E6-\U0001F1FF]{{2}}")
_LINK = regex.compile(r"https?://\S+")
_LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))


def _weight(text: str) -> int:
    """Return the length as X counts it: an emoji is 2, a link 23, most scripts of Asia 2 each."""
    text, links = _LINK.subn("", unicodedata.normalize("NFC", text))
    text, emoji = _EMOJI.subn("", text)
    light = sum(any(low <= ord(sign) <= high for low, high in _LIGHT) for sign in text)
    return 23 * links + 2 * emoji + 2 * len(text) - light


def _signature(secret: str, signed: bytes) -> str:
    return "sha256=" + b64encode(hmac.digest(secret.encode(), signed, "sha256")).decode()


def _signed(secret: str) -> Headers:
    return lambda body: {"x-twitter-webhooks-signature": _signature(secret, body)}


def _make(origin: str, secrets: str = f"{_NEW}, {_OLD}") -> Channel:
    return TwitterChannel(
        TwitterSettings.model_validate(
            {
                "consumer_key": _KEY,
                "consumer_secrets": secrets,
                "access_token": _TOKEN,
                "access_token_secret": _TOKEN_SECRET,
                "bearer_token": _BEARER,
                "user_id": "1111111111111111111",
                "username": "laporkota",
                "account_activity": True,
                "api_origin": origin,
                "poll_interval": 0,
                "poll_dm_interval": 0,
                "connect_timeout": 2,
                "read_timeout": 1.0,
                "pool_size": 16,
            }
        )
    )


def _texts(call: Call) -> list[str]:
    return [json.loads(call.body)["text"]]


_DM = Way(
    name="dm",
    address=_CITIZEN,
    sends="messages",
    accepted=Answer(
        201, {"data": {"dm_conversation_id": "1-2", "dm_event_id": "2090765901528537777"}}
    ),
    longest=10_000,
    measure=len,
    texts=_texts,
)
_PUBLIC = Way(
    name="post",
    address=f"post:{_POST}",
    sends="tweets",
    accepted=Answer(201, {"data": {"id": "2090765901528538888", "text": "x"}}),
    longest=280,
    measure=_weight,
    texts=_texts,
    answers=lambda call: str(json.loads(call.body)["reply"]["in_reply_to_tweet_id"]),
    errors={"forbidden": SendCode.REJECTED},
)

TWITTER = ChannelCase(
    name="twitter",
    samples=Path(twitter.__file__).parent / "samples",
    make=_make,
    settled=partial(_make, secrets=_NEW),
    secrets=(_KEY, _NEW, _OLD, _TOKEN, _TOKEN_SECRET, _BEARER),
    sign=_signed(_NEW),
    sign_old=_signed(_OLD),
    sign_forged=_signed(_NEW[:-1]),
    stale=None,
    greeting=(
        {"crc_token": "tantangan-uji-123"},
        Handshake(
            json.dumps({"response_token": _signature(_NEW, b"tantangan-uji-123")}),
            "application/json",
        ),
    ),
    wrong_greetings=({"crc_token": ""}, {"nonce": "tantangan-uji-123"}),
    address=_CITIZEN,
    kinds={
        Kind.MESSAGE: "xaa_post_mention",
        Kind.EDIT: "edited_post",
        Kind.WITHDRAWN: "aaa_tweet_delete",
        Kind.ENCRYPTED: "xaa_chat_received_encrypted",
        Kind.UNKNOWN: "unknown_kind",
    },
    content={
        "attachments": "xaa_post_mention_photo",
        "public_address": "xaa_post_mention",
        "thread": "xaa_post_reply",
        "quoted_id": "xaa_post_reply",
        "language": "xaa_post_mention",
    },
    text_sample="xaa_dm_received",
    text_at=(*_MESSAGE, "message_create", "message_data", "text"),
    ids=((*_MESSAGE, "id"),),
    time_at=(*_MESSAGE, "created_timestamp"),
    time_units=1000,
    unspoken=(
        *("unknown_kind", "xaa_follow", "xaa_oauth_revoke", "xaa_post_delete"),
        *("own_post", "retweet", "dm_own"),
    ),
    batches=(("data", "payload", "direct_message_events"),),
    envelope=frozenset(
        {
            *("data", "event_type", "payload", "for_user_id", "direct_message_events"),
            *("tweet_create_events", "favorite_events"),
        }
    ),
    names={
        "xaa_post_mention": "Budi Santoso",
        "xaa_dm_received": "Budi Santoso",
        "aaa_direct_message": "Budi Santoso",
        "aaa_tweet_create_longform": "Budi Santoso",
        "aaa_tweet_photo": "",
        "dm_photo": "",
        "own_post": "",
        "retweet": "",
    },
    edited=("xaa_post_mention", "edited_post"),
    withdrawn=("aaa_tweet_create_longform", "aaa_tweet_delete"),
    shows={
        Power.FILES: ("xaa_post_mention_photo", "dm_photo", "video_and_photo"),
        Power.EDITS: ("edited_post",),
        Power.WITHDRAWALS: ("aaa_tweet_delete",),
        Power.PUBLIC: ("xaa_post_mention", "xaa_post_reply", "xaa_post_quote"),
    },
    ways=(_DM, _PUBLIC),
    # X refuses to publish the same words twice; it says nothing of messages.
    lost=(Lost("dm", then="accepted", copies=2), Lost("post", then="duplicate")),
    errors={
        "dm_closed": SendCode.BLOCKED,
        "dm_refused": SendCode.BLOCKED,
        "forbidden": SendCode.BLOCKED,
        "not_found": SendCode.NO_CHAT,
        "duplicate": SendCode.REJECTED,
        "not_summoned": SendCode.REJECTED,
        "invalid": SendCode.REJECTED,
        "unauthorized": SendCode.CREDENTIALS,
        "bad_token": SendCode.CREDENTIALS,
        "app_permissions": SendCode.CREDENTIALS,
        "not_enrolled": SendCode.CREDENTIALS,
        "account_suspended": SendCode.SUSPENDED,
        "account_locked": SendCode.SUSPENDED,
        "no_credits": SendCode.SUSPENDED,
        "usage_capped": SendCode.SUSPENDED,
        "rate_limited": SendCode.THROTTLED,
        "day_limit": SendCode.THROTTLED,
        "server_error": SendCode.OUTAGE,
        "unavailable": SendCode.OUTAGE,
        "overloaded_html": SendCode.OUTAGE,
    },
    permanent=frozenset({SendCode.BLOCKED, SendCode.NO_CHAT, SendCode.REJECTED}),
    never=frozenset({SendCode.MOVED, SendCode.CONFLICT, SendCode.WINDOW_CLOSED, SendCode.QUOTA}),
    refusal=lambda words: Answer(
        403, {"title": words, "detail": words, "type": words, "status": 403}
    ),
)
