"""All of Kanal in one process; only the platforms and the clock are not real."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

import core.linking
import core.ticket
from app.settings import AppSettings
from app.shift import Shift, Tools
from app.suggesting import Reader
from app.wake import FETCH, WORK, Waker
from channels.line.outbound import LABEL, shortened
from channels.messenger.outbound import content
from core import inbox
from core.channel import Call, Channel, Handshake, Limits, Power, Rate
from core.db.session import Sessions, sessions, transaction
from core.db.tables import Inbox, Outbox
from core.errors import SendCode, SendError, Sent
from core.fetching import Shelf
from core.message import Choice, Inbound, Outbound
from core.registry import files, stored
from core.settings import CoreSettings
from core.storage import Folder
from tests.contract.channels import CHANNELS
from tests.core.post import Unhurried
from tests.timemachine import TimeMachine

NOWHERE = "http://127.0.0.1:9"  # of the platforms: nobody is ever called there
WINDOW = timedelta(hours=24)  # in which we may write where a platform limits that


class Bell(Waker):
    """A waker that only notes who was woken."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, ...]] = []

    def wake(self, task: str, *args: str) -> None:
        """Note it."""
        if (task, *args) not in self.rung:
            self.rung.append((task, *args))


@dataclass
class Platform:
    """One of the four channels, whose messages go to the phones that are played."""

    real: Channel
    machine: TimeMachine
    take: Callable[[str, Outbound], str]

    @property
    def name(self) -> str:
        """That of the real one, as all that follows."""
        return self.real.name

    @property
    def powers(self) -> frozenset[Power]:
        """See name."""
        return self.real.powers

    @property
    def secrets(self) -> Sequence[str]:
        """See name."""
        return self.real.secrets

    def limits(self, address: str) -> Limits:
        """See name."""
        return self.real.limits(address)

    def rates(self, address: str) -> Sequence[Rate]:
        """See name."""
        return self.real.rates(address)

    def watch(self, observe: Callable[[Call], None]) -> None:
        """Make no calls."""

    def handshake(self, query: Mapping[str, str]) -> Handshake | None:
        """See name."""
        return self.real.handshake(query)

    def verify(self, headers: Mapping[str, str], body: bytes) -> bool:
        """See name."""
        return self.real.verify(headers, body)

    def parse(self, body: bytes) -> list[Inbound]:
        """See name."""
        return self.real.parse(body)

    def send(self, part: Outbound) -> Sent | SendError:
        """Show it on the phone, or refuse it where he has been silent for too long."""
        heard_at = part.heard_at or self.machine.now - 2 * WINDOW
        if Power.WINDOW in self.powers and self.machine.now - heard_at > WINDOW:
            return SendError(SendCode.WINDOW_CLOSED, retryable=False)
        return Sent(self.take(self.name, part))


@dataclass
class System:
    """All of Kanal in one process, in the office of Kota Bontang."""

    machine: TimeMachine
    folder: Path
    take: Callable[[str, Outbound], str] = lambda channel, part: ""
    bell: Bell = field(default_factory=Bell)
    make: Sessions = field(init=False)
    core: CoreSettings = field(init=False)
    channels: dict[str, Platform] = field(init=False)
    shift: Shift = field(init=False)

    def __post_init__(self) -> None:
        self.make = sessions(self.machine.engine)
        given = {"region": "64.74", "models": self.folder / "models", "album_wait": 0}
        self.core = CoreSettings.model_validate(given)
        made = (Platform(case.make(NOWHERE), self.machine, self._show) for case in CHANNELS)
        self.channels = {platform.name: platform for platform in made}
        tools = Tools(Unhurried(), Shelf.of(Folder(self.folder), self.core))
        app = AppSettings(delivery_width=1)
        self.shift = Shift(self.channels, self.make, self.bell, tools, app, self.core)
        self.shift.employ(Reader)

    def _show(self, channel: str, part: Outbound) -> str:
        return self.take(channel, part)

    @property
    def limits(self) -> dict[str, Callable[[str], Limits]]:
        """What each channel's messages can hold."""
        return {name: channel.limits for name, channel in self.channels.items()}

    def post(self, channel: str, body: bytes) -> None:
        """Take what a platform posts, as its webhook does, and see to all that follows."""
        with transaction(self.make) as session:
            inbox.put(session, self.channels[channel].parse(body), self.core.album_wait)
        self.bell.wake(WORK)
        self.settle()

    def sweep(self) -> None:
        """Look after what has become due."""
        self.shift.sweep()
        self.settle()

    def settle(self) -> None:
        """Serve whoever was woken, until nobody is; files are not fetched from anywhere."""
        while self.bell.rung:
            task, *channel = self.bell.rung.pop(0)
            if task != FETCH:
                self.shift.run(task, *channel)

    def waiting(self) -> list[str]:
        """Return the states of whatever is neither done with nor delivered."""
        with transaction(self.make) as session:
            letters = session.scalars(select(Inbox.state).where(Inbox.state != "done")).all()
            parts = session.scalars(select(Outbox.state).where(Outbox.state != "sent")).all()
        return [*letters, *parts]


def shown(channel: str, choice: Choice) -> str:
    """Return what can be read on a button."""
    return _SHOWS[channel](choice) if channel in _SHOWS else choice.label


def _line_shows(choice: Choice) -> str:
    return shortened(choice.label, LABEL)


def _messenger_shows(choice: Choice) -> str:
    title: str = content("", [choice])["attachment"]["payload"]["buttons"][0]["title"]
    return title


_SHOWS = {"line": _line_shows, "messenger": _messenger_shows}


def furnish(machine: TimeMachine) -> frozenset[str]:
    """Load the packaged registry, and return the tables that it fills."""
    with transaction(sessions(machine.engine)) as session:
        stored.load(session, files.packaged_sources())
    return frozenset({"agency", "region", "route", "registry_load"})


def draw(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Let tickets and codes be the same ones each time."""
    monkeypatch.setattr(core.ticket, "secrets", Random(seed))
    monkeypatch.setattr(core.linking, "secrets", Random(seed))
