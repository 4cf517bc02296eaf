"""Citizens' files, kept outside the web root under names that are their own checksums.

Neither a name nor a type that came with a file is believed; what counts is how its bytes begin.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import filetype

from core.errors import MediaRefused

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


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """A file that is on disk: `path` is relative to the folder, `size` in bytes."""

    path: str
    sha256: str
    size: int
    mime: str


def sniff(head: bytes) -> str:
    """Return the MIME type that a file beginning with `head` has, "" if it is unknown."""
    mime = filetype.guess_mime(head[:_HEAD]) or ""
    if not mime and head[4:8] == b"ftyp":
        mime = next((mime for brand, mime in _BRANDS.items() if head.startswith(brand, 8)), "")
    return mime


def store(chunks: Iterable[bytes], folder: Path, max_bytes: int) -> StoredMedia:
    """Write the file made of `chunks` into `folder` and return where it is.

    The same content twice is one file. Raises MediaRefused `too_large` for more than `max_bytes`
    and `type_refused` for a type that is not ALLOWED, and passes on what `chunks` raises; in all
    of these cases nothing stays behind.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".incoming-", dir=folder)  # its mode is 0600
    incoming = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            sha256, size = _write(chunks, file, max_bytes)
            file.seek(0)
            mime = sniff(file.read(_HEAD))
            if mime not in ALLOWED:
                raise MediaRefused("type_refused")
            os.fsync(file.fileno())
        path = f"{sha256[:2]}/{sha256}"
        (folder / path).parent.mkdir(mode=0o700, exist_ok=True)
        incoming.replace(folder / path)
    finally:
        incoming.unlink(missing_ok=True)
    return StoredMedia(path, sha256, size, mime)


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
