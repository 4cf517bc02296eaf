"""What a citizen may do, in one word each, for the tests of the core."""

from dataclasses import dataclass, field, replace

from core.conversation import step
from core.draft import Draft, State
from core.effects import (
    AmendMessage,
    Effect,
    OpenReport,
    Own,
    SetReachable,
    TellStatus,
)
from core.message import Attachment, Inbound, Kind, Media, Place
from core.place_words import find_place
from core.turn import Known, Step
from core.understanding import Understanding

CHANNEL = "telegram"
ADDRESS = "5012345678"


def _event(kind: Kind, *, number: str = "", text: str = "", choice: str = "") -> Inbound:
    return Inbound(
        channel=CHANNEL,
        external_id=number,
        address=ADDRESS,
        kind=kind,
        raw=b"{}",
        message_id=number,
        text=text,
        choice=choice,
    )


def says(text: str, *files: Attachment, place: Place | None = None, album: str = "") -> Inbound:
    """A message; its id is given by whoever plays it."""
    return Inbound(
        channel=CHANNEL,
        external_id="",
        address=ADDRESS,
        kind=Kind.MESSAGE,
        raw=b"{}",
        text=text,
        attachments=files,
        place=place,
        album=album,
    )


def photo(caption: str = "", album: str = "") -> Inbound:
    """A picture."""
    return says(caption, Attachment(Media.PHOTO, "file-1"), album=album)


def sticker() -> Inbound:
    """Decoration."""
    return says("", Attachment(Media.STICKER, "file-2"))


def pin(label: str = "") -> Inbound:
    """A place on the map."""
    return says("", place=Place(0.5071, 117.5345, label))


def taps(choice: str) -> Inbound:
    """A button."""
    return _event(Kind.CHOICE, choice=choice)


def edits(number: str, text: str, *files: Attachment) -> Inbound:
    """The message `number` reads `text`, and brings `files`, now."""
    return replace(_event(Kind.EDIT, number=number, text=text), attachments=files)


def withdraws(number: str) -> Inbound:
    """The message `number` is taken back."""
    return _event(Kind.WITHDRAWN, number=number)


def does(kind: Kind) -> Inbound:
    """An event without content."""
    return _event(kind)


def knows(inbound: Inbound) -> Known:
    """What is known of a message from its words alone."""
    return Known(place=find_place(inbound.text))


@dataclass
class Chat:
    """A conversation that is being played."""

    state: State = field(default_factory=State)
    opened: list[Draft] = field(default_factory=list)
    heard: int = 0
    reports: tuple[Own, ...] = ()

    def hear(self, inbound: Inbound, known: Known | Understanding | None = None) -> Step:
        """Play the next event, `known` so or seen so by a model; messages are numbered m1, m2 .."""
        self.heard += 1
        if inbound.kind is Kind.MESSAGE:
            inbound = replace(inbound, message_id=f"m{self.heard}")
        besides = known if isinstance(known, Known) else Known(understanding=known)
        place = find_place(inbound.text)
        outcome = step(self.state, inbound, replace(besides, place=place, reports=self.reports))
        self.opened += [e.draft for e in outcome.effects if isinstance(e, OpenReport)]
        self.state = outcome.state
        return outcome


def effect_name(effect: Effect) -> str:
    """Return the effect in one word."""
    match effect:
        case OpenReport():
            return "+open"
        case TellStatus():
            return "+status"
        case SetReachable(reachable):
            return "+back" if reachable else "+blocked"
        case AmendMessage(_, _, withdrawn):
            return "+withdrawn" if withdrawn else "+edit"
        case _:
            return f"+{type(effect).__name__.lower()}"


def summary(outcome: Step) -> str:
    """Return keys of the replies, then the effects."""
    effects = [effect_name(effect) for effect in outcome.effects]
    return " ".join([*(reply.key for reply in outcome.replies), *effects])
