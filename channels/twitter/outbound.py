"""One part of a reply becomes one post or one direct message; what goes wrong becomes a value."""

import re
from collections.abc import Mapping
from typing import Any

from channels.twitter.api import Api
from channels.twitter.posts import POST
from channels.twitter.refusals import Refusal
from channels.twitter.weight import has_link
from core.errors import SendCode, SendError, Sent
from core.message import Outbound
from core.text import clean

_ID = re.compile(r"[0-9]{1,19}")
_NEVER_TAKEN = re.compile("[\ufeff\ufffe\uffff]")  # X refuses a text that holds one


def send(api: Api, part: Outbound) -> Sent | SendError:
    """Reply to a post in public if the address names one, otherwise write to the citizen alone.

    A post of which an earlier attempt may have arrived counts as sent when X calls it a
    duplicate; its id is then unknown, so a next part answers the same post as this one.
    """
    text = _NEVER_TAKEN.sub("", clean(part.text))
    post = part.address.removeprefix(POST)
    is_public = post != part.address
    if not _ID.fullmatch(post):
        return SendError(SendCode.NO_CHAT, False, detail="no id of X")
    if is_public and has_link(text):  # costs thirteen times as much, and may lead anywhere
        return SendError(SendCode.REJECTED, False, detail="link in public")
    try:
        return _reply(api, part.after or post, text) if is_public else _message(api, post, text)
    except Refusal as refusal:
        if is_public and part.memo and refusal.is_duplicate:
            return Sent("")
        return refusal.as_error(part.memo)


def _reply(api: Api, post: str, text: str) -> Sent:
    answer = api.call(lambda client: client.create_tweet(text=text, in_reply_to_tweet_id=post))
    return Sent(_id(answer, "id"))


def _message(api: Api, user: str, text: str) -> Sent:
    answer = api.call(lambda client: client.create_direct_message(participant_id=user, text=text))
    return Sent(_id(answer, "dm_event_id"))


def _id(answer: Mapping[str, Any], name: str) -> str:
    data = answer.get("data")
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, str) or not _ID.fullmatch(found):
        raise Refusal(SendCode.UNCERTAIN, "an answer without the new id")
    return found
