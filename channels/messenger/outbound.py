"""One part of a reply becomes one message in Messenger; what goes wrong becomes a value."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from channels.messenger.api import GraphApi
from channels.messenger.settings import MessengerSettings
from channels.messenger.window import Lane, lane
from core.errors import SendCode, SendError, Sent
from core.message import Choice, Outbound
from core.payload import words
from core.text import clean

Json = dict[str, Any]

# https://developers.facebook.com/docs/messenger-platform/reference/send-api
TEXT = 1999  #: characters; "less than 2000"
QUICK_REPLIES = 13
LABEL = 20  #: characters of a button
PAYLOAD = 1000  #: characters of what a button sends back
_TEMPLATE_BUTTONS = 3
_TEMPLATE_TEXT = 640  # characters

_CLOSED = SendError(
    SendCode.WINDOW_CLOSED, retryable=False, detail="the window is closed; nothing was called"
)
_TYPES: dict[Lane, Json] = {
    Lane.RESPONSE: {"messaging_type": "RESPONSE"},
    Lane.HUMAN_AGENT: {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"},
    Lane.UTILITY: {"messaging_type": "UTILITY"},
}


def send(
    api: GraphApi, settings: MessengerSettings, part: Outbound, now: datetime
) -> Sent | SendError:
    """Send `part` in the way that is open at `now`; without one, nothing is called."""
    way = lane(
        part.heard_at,
        now,
        human=part.human,
        approved=settings.human_agent,
        template=bool(settings.utility_template),
    )
    if way is Lane.CLOSED:
        return _CLOSED
    text = clean(part.text)
    message = _notice(settings, text) if way is Lane.UTILITY else content(text, part.choices)
    body = {
        "recipient": {"id": part.address},
        "message": {**message, "metadata": str(part.key)},
        **_TYPES[way],
    }
    answer = api.post("messages", f"{settings.page_id}/messages", body, want="message_id")
    return answer if isinstance(answer, SendError) else Sent(words(answer, "message_id"))


def content(text: str, choices: Sequence[Choice]) -> Json:
    """Return the message: a template where text and buttons fit into one, else quick replies.

    A template's buttons stay under the message, like those of other channels; quick replies
    vanish with the next message, but there can be more of them, under a longer text.
    """
    if not choices:
        return {"text": text}
    if len(choices) <= _TEMPLATE_BUTTONS and len(text) <= _TEMPLATE_TEXT:
        return {"attachment": {"type": "template", "payload": _template(text, choices)}}
    return {"text": text, "quick_replies": [_quick_reply(choice) for choice in choices]}


def _template(text: str, choices: Sequence[Choice]) -> Json:
    buttons = [{"type": "postback", **_button(choice)} for choice in choices]
    return {"template_type": "button", "text": text, "buttons": buttons}


def _quick_reply(choice: Choice) -> Json:
    return {"content_type": "text", **_button(choice)}


def _button(choice: Choice) -> Json:
    title = clean(choice.label)
    if len(title) > LABEL:  # a title that is too long would cost the whole message
        title = title[: LABEL - 1] + "…"
    return {"title": title, "payload": clean(choice.value)}


def _notice(settings: MessengerSettings, text: str) -> Json:
    """Return the approved template with `text` on one line as its only parameter, no buttons.

    Whether line breaks would be taken is not documented; WhatsApp's templates refuse them.
    """
    parameter = {"type": "text", "text": " ".join(text.split())}
    return {
        "template": {
            "name": settings.utility_template,
            "language": {"code": settings.utility_language},
            "components": [{"type": "body", "parameters": [parameter]}],
        }
    }
