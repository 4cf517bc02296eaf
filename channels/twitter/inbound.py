"""What X posts to us: checked, then read into `Inbound`; pure and tolerant.

Two forms arrive: envelopes of the X Activity API, one event each, and, where the setting says
so, those of the older Account Activity API with lists of events.
https://docs.x.com/x-api/activity/introduction
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from pydantic import SecretStr

from channels.twitter.fields import milliseconds, name, number
from channels.twitter.posts import (
    CHANNEL,
    POST,
    Account,
    film_or_photo,
    modern,
    name_of,
    own_link,
    read,
    said,
)
from core.channel import Handshake
from core.message import Inbound, Kind
from core.payload import NO_FIELDS, Fields, decode, encode, inner, inners, words
from core.signature import matches

HEADER = "x-twitter-webhooks-signature"
DM = "dm:"
DELETION = "delete:"

Reader = Callable[[Fields, Account, bytes], Inbound | None]


def verify(secrets: Sequence[SecretStr], headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether one of `secrets` signed `body`, in a time that tells nothing."""
    known = [_signature(secret, body).encode() for secret in secrets]
    return matches(headers.get(HEADER, ""), known)


def answer_challenge(secrets: Sequence[SecretStr], query: Mapping[str, str]) -> Handshake | None:
    """Return the proof that we know the consumer secret, None where X asks for none."""
    token = query.get("crc_token", "")
    if not token or not secrets:
        return None
    proof = _signature(secrets[0], token.encode("utf-8", "replace"))
    return Handshake(json.dumps({"response_token": proof}), "application/json")


def _signature(secret: SecretStr, signed: bytes) -> str:
    digest = hmac.digest(secret.get_secret_value().encode(), signed, "sha256")
    return "sha256=" + base64.b64encode(digest).decode()


def parse(body: bytes, account: Account) -> list[Inbound]:
    """Return the events of an envelope; raises BrokenPayload unless `body` is a JSON object.

    What is of a kind not read here, or has no usable id, is UNKNOWN without an address.
    """
    envelope = decode(body)
    try:
        data = inner(envelope, "data")
        if words(data, "event_type"):
            return _activity(envelope, data, account, body)
        if account.old_payloads and "for_user_id" in envelope:
            return _account_activity(envelope, account, body)
    except RecursionError:  # nested just so that it can be read but not written again
        return [_unknown(NO_FIELDS, body)]
    return [_unknown(data, body)]


def _activity(envelope: Fields, data: Fields, account: Account, body: bytes) -> list[Inbound]:
    """Read an envelope of the X Activity API; only direct messages can be several.

    Those share one event_uuid, so one without an id of its own goes by its bytes.
    """
    payload = inner(data, "payload")
    events = payload.get("direct_message_events")
    if words(data, "event_type") != "dm.received" or not isinstance(events, list) or not events:
        found = _ACTIVITIES.get(words(data, "event_type"), _nothing)(data, account, body)
        return [found or _unknown(data, body)]
    users = inner(payload, "users")
    if len(events) == 1:
        found = _named(_message(events[0], account, body), users)
        return [found or _unknown(NO_FIELDS, body)]
    raws = [
        encode(
            {**envelope, "data": {**data, "payload": {**payload, "direct_message_events": [it]}}}
        )
        for it in events
    ]
    return [
        _named(_message(event, account, raw), users) or _unknown(NO_FIELDS, raw)
        for event, raw in zip(events, raws, strict=True)
    ]


def _account_activity(envelope: Fields, account: Account, body: bytes) -> list[Inbound]:
    """Read an envelope of the Account Activity API: lists of events beside common fields."""
    lists = {
        key: it for key, it in envelope.items() if key.endswith("_events") and isinstance(it, list)
    }
    common = {key: it for key, it in envelope.items() if key not in lists}
    events = [(key, event) for key, every in lists.items() for event in every]
    if not events:
        return [_unknown(NO_FIELDS, body)]
    found = []
    for key, event in events:
        raw = body if len(events) == 1 else encode({**common, key: [event]})
        reader = _OLD.get(key, _nothing)
        fields = event if isinstance(event, dict) else NO_FIELDS
        read_as = _named(reader(fields, account, raw), inner(common, "users"))
        found.append(read_as or _unknown(NO_FIELDS, raw))
    return found


def _named(found: Inbound | None, users: Fields) -> Inbound | None:
    """Return the event with the name of its sender, if `users` describes him under his id."""
    user = inner(users, found.address) if found else NO_FIELDS
    given = name_of(inner(user, "data") or user)
    return replace(found, name=given) if found and given else found


def _unknown(data: Fields, raw: bytes) -> Inbound:
    uuid = name(data, "event_uuid")
    external_id = f"event:{uuid}" if uuid else "sha256:" + hashlib.sha256(raw).hexdigest()
    return Inbound(CHANNEL, external_id, "", Kind.UNKNOWN, raw)


def _nothing(fields: Fields, account: Account, raw: bytes) -> None:
    """Read nothing: no event of this kind is ours to understand."""


def _post(data: Fields, account: Account, raw: bytes) -> Inbound | None:
    return read(inner(data, "payload"), inner(data, "includes"), account, raw)


def _tweet(tweet: Fields, account: Account, raw: bytes) -> Inbound | None:
    return read(*modern(tweet), account, raw)


def _message(event: object, account: Account, raw: bytes) -> Inbound | None:
    """Read a direct message, UNKNOWN if it is our own; None if it is none."""
    fields = event if isinstance(event, dict) else NO_FIELDS
    message = inner(fields, "message_create")
    message_id, sender = number(fields, "id"), number(message, "sender_id")
    if not message_id or not sender:
        return None
    if sender == account.user_id:
        return Inbound(CHANNEL, DM + message_id, "", Kind.UNKNOWN, raw)
    content = inner(message, "message_data")
    media = inner(inner(content, "attachment"), "media")
    links = [*inners(inner(content, "entities"), "urls"), own_link(media)]
    file = film_or_photo(media, account.media_max_bytes)
    return Inbound(
        channel=CHANNEL,
        external_id=DM + message_id,
        address=sender,
        kind=Kind.MESSAGE,
        raw=raw,
        sent_at=milliseconds(fields, "created_timestamp"),
        message_id=message_id,
        text=said(words(content, "text"), links),
        attachments=(file,) if file else (),
    )


def _encrypted(data: Fields, account: Account, raw: bytes) -> Inbound | None:
    """Read that somebody wrote what only X's own apps can decrypt."""
    payload = inner(data, "payload")
    chat_id, sender = name(payload, "id"), number(payload, "sender_id")
    if not chat_id or not sender or sender == account.user_id:
        return None
    sent_at = milliseconds(payload, "created_at_msec")
    return Inbound(CHANNEL, f"chat:{chat_id}", sender, Kind.ENCRYPTED, raw, sent_at, chat_id)


def _deleted_post(data: Fields, account: Account, raw: bytes) -> Inbound | None:
    payload = inner(data, "payload")
    return _deletion(number(payload, "id"), number(payload, "author_id"), account, raw)


def _deleted_tweet(event: Fields, account: Account, raw: bytes) -> Inbound | None:
    status = inner(event, "status")
    return _deletion(number(status, "id"), number(status, "user_id"), account, raw)


def _deletion(post_id: str, author: str, account: Account, raw: bytes) -> Inbound | None:
    """Read that a citizen took his post back; None for our own."""
    if not post_id or not author or author == account.user_id:
        return None
    return Inbound(CHANNEL, DELETION + post_id, author, Kind.WITHDRAWN, raw, message_id=post_id)


# follow.*, oauth.revoke and all else is kept as UNKNOWN: who follows us has said nothing yet, and
# a revoked token shows at the next call and in the channel's check.
_ACTIVITIES: dict[str, Reader] = {
    "post.mention.create": _post,
    "post.reply.create": _post,
    "post.quote.create": _post,
    "post.delete": _deleted_post,
    "chat.received": _encrypted,
}
_OLD: dict[str, Reader] = {
    "tweet_create_events": _tweet,
    "direct_message_events": _message,
    "tweet_delete_events": _deleted_tweet,
}
__all__ = ["CHANNEL", "POST", "answer_challenge", "parse", "verify"]
