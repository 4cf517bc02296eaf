"""The simulated LINE: an official account, its friends and groups, and their phones."""

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from app.simulator.acts import Start, Withdrawal, Writing
from app.simulator.faults import Faults
from app.simulator.hook import Hook, Manner
from app.simulator.line import shapes
from app.simulator.line.content import MAKERS, QUOTABLE, QUOTABLE_BUBBLES, QUOTING, Content
from app.simulator.line.ledger import Ledger
from app.simulator.line.rules import TEXT_LIMIT, Words, utf16_units
from app.simulator.line.shapes import Json
from app.simulator.phone import Bubble, Phone, Phones, rows
from app.simulator.platform import ActRefused, Done
from app.simulator.settings import SimulatorSettings
from app.simulator.webhook import Resend
from app.simulator.wire import Wire

#: LINE says neither how often it posts again, nor when.
RESEND = Resend(waits=(2, 10, 60, 300, 900, 1800, 3600))
PICTURES = "/simulator/line/files"


@dataclass(slots=True)
class Media:
    """A file that a citizen sent; a film or a voice is `asked` after before it is ready."""

    kind: str
    content: bytes
    asked: int = 0

    @property
    def ready(self) -> bool:
        """True once it can be fetched."""
        return self.kind not in {"voice", "video"} or self.asked > 1


@dataclass(slots=True)
class Chat:
    """One conversation: a citizen's, or a group's. The account may push once it is `known`."""

    phone: Phone
    known: bool = False
    own: set[int] = field(default_factory=set)  #: the citizen's messages that can be taken back

    @property
    def address(self) -> int:
        """The phone's number, below zero for groups."""
        return self.phone.address


class Line:
    """One account; `Platform` for the phone, state for the Messaging API's methods."""

    name = "line"
    title = "LINE"
    first_address = 910_000_001

    def __init__(
        self, settings: SimulatorSettings, phones: Phones, wire: Wire, faults: Faults
    ) -> None:
        self.settings, self.wire, self.faults = settings, wire, faults
        self.stopping = False
        self._phones = phones
        self._last_message = int(time.time() * 10) % 2**31  # no number twice over restarts
        self._key = settings.line_channel_secret.get_secret_value().encode()
        resend = RESEND if settings.line_redelivery else Resend()
        manner = Manner(self.name, self.sign, settings.line_ack_seconds, resend, again=self._again)
        self.hook = Hook(manner, settings, faults, wire)
        self._fill()

    def _fill(self) -> None:
        self.ledger = Ledger(self.settings.line_reply_seconds, self.settings.line_monthly_quota)
        self.chats: dict[int, Chat] = {}
        self.media: dict[int, Media] = {}

    def sign(self, body: bytes) -> dict[str, str]:
        """The headers of a post."""
        signature = b64encode(hmac.digest(self._key, body, "sha256")).decode()
        return {"x-line-signature": signature, "User-Agent": "LineBotWebhook/2.0"}

    def _again(self, body: bytes) -> bytes:
        """The body of a redelivery, whose unused reply tokens live on."""
        envelope = json.loads(body)
        for event in envelope["events"]:
            event["deliveryContext"] = {"isRedelivery": True}
            self.ledger.renew(event.get("replyToken", ""))
        return shapes.envelope(envelope["events"])

    def chat(self, address: int) -> Chat:
        """The chat at this address, new if there was none; a group has the account inside."""
        chat = self.chats.get(address)
        if chat is None:
            phone = self._phones.of(self.name, address)
            chat = self.chats[address] = Chat(phone, known=address < 0)
        return chat

    def known(self, name: str) -> Chat | None:
        """The chat that LINE calls `name`, if the account may write there."""
        address = shapes.address_of(name)
        chat = self.chats.get(address) if address is not None else None
        return chat if chat is not None and chat.known else None

    def reaches(self, chat: Chat) -> bool:
        """False where the citizen has blocked the account, whether an event said so or not."""
        return not chat.phone.blocked and chat.address not in self.faults.blocked_chats

    def show(self, chat: Chat, texts: Sequence[Words]) -> list[int]:
        """Show messages of the account; a citizen who blocked it sees nothing."""
        numbers = [self._next_message() for _ in texts]
        if not self.reaches(chat):
            return numbers
        for number, words in zip(numbers, texts, strict=True):
            quick = list(words.quick)
            chat.phone.show(Bubble(number, False, "text", words.text, quick=quick))
            self.wire.sent(self.name, chat.address, number, words.text, rows(quick))
        return numbers

    def write(self, address: int, writing: Writing) -> Done:
        """The citizen sends something; see Platform."""
        chat = self._usable(address)
        name, act = writing.given()[0]
        if writing.public or (name not in MAKERS and name not in {"withdraw", "start"}):
            raise ActRefused(422, f"LINE has no {name} of this kind")
        befriended = self._befriend(chat)
        if isinstance(act, Start):
            if act.parameter:
                raise ActRefused(422, "no parameter of a link reaches a LINE account")
            return Done([], befriended)
        if isinstance(act, Withdrawal):
            return self._withdraw(chat, act.message_id)
        if name == "text":
            _require_sendable(act)
        quoted = _quoted(chat, name, writing.reply_to)
        sent = [self._said(chat, content, quoted) for content in MAKERS[name](act)]
        return Done([number for number, _ in sent], befriended + self._post(chat, sent))

    def _said(self, chat: Chat, content: Content, quoted: int) -> tuple[int, Json]:
        """Show one message on the citizen's side; its number and its event."""
        number = self._next_message()
        picture = f"{PICTURES}/{number}" if content.kind == "photo" else ""
        chat.phone.show(Bubble(number, True, content.kind, content.text, picture, quoted=quoted))
        chat.own.add(number)
        message: Json = {"id": shapes.message_id(number)} | content.json
        if content.file:
            self.media[number] = Media(content.kind, content.file)
        if content.json["type"] in QUOTABLE:
            message["quoteToken"] = shapes.quote_token()
        if quoted:
            message["quotedMessageId"] = shapes.message_id(quoted)
        return number, self._event("message", chat, {"message": message})

    def _event(self, kind: str, chat: Chat, content: Json) -> Json:
        return shapes.event(kind, chat.address, content, self.ledger.issue(chat.address))

    def _post(self, chat: Chat, said: Sequence[tuple[int, Json]]) -> list[int]:
        """Post what was said at once, an album or a caption too, in one body."""
        events = [event for _, event in said]
        kinds = [(chat.address, str(event["type"])) for event in events]
        return self.hook.put(shapes.envelope(events), kinds, lane=chat.address)

    def _befriend(self, chat: Chat) -> list[int]:
        """At the first word of a citizen, tell that he became a friend."""
        if chat.known:
            return []
        chat.known = True
        follow = self._event("follow", chat, {"follow": {"isUnblocked": False}})
        return self._post(chat, [(0, follow)])

    def _withdraw(self, chat: Chat, number: int) -> Done:
        bubble = chat.phone.bubbles.get(number)
        if bubble is None or number not in chat.own:
            raise ActRefused(404, "no such message of this citizen")
        chat.own.discard(number)
        self.media.pop(number, None)
        bubble.kind, bubble.text, bubble.picture = "withdrawn", "", ""
        chat.phone.show(bubble)
        content = {"unsend": {"messageId": shapes.message_id(number)}}
        unsend = shapes.event("unsend", chat.address, content)
        return Done([number], self._post(chat, [(number, unsend)]))

    def press(self, address: int, message_id: int, value: str) -> Done:
        """The citizen presses a quick reply, which vanish with the next message; see Platform."""
        chat = self._usable(address)
        bubble = next(reversed(chat.phone.bubbles.values()), None)
        pressed = [button for button in bubble.quick if button.value == value] if bubble else []
        if bubble is None or bubble.id != message_id or not pressed:
            raise ActRefused(404, "no such quick reply below the last message")
        number, says = self._next_message(), pressed[0].says
        bubble.quick = []
        chat.phone.show(bubble)
        if says:
            chat.phone.show(Bubble(number, True, "text", says))
        postback = self._event("postback", chat, {"postback": {"data": value}})
        return Done([number] if says else [], self._post(chat, [(number, postback)]))

    def block(self, address: int, blocked: bool) -> Done:
        """The citizen blocks the account or lets it in again; see Platform."""
        chat = self.chat(address)
        if address < 0:
            raise ActRefused(409, "a group blocks nobody")
        if chat.phone.blocked == blocked:
            return Done([], [])
        chat.phone.blocked = blocked
        chat.phone.touch()
        if blocked:
            event = shapes.event("unfollow", address, {})
        else:
            chat.known = True
            event = self._event("follow", chat, {"follow": {"isUnblocked": True}})
        return Done([], self._post(chat, [(0, event)]))

    def deactivate(self, address: int) -> Done:
        """Refuse: LINE takes pushes to an account that has ended; see Platform."""
        raise ActRefused(409, f"no bot can tell that the account of {address} has ended")

    def inject(self, event: dict[str, Any]) -> Done:
        """Post a body word for word if it has `events`, else this event alone; see Platform."""
        body = json.dumps(event).encode() if "events" in event else shapes.envelope([event])
        events = event.get("events", [event])
        kinds = [(0, "raw")] * len(events) if isinstance(events, list) else [(0, "raw")]
        return Done([], self.hook.put(body, kinds))

    def file(self, unique_id: str) -> bytes | None:
        """A picture for the phone's screen; see Platform."""
        media = self.media.get(int(unique_id)) if unique_id.isdecimal() else None
        return media.content if media is not None and media.kind == "photo" else None

    def hang_up(self) -> None:
        """End what waits; see Platform."""
        self.stopping = True

    async def reset(self) -> None:
        """Forget chats, files and events, keep the webhook; see Platform."""
        self._fill()
        await self.hook.reset()

    async def stop(self) -> None:
        """Stop calling the webhook; see Platform."""
        await self.hook.stop()

    def _next_message(self) -> int:
        self._last_message += 1
        return self._last_message

    def _usable(self, address: int) -> Chat:
        chat = self.chat(address)
        if chat.phone.blocked:
            raise ActRefused(409, "the account is blocked")
        return chat


def _quoted(chat: Chat, name: str, number: int | None) -> int:
    """The message that one of the kind `name` quotes, 0 for none; raises ActRefused."""
    if number is None:
        return 0
    if name not in QUOTING:
        raise ActRefused(422, f"a {name} of LINE quotes no other message")
    bubble = chat.phone.bubbles.get(number)
    if bubble is None or bubble.kind not in QUOTABLE_BUBBLES:
        raise ActRefused(404, "no such message that can be quoted")
    return number


def _require_sendable(text: str) -> None:
    if not text.strip() or utf16_units(text) > TEXT_LIMIT:
        raise ActRefused(422, f"a message has 1 to {TEXT_LIMIT} UTF-16 units")
