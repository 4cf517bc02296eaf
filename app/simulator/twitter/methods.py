"""The API's endpoints: a table from verb and path to function."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from app.simulator.hook import BadWebhook, target
from app.simulator.twitter import rules, shapes
from app.simulator.twitter.platform import Chat, Twitter
from app.simulator.twitter.shapes import Json
from app.simulator.twitter.timeline import OURS, Post

Answer = tuple[int, Json]
Method = Callable[[Twitter, "Asked"], Awaitable[Answer]]

_CHALLENGE_SECONDS = 10
_SHORT_DM_PAGE = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its body, its query, and what stood in its path."""

    body: bytes
    query: Mapping[str, str]
    path: Mapping[str, Any]

    def number(self, name: str, default: int) -> int:
        """A number of the query."""
        value = self.query.get(name, "")
        return int(value) if value.isascii() and value.isdecimal() else default


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A verb and a path below /2, what it does, the windows it counts in, if faults touch it."""

    verb: str
    path: str
    method: Method
    windows: tuple[str, ...] = ()
    spoilt: bool = False


async def _me(_: Twitter, __: Asked) -> Answer:
    return 200, {"data": shapes.user(OURS)}


async def _post(twitter: Twitter, asked: Asked) -> Answer:
    body = rules.read_body(asked.body)
    text = rules.text_of(body)
    if rules.weighted(text) > rules.POST_LIMIT:
        raise rules.invalid("Your Tweet text is too long.")
    answered = _to_answer(twitter, body.get("reply"))
    if twitter.settings.twitter_duplicates and twitter.timeline.says_again(text):
        raise rules.duplicate()
    name = shapes.x_id(twitter.reply(text, answered).number)
    return 201, {"data": {"id": name, "text": text, "edit_history_tweet_ids": [name]}}


def _to_answer(twitter: Twitter, reply: object) -> Post | None:
    """The post that a new one answers; raises Refusal where the account may not."""
    if reply is None:
        return None
    wanted = reply.get("in_reply_to_tweet_id") if isinstance(reply, dict) else None
    answered = twitter.timeline.get(shapes.number_of(str(wanted)))
    if answered is None:
        raise rules.not_found("the post to reply to")
    if not twitter.timeline.summons(answered):
        raise rules.not_summoned()
    began = twitter.timeline.citizen_before(answered)
    if began and (chat := twitter.chats.get(began.author)) and (chat.phone.blocked or chat.ended):
        raise rules.forbidden("You attempted to reply to a post that is not visible to you.")
    return answered


async def _message(twitter: Twitter, asked: Asked) -> Answer:
    twitter.tell_if_silent()
    text = rules.text_of(rules.read_body(asked.body))
    if len(text) > rules.DM_LIMIT:
        raise rules.invalid("The text is too long.")
    chat = _recipient(twitter, asked.path["user"])
    if chat.phone.blocked or chat.address in twitter.faults.blocked_chats:
        raise rules.dm_closed()
    name = f"{chat.address}-{shapes.ACCOUNT_ID}"
    event = twitter.tell(chat, text)
    return 201, {"data": {"dm_conversation_id": name, "dm_event_id": event}}


def _recipient(twitter: Twitter, name: str) -> Chat:
    chat = twitter.chats.get(int(name)) if name.isascii() and name.isdecimal() else None
    if chat is None or chat.ended:
        raise rules.not_found("the user")
    return chat


async def _mentions(twitter: Twitter, asked: Asked) -> Answer:
    since = shapes.number_of(asked.query.get("since_id", ""))
    found = list(twitter.timeline.mentions(since))
    page, token = _page(asked, found, 10)
    includes: Json = {"users": [shapes.user(OURS)], "media": []}
    for post in page:
        beside = twitter.includes(post)
        includes["users"].append(beside["users"][0])
        includes["media"] += beside.get("media", [])
    names = [shapes.x_id(post.number) for post in page]
    meta: Json = {"newest_id": names[0], "oldest_id": names[-1]} if names else {}
    data = [shapes.post(post) for post in page]
    return 200, _listed(data, {k: v for k, v in includes.items() if v}, meta, token)


async def _dm_events(twitter: Twitter, asked: Asked) -> Answer:
    page, token = _page(asked, list(twitter.messages), _SHORT_DM_PAGE)
    shown = [shapes.polled(event) for event in page]
    media = [photo for _, photos in shown for photo in photos]
    return 200, _listed([it for it, _ in shown], {"media": media} if media else {}, {}, token)


def _page(asked: Asked, found: list[Any], size: int) -> tuple[list[Any], str]:
    """One page of a list and the token of the next one, which is where it begins."""
    size = min(max(asked.number("max_results", size), 1), 100)
    start = asked.number("pagination_token", 0)
    end = start + size
    return found[start:end], str(end) if end < len(found) else ""


def _listed(data: list[Json], includes: Json, meta: Json, token: str) -> Json:
    meta = {"result_count": len(data)} | meta | ({"next_token": token} if token else {})
    if not data:
        return {"meta": meta}
    return {"data": data, "meta": meta} | ({"includes": includes} if includes else {})


async def _webhooks(twitter: Twitter, _: Asked) -> Answer:
    if not twitter.hook.url:
        return 200, {"meta": {"result_count": 0}}
    return 200, {"data": [_webhook(twitter)], "meta": {"result_count": 1}}


async def _create_webhook(twitter: Twitter, asked: Asked) -> Answer:
    url = str(rules.read_body(asked.body).get("url") or "")
    await _challenge(twitter, url)
    twitter.webhook_id = str(secrets.randbits(60))
    await twitter.hook.point(url)
    return 200, {"data": _webhook(twitter)}


async def _renew_webhook(twitter: Twitter, asked: Asked) -> Answer:
    _require_webhook(twitter, asked)
    await _challenge(twitter, twitter.hook.url)
    return 200, {"data": {"valid": True}}


async def _delete_webhook(twitter: Twitter, asked: Asked) -> Answer:
    _require_webhook(twitter, asked)
    twitter.webhook_id = ""
    twitter.subscriptions.clear()
    await twitter.hook.point("")
    return 200, {"data": {"deleted": True}}


async def _subscriptions(twitter: Twitter, _: Asked) -> Answer:
    found = list(twitter.subscriptions.values())
    return 200, _listed(found, {}, {}, "")


async def _subscribe(twitter: Twitter, asked: Asked) -> Answer:
    body = rules.read_body(asked.body)
    if body.get("webhook_id") != twitter.webhook_id or not twitter.webhook_id:
        raise rules.invalid("webhook_id is not one of yours.")
    names = ("event_type", "filter", "tag", "webhook_id")
    made: Json = {name: body[name] for name in names if name in body}
    if not isinstance(made.get("event_type"), str) or not isinstance(made.get("filter"), dict):
        raise rules.invalid("event_type and filter are required.")
    name = str(secrets.randbits(60))
    twitter.subscriptions[name] = {"subscription_id": name} | made
    return 200, {"data": {"subscription": twitter.subscriptions[name]}}


def _webhook(twitter: Twitter) -> Json:
    return {"id": twitter.webhook_id, "url": twitter.hook.url, "valid": True}


def _require_webhook(twitter: Twitter, asked: Asked) -> None:
    if not twitter.webhook_id or asked.path["webhook"] != twitter.webhook_id:
        raise rules.not_found("the webhook")


async def _challenge(twitter: Twitter, url: str) -> None:
    """Ask the webhook to prove that it knows the consumer secret; raises Refusal if it does not."""
    try:
        target(url, twitter.settings.known_hosts)
    except BadWebhook as error:
        raise rules.invalid(f"The webhook's URL: {error}.") from error
    token = secrets.token_urlsafe(24)
    try:
        async with httpx.AsyncClient(timeout=_CHALLENGE_SECONDS, trust_env=False) as client:
            answer = await client.get(url, params={"crc_token": token})
        proof = answer.json().get("response_token") if answer.status_code == httpx.codes.OK else ""
    except (httpx.HTTPError, ValueError, AttributeError) as error:
        raise rules.invalid(f"CrcValidationFailed: {type(error).__name__}.") from error
    if proof != twitter.signature(token.encode()):
        raise rules.invalid("CrcValidationFailed: the webhook does not know the secret.")


ENDPOINTS = (
    Endpoint("GET", "users/me", _me),
    Endpoint("GET", "users/{user}/mentions", _mentions, ("mentions",)),
    Endpoint("GET", "dm_events", _dm_events, ("dm_events",)),
    Endpoint("POST", "tweets", _post, ("posts",), spoilt=True),
    Endpoint(
        "POST", "dm_conversations/with/{user}/messages", _message, ("dms", "dms-day"), spoilt=True
    ),
    Endpoint("GET", "webhooks", _webhooks),
    Endpoint("POST", "webhooks", _create_webhook),
    Endpoint("PUT", "webhooks/{webhook}", _renew_webhook),
    Endpoint("DELETE", "webhooks/{webhook}", _delete_webhook),
    Endpoint("GET", "activity/subscriptions", _subscriptions),
    Endpoint("POST", "activity/subscriptions", _subscribe),
)
