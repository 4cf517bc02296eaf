"""What can be said of a text while there is no model: places, urgency, class; no urusan."""

import hashlib
from collections.abc import Sequence

from spacy.vocab import Vocab

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
        return [self._understood(one.text[:LONGEST_TEXT]) for one in texts]

    def _understood(self, text: str) -> Understanding:
        doc = self._words(text.encode(errors="replace").decode())
        words = words_of(doc.text)
        return Understanding(
            model=self.version,
            digest=hashlib.sha256(doc.text.encode()).hexdigest(),
            klasifikasi=klasifikasi(words, ""),
            urgency=alarm(words).urgency,
            mentions=self._places.find(doc),
        )
