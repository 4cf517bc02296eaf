"""Everything in one simulator process: its settings, faults, log, phones and platforms."""

from dataclasses import dataclass, field

from app.simulator.faults import Faults
from app.simulator.line import Line
from app.simulator.messenger import Messenger
from app.simulator.phone import Phones
from app.simulator.platform import Platform
from app.simulator.settings import SimulatorSettings
from app.simulator.telegram import Telegram
from app.simulator.twitter import Twitter
from app.simulator.wire import Wire


@dataclass(slots=True)
class World:
    """The state that all routes share; lives as long as the process.

    `faults` are the switches of each platform, `platforms` the phone's side of it, by name.
    """

    settings: SimulatorSettings
    faults: dict[str, Faults] = field(init=False)
    wire: Wire = field(init=False)
    phones: Phones = field(init=False)
    telegram: Telegram = field(init=False)
    line: Line = field(init=False)
    messenger: Messenger = field(init=False)
    twitter: Twitter = field(init=False)
    platforms: dict[str, Platform] = field(init=False)
    stopping: bool = False

    def __post_init__(self) -> None:
        self.wire = Wire(self.settings.wire_limit)
        self.phones = Phones(self.settings.bubble_limit)
        shared = self.settings, self.phones, self.wire
        self.faults = {it.name: Faults() for it in (Telegram, Line, Twitter, Messenger)}
        self.telegram = Telegram(*shared, self.faults[Telegram.name])
        self.line = Line(*shared, self.faults[Line.name])
        self.messenger = Messenger(*shared, self.faults[Messenger.name])
        self.twitter = Twitter(*shared, self.faults[Twitter.name])
        every = self.telegram, self.line, self.twitter, self.messenger
        self.platforms = {it.name: it for it in every}

    async def reset(self) -> None:
        """Forget phones, updates and log, clear the faults; bots and their webhooks stay."""
        for faults in self.faults.values():
            faults.clear()
        self.phones.clear()
        for platform in self.platforms.values():
            await platform.reset()
        self.wire.clear()

    def hang_up(self) -> None:
        """End every long answer, so that the server can stop."""
        self.stopping = True
        for platform in self.platforms.values():
            platform.hang_up()
            for phone in self.phones.on(platform.name):
                phone.touch()

    async def stop(self) -> None:
        """Stop everything under way."""
        self.hang_up()
        for platform in self.platforms.values():
            await platform.stop()
