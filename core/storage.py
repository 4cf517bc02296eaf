"""Where citizens' files are kept: the port, and a folder as one of its implementations."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.errors import NotFound

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept file: its size in bytes, and its bytes, to be read once and to the end."""

    size: int
    chunks: Iterator[bytes]


class Storage(Protocol):
    """Files under keys like `ab/abcdef`, which are made from their content.

    What fails for other reasons than told here raises an OSError: that is our trouble, not the
    file's, and passes.
    """

    def save(self, file: Path, key: str) -> None:
        """Keep the bytes of `file`, a local one that may be taken away; it is safe on return."""
        ...

    def open(self, key: str) -> Opened:
        """Return a file; raises NotFound when there is none."""
        ...

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        ...


class Folder:
    """A local folder, outside of every web root, that only we can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, file: Path, key: str) -> None:
        """Move `file`, which has to be on the same file system, to its key."""
        target = self._folder / key
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.chmod(0o600)
        _sync(file)
        file.replace(target)
        _sync(target.parent)  # or the name could be lost, though the bytes are not

    def open(self, key: str) -> Opened:
        """Return the file; raises NotFound also for a key that leads out of the folder."""
        path = self._inside(key)
        return Opened(path.stat().st_size, _chunks(path))

    def delete(self, key: str) -> None:
        """Unlink the file."""
        with suppress(NotFound):
            self._inside(key).unlink(missing_ok=True)

    def _inside(self, key: str) -> Path:
        root = self._folder.resolve()
        path = (root / key).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise NotFound("no such file")
        return path


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
