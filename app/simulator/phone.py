"""A citizen's phone: what it shows, whatever the platform."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: `value` goes back to the bot, or `url` opens a page.

    `says` is what the press shows as the citizen's own words, where they are the bot's choice.
    """

    text: str
    value: str = ""
    url: str = ""
    says: str = ""


@dataclass(slots=True)
class Bubble:
    """One message on the screen; `mine` is the citizen's side. `version` grows when it changes."""

    id: int
    mine: bool
    kind: str
    text: str = ""
    picture: str = ""  #: path of an image on this server
    buttons: list[list[Button]] = field(default_factory=list)
    quick: list[Button] = field(default_factory=list)  #: shown while this is the last message
    public: bool = False  #: everybody can read it
    reaction: str = ""  #: the emoji that the citizen put on it
    quoted: int = 0  #: the message that it answers, 0 for none
    at: float = field(default_factory=time.time)
    edited_at: float = 0
    version: int = 0

    def has_button(self, value: str) -> bool:
        """True if a button of this message carries `value`."""
        return any(button.value == value for row in [*self.buttons, self.quick] for button in row)


def rows(*given: list[Button]) -> list[list[dict[str, str]]]:
    """Rows of buttons as the wire log shows them, in Telegram's words whatever the platform."""
    return [[{"text": it.text, "callback_data": it.value} for it in row] for row in given if row]


@dataclass(slots=True)
class Notice:
    """A short note that passes over the screen."""

    text: str
    version: int


@dataclass(frozen=True, slots=True)
class Pause:
    """The account cannot write before `until` (Unix seconds); `words` say why, without the time."""

    words: str
    until: float


@dataclass(slots=True)
class Phone:
    """The newest `limit` messages of one chat and who is watching them."""

    platform: str
    address: int
    limit: int
    blocked: bool = False
    version: int = 0
    bubbles: dict[int, Bubble] = field(default_factory=dict)
    notice: Notice | None = None
    _watchers: set[asyncio.Event] = field(default_factory=set)

    def show(self, bubble: Bubble) -> Bubble:
        """Put a new message on the screen, or an old one in its changed form."""
        self.bubbles[bubble.id] = bubble
        if len(self.bubbles) > self.limit:
            del self.bubbles[next(iter(self.bubbles))]
        bubble.version = self.touch()
        return bubble

    def notify(self, text: str) -> None:
        """Let a short note pass over the screen."""
        self.notice = Notice(text, self.touch())

    def touch(self) -> int:
        """Wake everybody who watches; the new version."""
        self.version += 1
        for watcher in self._watchers:
            watcher.set()
        return self.version

    def newest_with(self, value: str) -> Bubble | None:
        """The newest message with a button that carries `value`."""
        return next((b for b in reversed(self.bubbles.values()) if b.has_button(value)), None)

    def since(self, version: int) -> dict[str, Any]:
        """Everything that changed after `version`; 0 gives the whole screen without old notes."""
        changed = [asdict(b) for b in self.bubbles.values() if b.version > version]
        fresh = self.notice is not None and 0 < version < self.notice.version
        return {
            "platform": self.platform,
            "chat": self.address,
            "version": self.version,
            "blocked": self.blocked,
            "bubbles": changed,
            "notice": self.notice.text if fresh and self.notice else "",
        }

    @contextmanager
    def watched(self) -> Iterator[asyncio.Event]:
        """An event that is set at each change."""
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)


@dataclass(slots=True)
class Phones:
    """All phones of all platforms; `epoch` names this set, a reset gives a new one."""

    limit: int
    epoch: str = field(default_factory=lambda: secrets.token_hex(4))
    _phones: dict[tuple[str, int], Phone] = field(default_factory=dict)
    _pauses: dict[str, Pause] = field(default_factory=dict)

    def of(self, platform: str, address: int) -> Phone:
        """The phone at this address, new if there was none."""
        key = (platform, address)
        phone = self._phones.get(key)
        if phone is None:
            phone = self._phones[key] = Phone(platform, address, self.limit)
        return phone

    def on(self, platform: str) -> list[Phone]:
        """The phones of one platform in the order in which they appeared."""
        return [phone for (name, _), phone in self._phones.items() if name == platform]

    def pause(self, platform: str, words: str, until: float) -> None:
        """Show on every phone of a platform why the account says nothing before `until`."""
        self._pauses[platform] = Pause(words, until)
        for phone in self.on(platform):
            phone.touch()

    def paused(self, platform: str) -> Pause | None:
        """Why the account of a platform says nothing now, None while it can."""
        pause = self._pauses.get(platform)
        return pause if pause and pause.until > time.time() else None

    def screen(self, platform: str, address: int, version: int = 0) -> dict[str, Any]:
        """What changed on a phone after `version`, and `pause`; see Phone.since."""
        pause = self.paused(platform)
        shown = self.of(platform, address).since(version)
        return shown | {"pause": asdict(pause) if pause else None}

    def clear(self) -> None:
        """Throw all phones away; whoever watches one is woken and finds a new epoch."""
        gone = list(self._phones.values())
        self._phones.clear()
        self._pauses.clear()
        self.epoch = secrets.token_hex(4)
        for phone in gone:
            phone.touch()
