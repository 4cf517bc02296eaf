"""What a citizen sends, turned into LINE's message objects; a caption is a text of its own."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.simulator import samples
from app.simulator.acts import Album, Clip, Paper, Photo, Place, Sticker, Venue, Voice
from app.simulator.line.shapes import Json

_OWN: Json = {"contentProvider": {"type": "line"}}


@dataclass(frozen=True, slots=True)
class Content:
    """One message to be: its JSON without id, how the phone shows it, and its file."""

    kind: str
    json: Json
    text: str = ""
    file: bytes = b""


def text(words: str) -> list[Content]:
    """A text."""
    return [Content("text", {"type": "text", "text": words}, words)]


def photo(act: Photo) -> list[Content]:
    """A photo."""
    return [_image(0, act.size, {}), *_caption(act.caption)]


def album(act: Album) -> list[Content]:
    """Several photos that belong together."""
    name, total = secrets.token_hex(32).upper(), act.count
    sets = [{"imageSet": {"id": name, "index": n, "total": total}} for n in range(1, total + 1)]
    return [*(_image(n, 0, extra) for n, extra in enumerate(sets)), *_caption(act.caption)]


def _image(variant: int, size: int, extra: Json) -> Content:
    file = samples.photo(40, 30, variant)
    return Content("photo", {"type": "image"} | _OWN | extra, file=_filled(file, size))


def _caption(words: str) -> list[Content]:
    return text(words) if words else []


def _filled(file: bytes, size: int) -> bytes:
    return file + bytes(max(0, size - len(file)))


def location(act: Place) -> list[Content]:
    """A point on the map."""
    return [Content("location", _point(act), f"{act.latitude}, {act.longitude}")]


def venue(act: Venue) -> list[Content]:
    """A place with a name."""
    json = _point(act) | {"title": act.title, "address": act.address}
    return [Content("location", json, f"{act.title}, {act.address}")]


def _point(act: Place) -> Json:
    return {"type": "location", "latitude": act.latitude, "longitude": act.longitude}


def voice(act: Voice) -> list[Content]:
    """A voice message."""
    json = {"type": "audio", "duration": act.duration * 1000} | _OWN
    return [Content("voice", json, f"{act.duration} detik", _filled(samples.voice(), act.size))]


def video(act: Clip) -> list[Content]:
    """A film."""
    json = {"type": "video", "duration": 12_000} | _OWN
    film = Content("video", json, act.name, _filled(samples.film(), act.size))
    return [film, *_caption(act.caption)]


def document(act: Paper) -> list[Content]:
    """A file."""
    file = _filled(samples.paper(), act.size)
    json = {"type": "file", "fileName": act.name, "fileSize": len(file)}
    return [Content("document", json, act.name, file), *_caption(act.caption)]


def sticker(act: Sticker) -> list[Content]:
    """A sticker."""
    json = {
        "type": "sticker",
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "STATIC",
        "text": act.emoji,
    }
    return [Content("sticker", json, act.emoji)]


#: Field of `acts.Writing` -> what it becomes.
MAKERS: dict[str, Callable[[Any], list[Content]]] = {
    "text": text,
    "photo": photo,
    "album": album,
    "location": location,
    "venue": venue,
    "voice": voice,
    "video": video,
    "document": document,
    "sticker": sticker,
}
#: Kinds of message that carry a token by which they can be quoted, in LINE's words and the phone's.
QUOTABLE = frozenset({"text", "image", "video", "sticker"})
QUOTABLE_BUBBLES = frozenset({"text", "photo", "video", "sticker"})
#: Fields of `acts.Writing` that can quote a message.
QUOTING = frozenset({"text", "sticker"})
