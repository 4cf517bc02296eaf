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
        docs = [self._words(text) for text in read]
        return plain(read, docs, self._places, [""] * len(read))


def readable(text: str) -> str:
    """Return the part of `text` that is read; a broken character becomes "?"."""
    part = text[:LONGEST_TEXT]
    return part if part.isascii() else part.encode(errors="replace").decode()


def plain(
    texts: Sequence[str], docs: Sequence[Doc], places: Places | None, urusan: Sequence[str]
) -> list[Understanding]:
    """Return what needs no model; `urusan` is the one that is sure, "" for none.

    Each question is asked of all texts before the next one: so it stays in the processor's cache.
    """
    words = [words_of(text) for text in texts]
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    about = list(zip(words, urusan, strict=True))
    phrases = [(klasifikasi(each, first), alarm(each).urgency) for each, first in about]
    categories = [category(*both) for both in about]
    found = zip(docs, texts, strict=True)
    mentions = [places.find(*both) if places else () for both in found]
    each = zip(digests, phrases, categories, mentions, strict=True)
    return [
        Understanding("", digest, klasifikasi=kelas, urgency=urgency, category=id_, mentions=named)
        for digest, (kelas, urgency), id_, named in each
    ]
