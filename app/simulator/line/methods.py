"""The Messaging API's endpoints: a table from verb and path to function."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers

from app.simulator.hook import BadWebhook, target
from app.simulator.line import rules, shapes
from app.simulator.line.platform import Chat, Line, Media
from app.simulator.line.rules import Refusal
from app.simulator.line.shapes import Json
from app.simulator.post import Answer, NoAnswer, Poster

Method = Callable[[Line, "Asked"], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its body, headers, and what stood in its path; `id` is ours for the answer."""

    body: bytes
    headers: Headers
    path: dict[str, Any]
    id: str


async def _reply(line: Line, asked: Asked) -> Json:
    if "x-line-retry-key" in asked.headers:
        raise Refusal(400, "The retry key is not supported by this API")
    body = rules.read_body(asked.body)
    texts = rules.texts(body)
    token = body.get("replyToken")
    if not isinstance(token, str):
        raise rules.wrong("May not be empty", "replyToken")
    chat = line.chat(line.ledger.spend(token))
    return shapes.sent_messages(line.show(chat, texts))


async def _push(line: Line, asked: Asked) -> Json:
    key = rules.retry_key(asked.headers)
    body = rules.read_body(asked.body)
    texts = rules.texts(body)
    line.ledger.check_key(key)
    chat = _recipient(line, body)
    if line.reaches(chat):  # nobody is billed for what nobody sees
        line.ledger.count()
    answer = shapes.sent_messages(line.show(chat, texts))
    line.ledger.accept(key, asked.id, answer)
    return answer


def _recipient(line: Line, body: Json) -> Chat:
    name = body.get("to")
    if not isinstance(name, str) or shapes.address_of(name) is None:
        raise Refusal(
            400, "The property, 'to', in the request body is invalid (line: -, column: -)"
        )
    chat = line.known(name)
    if chat is None:
        raise Refusal(400, "Failed to send messages")
    return chat


async def _bot_info(_: Line, __: Asked) -> Json:
    return shapes.bot_info()


async def _profile(line: Line, asked: Asked) -> Json:
    chat = line.known(asked.path["user"])
    if chat is None or chat.address < 0 or not line.reaches(chat):
        raise rules.not_found()
    return shapes.profile(chat.address)


async def _quota(line: Line, _: Asked) -> Json:
    quota = line.ledger.quota
    return {"type": "limited", "value": quota} if quota else {"type": "none"}


async def _consumption(line: Line, _: Asked) -> Json:
    return {"totalUsage": line.ledger.pushed}


async def _get_endpoint(line: Line, _: Asked) -> Json:
    if not line.hook.url:
        raise Refusal(404, "Webhook endpoint not found")
    return {"endpoint": line.hook.url, "active": True}


async def _put_endpoint(line: Line, asked: Asked) -> Json:
    url = rules.read_body(asked.body).get("endpoint")
    if not isinstance(url, str) or not url:
        raise rules.wrong("May not be empty", "endpoint")
    if len(url) > rules.URL_LIMIT:
        raise rules.wrong(f"Length must be between 0 and {rules.URL_LIMIT}", "endpoint")
    try:
        await line.hook.point(url)
    except BadWebhook as refusal:
        raise rules.wrong(f"Invalid webhook endpoint URL: {refusal}", "endpoint") from refusal
    return {}


async def _test_endpoint(line: Line, asked: Asked) -> Json:
    """Post a body without events to the registered webhook, or to the one that is named."""
    url = rules.read_body(asked.body or b"{}").get("endpoint") or line.hook.url
    if not url:
        raise Refusal(404, "Webhook endpoint not found")
    poster = Poster(
        target(url, line.settings.known_hosts), line.sign, line.settings.line_ack_seconds
    )
    try:
        answer = await poster.post(shapes.envelope([]))
    except NoAnswer:
        answer = None
    finally:
        poster.close()
    return _tested(answer)


def _tested(answer: Answer | None) -> Json:
    reason = "COULD_NOT_CONNECT"
    if answer:
        reason = "OK" if answer.taken else "ERROR_STATUS_CODE"
    return {
        "success": bool(answer and answer.taken),
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "statusCode": answer.status if answer else 0,
        "reason": reason,
        "detail": str(answer.status) if answer else "the webhook could not be reached",
    }


async def _transcoding(line: Line, asked: Asked) -> Json:
    """Say "processing" at the first time of asking, then that it is ready."""
    media = _media(line, asked.path["message"])
    media.asked += 1
    return {"status": "succeeded" if media.ready else "processing"}


def _media(line: Line, name: str) -> Media:
    media = line.media.get(shapes.number_of(name))
    if media is None:
        raise rules.not_found()
    return media


async def content(line: Line, name: str) -> bytes | None:
    """A citizen's file, None while it is being prepared; raises Refusal where there is none."""
    await asyncio.sleep(line.faults.latency_ms / 1000)
    media = _media(line, name)
    return media.content if media.ready else None


def request_id() -> str:
    """What LINE calls one call."""
    return secrets.token_hex(16)


#: Verb and path below /v2/bot, the function, and whether faults touch it.
METHODS: tuple[tuple[str, str, Method, bool], ...] = (
    ("POST", "message/reply", _reply, True),
    ("POST", "message/push", _push, True),
    ("GET", "profile/{user}", _profile, True),
    ("GET", "message/{message}/content/transcoding", _transcoding, True),
    ("GET", "info", _bot_info, False),
    ("GET", "message/quota", _quota, False),
    ("GET", "message/quota/consumption", _consumption, False),
    ("GET", "channel/webhook/endpoint", _get_endpoint, False),
    ("PUT", "channel/webhook/endpoint", _put_endpoint, False),
    ("POST", "channel/webhook/test", _test_endpoint, False),
)
