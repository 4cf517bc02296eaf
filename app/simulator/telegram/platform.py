"""Simulated Telegram: the citizens' side, and the state both sides share."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from app.simulator.acts import Edit, Start, Writing
from app.simulator.faults import Faults
from app.simulator.limits import Bucket, Limiter
from app.simulator.phone import Bubble, Phone, Phones
from app.simulator.platform import ActRefused, Done
from app.simulator.settings import SimulatorSettings
from app.simulator.telegram import shapes
from app.simulator.telegram.content import MAKERS, Content
from app.simulator.telegram.files import Files
from app.simulator.telegram.rules import TEXT_LIMIT, utf16_units
from app.simulator.telegram.shapes import Json
from app.simulator.telegram.updates import Updates
from app.simulator.wire import Wire


@dataclass(slots=True)
class Chat:
    """One chat as the platform knows it; the bot may write once it is `started`."""

    phone: Phone
    started: bool = False
    deactivated: bool = False
    moved_to: int = 0
    own: dict[int, Json] = field(default_factory=dict)  #: the citizen's messages

    @property
    def address(self) -> int:
        """The chat's id, below zero for groups."""
        return self.phone.address


class Telegram:
    """One bot, its chats, its files; `Platform` for the phone, state for the Bot API's methods."""

    name = "telegram"
    title = "Telegram"
    first_address = 900_000_001

    def __init__(
        self, settings: SimulatorSettings, phones: Phones, wire: Wire, faults: Faults
    ) -> None:
        self.settings = settings
        self.wire = wire
        self.faults = faults
        self.bot_id = 7_000_000_001
        self.stopping = False
        self.updates = Updates(settings, faults, wire)
        self.files = Files(settings.telegram_file_seconds)
        self.presses: dict[str, tuple[Phone, float]] = {}
        self._phones = phones
        self._last_message = int(time.time() * 10) % 2**31  # no number twice over restarts
        self._fill()

    def _fill(self) -> None:
        rate = self.settings.telegram_rate
        self.limiter = Limiter(Bucket(rate, rate))
        self.chats: dict[int, Chat] = {}

    def chat(self, address: int) -> Chat:
        """The chat at this address, new if there was none; a group has the bot from the start."""
        chat = self.chats.get(address)
        if chat is None:
            phone = self._phones.of(self.name, address)
            chat = self.chats[address] = Chat(phone, started=address < 0)
        return chat

    def next_message_id(self) -> int:
        """A number no message had before."""
        self._last_message += 1
        return self._last_message

    def write(self, address: int, writing: Writing) -> Done:
        """The citizen sends something; see Platform."""
        chat = self._usable(address)
        name, act = writing.given()[0]
        if writing.public or name in _MISSING:
            raise ActRefused(422, f"Telegram has no {name} of this kind")
        if isinstance(act, Edit):
            return self._edit(chat, act)
        if isinstance(act, Start):
            name, act = "text", f"/start {act.parameter}"
        if name == "text":
            act = _typed(act)
        quoted = self._quoted(chat, writing.reply_to)
        sent = [self._send(chat, content, quoted) for content in MAKERS[name](act, self.files)]
        return Done([one for one, _ in sent], [update for _, ids in sent for update in ids])

    def _send(self, chat: Chat, content: Content, quoted: Json | None) -> tuple[int, list[int]]:
        message_id, now = self.next_message_id(), time.time()
        chat.started = True
        bubble = Bubble(message_id, True, content.kind, content.text, content.picture, at=now)
        message = shapes.from_citizen(message_id, chat.address, now, content.json)
        if quoted:
            bubble.quoted = quoted["message_id"]
            message["reply_to_message"] = quoted
        chat.phone.show(bubble)
        if content.kind == "contact":
            message["contact"]["user_id"] = message["from"]["id"]
        self._remember(chat, message)
        return message_id, self._deliver("message", chat, message)

    def _quoted(self, chat: Chat, message_id: int | None) -> Json | None:
        """The message that a new one answers, without what that one answered itself."""
        if message_id is None:
            return None
        bubble = chat.phone.bubbles.get(message_id)
        if bubble is None:
            raise ActRefused(404, "no such message")
        if not bubble.mine:
            return shapes.from_bot(bubble, chat.address, self.bot_id)
        return {name: it for name, it in chat.own[message_id].items() if name != "reply_to_message"}

    def _remember(self, chat: Chat, message: Json) -> None:
        chat.own[message["message_id"]] = message
        if len(chat.own) > self.settings.bubble_limit:
            del chat.own[next(iter(chat.own))]

    def _edit(self, chat: Chat, act: Edit) -> Done:
        message = chat.own.get(act.message_id)
        bubble = chat.phone.bubbles.get(act.message_id)
        if message is None or bubble is None or bubble.kind != "text":
            raise ActRefused(404, "no such text of this citizen")
        bubble.text = _typed(act.text)
        bubble.edited_at = time.time()
        chat.phone.show(bubble)
        changed = message | shapes.text(bubble.text) | {"edit_date": int(bubble.edited_at)}
        chat.own[act.message_id] = changed
        return Done([act.message_id], self._deliver("edited_message", chat, changed))

    def _deliver(self, kind: str, chat: Chat, message: Json) -> list[int]:
        """In a group only commands, mentions and answers reach the bot (privacy mode)."""
        answered = message.get("reply_to_message", {}).get("from", {}).get("is_bot", False)
        if chat.address < 0 and not (message.get("entities") or answered):
            return []
        return self.updates.put(kind, message, chat.address, ("message", chat.address))

    def press(self, address: int, message_id: int, value: str) -> Done:
        """The citizen presses a button; see Platform."""
        chat = self._usable(address)
        bubble = chat.phone.bubbles.get(message_id)
        if bubble is None or not bubble.has_button(value):
            raise ActRefused(404, "no such button")
        query_id = str(secrets.randbits(62))
        self.presses[query_id] = (chat.phone, time.time())
        message = shapes.from_bot(bubble, address, self.bot_id)
        sender = shapes.citizen(address)
        query = shapes.callback_query(query_id, message, value, sender)
        lane = ("callback_query", sender["id"])
        return Done([message_id], self.updates.put("callback_query", query, address, lane))

    def block(self, address: int, blocked: bool) -> Done:
        """The citizen blocks the bot or takes it back; see Platform."""
        chat = self.chat(address)
        if chat.phone.blocked == blocked:
            return Done([], [])
        chat.phone.blocked = blocked
        chat.phone.touch()
        change = shapes.membership(address, self.bot_id, time.time(), blocked=blocked)
        lane = ("my_chat_member", address)
        return Done([], self.updates.put("my_chat_member", change, address, lane))

    def deactivate(self, address: int) -> Done:
        """The citizen's account ends, without an update; see Platform."""
        self.chat(address).deactivated = True
        return Done([], [])

    def migrate(self, address: int, to: int) -> Done:
        """A group becomes a supergroup; both messages of the change are group service messages."""
        if address > 0:
            raise ActRefused(409, "only a group can move")
        self.chat(address).moved_to = to
        self.chat(to)
        return Done([], [])

    def inject(self, event: dict[str, Any]) -> Done:
        """Deliver an update word for word, but for its update_id; see Platform."""
        kinds = [name for name in event if name != "update_id"]
        if len(kinds) != 1:
            raise ActRefused(422, "an update has exactly one field beside update_id")
        return Done([], self.updates.put(kinds[0], event[kinds[0]], 0, ("raw", 0)))

    def file(self, unique_id: str) -> bytes | None:
        """A picture for the phone's screen; see Platform."""
        return self.files.show(unique_id)

    def hang_up(self) -> None:
        """End what waits; see Platform."""
        self.stopping = True
        self.updates.wake()

    async def reset(self) -> None:
        """Forget chats, files and updates, keep the webhook; see Platform."""
        self._fill()
        self.files.clear()
        self.presses.clear()
        await self.updates.reset()

    async def stop(self) -> None:
        """Stop calling the webhook; see Platform."""
        await self.updates.stop()

    def _usable(self, address: int) -> Chat:
        chat = self.chat(address)
        if chat.phone.blocked:
            raise ActRefused(409, "the bot is blocked")
        if chat.deactivated:
            raise ActRefused(409, "the account has ended")
        if chat.moved_to:
            raise ActRefused(409, "the group has moved")
        return chat


#: Acts of other platforms that no Telegram chat has, or that the Bot API does not tell of.
_MISSING = frozenset({"withdraw", "reaction"})


def _typed(text: str) -> str:
    """What Telegram's own apps would send of this text."""
    trimmed = text.strip()
    if not 1 <= utf16_units(trimmed) <= TEXT_LIMIT:
        raise ActRefused(422, f"a message has 1 to {TEXT_LIMIT} UTF-16 units")
    return trimmed
