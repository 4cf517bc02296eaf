"""Citizens who each walk to a ticket, one message after the reply to the last; pure."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

from benchmarks.posts import TEXTS, ChannelName
from core.replies import render
from core.ticket import find_ticket

Entry = Mapping[str, Any]  # one of the simulator's wire log

FIRST_CHAT = 5_200_000_000
PLACED = f"{TEXTS[0]}, laporan ke-%d"  # a complaint that says where


class Reply(StrEnum):
    """Which of the bot's replies a message is, by its buttons, its numbers or its ticket."""

    GREETING = "greeting"
    EVIDENCE = "evidence"
    PREVIEW = "preview"
    TICKET = "ticket"
    OTHER = "other"


class Manner(StrEnum):
    """How a citizen talks: every second one of a platform does it otherwise than the others."""

    PRESS = "press"  #: presses buttons, quick replies and templates
    TYPE = "type"  #: types the words
    NUMBER = "number"  #: writes in private and answers with numbers, where there are no buttons
    MENTION = "mention"  #: tells all in one public post


_MANNERS = {
    ChannelName.TELEGRAM: (Manner.TYPE, Manner.PRESS),
    ChannelName.LINE: (Manner.TYPE, Manner.PRESS),
    ChannelName.TWITTER: (Manner.MENTION, Manner.NUMBER),
    ChannelName.MESSENGER: (Manner.TYPE, Manner.PRESS),
}
_STEPS = (Reply.EVIDENCE, Reply.PREVIEW, Reply.TICKET)
_BY_BUTTON = {"skip": Reply.EVIDENCE, "send": Reply.PREVIEW}
_TYPED = {Reply.EVIDENCE: "lewati", Reply.PREVIEW: "kirim"}
_FIRST_NUMBER = {
    f"\n1. {render('id', f'choice-{word}')}\n": reply for word, reply in _BY_BUTTON.items()
}
_GREETING = render("id", "greeting", {"pins": "yes"}).partition("\n")[0]


def manner(channel: ChannelName, chat: int) -> Manner:
    """Return how the citizen of `chat` talks."""
    return _MANNERS[channel][chat % 2]


def steps(channel: ChannelName, chat: int) -> Sequence[Reply]:
    """Return what a citizen is told after his first message, his second and so on."""
    if manner(channel, chat) is Manner.MENTION:
        return (Reply.TICKET,)
    return (Reply.GREETING, *_STEPS) if channel is ChannelName.LINE else _STEPS


def values(send: Entry) -> list[str]:
    """Return what the buttons under a message send back."""
    return [button["callback_data"] for row in send["buttons"] for button in row]


def reply_of(send: Entry) -> Reply:
    """Return which reply a message of the bot is."""
    text, buttons = send["text"], values(send)
    if buttons:
        return _BY_BUTTON.get(buttons[0].partition(":")[0], Reply.OTHER)
    numbered = next((reply for sign, reply in _FIRST_NUMBER.items() if sign in text), None)
    if numbered:
        return numbered
    if text.startswith(_GREETING):
        return Reply.GREETING
    return Reply.TICKET if find_ticket(text) else Reply.OTHER


@dataclass(frozen=True, slots=True)
class Line:
    """What a citizen does next: begins, presses a button, or writes, perhaps in public."""

    channel: ChannelName
    chat: int
    text: str = ""
    button: str = ""
    public: bool = False

    @property
    def begins(self) -> bool:
        """Tell whether he only opens the conversation."""
        return not self.text and not self.button

    @property
    def saying(self) -> dict[str, Any]:
        """Return it as one line of the simulator's bulk."""
        if self.button:
            return {"chat": self.chat, "press": self.button}
        return {"chat": self.chat, "text": self.text, "public": self.public}


@dataclass(slots=True)
class Citizen:
    """One chat, the last reply in it, and the texts of all."""

    channel: ChannelName
    chat: int
    heard: Entry | None = None
    texts: set[str] = field(default_factory=set)

    def line(self) -> Line:
        """Return what he does next; on LINE he first becomes a friend of the account."""
        told = reply_of(self.heard) if self.heard else None
        how = manner(self.channel, self.chat)
        if told is None and self.channel is ChannelName.LINE:
            return Line(self.channel, self.chat)
        if told is None or told is Reply.GREETING:
            public = how is Manner.MENTION
            return Line(self.channel, self.chat, PLACED % (self.chat - FIRST_CHAT), public=public)
        if how is Manner.NUMBER:
            return Line(self.channel, self.chat, "1")
        if how is Manner.PRESS and self.heard:
            return Line(self.channel, self.chat, button=values(self.heard)[0])
        return Line(self.channel, self.chat, _TYPED[told])

    @property
    def goes_on(self) -> bool:
        """Tell whether he knows what to say to the last reply."""
        return self.heard is not None and reply_of(self.heard) in {Reply.GREETING, *_TYPED}


@dataclass(slots=True)
class Crowd:
    """All citizens of a run: whose turn it is, and how many wait for a reply.

    New ones come on one channel after the other, numbered from `first_chat` (even) on each.
    """

    channels: Sequence[ChannelName]
    first_chat: int = FIRST_CHAT
    _waiting: dict[tuple[str, int], Citizen] = field(default_factory=dict)
    _ready: deque[Citizen] = field(default_factory=deque)
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def waiting(self) -> int:
        """Return how many said something and were not answered yet."""
        return len(self._waiting)

    def speak(self) -> Line:
        """Return the next line: of who was answered longest ago, else of a new citizen."""
        citizen = self._ready.popleft() if self._ready else self._arrive()
        self._waiting[citizen.channel, citizen.chat] = citizen
        return citizen.line()

    def _arrive(self) -> Citizen:
        turn, place = divmod(next(self._numbers), len(self.channels))
        return Citizen(self.channels[place], self.first_chat + turn)

    def hear(self, send: Entry) -> None:
        """Take a message of the bot; after the ticket, or a reply he does not know, he is done.

        What he has read before, or did not ask for, lets him say nothing: the ledger counts it.
        """
        citizen = self._waiting.get((send["platform"], send["chat"]))
        if citizen is None or send["text"] in citizen.texts:
            return
        del self._waiting[citizen.channel, citizen.chat]
        citizen.heard = send
        citizen.texts.add(send["text"])
        if citizen.goes_on:
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
