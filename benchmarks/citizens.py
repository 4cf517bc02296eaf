"""Citizens who each walk to a ticket, one message after the reply to the last; pure."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from benchmarks.bodies import TEXTS
from core.ticket import find_ticket

Entry = Mapping[str, Any]  # one of the simulator's wire log

FIRST_CHAT = 5_200_000_000
PLACED = f"{TEXTS[0]}, laporan ke-%d"  # a complaint that says where


class Reply(StrEnum):
    """Which of the bot's replies a message is, by its buttons or its ticket."""

    EVIDENCE = "evidence"
    PREVIEW = "preview"
    TICKET = "ticket"
    OTHER = "other"


#: What a citizen is told after his first, second and third message.
WALK = (Reply.EVIDENCE, Reply.PREVIEW, Reply.TICKET)
_BY_BUTTON = {"skip": Reply.EVIDENCE, "send": Reply.PREVIEW}
_TYPED = {Reply.EVIDENCE: "lewati", Reply.PREVIEW: "kirim"}


def values(send: Entry) -> list[str]:
    """Return what the buttons under a message send back."""
    return [button["callback_data"] for row in send["buttons"] for button in row]


def reply_of(send: Entry) -> Reply:
    """Return which reply a message of the bot is."""
    buttons = values(send)
    if buttons:
        return _BY_BUTTON.get(buttons[0].partition(":")[0], Reply.OTHER)
    return Reply.TICKET if find_ticket(send["text"]) else Reply.OTHER


@dataclass(slots=True)
class Citizen:
    """One chat, and the last reply in it; every second citizen presses buttons, others type."""

    chat: int
    heard: Entry | None = None

    def line(self) -> dict[str, Any]:
        """Return what he says next, as the simulator takes it."""
        number = self.chat - FIRST_CHAT
        if self.heard is None:
            return {"chat": self.chat, "text": PLACED % number}
        if number % 2:
            return {"chat": self.chat, "press": values(self.heard)[0]}
        return {"chat": self.chat, "text": _TYPED[reply_of(self.heard)]}


@dataclass(slots=True)
class Crowd:
    """All citizens of a run: whose turn it is, and how many wait for a reply."""

    first_chat: int = FIRST_CHAT
    _waiting: dict[int, Citizen] = field(default_factory=dict)
    _ready: deque[Citizen] = field(default_factory=deque)
    _begun: int = 0

    @property
    def waiting(self) -> int:
        """Return how many said something and were not answered yet."""
        return len(self._waiting)

    def speak(self) -> dict[str, Any]:
        """Return the next line: of who was answered longest ago, else of a new citizen."""
        if self._ready:
            citizen = self._ready.popleft()
        else:
            citizen = Citizen(self.first_chat + self._begun)
            self._begun += 1
        self._waiting[citizen.chat] = citizen
        return citizen.line()

    def hear(self, send: Entry) -> None:
        """Take a message of the bot; after the ticket, or a reply he does not know, he is done."""
        citizen = self._waiting.pop(send["chat"], None)
        if citizen is None:
            return  # a second reply to the same message: the ledger counts it
        citizen.heard = send
        if reply_of(send) in _TYPED:
            self._ready.append(citizen)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Messages at even distances, fixed before the first is sent: `rate` a second."""

    begin: float
    rate: float
    count: int

    def due(self, now: float) -> int:
        """Return how many messages should have been sent by `now`."""
        return max(0, min(self.count, int((now - self.begin) * self.rate) + 1))

    def moments(self) -> Iterator[float]:
        """Yield when each message is to be sent."""
        return (self.begin + number / self.rate for number in range(self.count))
