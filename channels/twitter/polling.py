"""Asking X for mentions and direct messages, where it cannot reach us.

What is found is put into the envelope that the webhook would have brought, so that the same parser
reads it and both ways give an event the same name.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from channels.twitter.api import Api, Client
from channels.twitter.fields import moment, name, number
from channels.twitter.inbound import parse
from channels.twitter.posts import CHANNEL, Account
from channels.twitter.refusals import Refusal
from channels.twitter.settings import TwitterSettings
from core.errors import PollRefused, SendCode
from core.message import Inbound, unreadable
from core.payload import Fields, encode, inner, inners, words

log = logging.getLogger(__name__)

_PAGE = 100  # X gives no more at once
_MENTION_PAGES = 8  # nor more than the newest 800 mentions in all
_DM_PAGES = 10  # of 15 that it allows in 15 minutes
_LONGEST = 20.0  # seconds that one poll may take
_POST_FIELDS = [
    *("created_at", "conversation_id", "referenced_tweets", "in_reply_to_user_id", "lang"),
    *("entities", "attachments", "edit_history_tweet_ids", "geo", "note_tweet"),
]
_MEDIA_FIELDS = ["url", "variants", "type", "duration_ms"]
_DM_FIELDS = ["created_at", "sender_id", "text", "dm_conversation_id", "attachments", "entities"]


class Page(Protocol):
    """A question to tweepy's client for one page."""

    def __call__(self, client: Client, token: str) -> object:
        """Return the page that `token` names, the first for ""."""
        ...


@dataclass
class Poller:
    """Asks for one account; remembers when it may ask again, so one at a time may use it."""

    api: Api
    settings: TwitterSettings
    account: Account
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _mentions_at: float = 0.0
    _messages_at: float = 0.0

    def poll(self, cursor: str) -> tuple[list[Inbound], str]:
        """Return what is newer than `cursor`, the oldest first, and the next cursor.

        "" asks for the newest page of each. Waits before it asks, as long as X wants between two
        questions, but no longer than some 20 s. Raises PollRefused; what was found before a
        failure is handed over first.
        """
        deadline = self.clock() + _LONGEST
        wait = min(self._mentions_at, self._messages_at, deadline) - self.clock()
        if wait > 0:
            self.sleep(wait)
        marks = _read_cursor(cursor)
        try:
            posts, marks["mentions"] = self._mentions(marks["mentions"], deadline)
        except Refusal as refusal:
            self._mentions_at = self.clock() + _pause(refusal)
            raise PollRefused(refusal.code) from None
        try:
            messages, marks["dms"] = self._messages(marks["dms"], deadline)
        except Refusal as refusal:
            self._messages_at = self.clock() + _pause(refusal)
            if not posts:
                raise PollRefused(refusal.code) from None
            log.warning("X did not hand out the direct messages: %s", refusal.code)
            messages = []
        found = [inbound for raw in (*posts, *messages) for inbound in self._read(raw)]
        return found, encode(marks).decode()

    def _mentions(self, since: str, deadline: float) -> tuple[list[bytes], str]:
        """Return the mentions after `since` as envelopes and the mark to go on from."""
        now = self.clock()
        if now < self._mentions_at:
            return [], since
        self._mentions_at = now + self.settings.poll_interval

        def page(client: Client, token: str) -> object:
            return client.get_users_mentions(
                self.account.user_id,
                since_id=since or None,
                max_results=_PAGE,
                pagination_token=token or None,
                expansions=["author_id", "attachments.media_keys"],
                tweet_fields=_POST_FIELDS,
                media_fields=_MEDIA_FIELDS,
                user_auth=True,
            )

        most = _MENTION_PAGES if since else 1
        raws: list[bytes] = []
        newest, done = since, False
        for asked, (answer, is_last) in enumerate(self._pages(page, most, deadline), start=1):
            for post in inners(answer, "data"):
                newest = _later(newest, number(post, "id"))
                raws.append(encode(self._mention(post, inner(answer, "includes"))))
            done = is_last or asked == most
        # Cut short by the clock, the older ones would be left out for good: ask for all again.
        return raws[::-1], newest if done else since

    def _messages(self, since: str, deadline: float) -> tuple[list[bytes], str]:
        """Return the direct messages after `since` as envelopes and the mark to go on from."""
        now = self.clock()
        if now < self._messages_at:
            return [], since
        self._messages_at = now + self.settings.poll_dm_interval

        def page(client: Client, token: str) -> object:
            return client.get_direct_message_events(
                dm_event_fields=_DM_FIELDS,
                event_types="MessageCreate",
                expansions=["attachments.media_keys"],
                media_fields=_MEDIA_FIELDS,
                max_results=_PAGE,
                pagination_token=token or None,
            )

        raws: list[bytes] = []
        newest, done = since, False
        for answer, is_last in self._pages(page, _DM_PAGES if since else 1, deadline):
            events = inners(answer, "data")
            fresh = [it for it in events if not since or _is_later(number(it, "id"), since)]
            for event in fresh:
                newest = _later(newest, number(event, "id"))
                raws.append(encode(self._message(event, inner(answer, "includes"))))
            done = is_last or not since or len(fresh) < len(events)
            if done:
                break
        return raws[::-1], newest if done else since

    def _pages(self, page: Page, most: int, deadline: float) -> Iterator[tuple[Fields, bool]]:
        """Yield up to `most` pages, the newest first, and whether one is the last there is."""
        token = ""
        for _ in range(most):
            answer = self.api.call(partial(page, token=token))
            if not isinstance(answer.get("data", []), list):
                raise Refusal(SendCode.UNCERTAIN, "no list of events")
            token = words(inner(answer, "meta"), "next_token")
            yield answer, not token
            if not token or self.clock() > deadline:
                return

    def _mention(self, post: Fields, includes: Fields) -> Fields:
        """Return the envelope that the webhook makes of a post; X names the event by the post."""
        kind = "post.mention.create"
        author = [it for it in inners(includes, "users") if it.get("id") == post.get("author_id")]
        own = {"media": _own_media(post, includes), "users": author}
        return self._envelope(kind, number(post, "id"), post, own)

    def _message(self, event: Fields, includes: Fields) -> Fields:
        """Return the envelope that the webhook makes of a direct message, in words of API v1.1."""
        sent_at = moment(event, "created_at")
        content: dict[str, object] = {
            "text": event.get("text"),
            "entities": event.get("entities"),
        }
        if media := _own_media(event, includes):
            content["attachment"] = {"type": "media", "media": media[0]}
        message = {
            "type": "message_create",
            "id": event.get("id"),
            "created_timestamp": str(int(sent_at.timestamp() * 1000)) if sent_at else "",
            "message_create": {
                "target": {"recipient_id": self.account.user_id},
                "sender_id": event.get("sender_id"),
                "message_data": content,
            },
        }
        payload = {"direct_message_events": [message]}
        return self._envelope("dm.received", name(event, "id"), payload, {})

    def _envelope(self, kind: str, uuid: str, payload: Fields, includes: Fields) -> Fields:
        return {
            "data": {
                "event_uuid": uuid,
                "filter": {"user_id": self.account.user_id},
                "event_type": kind,
                "payload": payload,
                "includes": includes,
            }
        }

    def _read(self, raw: bytes) -> Sequence[Inbound]:
        """Return an envelope's event; one on which our parser fails must not stop the others."""
        try:
            return parse(raw, self.account)
        except Exception:
            log.exception("a polled event is quarantined unread")
            return [unreadable(CHANNEL, raw)]


def _pause(refusal: Refusal) -> float:
    """Return the seconds that X asks for, 0 where it failed otherwise."""
    return refusal.retry_after.total_seconds() if refusal.retry_after else 0


def _read_cursor(cursor: str) -> dict[str, str]:
    """Return the two marks of a cursor; one that is no cursor of ours begins anew."""
    try:
        found: object = json.loads(cursor) if cursor else {}
    except ValueError:
        found = {}
    marks: Mapping[str, Any] = found if isinstance(found, dict) else {}
    return {"mentions": number(marks, "mentions"), "dms": number(marks, "dms")}


def _own_media(item: Fields, includes: Fields) -> list[Fields]:
    """Return those of a page's files that belong to one post or message."""
    keys = inner(item, "attachments").get("media_keys")
    wanted = keys if isinstance(keys, list) else []
    return [it for it in inners(includes, "media") if it.get("media_key") in wanted]


def _is_later(found: str, mark: str) -> bool:
    """Tell whether an id was given out after another; longer ones are."""
    return (len(found), found) > (len(mark), mark)


def _later(one: str, other: str) -> str:
    return other if _is_later(other, one) else one
