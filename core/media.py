"""Citizens' files, kept under keys that are their own checksums.

Neither a name nor a type that came with a file is believed; what counts is how its bytes begin.
The original is kept and never shown; of a picture officers see a copy (`core.pictures`), of
anything else the file as it came.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import filetype

from core import pictures
from core.errors import MediaRefused
from core.storage import Storage

# Pictures, films, sound and papers: all that can prove something, nothing that can run.
_DOCUMENT = "application/vnd.openxmlformats-officedocument."
ALLOWED = frozenset(
    {
        *("image/jpeg", "image/png", "image/apng", "image/webp", "image/gif", "image/heic"),
        *("video/mp4", "video/quicktime", "video/3gpp", "video/webm"),
        *("audio/ogg", "audio/mpeg", "audio/mp4", "audio/x-wav"),
        *("application/pdf", _DOCUMENT + "wordprocessingml.document"),
        _DOCUMENT + "spreadsheetml.sheet",
    }
)
# The brands of ISO media files (https://mp4ra.org) that `filetype` does not know.
_BRANDS = {
    **dict.fromkeys((b"3gp", b"3g2"), "video/3gpp"),
    **dict.fromkeys((b"hei", b"hev"), "image/heic"),
    **dict.fromkeys((b"iso", b"mp4", b"avc", b"M4V", b"MSN", b"dash"), "video/mp4"),
}
_HEAD = 8192  # as far as `filetype` looks


NOT_VIEWABLE = "not_viewable"  # the code of a picture that we could not make a copy of
_INCOMING = ".incoming-"
_LEFT_OVER = 3600  # seconds after which nobody writes a file any more

_copying = Lock()  # an unpacked picture takes hundreds of megabytes: one at a time


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A file in the storage: its key `path`, `size` in bytes; `shown_path` is its copy's key.

    `code` is "" or NOT_VIEWABLE.
    """

    path: str
    sha256: str
    size: int
    mime: str
    shown_path: str = ""
    shown_mime: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came whole and is of an allowed type, in a local file of ours."""

    file: Path
    sha256: str
    size: int
    mime: str

    @property
    def key(self) -> str:
        """Return the key under which it is kept."""
        return f"{self.sha256[:2]}/{self.sha256}"


def sniff(head: bytes) -> str:
    """Return the MIME type that a file beginning with `head` has, "" if it is unknown."""
    mime = filetype.guess_mime(head[:_HEAD]) or ""
    if not mime and head[4:8] == b"ftyp":
        mime = next((mime for brand, mime in _BRANDS.items() if head.startswith(brand, 8)), "")
    return mime


def store(
    chunks: Iterable[bytes], storage: Storage, folder: Path, max_bytes: int, max_pixels: int
) -> StoredMedia:
    """Keep the file made of `chunks`, and the copy that officers see; `folder` is for its making.

    The same content twice is one file. Raises MediaRefused `too_large` for more than `max_bytes`
    and `type_refused` for a type that is not ALLOWED, and passes on what `chunks` and `storage`
    raise; in all of these cases nothing stays behind in `folder`.
    """
    with receive(chunks, folder, max_bytes) as original:
        kept = (original.key, original.sha256, original.size, original.mime)
        if not original.mime.startswith("image/"):
            storage.save(original.file, original.key)
            return StoredMedia(*kept)
        with _copying:
            shown = pictures.shown(original.file.read_bytes(), max_pixels)
        storage.save(original.file, original.key)
    if shown is None:
        return StoredMedia(*kept, code=NOT_VIEWABLE)
    with receive([shown], folder, len(shown)) as copy:
        storage.save(copy.file, copy.key)
        return StoredMedia(*kept, copy.key, copy.mime)


@contextmanager
def receive(chunks: Iterable[bytes], folder: Path, max_bytes: int) -> Iterator[Received]:
    """Write `chunks` into a file that is there for the block, unless someone takes it away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=_INCOMING, dir=folder)  # its mode is 0600
    incoming = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            sha256, size = _write(chunks, file, max_bytes)
            file.seek(0)
            mime = sniff(file.read(_HEAD))
        if mime not in ALLOWED:
            raise MediaRefused("type_refused")
        yield Received(incoming, sha256, size, mime)
    finally:
        incoming.unlink(missing_ok=True)


def clear_leftovers(folder: Path) -> None:
    """Remove what processes that were killed left half written in `folder`."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:  # beside them only the first letters of keys are here
        left = [entry for entry in entries if entry.name.startswith(_INCOMING)]
    for entry in left:
        with suppress(FileNotFoundError):  # another process clears up too
            if entry.stat().st_mtime < time.time() - _LEFT_OVER:
                Path(entry.path).unlink()


def _write(chunks: Iterable[bytes], file: BinaryIO, max_bytes: int) -> tuple[str, int]:
    """Write all chunks; return their SHA-256 in hex and their size."""
    checksum, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise MediaRefused("too_large")
        checksum.update(chunk)
        file.write(chunk)
    return checksum.hexdigest(), size
