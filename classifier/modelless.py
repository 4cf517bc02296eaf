"""What can be said of a text while there is no model: places, urgency, class; no urusan."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

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
from core.understanding import Klasifikasi, Mention, Text, Understanding, Urgency


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
        told = plain(read, docs, self._places, [""] * len(read))
        return [Understanding("", **one._asdict()) for one in told]


def readable(text: str) -> str:
    """Return the part of `text` that is read; a broken character becomes "?"."""
    part = text[:LONGEST_TEXT]
    return part if part.isascii() else part.encode(errors="replace").decode()


class Plain(NamedTuple):
    """What an Understanding tells without a model."""

    digest: str
    klasifikasi: Klasifikasi | None
    urgency: Urgency
    category: str
    mentions: tuple[Mention, ...]
    alarm: str


def plain(
    texts: Sequence[str], docs: Sequence[Doc], places: Places | None, urusan: Sequence[str]
) -> list[Plain]:
    """Return what needs no model; `urusan` is the one that is sure, "" for none.

    Each question is asked of all texts before the next one: so it stays in the processor's cache.
    """
    words = [words_of(text) for text in texts]
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    about = list(zip(words, urusan, strict=True))
    classes = [klasifikasi(*both) for both in about]
    alarms = [alarm(each) for each in words]
    urgencies, subjects = [one.urgency for one in alarms], [one.subject for one in alarms]
    categories = [category(*both) for both in about]
    found = zip(docs, texts, strict=True)
    mentions = [places.find(*both) if places else () for both in found]
    return list(map(Plain, digests, classes, urgencies, categories, mentions, subjects))
