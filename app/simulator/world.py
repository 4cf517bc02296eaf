"""Everything in one simulator process: its settings, faults, log, phones and platforms."""

from dataclasses import dataclass, field

from app.simulator.faults import Faults
from app.simulator.phone import Phones
from app.simulator.platform import Platform
from app.simulator.settings import SimulatorSettings
from app.simulator.telegram import Telegram
from app.simulator.wire import Wire


@dataclass(slots=True)
class World:
    """The state that all routes share; lives as long as the process."""

    settings: SimulatorSettings
    faults: Faults = field(init=False)
    wire: Wire = field(init=False)
    phones: Phones = field(init=False)
    telegram: Telegram = field(init=False)
    platforms: dict[str, Platform] = field(init=False)
    stopping: bool = False

    def __post_init__(self) -> None:
        self.faults = Faults()
        self.wire = Wire(self.settings.wire_limit)
        self.phones = Phones(self.settings.bubble_limit)
        self.telegram = Telegram(self.settings, self.phones, self.wire, self.faults)
        self.platforms = {self.telegram.name: self.telegram}

    async def reset(self) -> None:
        """Forget phones, updates and log, clear the faults; bots and their webhooks stay."""
        self.faults.clear()
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
