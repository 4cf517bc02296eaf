"""What Messenger posts to us: checked, taken apart, then read event by event; pure.

A post carries a batch of entries, each a batch of events. One event's `raw` is the post itself
where it came alone, else the same envelope made again around that event.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pydantic import SecretStr

from channels.messenger.events import CHANNEL, Event, read, standby
from core.channel import Handshake
from core.message import Inbound, Kind
from core.payload import NO_FIELDS, count, decode, identifier, inner, moment
from core.signature import matches

HEADER = "x-hub-signature-256"

_LISTS = ("messaging", "standby")
_CHALLENGE = re.compile(r"[\w.-]{1,256}", re.ASCII)


def verify(secrets: Sequence[SecretStr], headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether `body` is signed with one of `secrets`, in a time that tells nothing."""
    keys = [secret.get_secret_value().encode() for secret in secrets]
    right = [b"sha256=" + hmac.digest(key, body, "sha256").hex().encode() for key in keys]
    return matches(headers.get(HEADER, ""), right)


def handshake(verify_token: SecretStr, query: Mapping[str, str]) -> Handshake | None:
    """Return Meta's challenge if it shows our verify token, None otherwise."""
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    ours = verify_token.get_secret_value().encode()
    challenge = query.get("hub.challenge", "")
    if not hmac.compare_digest(given, ours) or query.get("hub.mode") != "subscribe":
        return None
    return Handshake(challenge) if _CHALLENGE.fullmatch(challenge) else None


def parse(page_id: str, body: bytes) -> list[Inbound]:
    """Return the events of a post, in order; those of other pages than `page_id` are UNKNOWN.

    Raises BrokenPayload unless `body` is a JSON object.
    """
    post = decode(body)
    if post.get("object") != "page" or not isinstance(post.get("entry"), list):
        return [Inbound(CHANNEL, _digest(body), "", Kind.UNKNOWN, body)]
    items = [item for entry in post["entry"] for item in _items(entry)]
    if len(items) == 1:
        return [_read(page_id, items[0], body)]
    return [_alone(page_id, item, body, number) for number, item in enumerate(items)]


@dataclass(frozen=True, slots=True)
class _Item:
    """One event in its entry; `word` names the list it stood in, "" for an odd entry itself."""

    entry: object
    word: str
    event: object

    def envelope(self) -> object:
        """Return the post that carries this event alone."""
        if not self.word or not isinstance(self.entry, dict):
            return {"object": "page", "entry": [self.entry]}
        head = {name: self.entry[name] for name in ("id", "time") if name in self.entry}
        return {"object": "page", "entry": [{**head, self.word: [self.event]}]}


def _items(entry: object) -> Iterator[_Item]:
    """Yield the events of an entry; one that holds no list of events is itself an odd one."""
    lists = [
        word for word in _LISTS if isinstance(entry, dict) and isinstance(entry.get(word), list)
    ]
    if not lists or not isinstance(entry, dict):
        yield _Item(entry, "", entry)
        return
    for word in lists:
        for event in entry[word]:
            yield _Item(entry, word, event)


def _alone(page_id: str, item: _Item, body: bytes, number: int) -> Inbound:
    """Read one event of several from an envelope of its own."""
    try:
        raw = _dump(item.envelope())
    except RecursionError:  # nested beyond reason: only a mark of it can be kept
        mark = f"{_digest(body)}:{number}"
        item = _Item(mark, "", mark)
        raw = _dump(item.envelope())
    return _read(page_id, item, raw)


def _read(page_id: str, item: _Item, raw: bytes) -> Inbound:
    fields = item.event if isinstance(item.event, dict) else NO_FIELDS
    event = Event(
        sender=identifier(inner(fields, "sender"), "id"),
        recipient=identifier(inner(fields, "recipient"), "id"),
        at=moment(count(fields, "timestamp")),
        fields=fields,
        checksum=partial(_checksum, item, raw),
        raw=raw,
    )
    if not item.word or _page(item.entry) not in {page_id, ""}:
        return event.unknown()
    return standby(event) if item.word == "standby" else read(event, page_id)


def _page(entry: object) -> str:
    return identifier(entry, "id") if isinstance(entry, dict) else ""


def _checksum(item: _Item, raw: bytes) -> str:
    """Return what names an event that has no id, in whatever batch it comes."""
    try:
        return _digest(_dump([_page(item.entry), item.word, item.event]))
    except RecursionError:
        return _digest(raw)


def _dump(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()
