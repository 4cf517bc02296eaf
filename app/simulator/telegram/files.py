"""The files that citizens sent, until the bot fetches them."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.simulator import samples
from app.simulator.telegram.rules import FILE_LIMIT, refuse
from app.simulator.telegram.shapes import Json

#: Kind -> folder of the file path, ending, prefix of the file id.
_SHELVES = {
    "photo": ("photos", "jpg", "AgACAgUAAxk"),
    "voice": ("voice", "oga", "AwACAgUAAxk"),
    "document": ("documents", "pdf", "BQACAgUAAxk"),
    "video": ("videos", "mp4", "BAACAgUAAxk"),
    "sticker": ("stickers", "webp", "CAACAgUAAxk"),
}
_MAKERS: dict[str, Callable[[], bytes]] = {
    "voice": samples.voice,
    "document": samples.paper,
    "video": samples.film,
    "sticker": samples.sticker,
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of `size` bytes: `content`, filled up with zeros."""

    file_id: str
    unique_id: str
    path: str
    content: bytes
    size: int

    def reference(self) -> Json:
        """The fields by which a message names it."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": self.size,
        }

    def read(self) -> bytes:
        """The whole file."""
        return self.content + bytes(self.size - len(self.content))


@dataclass(slots=True)
class Files:
    """All files by id; a link works for `link_seconds` after getFile gave it out."""

    link_seconds: float
    _run: str = field(default_factory=lambda: secrets.token_hex(4))
    _files: dict[str, StoredFile] = field(default_factory=dict)
    _by_unique_id: dict[str, StoredFile] = field(default_factory=dict)
    _links: dict[str, tuple[StoredFile, float]] = field(default_factory=dict)

    def add(self, kind: str, content: bytes = b"", size: int = 0) -> StoredFile:
        """Keep a new file of this kind, at least `size` bytes long."""
        folder, ending, prefix = _SHELVES[kind]
        content = content or _MAKERS[kind]()
        count = len(self._files) + 1
        file = StoredFile(
            f"{prefix}{self._run}{count:08d}",
            f"AQAD{self._run}{count:08d}",
            f"{folder}/file_{count}.{ending}",
            content,
            max(size, len(content)),
        )
        self._files[file.file_id] = self._by_unique_id[file.unique_id] = file
        return file

    def link(self, file_id: str) -> Json:
        """What getFile answers."""
        file = self._files.get(file_id)
        if file is None:
            raise refuse("wrong file_id or the file is temporarily unavailable")
        if file.size > FILE_LIMIT:
            raise refuse("file is too big")
        self._links[file.path] = (file, time.time() + self.link_seconds)
        return file.reference() | {"file_path": file.path}

    def fetch(self, path: str) -> bytes | None:
        """The file behind a link that still works."""
        file, until = self._links.get(path, (None, 0.0))
        return file.read() if file is not None and time.time() < until else None

    def show(self, unique_id: str) -> bytes | None:
        """The file for the phone's own screen."""
        file = self._by_unique_id.get(unique_id)
        return file.read() if file is not None and file.size <= FILE_LIMIT else None

    def clear(self) -> None:
        """Throw all files away."""
        self._files.clear()
        self._by_unique_id.clear()
        self._links.clear()
