"""What a citizen sends, turned into the content of Telegram messages. Pure but for the files."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.simulator import samples
from app.simulator.acts import Album, Clip, Contact, Paper, Photo, Place, Sticker, Venue, Voice
from app.simulator.telegram import shapes
from app.simulator.telegram.files import Files, StoredFile
from app.simulator.telegram.shapes import Json

PICTURES = "/simulator/telegram/files"


@dataclass(frozen=True, slots=True)
class Content:
    """One message to be: its JSON, and how the phone shows it."""

    kind: str
    json: Json
    text: str = ""
    picture: str = ""


def text(words: str, _: Files) -> list[Content]:
    """A text."""
    return [Content("text", shapes.text(words), words)]


def photo(act: Photo, files: Files) -> list[Content]:
    """A photo in the two sizes that Telegram offers, the smaller one first."""
    return [_photo(files, 0, act.size, act.caption, {})]


def album(act: Album, files: Files) -> list[Content]:
    """Several photos of one album; the caption is on the first only."""
    group = {"media_group_id": str(10**16 + secrets.randbelow(10**16))}
    captions = [act.caption] + [""] * (act.count - 1)
    return [_photo(files, index, 0, words, group) for index, words in enumerate(captions)]


def _photo(files: Files, variant: int, size: int, caption: str, extra: Json) -> Content:
    small = files.add("photo", samples.photo(12, 9, variant))
    large = files.add("photo", samples.photo(40, 30, variant), size)
    sizes = [
        small.reference() | {"width": 96, "height": 72},
        large.reference() | {"width": 320, "height": 240},
    ]
    json = {"photo": sizes} | _caption(caption) | extra
    return Content("photo", json, caption, f"{PICTURES}/{large.unique_id}")


def _caption(caption: str) -> Json:
    return {"caption": caption} if caption else {}


def location(act: Place, _: Files) -> list[Content]:
    """A point on the map."""
    return [Content("location", {"location": _point(act)}, f"{act.latitude}, {act.longitude}")]


def venue(act: Venue, _: Files) -> list[Content]:
    """A place with a name; Telegram repeats its point as a location."""
    point = _point(act)
    named = {"location": point, "title": act.title, "address": act.address}
    return [Content("venue", {"location": point, "venue": named}, f"{act.title}, {act.address}")]


def _point(act: Place) -> Json:
    return {"latitude": act.latitude, "longitude": act.longitude}


def voice(act: Voice, files: Files) -> list[Content]:
    """A voice message."""
    details = {"duration": act.duration, "mime_type": "audio/ogg"}
    json = {"voice": files.add("voice", size=act.size).reference() | details}
    return [Content("voice", json, f"{act.duration} detik")]


def document(act: Paper, files: Files) -> list[Content]:
    """A file."""
    details = {"file_name": act.name, "mime_type": act.mime}
    return [_captioned("document", files.add("document", size=act.size), details, act)]


def video(act: Clip, files: Files) -> list[Content]:
    """A film."""
    details = {"width": 640, "height": 360, "duration": 12, "mime_type": "video/mp4"}
    return [_captioned("video", files.add("video", size=act.size), details, act)]


def _captioned(kind: str, file: StoredFile, details: Json, act: Paper | Clip) -> Content:
    json = {kind: file.reference() | details} | _caption(act.caption)
    return Content(kind, json, act.caption or act.name)


def contact(act: Contact, _: Files) -> list[Content]:
    """The citizen's own contact card; the platform adds the user id."""
    card = {"phone_number": act.phone_number, "first_name": shapes.CITIZEN}
    return [Content("contact", {"contact": card}, shapes.CITIZEN)]


def sticker(act: Sticker, files: Files) -> list[Content]:
    """A sticker."""
    details = {
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": act.emoji,
    }
    json = {"sticker": files.add("sticker").reference() | details}
    return [Content("sticker", json, act.emoji)]


#: Field of `acts.Writing` -> what it becomes.
MAKERS: dict[str, Callable[[Any, Files], list[Content]]] = {
    "text": text,
    "photo": photo,
    "album": album,
    "location": location,
    "venue": venue,
    "voice": voice,
    "document": document,
    "video": video,
    "contact": contact,
    "sticker": sticker,
}
