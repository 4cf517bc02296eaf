"""The files that citizens sent, on a stand-in for Meta's servers of files."""

import secrets
from dataclasses import dataclass, field

CDN = "/messenger/cdn"
PICTURES = "/simulator/messenger/files"


@dataclass(slots=True)
class Files:
    """All files by name; their addresses begin with `origin`, where the bot reaches us."""

    origin: str
    _files: dict[str, tuple[bytes, int]] = field(default_factory=dict)

    def add(self, ending: str, content: bytes, size: int = 0) -> str:
        """Keep a new file of at least `size` bytes; its name cannot be guessed."""
        name = f"{secrets.token_urlsafe(12)}.{ending}"
        self._files[name] = (content, max(size, len(content)))
        return name

    def url(self, name: str) -> str:
        """The address from which the bot downloads the file."""
        return f"{self.origin}{CDN}/{name}?oe=6923AAAA"

    def picture(self, name: str) -> str:
        """The path under which the phone shows the file."""
        return f"{PICTURES}/{name}"

    def read(self, name: str) -> bytes | None:
        """The whole file, filled up with zeros, if there is one."""
        content, size = self._files.get(name, (b"", -1))
        return content + bytes(size - len(content)) if size >= 0 else None

    def clear(self) -> None:
        """Throw all files away."""
        self._files.clear()
