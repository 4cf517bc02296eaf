"""The classifier in service: a model's folder in, what texts say out."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from classifier.modelless import Plain, plain, readable
from classifier.pipeline import COMPONENT, Topic, remembering
from classifier.places import Places
from classifier.purpose import Purposes
from core.errors import ConfigurationError
from core.registry.registry import Registry
from core.understanding import Purpose, Text, Understanding

FORMAT = 1  # of a model's folder; raised when an older program cannot read a newer model
META = "meta.json"
KANAL = "kanal"  # what a model tells of itself stands under this name in meta.json
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)


class Classifier:
    """Understands texts by one model; for one thread at a time. Never fails on any text."""

    def __init__(
        self,
        nlp: Language,
        about: dict[str, Any],
        registry: Registry | None,
        purposes: Purposes | None = None,
    ) -> None:
        self._nlp = nlp
        self.about = about
        self.version = str(about["version"])
        self._places = Places(nlp.vocab, registry) if registry else None
        self._purposes = purposes

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what each text says; only its first LONGEST_TEXT characters are read."""
        read = [readable(one.text) for one in texts]
        with remembering(self._nlp):
            docs = list(self._nlp.pipe(read))
            topics = [doc.user_data[COMPONENT] for doc in docs]
            first = [topic.ranked[0].urusan if topic.sure else "" for topic in topics]
            told = plain(read, docs, self._places, first)
        each = zip(told, topics, self._told_purposes(texts), strict=True)
        return [self._understood(*one) for one in each]

    def _told_purposes(self, texts: Sequence[Text]) -> list[Purpose | None]:
        """Return what each public text is for; None for others, and when the model cannot tell."""
        public = [one.text for one in texts if one.public]
        told = iter(self._purposes.of(public) if self._purposes and public else ())
        return [next(told, None) if one.public else None for one in texts]

    def _understood(self, told: Plain, topic: Topic, purpose: Purpose | None) -> Understanding:
        return Understanding(
            model=self.version,
            digest=told.digest,
            urusan=topic.ranked,
            sure=topic.sure,
            confidence=topic.confidence,
            klasifikasi=told.klasifikasi,
            urgency=told.urgency,
            category=told.category,
            purpose=purpose,
            mentions=told.mentions,
            alarm=told.alarm,
        )


def load(folder: Path, registry: Registry | None = None) -> Classifier:
    """Load the model in `folder`; with a `registry`, places of it are found in texts.

    Raises ConfigurationError when there is none, or none that this program reads.
    """
    about = _about(folder)
    try:
        return Classifier(spacy.load(folder), about, registry, Purposes.found(folder))
    except _UNREADABLE as error:
        raise ConfigurationError(f"{folder}: broken model ({type(error).__name__})") from None


def _about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / META).read_text(encoding="utf-8"))[KANAL]
        found = about["format"]
        str(about["version"])
    except FileNotFoundError:
        raise ConfigurationError(f"{folder}: no model there ({META} is missing)") from None
    except _UNREADABLE as error:
        raise ConfigurationError(
            f"{folder}/{META}: {type(error).__name__}; no model of ours"
        ) from None
    if found != FORMAT:
        raise ConfigurationError(
            f"{folder}: a model of format {found}, this program reads {FORMAT}"
        )
    return dict(about)
