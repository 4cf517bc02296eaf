"""Messenger's JSON: what a page's webhook is told. Pure."""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]

APP_ID = "1517776481860111"
CITIZEN = "Warga"


def post(page_id: str, at: float, event: Json) -> bytes:
    """A post with one entry."""
    entry = {"id": page_id, "time": int(at * 1000), "messaging": [event]}
    return json.dumps({"object": "page", "entry": [entry]}, separators=(",", ":")).encode()


def merge(posts: Sequence[bytes]) -> bytes:
    """One post with the entries of all."""
    entries = [entry for one in posts for entry in json.loads(one)["entry"]]
    return json.dumps({"object": "page", "entry": entries}, separators=(",", ":")).encode()


def event(sender: str, recipient: str, at: float, **what: Json) -> Json:
    """One event of a conversation."""
    head = {"sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": int(at * 1000)}
    return head | what


def echo(mid: str, metadata: str, text: str) -> Json:
    """A message of the page, as its own app hears of it."""
    message: Json = {"mid": mid, "is_echo": True, "app_id": int(APP_ID), "text": text}
    return message | ({"metadata": metadata} if metadata else {})


def attachment(kind: str, url: str, **more: int) -> Json:
    """A file at an address."""
    return {"type": kind, "payload": {"url": url, **more}}


def map_link(latitude: float, longitude: float, title: str) -> Json:
    """A place: Messenger has no pins any more, but a link to a map over its own redirector."""
    place = "https://www.google.com/maps?" + urlencode({"q": f"{latitude},{longitude}"})
    url = "https://l.facebook.com/l.php?" + urlencode({"u": place, "h": "simulasi"})
    return {"type": "fallback", "title": title, "payload": {"url": url, "title": title}}


def referral(ref: str) -> Json:
    """Where a citizen came from."""
    return {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}
