"""What a citizen sends, turned into the content of Messenger messages. Pure but for the files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.simulator import samples
from app.simulator.acts import Album, Clip, Paper, Photo, Place, Sticker, Venue, Voice
from app.simulator.messenger import shapes
from app.simulator.messenger.files import Files
from app.simulator.messenger.shapes import Json

STICKER_ID = 767226160478561


@dataclass(frozen=True, slots=True)
class Content:
    """One message to be: its JSON, and how the phone shows it."""

    kind: str
    json: Json
    text: str = ""
    picture: str = ""


def text(words: str, _: Files) -> list[Content]:
    """A text."""
    return [Content("text", {"text": words}, words)]


def _before(caption: str) -> list[Content]:
    """Messenger's files have no captions: the words are a message of their own."""
    return [Content("text", {"text": caption}, caption)] if caption else []


def photo(act: Photo, files: Files) -> list[Content]:
    """A photo."""
    return [*_before(act.caption), _photos(files, 1, act.size)]


def album(act: Album, files: Files) -> list[Content]:
    """Several photos in one message."""
    return [*_before(act.caption), _photos(files, act.count, 0)]


def _photos(files: Files, count: int, size: int) -> Content:
    made = [files.add("jpg", samples.photo(40, 30, variant), size) for variant in range(count)]
    parts = [shapes.attachment("image", files.url(name)) for name in made]
    words = "" if count == 1 else f"{count} foto"
    return Content("photo", {"attachments": parts}, words, files.picture(made[0]))


def video(act: Clip, files: Files) -> list[Content]:
    """A film."""
    return [*_before(act.caption), _file(files, "video", "mp4", samples.film(), act)]


def document(act: Paper, files: Files) -> list[Content]:
    """A file."""
    return [*_before(act.caption), _file(files, "file", "pdf", samples.paper(), act)]


def _file(files: Files, kind: str, ending: str, content: bytes, act: Clip | Paper) -> Content:
    part = shapes.attachment(kind, files.url(files.add(ending, content, act.size)))
    shown = "document" if kind == "file" else kind
    return Content(shown, {"attachments": [part]}, act.name)


def voice(act: Voice, files: Files) -> list[Content]:
    """A voice message."""
    part = shapes.attachment("audio", files.url(files.add("ogg", samples.voice(), act.size)))
    return [Content("voice", {"attachments": [part]}, f"{act.duration} detik")]


def sticker(act: Sticker, files: Files) -> list[Content]:
    """A sticker, in the form of August 2026."""
    url = files.url(files.add("webp", samples.sticker()))
    part = shapes.attachment("sticker", url, sticker_id=STICKER_ID)
    return [Content("sticker", {"attachments": [part]}, act.emoji)]


def location(act: Place, _: Files) -> list[Content]:
    """A point on the map."""
    return [_place(act, "Lokasi")]


def venue(act: Venue, _: Files) -> list[Content]:
    """A place with a name."""
    return [_place(act, f"{act.title}, {act.address}")]


def _place(act: Place, title: str) -> Content:
    link = shapes.map_link(act.latitude, act.longitude, title)
    return Content("location", {"attachments": [link]}, f"{title}: {act.latitude}, {act.longitude}")


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
    "sticker": sticker,
}
