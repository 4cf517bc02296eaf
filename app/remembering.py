"""A model that remembers what it just read: a report was read as messages, moments before."""

from collections.abc import Sequence

from app.deciding import Understands
from core.understanding import Text, Understanding

REMEMBERED = 512  # texts, which take some 2 MB
LONGEST = 2_000  # characters of a text that is remembered


class Remembering:
    """Understands as `model` does, and reads the newest texts once; for one thread at a time."""

    def __init__(self, model: Understands) -> None:
        self.model = model
        self._read: dict[Text, Understanding] = {}

    @property
    def version(self) -> str:
        """Its version, "" for none."""
        return self.model.version

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what each text says; never fails on any text."""
        unread = [text for text in dict.fromkeys(texts) if text not in self._read]
        found = dict(zip(unread, self.model.understand(unread), strict=True)) if unread else {}
        told = [found[text] if text in found else self._read[text] for text in texts]
        self._remember(found)
        return told

    def _remember(self, found: dict[Text, Understanding]) -> None:
        self._read |= {text: said for text, said in found.items() if len(text.text) <= LONGEST}
        for text in list(self._read)[: max(0, len(self._read) - REMEMBERED)]:
            del self._read[text]
