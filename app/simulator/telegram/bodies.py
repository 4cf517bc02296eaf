"""The parameters of a Bot API call: query, JSON, form or multipart, all mean the same."""

import json
from email import policy
from email.parser import BytesParser
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.simulator.telegram.rules import Params, refuse

BODY_LIMIT = 50 * 2**20  #: bytes, Telegram's own for uploads


async def read_params(request: Request) -> Params:
    """All parameters of one call; those of the body win."""
    params: Params = dict(parse_qsl(request.url.query, keep_blank_values=True))
    body = await request.body()
    if len(body) > BODY_LIMIT:
        raise refuse("request entity too large")
    if not body:
        return params
    content_type = request.headers.get("content-type", "")
    match content_type.partition(";")[0].strip().lower():
        case "application/json":
            return params | _from_json(body)
        case "multipart/form-data":
            return params | _from_parts(content_type, body)
        case "application/x-www-form-urlencoded":
            return params | dict(parse_qsl(body.decode("utf-8", "replace"), True))
    return params


def _from_json(body: bytes) -> Params:
    try:
        params = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refuse("can't parse JSON object") from error
    if not isinstance(params, dict):
        raise refuse("expected an Object")
    return params


def _from_parts(content_type: str, body: bytes) -> Params:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    params: Params = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            params[name] = content.decode("utf-8", "replace")
    return params
