"""What each platform posts for one message of a citizen: its body, its id, its signature; pure.

The shapes are those of the channels' samples; every id is made up. A body is a template made
before, in which only numbers change: a million of them take seconds.
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from app.launch.accounts import PAGE, TWITTER_NAME, TWITTER_USER

Json = dict[str, Any]

CITIZENS = 5000
FIRST_CITIZEN = 5_100_000_000
FIRST_UPDATE = 910_000_000
FIRST_EVENT = 100_000_000_000
FIRST_POST = 2_090_000_000_000_000_000

TEXTS = (
    "jalan depan SDN 3 Sangatta Utara berlubang, sudah dua bulan",
    "Selamat pagi pak, lampu jalan di Gg. Mawar RT 05 mati sudah seminggu, gelap sekali 🙏",
    "air PDAM di perumahan kami keruh dan berbau sejak hari Senin, mohon dicek",
    "sampah di dekat pasar menumpuk, sudah empat hari tidak diangkut dan baunya sampai ke rumah",
    "Got depan rumah mampet, tiap hujan air masuk ke teras. Jl. Kenanga No. 12 RT 02/RW 04",
    "pohon besar di tepi jalan miring ke arah kabel listrik, takut roboh saat angin kencang",
    "Pak/Bu, di puskesmas antre dari jam 6 tapi loket baru buka jam 9. Apakah memang begitu?",
    "lampu merah di simpang empat mati total, tadi hampir tabrakan 😰",
    "jembatan kayu menuju sekolah sudah lapuk di tengahnya, anak-anak lewat situ tiap hari",
    "Mohon ditertibkan parkir liar di trotoar depan terminal, pejalan kaki turun ke jalan",
    "tiang listrik keropos",
    (
        "Pelayanan KTP saya sudah tiga minggu belum selesai. Waktu itu dijanjikan lima hari kerja. "
        "Saya sudah dua kali datang ke kantor kecamatan dan selalu diminta kembali minggu depan. "
        "Mohon penjelasan, karena KTP itu saya perlukan untuk mendaftar sekolah anak saya."
    ),
)


class ChannelName(StrEnum):
    """The channels that can be measured."""

    TELEGRAM = "telegram"
    LINE = "line"
    TWITTER = "twitter"
    MESSENGER = "messenger"


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of event.

    In the JSON of `shape`, made from a text and the time in seconds, <n> within a text stands for
    a number, <x> for 32 hexadecimal digits, and "<#>" for a number without quotation marks.
    `numbers` are those of message `n`, in order; `external_id` is what our inbox calls it.
    """

    shape: Callable[[str, int], Json]
    numbers: Callable[[int], tuple[int, ...]]
    external_id: Callable[[int], str]
    ascii_only: bool = False

    def template(self, text: str, now: int) -> bytes:
        """Return the body with one place to fill for each number."""
        body = json.dumps(self.shape(text, now), ensure_ascii=self.ascii_only)
        body = body.replace("%", "%%").replace('"<#>"', "%d")
        return body.replace("<n>", "%d").replace("<x>", "%032x").encode()


@dataclass(frozen=True, slots=True)
class Post:
    """How a platform posts: `forms` take turns; `sign` makes a header from secret and body."""

    forms: tuple[Form, ...]
    sign: Callable[[bytes, bytes], bytes]

    def templates(self, now: int) -> list[tuple[Form, bytes]]:
        """Return each text in each form; message `n` is the n-th of them, begun again and again."""
        return [(form, form.template(text, now)) for text in TEXTS for form in self.forms]

    def external_id(self, number: int) -> str:
        """Return what the inbox calls message `number`."""
        return self.forms[number % len(self.forms)].external_id(number)


def _citizen(number: int) -> int:
    return FIRST_CITIZEN + number % CITIZENS


def _telegram(text: str, now: int) -> Json:
    person = {"id": "<#>", "first_name": "Warga", "language_code": "id"}
    message = {
        "message_id": "<#>",
        "from": {**person, "is_bot": False},
        "chat": {**person, "type": "private"},
        "date": now,
        "text": text,
    }
    return {"update_id": "<#>", "message": message}


def _line(text: str, now: int) -> Json:
    event = {
        "type": "message",
        "timestamp": now * 1000,
        "source": {"type": "user", "userId": "U<x>"},
        "mode": "active",
        "webhookEventId": "01JD8Z00000000<n>",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "<x>",
        "message": {"type": "text", "id": "560000<n>", "text": text, "quoteToken": "kutipan<n>"},
    }
    return {"destination": "U" + "0123456789abcdef" * 2, "events": [event]}


def _messenger(text: str, now: int) -> Json:
    event = {
        "sender": {"id": "<n>"},
        "recipient": {"id": PAGE},
        "timestamp": now * 1000,
        "message": {"mid": "m_Contoh<x>", "text": text},
    }
    return {"object": "page", "entry": [{"id": PAGE, "time": now * 1000, "messaging": [event]}]}


def _user(user_id: str, username: str) -> Json:
    counts = ("followers", "following", "tweet", "listed", "like", "media")
    return {
        "id": user_id,
        "name": "Warga",
        "username": username,
        "created_at": "2019-03-02T04:05:06.000Z",
        "protected": False,
        "verified": False,
        "verified_type": "none",
        "profile_image_url": "https://pbs.twimg.com/profile_images/0/contoh_normal.jpg",
        "public_metrics": {f"{name}_count": 3 for name in counts},
    }


_OURS = _user(TWITTER_USER, TWITTER_NAME)
_THEIRS = _user("<n>", "warga")


def _activity(kind: str, payload: Json, **more: Json) -> Json:
    data = {"event_uuid": "<n>", "filter": {"user_id": TWITTER_USER}, "event_type": kind}
    return {"data": {**data, "tag": "kanal", "payload": payload, **more}}


def _mention(text: str, now: int) -> Json:
    handle = f"@{TWITTER_NAME}"
    ours = {"start": 0, "end": len(handle), "username": TWITTER_NAME, "id": TWITTER_USER}
    counts = ("retweet", "reply", "like", "quote", "bookmark", "impression")
    payload = {
        "id": "<n>",
        "author_id": "<n>",
        "conversation_id": "<n>",
        "created_at": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "text": f"{handle} {text}",
        "lang": "in",
        "edit_history_tweet_ids": ["<n>"],
        "reply_settings": "everyone",
        "possibly_sensitive": False,
        "public_metrics": {f"{name}_count": 0 for name in counts},
        "entities": {"mentions": [ours]},
    }
    return _activity("post.mention.create", payload, includes={"users": [_THEIRS, _OURS]})


def _direct(text: str, now: int) -> Json:
    entities: Json = {name: [] for name in ("hashtags", "symbols", "user_mentions", "urls")}
    event = {
        "type": "message_create",
        "id": "<n>",
        "created_timestamp": str(now * 1000),
        "message_create": {
            "target": {"recipient_id": TWITTER_USER},
            "sender_id": "<n>",
            "message_data": {"text": text, "entities": entities},
        },
    }
    users = {"<n>": {"data": _THEIRS}, TWITTER_USER: {"data": _OURS}}
    return _activity("dm.received", {"direct_message_events": [event], "users": users})


def _base64_sha256(secret: bytes, body: bytes) -> bytes:
    return b64encode(hmac.digest(secret, body, "sha256"))


def _hex_sha256(secret: bytes, body: bytes) -> bytes:
    return hmac.digest(secret, body, "sha256").hex().encode()


POSTS: Mapping[ChannelName, Post] = {
    ChannelName.TELEGRAM: Post(
        (
            Form(
                _telegram,
                lambda n: (FIRST_UPDATE + n, n, _citizen(n), _citizen(n)),
                lambda n: str(FIRST_UPDATE + n),
                ascii_only=True,
            ),
        ),
        lambda secret, _: b"X-Telegram-Bot-Api-Secret-Token: " + secret,
    ),
    ChannelName.LINE: Post(
        (
            Form(
                _line,
                lambda n: (_citizen(n), FIRST_EVENT + n, n, FIRST_EVENT + n, n),
                lambda n: f"01JD8Z00000000{FIRST_EVENT + n}",
            ),
        ),
        lambda secret, body: b"X-Line-Signature: " + _base64_sha256(secret, body),
    ),
    ChannelName.TWITTER: Post(
        (
            Form(
                _mention,
                lambda n: (*[FIRST_POST + n] * 2, _citizen(n), *[FIRST_POST + n] * 2, _citizen(n)),
                lambda n: f"post:{FIRST_POST + n}",
            ),
            Form(
                _direct,
                lambda n: (*[FIRST_POST + n] * 2, *[_citizen(n)] * 3),
                lambda n: f"dm:{FIRST_POST + n}",
            ),
        ),
        lambda secret, body: (
            b"X-Twitter-Webhooks-Signature: sha256=" + _base64_sha256(secret, body)
        ),
    ),
    ChannelName.MESSENGER: Post(
        (
            Form(
                _messenger,
                lambda n: (_citizen(n), n),
                lambda n: f"mid:m_Contoh{n:032x}",
                ascii_only=True,
            ),
        ),
        lambda secret, body: b"X-Hub-Signature-256: sha256=" + _hex_sha256(secret, body),
    ),
}
