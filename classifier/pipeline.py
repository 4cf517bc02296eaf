"""The spaCy pipeline: our own words, and a component that ranks the urusan of a text.

`spacy.blank("id")` brings its own tokenizer with 50 MB of exceptions; ours needs none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from spacy.attrs import LOWER, NORM
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from classifier.calibration import Calibration, Floats
from classifier.linear import Linear, Reading, Scorer
from classifier.normalise import tokens, word
from core.understanding import Likelihood

TOKENIZER = "kanal.words.v1"
COMPONENT = "kanal_urusan"
WEIGHTS = "weights.npz"
CALIBRATION = "calibration.json"
LISTED = 5  # urusan of a text that are told
EXPLAINED = 3  # of these, those with the words that decided
DECIDING = 4  # words told for one urusan
_LEAST_SHARE = 0.25  # of the strongest word's part, for a word to have decided
_BATCH = 128
_LASTING = 60_000  # words that stay in memory; those met later are forgotten with their batch


class Words:
    """Cuts a text into runs of letters and single marks; a token's norm is its one form."""

    def __init__(self, vocab: Vocab) -> None:
        # The words of a text are met once each: what nobody asks of them is not worked out.
        # (spaCy's stub leaves the attribute out.)
        vocab.lex_attr_getters = {LOWER: str.lower, NORM: word}  # type: ignore[attr-defined]
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the part of `text` that is read, cut into tokens."""
        found = tokens(text)
        spaces = [token[-1] == " " and not token.isspace() for token in found]
        words = [token[:-1] if blank else token for token, blank in zip(found, spaces, strict=True)]
        return Doc(self._vocab, words=words, spaces=spaces)

    def to_disk(self, *_: Any, **__: Any) -> None:
        """Write nothing: words are cut by code alone."""

    def from_disk(self, *_: Any, **__: Any) -> "Words":
        """Read nothing."""
        return self


def make_words() -> Callable[[Language], Words]:
    """Return what spaCy calls to make the tokenizer."""
    return lambda nlp: Words(nlp.vocab)


registry.tokenizers(TOKENIZER, func=make_words)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text is about: urusan, the likeliest first, and how surely the first is right."""

    ranked: tuple[Likelihood, ...]
    confidence: float
    sure: bool


class Ranker:
    """The component: leaves a Topic in `doc.user_data[COMPONENT]`, for a whole batch at once."""

    def __init__(self) -> None:
        self._scorer: Scorer | None = None
        self._calibration: Calibration | None = None

    def set(self, model: Linear, calibration: Calibration) -> None:
        """Use this model from now on."""
        self._scorer, self._calibration = Scorer(model), calibration

    def __call__(self, doc: Doc) -> Doc:
        """Rank one text."""
        self._rank([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = _BATCH) -> Iterator[Doc]:
        """Rank many texts, `batch_size` at a time."""
        left = iter(stream)
        while docs := list(islice(left, batch_size)):
            self._rank(docs)
            yield from docs

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model as numbers and the calibration as JSON."""
        scorer, calibration = self._loaded()
        path.mkdir(exist_ok=True)
        scorer.model.save(path / WEIGHTS)
        calibration.save(path / CALIBRATION)

    def from_disk(self, path: Path, **_: Any) -> "Ranker":
        """Read what `to_disk` wrote; OSError, ValueError or KeyError when it is not that."""
        self.set(Linear.load(path / WEIGHTS), Calibration.load(path / CALIBRATION))
        return self

    def _loaded(self) -> tuple[Scorer, Calibration]:
        if self._scorer is None or self._calibration is None:
            raise ValueError("the component has no model yet")
        return self._scorer, self._calibration

    def _rank(self, docs: Sequence[Doc]) -> None:
        scorer, calibration = self._loaded()
        norms = [doc.to_array(NORM).tolist() for doc in docs]
        reading = scorer.read([_forms(doc, each) for doc, each in zip(docs, norms, strict=True)])
        counts = np.bincount(reading.words.text, minlength=len(docs))
        likely, sure = calibration.judged(reading.scores, counts)
        for number, doc in enumerate(docs):
            if reading.lengths[number] == 0:
                doc.user_data[COMPONENT] = Topic((), 0.0, sure=False)
                continue
            confidence = float(sure[number])
            doc.user_data[COMPONENT] = Topic(
                _ranked(reading, number, likely[number], _Written(doc, norms[number])),
                confidence,
                confidence >= calibration.threshold,
            )


@dataclass(frozen=True, slots=True)
class _Written:
    """A text's tokens and the numbers of their forms, to find a word as it is written."""

    doc: Doc
    norms: Sequence[int]

    def word(self, form: str) -> str:
        """Return the word whose form it is, as it is written first."""
        return self.doc[self.norms.index(self.doc.vocab.strings[form])].text


def _forms(doc: Doc, norms: Sequence[int]) -> list[str]:
    strings = doc.vocab.strings
    return [strings[norm] for norm in norms if norm]


def _ranked(
    reading: Reading, number: int, likely: Floats, written: _Written
) -> tuple[Likelihood, ...]:
    first, last = np.searchsorted(reading.words.text, [number, number + 1])
    forms, given = reading.forms[first:last], reading.given[first:last]
    order = np.argsort(-likely)[:LISTED].tolist()
    deciding = [*_deciding(forms, given[:, order[:EXPLAINED]]), *([],) * LISTED]
    return tuple(
        Likelihood(reading.classes[column], float(likely[column]), tuple(map(written.word, words)))
        for column, words in zip(order, deciding, strict=False)
    )


def _deciding(forms: Sequence[str], given: Floats) -> Iterator[list[str]]:
    """Yield for each class (a column) the words that gave most to it, the strongest first."""
    best = np.argsort(-given, axis=0)[:DECIDING]
    parts = np.take_along_axis(given, best, axis=0)
    for places, shares in zip(best.T.tolist(), parts.T.tolist(), strict=True):
        least = max(shares[0] * _LEAST_SHARE, 0) if shares else 0
        yield [forms[place] for place, share in zip(places, shares, strict=True) if share > least]


@Language.factory(COMPONENT)
def make_ranker(nlp: Language, name: str) -> Ranker:  # noqa: ARG001 spaCy passes both by name
    """Return the component, without a model."""
    return Ranker()


def empty() -> Language:
    """Return the pipeline without a model."""
    nlp = spacy.blank("id", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
    nlp.add_pipe(COMPONENT)
    return nlp


def ranker(nlp: Language) -> Ranker:
    """Return the component of a pipeline that `empty` made."""
    found = nlp.get_pipe(COMPONENT)
    if not isinstance(found, Ranker):
        raise TypeError(f"{COMPONENT} is a {type(found).__name__}")
    return found


def remembering(nlp: Language) -> AbstractContextManager[Any]:
    """Return where texts may be read: words are remembered until there are enough of them."""
    return nlp.memory_zone() if len(nlp.vocab) > _LASTING else nullcontext()
