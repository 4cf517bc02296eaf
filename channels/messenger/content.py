"""What a message holds: its words, files and place."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from channels.messenger import places
from core.message import Attachment, Media, Place
from core.payload import Fields, count, degrees, inner, inners, words
from core.text import clean

_MEDIA = {
    "image": Media.PHOTO,
    "video": Media.VIDEO,
    "audio": Media.VOICE,
    "file": Media.DOCUMENT,
    "sticker": Media.STICKER,
}
_ADDRESS = re.compile(r"https?://[!-~]{1,8000}")
_LONGEST_NAME = 255


@dataclass(slots=True)
class Content:
    """The words, files and place of a message, gathered from its parts."""

    text: str
    files: list[Attachment] = field(default_factory=list)
    place: Place | None = None


def read(message: Fields) -> Content:
    """Return what the citizen sent; a part of a kind not known here adds at most its link."""
    content = Content(words(message, "text"))
    decorated = count(message, "sticker_id")
    for part in inners(message, "attachments"):
        file = _file(part, decorated)
        if file is not None:
            content.files.append(file)
        elif words(part, "type") not in _MEDIA:
            _take_link(content, part)
    return content


def _file(part: Fields, decorated: int) -> Attachment | None:
    """Return the file of a part. Stickers came as pictures until August 2026."""
    media = _MEDIA.get(words(part, "type"))
    payload = inner(part, "payload")
    url = words(payload, "url")
    if media is None or not _ADDRESS.fullmatch(url):
        return None
    number = count(payload, "sticker_id") or decorated
    if number and media is Media.PHOTO:
        media = Media.STICKER
    sticker = media is Media.STICKER
    return Attachment(
        media=media,
        ref=url,
        unique_ref=str(number) if sticker and number else "",
        name=_name(url) if media is Media.DOCUMENT else "",
    )


def _name(url: str) -> str:
    """Return the name that a document's address ends in."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return clean(unquote(path.rpartition("/")[2]))[:_LONGEST_NAME]


def _take_link(content: Content, part: Fields) -> None:
    """Take the place that a shared link names, or its address unless the text has it already."""
    payload = inner(part, "payload")
    title = words(payload, "title") or words(part, "title")
    url = clean(places.unwrapped(words(payload, "url") or words(part, "url")))
    place = _pin(payload, title) or places.place(url, title)
    if place is not None:
        content.place = content.place or place
        if content.text.strip() == url:  # the link said no more than the place
            content.text = ""
        return
    if url and url in content.text:
        return
    added = [url] if content.text else [title, url]
    content.text = "\n".join(filter(None, [content.text, *added]))


def _pin(payload: Fields, title: str) -> Place | None:
    """Return the point of a location as Messenger sent it until 2026."""
    coordinates = inner(payload, "coordinates")
    latitude = degrees(coordinates, "lat", 90)
    longitude = degrees(coordinates, "long", 180)
    if latitude is None or longitude is None:
        return None
    return Place(latitude, longitude, title)
