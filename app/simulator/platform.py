"""What every simulated platform offers to the phone, whatever it speaks with the bot."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from app.simulator.acts import Writing


@dataclass(eq=False)
class ActRefused(Exception):
    """The citizen cannot do this on the platform; `status` is the HTTP status that says so."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """What an act led to; a message that the bot may not read leads to no update."""

    message_ids: list[int]
    update_ids: list[int]


class Platform(Protocol):
    """The citizen's side of one platform; every act raises ActRefused where it is impossible."""

    name: str  #: as in paths
    title: str  #: as people write it
    first_address: int  #: the chat of the first phone on the page

    def write(self, address: int, writing: Writing) -> Done:
        """The citizen sends something, or edits it."""
        ...

    def press(self, address: int, message_id: int, value: str) -> Done:
        """The citizen presses a button."""
        ...

    def block(self, address: int, blocked: bool) -> Done:
        """The citizen blocks the bot, or takes it back."""
        ...

    def deactivate(self, address: int) -> Done:
        """The citizen's account ends; ActRefused(409) where a bot could never tell."""
        ...

    def inject(self, event: dict[str, Any]) -> Done:
        """Deliver an event word for word, as a platform might that nobody foresaw."""
        ...

    def file(self, unique_id: str) -> bytes | None:
        """A picture for the phone's screen."""
        ...

    def hang_up(self) -> None:
        """The process ends: answer at once whoever waits for an event or an answer."""
        ...

    async def reset(self) -> None:
        """Forget everything and everybody but the bot's webhook."""
        ...

    async def stop(self) -> None:
        """Stop everything under way."""
        ...


@runtime_checkable
class Migrates(Protocol):
    """A platform whose groups can move to another address."""

    def migrate(self, address: int, to: int) -> Done:
        """A group moves to another address; ActRefused(409) for what is no group."""
        ...
