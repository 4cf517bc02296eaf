"""What a citizen says in a message event; pure and tolerant.

https://developers.line.biz/en/reference/messaging-api/#message-event
"""

import re
from dataclasses import replace

from core.message import Attachment, Inbound, Kind, Media, Place
from core.payload import Fields, count, degrees, identifier, inner, words

ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)  #: LINE's own ids
# LINE's apps record a voice message as "audio"; a sound file is sent as "file".
_MEDIA = {
    "image": Media.PHOTO,
    "video": Media.VIDEO,
    "audio": Media.VOICE,
    "file": Media.DOCUMENT,
    "sticker": Media.STICKER,
}


def message(heard: Inbound, event: Fields) -> Inbound:
    """Return a message; one of a type not known here has no content, yet is answered."""
    said = inner(event, "message")
    if not said:
        return heard
    name = words(said, "type")
    return replace(
        heard,
        kind=Kind.MESSAGE,
        message_id=identifier(said, "id", ID),
        text=words(said, "text") if name == "text" else "",
        attachments=_attachments(name, said),
        place=_place(said) if name == "location" else None,
        album=identifier(inner(said, "imageSet"), "id", ID),
        quoted_id=identifier(said, "quotedMessageId", ID),
    )


def _attachments(name: str, said: Fields) -> tuple[Attachment, ...]:
    media = _MEDIA.get(name)
    ref = _ref(name, said)
    if not media or not ref:
        return ()
    return (
        Attachment(
            media=media,
            ref=ref,
            unique_ref=identifier(said, "id", ID),
            name=words(said, "fileName"),
            size=count(said, "fileSize"),
        ),
    )


def _ref(name: str, said: Fields) -> str:
    """Return what `media.locate` needs: `url:` and an address outside LINE, or kind and id."""
    provider = inner(said, "contentProvider")
    if provider.get("type") == "external":
        url = words(provider, "originalContentUrl")
        return f"url:{url}" if url.startswith("https://") else ""
    # A sticker has no file that the API would give; its own id names the picture.
    number = identifier(said, "stickerId" if name == "sticker" else "id", ID)
    return f"{name}:{number}" if number else ""


def _place(said: Fields) -> Place | None:
    latitude, longitude = degrees(said, "latitude", 90), degrees(said, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    label = ", ".join(filter(None, (words(said, "title"), words(said, "address"))))
    return Place(latitude, longitude, label)
