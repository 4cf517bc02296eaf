"""What the Graph API refuses when a page sends, with its codes.

Codes and limits follow Meta's pages "Common Error Codes" and "Send API"; the words are ours where
Meta gives none.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from app.simulator.phone import Button

Json = dict[str, Any]

TEXT_LIMIT = 2000  #: characters; a text must be shorter
QUICK_REPLIES = 13
TITLE_LIMIT = 20  #: characters
PAYLOAD_LIMIT = 1000  #: characters
TEMPLATE_TEXT = 640  #: characters
TEMPLATE_BUTTONS = 3
METADATA_LIMIT = 1000  #: characters; metadata must be shorter
HOURS_TO_RESPOND = 24
HOURS_OF_HUMAN_AGENT = 7 * 24

_RETIRED = frozenset({"ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE"})
_TYPES = frozenset({"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"})


@dataclass(eq=False)
class Refusal(Exception):
    """A call that is refused: HTTP status, Meta's code, subcode and words."""

    status: int
    code: int
    words: str
    subcode: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Json:
        """The body of the answer."""
        error: Json = {"message": self.words, "type": "OAuthException", "code": self.code}
        if self.subcode:
            error["error_subcode"] = self.subcode
        return {"error": error | {"fbtrace_id": "Asimulasi"}}


def parameter(words: str, subcode: int = 0) -> Refusal:
    """The refusal of a parameter."""
    return Refusal(400, 100, f"(#100) {words}", subcode)


def outside_window() -> Refusal:
    """The refusal of a message that comes too late."""
    return Refusal(400, 10, "(#10) This message is sent outside of allowed window.", 2018278)


class _Words(BaseModel):
    type: Literal["text"]
    text: str


class _Body(BaseModel):
    type: Literal["body"]
    parameters: list[_Words] = Field(min_length=1, max_length=1)


class _Language(BaseModel):
    code: str = Field(min_length=2)


class _Template(BaseModel):
    name: str = Field(min_length=1)
    language: _Language
    components: list[_Body] = Field(min_length=1, max_length=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that the page may send, as the phone will show it."""

    text: str
    metadata: str
    buttons: list[list[Button]] = field(default_factory=list)
    quick: list[Button] = field(default_factory=list)
    template: str = ""  #: the utility template it is made from


def draft(body: Json) -> Draft:
    """The message of a call of the Send API; raises Refusal."""
    message = body.get("message")
    if not isinstance(message, dict):
        raise parameter("Param message must be an object")
    metadata = message.get("metadata", "")
    if not isinstance(metadata, str) or len(metadata) >= METADATA_LIMIT:
        raise parameter("Param message[metadata] must be a string less than 1000 characters")
    given = [name for name in ("text", "attachment", "template") if name in message]
    if len(given) != 1:
        raise parameter("Must send exactly one of text, attachment, template")
    if given == ["template"]:
        return _utility(message["template"], metadata)
    if given == ["attachment"]:
        return _buttons(message["attachment"], metadata)
    text = _text(message["text"], TEXT_LIMIT - 1, "message[text]")
    return Draft(text, metadata, quick=_quick_replies(message.get("quick_replies", [])))


def _text(value: object, limit: int, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise parameter(f"Param {name} must be a non-empty UTF-8 encoded string")
    if len(value) > limit:
        raise parameter(f"Param {name} must be at most {limit} characters")
    return value


def _quick_replies(value: object) -> list[Button]:
    if not isinstance(value, list) or len(value) > QUICK_REPLIES:
        raise parameter(f"Param message[quick_replies] must be an array of up to {QUICK_REPLIES}")
    if any(not isinstance(it, dict) or it.get("content_type") != "text" for it in value):
        raise parameter("Param content_type must be text")
    return [_button(it) for it in value]


def _buttons(attachment: object, metadata: str) -> Draft:
    """A button template; of the other attachments the simulator knows none."""
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict) or payload.get("template_type") != "button":
        raise parameter("The simulator shows button templates only")
    text = _text(payload.get("text"), TEMPLATE_TEXT, "attachment[payload][text]")
    buttons = payload.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= TEMPLATE_BUTTONS:
        raise parameter(f"A button template has 1 to {TEMPLATE_BUTTONS} buttons")
    if any(not isinstance(it, dict) or it.get("type") != "postback" for it in buttons):
        raise parameter("The simulator shows postback buttons only")
    return Draft(text, metadata, buttons=[[_button(it)] for it in buttons])


def _button(button: Json) -> Button:
    title = _text(button.get("title"), TITLE_LIMIT, "title")
    return Button(title, _text(button.get("payload"), PAYLOAD_LIMIT, "payload"))


def _utility(template: object, metadata: str) -> Draft:
    """A utility template whose body is one text parameter, in a language."""
    try:
        made = _Template.model_validate(template)
    except ValidationError:
        raise parameter("Invalid template") from None
    words = made.components[0].parameters[0].text
    return Draft(_text(words, TEXT_LIMIT - 1, "text"), metadata, template=made.name)


def check_window(
    body: Json, made: Draft, hours: float, *, human_agent: bool, templates: frozenset[str]
) -> None:
    """Raise Refusal unless the message may go out `hours` after the citizen's last act."""
    kind, tag = body.get("messaging_type"), body.get("tag")
    if kind not in _TYPES:
        raise parameter(
            "Param messaging_type must be one of RESPONSE, UPDATE, MESSAGE_TAG, UTILITY"
        )
    if (kind == "UTILITY") != bool(made.template):
        raise parameter("A template goes with messaging_type UTILITY, and nothing else does")
    if kind == "UTILITY":
        if made.template not in templates:
            raise parameter("Template does not exist or is not approved")
    elif kind == "MESSAGE_TAG":
        _check_tag(tag, hours, human_agent)
    elif hours >= HOURS_TO_RESPOND:
        raise outside_window()


def _check_tag(tag: object, hours: float, human_agent: bool) -> None:
    if tag in _RETIRED:
        raise parameter("Invalid parameter", 1893061)
    if tag != "HUMAN_AGENT":
        raise parameter("Param tag must be HUMAN_AGENT")
    if not human_agent or hours >= HOURS_OF_HUMAN_AGENT:
        raise outside_window()
