"""Simulated Messenger: the citizens' side, and the state both sides share."""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from app.simulator.acts import Edit, Reaction, Start, Writing
from app.simulator.faults import Faults
from app.simulator.hook import Hook, Manner
from app.simulator.limits import Bucket
from app.simulator.messenger import shapes
from app.simulator.messenger.content import MAKERS, Content
from app.simulator.messenger.files import Files
from app.simulator.messenger.rules import TEXT_LIMIT
from app.simulator.messenger.shapes import Json
from app.simulator.phone import Bubble, Button, Phone, Phones
from app.simulator.platform import ActRefused, Done
from app.simulator.settings import SimulatorSettings
from app.simulator.webhook import Resend
from app.simulator.wire import Wire

EDITS = 5
#: Meta says only "with decreasing frequency", and 36 hours in all.
_RESEND = Resend(waits=(0, 5, 15, 60), later=(60, 300))
_LIFETIME = 36 * 3600.0
_LANES = 16
#: Field of the webhook subscription -> the events it lets through.
_FIELDS = {
    "message": "messages",
    "message_edit": "message_edits",
    "postback": "messaging_postbacks",
    "referral": "messaging_referrals",
    "reaction": "message_reactions",
    "echo": "message_echoes",
}


@dataclass(slots=True)
class Chat:
    """One conversation as the platform knows it.

    `heard_at` is the citizen's last act (`time.time()`), 0 before the first; without one the
    page knows no such person. `edits` counts the changes of each text.
    """

    phone: Phone
    heard_at: float = 0
    deactivated: bool = False
    edits: dict[int, int] = field(default_factory=dict)

    def hours_silent(self) -> float:
        """Hours since the citizen's last act."""
        return (time.time() - self.heard_at) / 3600


class Messenger:
    """One page and its app; `Platform` for the phone, state for the Graph API's calls."""

    name = "messenger"
    title = "Messenger"
    first_address = 4_000_000_000_000_001

    def __init__(
        self, settings: SimulatorSettings, phones: Phones, wire: Wire, faults: Faults
    ) -> None:
        self.settings = settings
        self.wire = wire
        self.faults = faults
        self.stopping = False
        self.page_id = settings.messenger_page_id
        self.app_secret = settings.messenger_app_secret.get_secret_value()
        manner = Manner(
            platform=self.name,
            sign=self._sign,
            ack_seconds=settings.messenger_ack_seconds,
            resend=_RESEND,
            lifetime=_LIFETIME,
            merge=shapes.merge,
        )
        self.hook = Hook(manner, settings, faults, wire, settings.messenger_webhook_url)
        #: What the page is subscribed to, and what the app's webhook is.
        self.subscribed = frozenset(_FIELDS.values() if self.hook.url else ())
        self.hooked = self.subscribed
        self.files = Files(f"http://{settings.host}:{settings.port}")
        self._phones = phones
        self._run = secrets.token_hex(6)
        self._last_message = int(time.time() * 10) % 2**31  # no number twice over restarts
        self._fill()

    def _fill(self) -> None:
        self.bucket = Bucket(self.settings.messenger_rate, self.settings.messenger_rate)
        self.chats: dict[int, Chat] = {}

    def _sign(self, body: bytes) -> dict[str, str]:
        digest = hmac.digest(self.app_secret.encode(), body, "sha256").hex()
        return {"X-Hub-Signature-256": f"sha256={digest}"}

    def proof(self, token: str) -> str:
        """What must come with each call beside the token."""
        return hmac.new(self.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()

    def chat(self, address: int) -> Chat:
        """The chat at this address, new if there was none."""
        chat = self.chats.get(address)
        if chat is None:
            chat = self.chats[address] = Chat(self._phones.of(self.name, address))
        return chat

    def next_message_id(self) -> int:
        """A number no message had before."""
        self._last_message += 1
        return self._last_message

    def mid(self, message_id: int) -> str:
        """The platform's id of a message."""
        return f"m_Simulasi{self._run}{message_id:012d}"

    def tell(self, address: int, kind: str, at: float, **what: Json) -> list[int]:
        """Post an event of a citizen, or the echo of a message to him, if it is subscribed to."""
        if not {_FIELDS[kind]} <= self.subscribed & self.hooked:
            return []
        ends = (str(address), self.page_id)
        sender, recipient = reversed(ends) if kind == "echo" else ends
        return self._post(address, kind, shapes.event(sender, recipient, at, **what))

    def _post(self, address: int, kind: str, event: Json) -> list[int]:
        body = shapes.post(self.page_id, time.time(), event)
        return self.hook.put(body, [(address, kind)], lane=address % _LANES)

    def write(self, address: int, writing: Writing) -> Done:
        """The citizen sends something; see Platform."""
        chat = self._usable(address)
        name, act = writing.given()[0]
        if isinstance(act, Edit):
            return self._edit(chat, act)
        if isinstance(act, Reaction):
            return self._react(chat, act)
        if isinstance(act, Start):
            return self._start(chat, act.parameter)
        if writing.public or name not in MAKERS:
            raise ActRefused(422, f"Messenger has no {name} of this kind")
        if name == "text":
            act = _typed(act)
        extra = self._quoted(chat, writing.reply_to)
        quoted = writing.reply_to or 0
        sent = [self._send(chat, it, extra, quoted) for it in MAKERS[name](act, self.files)]
        return Done([one for one, _ in sent], [update for _, ids in sent for update in ids])

    def _send(
        self, chat: Chat, content: Content, extra: Json, quoted: int = 0
    ) -> tuple[int, list[int]]:
        message_id, now = self.next_message_id(), time.time()
        chat.heard_at = now
        bubble = Bubble(message_id, True, content.kind, content.text, content.picture, at=now)
        bubble.quoted = quoted
        chat.phone.show(bubble)
        message = {"mid": self.mid(message_id), **content.json, **extra}
        return message_id, self.tell(chat.phone.address, "message", now, message=message)

    def _quoted(self, chat: Chat, message_id: int | None) -> Json:
        """The mark of an answer to a message that is on the screen."""
        if message_id is None:
            return {}
        if message_id not in chat.phone.bubbles:
            raise ActRefused(404, "no such message")
        return {"reply_to": {"mid": self.mid(message_id)}}

    def _edit(self, chat: Chat, act: Edit) -> Done:
        bubble = chat.phone.bubbles.get(act.message_id)
        if bubble is None or not bubble.mine or bubble.kind != "text":
            raise ActRefused(404, "no such text of this citizen")
        number = chat.edits.get(act.message_id, 0) + 1
        if number > EDITS:
            raise ActRefused(409, f"a text can be changed {EDITS} times")
        chat.edits[act.message_id] = number
        bubble.text, bubble.edited_at = _typed(act.text), time.time()
        chat.phone.show(bubble)
        edit = {"mid": self.mid(act.message_id), "text": bubble.text, "num_edit": number}
        address, at = chat.phone.address, bubble.edited_at
        return Done([act.message_id], self.tell(address, "message_edit", at, message_edit=edit))

    def _react(self, chat: Chat, act: Reaction) -> Done:
        bubble = chat.phone.bubbles.get(act.message_id)
        if bubble is None:
            raise ActRefused(404, "no such message")
        bubble.reaction, chat.heard_at = act.emoji, time.time()
        chat.phone.show(bubble)
        reaction = {"mid": self.mid(act.message_id), "action": "react", "emoji": act.emoji}
        what = reaction | {"reaction": "other"}
        address, at = chat.phone.address, chat.heard_at
        return Done([act.message_id], self.tell(address, "reaction", at, reaction=what))

    def _start(self, chat: Chat, parameter: str) -> Done:
        """A new conversation begins with a button, an old one is entered by a link."""
        old, chat.heard_at = bool(chat.heard_at), time.time()
        address, at = chat.phone.address, chat.heard_at
        source = {"referral": shapes.referral(parameter)} if parameter else {}
        if old and source:
            return Done([], self.tell(address, "referral", at, **source))
        return self._postback(chat, Button("Mulai", "GET_STARTED"), source)

    def press(self, address: int, message_id: int, value: str) -> Done:
        """The citizen presses a button; quick replies are there until the next message."""
        chat = self._usable(address)
        bubble = chat.phone.bubbles.get(message_id)
        if bubble is None or not bubble.has_button(value):
            raise ActRefused(404, "no such button")
        for button in bubble.quick:
            if button.value == value:
                if bubble is not next(reversed(chat.phone.bubbles.values())):
                    raise ActRefused(409, "these quick replies are gone")
                reply = {"quick_reply": {"payload": value}}
                content = Content("text", {"text": button.text}, button.text)
                own, updates = self._send(chat, content, reply)
                return Done([own], updates)
        [pressed, *_] = [it for row in bubble.buttons for it in row if it.value == value]
        return self._postback(chat, pressed, {})

    def _postback(self, chat: Chat, button: Button, more: Json) -> Done:
        """The press of a button shows on the phone as if its title had been written."""
        message_id, now = self.next_message_id(), time.time()
        chat.heard_at = now
        chat.phone.show(Bubble(message_id, True, "text", button.text, at=now))
        mid = self.mid(message_id)
        postback = {"mid": mid, "title": button.text, "payload": button.value, **more}
        address = chat.phone.address
        return Done([message_id], self.tell(address, "postback", now, postback=postback))

    def block(self, address: int, blocked: bool) -> Done:
        """The citizen blocks the page or takes it back; no event tells of it."""
        phone = self.chat(address).phone
        phone.blocked = blocked
        phone.touch()
        return Done([], [])

    def deactivate(self, address: int) -> Done:
        """The citizen's account ends, without an event; see Platform."""
        self.chat(address).deactivated = True
        return Done([], [])

    def turn_clock(self, address: int, hours: float) -> None:
        """Let the citizen's last act be so many hours ago."""
        chat = self._usable(address)
        if not chat.heard_at:
            raise ActRefused(409, "this citizen has not done anything yet")
        chat.heard_at = time.time() - hours * 3600

    def inject(self, event: dict[str, Any]) -> Done:
        """Deliver an event of the page's inbox word for word; see Platform."""
        return Done([], self._post(0, "raw", event))

    def file(self, unique_id: str) -> bytes | None:
        """A picture for the phone's screen; see Platform."""
        return self.files.read(unique_id)

    def hang_up(self) -> None:
        """End what waits; see Platform."""
        self.stopping = True

    async def reset(self) -> None:
        """Forget chats and files, keep the webhook; see Platform."""
        self._fill()
        self.files.clear()
        await self.hook.reset()

    async def stop(self) -> None:
        """Stop calling the webhook; see Platform."""
        await self.hook.stop()

    def _usable(self, address: int) -> Chat:
        if address <= 0:
            raise ActRefused(422, "Messenger has no groups")
        chat = self.chat(address)
        if chat.phone.blocked:
            raise ActRefused(409, "the page is blocked")
        if chat.deactivated:
            raise ActRefused(409, "the account has ended")
        return chat


def _typed(text: str) -> str:
    """What Messenger's own apps would send of this text."""
    trimmed = text.strip()
    if not 1 <= len(trimmed) <= TEXT_LIMIT:
        raise ActRefused(422, f"a message has 1 to {TEXT_LIMIT} characters")
    return trimmed
