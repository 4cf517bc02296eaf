"""The Graph API's calls, each a function of the state and the parameters."""

import secrets
import time
from collections.abc import Awaitable, Callable

import httpx

from app.simulator.hook import BadWebhook
from app.simulator.messenger import shapes
from app.simulator.messenger.platform import Chat, Messenger
from app.simulator.messenger.rules import Draft, Json, Refusal, check_window, draft, parameter
from app.simulator.phone import Bubble, rows

Method = Callable[[Messenger, Json], Awaitable[Json]]

_HANDSHAKE_SECONDS = 5.0
_LONGEST_ID = 19  # digits of a number in 64 bits


async def send(messenger: Messenger, body: Json) -> Json:
    """`POST /{page}/messages`: show the message on the phone, and echo it to the app."""
    made = draft(body)
    chat = _recipient(messenger, body)
    check_window(
        body,
        made,
        chat.hours_silent(),
        human_agent=messenger.settings.messenger_human_agent,
        templates=messenger.settings.messenger_template_names,
    )
    _admit(messenger)
    message_id = messenger.next_message_id()
    _show(messenger, chat, message_id, made)
    mid = messenger.mid(message_id)
    if messenger.settings.messenger_echo:
        echo = shapes.echo(mid, made.metadata, made.text)
        messenger.tell(chat.phone.address, "echo", time.time(), message=echo)
    return {"recipient_id": str(chat.phone.address), "message_id": mid}


def _recipient(messenger: Messenger, body: Json) -> Chat:
    """The conversation a message is for, if the page may write there."""
    recipient = body.get("recipient")
    psid = recipient.get("id") if isinstance(recipient, dict) else None
    if not isinstance(psid, str) or not psid:
        raise parameter("Param recipient[id] must be a string")
    known = psid.isascii() and psid.isdecimal() and len(psid) <= _LONGEST_ID
    chat = messenger.chats.get(int(psid)) if known else None
    if chat is None or not chat.heard_at:
        raise parameter("No matching user found", 2018001)
    blocked = chat.phone.blocked or chat.phone.address in messenger.faults.blocked_chats
    if blocked or chat.deactivated:
        raise Refusal(400, 551, "(#551) This person isn't available right now.", 1545041)
    return chat


def _admit(messenger: Messenger) -> None:
    """Count one call of the page, or refuse it as too fast."""
    if messenger.bucket.wait(time.monotonic()) > 0:
        raise flood(1)
    messenger.bucket.spend()


def flood(seconds: int) -> Refusal:
    """The refusal of a call that comes too fast."""
    words = "(#613) Calls to this API have exceeded the rate limit."
    return Refusal(429, 613, words, headers={"Retry-After": str(seconds)})


def _show(messenger: Messenger, chat: Chat, message_id: int, made: Draft) -> None:
    bubble = Bubble(message_id, False, "text", made.text, buttons=made.buttons, quick=made.quick)
    chat.phone.show(bubble)
    buttons = rows(*made.buttons, made.quick)
    messenger.wire.sent(messenger.name, chat.phone.address, message_id, made.text, buttons)


async def me(messenger: Messenger, _: Json) -> Json:
    """`GET /me` with a page's token: the page."""
    return {"id": messenger.page_id, "name": "Kanal (simulasi)"}


async def app(_: Messenger, __: Json) -> Json:
    """`GET /app`: the app of the token."""
    return {"id": shapes.APP_ID, "name": "Kanal (simulasi)"}


async def profile(messenger: Messenger, params: Json) -> Json:
    """`GET /{PSID}`: what a page may know of a citizen."""
    _recipient(messenger, {"recipient": {"id": params["node"]}})
    return {"first_name": shapes.CITIZEN, "last_name": "", "id": params["node"]}


async def subscriptions(messenger: Messenger, _: Json) -> Json:
    """`GET /{page}/subscribed_apps`: which apps hear of the page, and of what."""
    ours = {"id": shapes.APP_ID, "subscribed_fields": sorted(messenger.subscribed)}
    return {"data": [ours] if messenger.subscribed else []}


async def subscribe(messenger: Messenger, params: Json) -> Json:
    """`POST /{page}/subscribed_apps`: let the app hear of these fields."""
    fields = _names(params.get("subscribed_fields"))
    if not fields:
        raise parameter("The parameter subscribed_fields is required.")
    messenger.subscribed = fields
    return {"success": True}


async def unsubscribe(messenger: Messenger, _: Json) -> Json:
    """`DELETE /{page}/subscribed_apps`."""
    messenger.subscribed = frozenset()
    return {"success": True}


async def webhooks(messenger: Messenger, _: Json) -> Json:
    """`GET /{app}/subscriptions`: the app's webhooks."""
    hook: Json = {"object": "page", "callback_url": messenger.hook.url, "active": True}
    hook["fields"] = [{"name": it, "version": "v26.0"} for it in sorted(messenger.hooked)]
    return {"data": [hook] if messenger.hook.url else []}


async def set_webhook(messenger: Messenger, params: Json) -> Json:
    """`POST /{app}/subscriptions`: post to this address, once it has shown the verify token."""
    fields, url = _names(params.get("fields")), str(params.get("callback_url") or "")
    if params.get("object") != "page" or not (fields and url and params.get("verify_token")):
        raise parameter("object=page, callback_url, fields and verify_token are required")
    old = messenger.hook.url
    try:
        await messenger.hook.point(url)  # refuses what is no address of a known host
        await _shake_hands(url, str(params["verify_token"]))
    except BadWebhook as error:
        await messenger.hook.point(old)
        words = f"(#2200) Callback verification failed with the following errors: {error}"
        raise Refusal(400, 2200, words) from error
    messenger.hooked = fields
    return {"success": True}


async def _shake_hands(url: str, verify_token: str) -> None:
    """Let the address answer a challenge; raises BadWebhook."""
    challenge = str(secrets.randbelow(10**10))
    query = {
        "hub.mode": "subscribe",
        "hub.challenge": challenge,
        "hub.verify_token": verify_token,
    }
    try:
        async with httpx.AsyncClient(timeout=_HANDSHAKE_SECONDS, trust_env=False) as client:
            answer = await client.get(url, params=query)
    except httpx.HTTPError as error:
        raise BadWebhook(type(error).__name__) from error
    if (answer.status_code, answer.text) != (200, challenge):
        raise BadWebhook(f"HTTP Status Code = {answer.status_code}; the challenge did not return")


def _names(value: object) -> frozenset[str]:
    """A list of names, as such or in one text with commas."""
    names = value.split(",") if isinstance(value, str) else value
    return frozenset(map(str, names)) - {""} if isinstance(names, list) else frozenset()
