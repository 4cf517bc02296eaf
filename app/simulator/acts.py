"""What a citizen can do with a phone: the bodies of the phone's own API."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Act(BaseModel):
    """Strict about names, so that a misspelt test fails."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Photo(Act):
    """A sample photo; `size` in bytes fills the file up."""

    caption: str = ""
    size: int = Field(default=0, ge=0)


class Album(Act):
    """Several sample photos sent together."""

    caption: str = ""
    count: int = Field(default=2, ge=2, le=10)


class Place(Act):
    """A point in degrees (WGS 84); the default lies in Tanjung Laut, Kota Bontang."""

    latitude: float = Field(default=0.1251, ge=-90, le=90)
    longitude: float = Field(default=117.4902, ge=-180, le=180)


class Venue(Place):
    """A point with a name."""

    title: str = "SDN 3 Tanjung Laut"
    address: str = "Tanjung Laut, Bontang Selatan, Kota Bontang"


class Voice(Act):
    """A sample voice message."""

    duration: int = Field(default=4, ge=0)
    size: int = Field(default=0, ge=0)


class Paper(Act):
    """A sample document."""

    caption: str = ""
    name: str = "surat.pdf"
    mime: str = "application/pdf"
    size: int = Field(default=0, ge=0)


class Clip(Act):
    """A sample film."""

    caption: str = ""
    name: str = "video.mp4"
    size: int = Field(default=0, ge=0)


class Contact(Act):
    """The citizen's own contact card."""

    phone_number: str = "+620000000000"


class Sticker(Act):
    """A sticker that stands for an emoji."""

    emoji: str = "🙏"


class Edit(Act):
    """New words for an earlier message of the citizen."""

    message_id: int
    text: str


class Withdrawal(Act):
    """The citizen takes an earlier message back."""

    message_id: int


class Reaction(Act):
    """The citizen reacts to a message with an emoji."""

    message_id: int
    emoji: str = "👍"


class Start(Act):
    """The citizen opens the chat, perhaps by a link that carries a parameter."""

    parameter: str = ""


class Writing(Act):
    """Exactly one thing the citizen sends.

    `public` makes it something that everybody can read, `reply_to` an answer to the message of
    that number; a platform without such refuses it with 422.
    """

    text: str | None = None
    photo: Photo | None = None
    album: Album | None = None
    location: Place | None = None
    venue: Venue | None = None
    voice: Voice | None = None
    document: Paper | None = None
    video: Clip | None = None
    contact: Contact | None = None
    sticker: Sticker | None = None
    edit: Edit | None = None
    withdraw: Withdrawal | None = None
    reaction: Reaction | None = None
    start: Start | None = None
    public: bool = False
    reply_to: int | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.given()) != 1:
            raise ValueError("send exactly one of " + ", ".join(THINGS))
        return self

    def given(self) -> list[tuple[str, Any]]:
        """The name and value of what is sent."""
        return [(name, value) for name, value in self if name in THINGS and value is not None]


#: What can be sent; the other fields of Writing say how.
THINGS = tuple(name for name in Writing.model_fields if name not in {"public", "reply_to"})


class Press(Act):
    """The press of the button `value` under the message `message_id`."""

    message_id: int
    value: str


class Move(Act):
    """A group becomes the supergroup `to`."""

    to: int = Field(lt=0)


class Saying(Act):
    """One line of a bulk: a text, or the press of the newest button with this value."""

    chat: int
    text: str | None = None
    press: str | None = None
    public: bool = False

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.text is None) == (self.press is None):
            raise ValueError("send exactly one of text, press")
        return self
