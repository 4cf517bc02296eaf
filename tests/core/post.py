"""Telegram's post, made up: updates, and channels that read them and send."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from app.work import advance_batch
from channels.telegram.inbound import parse
from core import inbox
from core.channel import Call, Handshake, Limits, Power, Rate
from core.db.session import Sessions, transaction
from core.errors import SendError, Sent
from core.message import Inbound, Outbound
from core.settings import CoreSettings
from core.text import utf16_units
from core.understanding import Reads

NAME = "telegram"
NO_WAIT = timedelta()
HOLE = "jalan depan balai desa Suka Maju bolong besar"
SETTINGS = CoreSettings(database_url="postgresql+psycopg://")

_numbers = count(1)


def update(sender: int, text: str = "", **fields: Any) -> bytes:
    """Return an update with a fresh id; `fields` go into its message."""
    number = next(_numbers)
    message = {
        "message_id": number,
        "date": 1795000000 + number,
        "chat": {"id": sender, "type": "private"},
        "from": {"id": sender, "is_bot": False},
        **({"text": text} if text else {}),
        **fields,
    }
    return json.dumps({"update_id": number, "message": message}).encode()


def tap(sender: int, data: str) -> bytes:
    """Return an update with a pressed button."""
    number = next(_numbers)
    query = {"id": str(number), "from": {"id": sender}, "data": data}
    return json.dumps({"update_id": number, "callback_query": query}).encode()


def edited(sender: int, message_id: int, text: str) -> bytes:
    """Return an update that changes an earlier message."""
    fields = json.loads(update(sender, text, message_id=message_id, edit_date=1795009999))
    changed = {"update_id": fields["update_id"], "edited_message": fields["message"]}
    return json.dumps(changed).encode()


def membership(sender: int, status: str) -> bytes:
    """Return an update that tells whether the citizen blocked the bot."""
    number = next(_numbers)
    change = {"chat": {"id": sender, "type": "private"}, "new_chat_member": {"status": status}}
    return json.dumps({"update_id": number, "my_chat_member": change}).encode()


def post(make: Sessions, *raws: bytes, wait: timedelta = NO_WAIT) -> None:
    """Put the updates in the inbox, all together."""
    with transaction(make) as session:
        inbox.put(session, [one for raw in raws for one in parse(raw)], wait)


def work(
    make: Sessions,
    channel: "Phone",
    settings: CoreSettings = SETTINGS,
    reads: Reads | None = None,
) -> None:
    """Advance whatever waits."""
    while advance_batch(make, {channel.name: channel}, settings, reads) is not None:
        pass


class Unhurried:
    """Holds back nothing."""

    def wait(self, channel: str, address: str, rates: Sequence[Rate]) -> timedelta:
        """Let everything go."""
        return timedelta()


@dataclass
class Phone:
    """Telegram with a real parser, and with results of sends that a test prescribes.

    `results` answers the next sends, one after the other; then everything is taken.
    """

    name: str = NAME
    room: Limits = field(default_factory=lambda: Limits(4096, utf16_units, 100, 64))
    powers: frozenset[Power] = frozenset(Power) - {Power.WINDOW}
    pace: Sequence[Rate] = ()
    secrets: Sequence[str] = ()
    results: deque[Sent | SendError | Exception] = field(default_factory=deque)
    sent: list[Outbound] = field(default_factory=list)
    read: Callable[[bytes], list[Inbound]] = parse
    before_send: Callable[[Outbound], object] = lambda part: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def limits(self, address: str) -> Limits:
        """Return `room`."""
        return self.room

    def rates(self, address: str) -> Sequence[Rate]:
        """Return `pace`."""
        return self.pace

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Make no calls."""

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:
        """Answer with the challenge, where there is one."""
        challenge = query.get("challenge")
        return Handshake(challenge) if challenge else None

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Take what carries the secret."""
        return headers.get("x-secret") == "right"

    def parse(self, body: bytes) -> list[Inbound]:
        """Read an update."""
        return self.read(body)

    def send(self, part: Outbound) -> Sent | SendError:
        """Take the part, or answer as prescribed."""
        self.before_send(part)
        with self._lock:
            result = self.results.popleft() if self.results else Sent(f"p{len(self.sent) + 1}")
            if isinstance(result, Exception):
                raise result
            if isinstance(result, Sent):
                self.sent.append(part)
            return result


def rows(make: Sessions, table: type[Any]) -> list[Any]:
    """Return all rows of a table in the order of their ids."""
    with transaction(make) as session:
        found: Iterable[Any] = session.query(table).order_by(table.id)
        return list(found)
