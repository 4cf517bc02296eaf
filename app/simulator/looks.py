"""What each platform's own app looks like and offers, as far as the phone page shows it."""

from dataclasses import dataclass

from app.simulator.line.content import QUOTABLE_BUBBLES, QUOTING
from app.simulator.twitter.shapes import USERNAME


@dataclass(frozen=True, slots=True)
class Look:
    """One app: the account that the citizen writes to, and what can be done with a message.

    `attachments` are keys of ATTACHMENTS, `acts` what can be done with a message later: edit,
    withdraw, reply, react. `quotable` are the kinds of messages that can be answered, `quoting`
    the attachments that can answer one, beside a text. `public` says that there are posts beside
    messages; those begin with `mention` if the citizen does not write it.
    """

    account: str
    text_limit: int
    attachments: tuple[str, ...]
    acts: tuple[str, ...] = ()
    mention: str = ""
    quotable: tuple[str, ...] = ()
    quoting: tuple[str, ...] = ()

    @property
    def public(self) -> bool:
        """True where a citizen can write for everybody to read."""
        return bool(self.mention)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A line of the attachment menu: its label, and its icon as an SVG path in 24 x 24."""

    label: str
    icon: str


ATTACHMENTS = {
    "photo": Attachment(
        "Foto contoh",
        "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4",
    ),
    "album": Attachment("Dua foto (album)", "M3 8h13v12H3zM8 8V4h13v12h-5M3 17l4-4 3 3 2-2 4 4"),
    "video": Attachment("Video", "M3 6h12v12H3zM15 10.500l6-3.500v10l-6-3.500"),
    "location": Attachment(
        "Lokasi",
        "M12 21s7-6.2 7-11.2a7 7 0 1 0-14 0C5 14.800 12 21 12 21zM12 12.500a2.500 2.500 0 1 0 0-5 "
        "2.500 2.500 0 0 0 0 5",
    ),
    "sticker": Attachment(
        "Stiker", "M12 21a9 9 0 1 1 9-9l-9 9zM12 21c0-6 3-9 9-9M8.500 10v.5M14 9v.5"
    ),
    "document": Attachment("Dokumen", "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"),
    "voice": Attachment(
        "Suara",
        "M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11a6 6 0 0 0 12 0M12 17v4",
    ),
}

_ALL = tuple(ATTACHMENTS)
_QUOTABLE = ("text", "venue", *_ALL)

LOOKS = {
    "telegram": Look("Kanal", 4096, _ALL, ("reply", "edit"), quotable=_QUOTABLE, quoting=_ALL),
    "line": Look(
        account="Kanal",
        text_limit=5000,
        attachments=_ALL,
        acts=("reply", "withdraw"),
        quotable=tuple(QUOTABLE_BUBBLES),
        quoting=tuple(QUOTING),
    ),
    "twitter": Look(
        account="Kanal",
        text_limit=10_000,
        attachments=("photo", "album"),
        acts=("reply", "edit"),
        mention=f"@{USERNAME}",
        quotable=("text", "photo"),
        quoting=("photo", "album"),
    ),
    "messenger": Look(
        "Kanal", 2000, _ALL, ("reply", "edit", "react"), quotable=_QUOTABLE, quoting=_ALL
    ),
}
