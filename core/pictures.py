"""The copy of a citizen's picture that officers see: the same picture, and nothing else.

A photo tells where and when it was taken and with what, and can hold another, smaller picture.
The copy is painted anew from the points of the original, turned the way it is to be seen.
"""

import io
import logging
import struct
import warnings
from dataclasses import dataclass
from typing import Any

import pi_heif
from PIL import Image, ImageOps, ImageSequence

log = logging.getLogger(__name__)

QUALITY = 88  # of JPEG and WebP: no visible loss, a third of the size of 100
_OPENED = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
# What was opened, and what the copy is; most browsers show no HEIC. MPO are two JPEGs in one.
_COPIES = {
    "JPEG": "JPEG",
    "MPO": "JPEG",
    "HEIF": "JPEG",
    "PNG": "PNG",
    "WEBP": "WEBP",
    "GIF": "GIF",
}
_MOVING = frozenset({"PNG", "WEBP", "GIF"})  # of other formats only the first picture is taken
_OPTIONS = {
    "JPEG": {"quality": QUALITY},
    "WEBP": {"quality": QUALITY},
    "PNG": {"compress_level": 3},  # twice as fast as 6, and little larger
    "GIF": {},
}
_LEAST_FRAME = 100_000  # points that a frame counts for at least: it costs more than its points
_BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError),
    *(EOFError, RuntimeError, MemoryError, struct.error),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)

pi_heif.register_heif_opener()
warnings.simplefilter("error", Image.DecompressionBombWarning)


class _Bomb(ValueError):
    """So many points that unpacking them would take too much memory."""


@dataclass(frozen=True, slots=True)
class _Frame:
    picture: Image.Image
    milliseconds: int


def shown(original: bytes, max_pixels: int) -> bytes | None:
    """Return the copy, None if the picture cannot be read or has more than `max_pixels` points.

    The copy is a JPEG, PNG, WebP or GIF without any metadata; its colours are as written, for a
    colour profile is metadata too. Of a moving picture the frames up to `max_pixels` are taken.
    """
    try:
        with Image.open(io.BytesIO(original), formats=_OPENED) as picture:
            format_ = _COPIES[str(picture.format)]
            frames = _frames(picture, format_, max_pixels)
        return _written(frames, format_)
    except _BROKEN as error:
        log.warning("picture not viewable", extra={"error": type(error).__name__})
        return None


def _frames(picture: Image.Image, format_: str, max_pixels: int) -> list[_Frame]:
    """Return the frames; a size is told before anything is unpacked, and checked there."""
    frames: list[_Frame] = []
    left = max_pixels
    for frame in ImageSequence.Iterator(picture):
        points = frame.width * frame.height
        if points > left:
            if frames:
                break
            raise _Bomb
        left -= max(points, _LEAST_FRAME)
        bare = _bare(frame, alpha=format_ != "JPEG")
        frames.append(_Frame(bare, int(frame.info.get("duration") or 0)))
        if format_ not in _MOVING:
            break
    return frames


def _bare(picture: Image.Image, alpha: bool) -> Image.Image:
    """Return a picture of the same points, upright, and with nothing beside them."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):  # of 16 bits, convert() would keep the brightest only
        upright = upright.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if alpha and upright.has_transparency_data else "RGB"
    bare = upright if upright.mode == mode else upright.convert(mode)
    bare.info.clear()
    return bare


def _written(frames: list[_Frame], format_: str) -> bytes:
    first, *others = (frame.picture for frame in frames)
    options: dict[str, Any] = dict(_OPTIONS[format_])
    if others:
        durations = [frame.milliseconds for frame in frames]
        options |= {"save_all": True, "append_images": others, "duration": durations, "loop": 0}
    written = io.BytesIO()
    first.save(written, format_, **options)
    return written.getvalue()
