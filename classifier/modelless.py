"""What can be said of a text while there is no model: places, urgency, class; no urusan."""

import hashlib
from collections.abc import Sequence

from spacy.tokens import Doc
from spacy.vocab import Vocab

from classifier.category import category
from classifier.klasifikasi import klasifikasi
from classifier.normalise import LONGEST_TEXT
from classifier.pipeline import Words
from classifier.places import Places
from classifier.urgency import alarm
from classifier.wording import words_of
from core.registry.registry import Registry
from core.understanding import Text, Understanding


class Modelless:
    """Stands in for a Classifier: everything goes to manual triage, and says so."""

    version = ""

    def __init__(self, registry: Registry) -> None:
        vocab = Vocab()
        self._words, self._places = Words(vocab), Places(vocab, registry)

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what each text says; nothing is ranked."""
        read = [readable(one.text) for one in texts]
        return [plain(text, self._words(text), self._places) for text in read]


def readable(text: str) -> str:
    """Return the part of `text` that is read; a broken character becomes "?"."""
    part = text[:LONGEST_TEXT]
    return part if part.isascii() else part.encode(errors="replace").decode()


def plain(text: str, doc: Doc, places: Places | None, urusan: str = "") -> Understanding:
    """Return what needs no model; `urusan` is the one that is sure, "" for none."""
    words = words_of(text)
    return Understanding(
        model="",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        klasifikasi=klasifikasi(words, urusan),
        urgency=alarm(words).urgency,
        category=category(words, urusan),
        mentions=places.find(doc, text) if places else (),
    )
