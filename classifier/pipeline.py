"""The spaCy pipeline: our own words, and a component that ranks the urusan of a text.

`spacy.blank("id")` brings its own tokenizer with 50 MB of exceptions; ours needs none of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
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
from classifier.deciding import deciding
from classifier.linear import Linear, Reading, Scorer
from classifier.normalise import tokens, word
from core.understanding import Likelihood

TOKENIZER = "kanal.words.v1"
COMPONENT = "kanal_urusan"
WEIGHTS = "weights.npz"
CALIBRATION = "calibration.json"
LISTED = 5  # urusan of a text that are told
EXPLAINED = 3  # of these, those with the words that decided
BATCH = 128  # texts whose numbers stay in the processor's cache
_LASTING = 60_000  # words that stay in memory; those met later are forgotten with their batch


_WRITTEN = "kanal_written"  # where a Doc holds its tokens as they are written, and their forms
_Written = tuple[Sequence[str], Sequence[str]]


class Words:
    """Cuts a text into runs of letters and single marks; a token's norm is its one form."""

    def __init__(self, vocab: Vocab) -> None:
        # The words of a text are met once each: what nobody asks of them is not worked out.
        # (spaCy's stub leaves the attribute out.)
        vocab.lex_attr_getters = {LOWER: str.lower, NORM: word}  # type: ignore[attr-defined]
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the part of `text` that is read, cut into tokens."""
        cut = list(map(_cut, tokens(text)))
        words, spaces, forms = map(list, zip(*cut, strict=True)) if cut else ([], [], [])
        return Doc(self._vocab, words, spaces, user_data={_WRITTEN: (words, forms)})

    def to_disk(self, *_: Any, **__: Any) -> None:
        """Write nothing: words are cut by code alone."""

    def from_disk(self, *_: Any, **__: Any) -> "Words":
        """Read nothing."""
        return self


@lru_cache(maxsize=16_384)
def _cut(token: str) -> tuple[str, bool, str]:
    """Return a token without the blank after it, whether there is one, and the token's form."""
    blank = token[-1] == " " and not token.isspace()
    written = token[:-1] if blank else token
    return written, blank, word(written)


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


_NOTHING = Topic((), 0.0, sure=False)


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

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
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
        written: list[_Written] = [doc.user_data[_WRITTEN] for doc in docs]
        reading = scorer.read([list(filter(None, forms)) for _, forms in written])
        counts = np.bincount(reading.words.text, minlength=len(docs))
        likely, sure = calibration.judged(reading.scores, counts)
        each = zip(
            docs, _listed(reading, likely, written), sure.tolist(), reading.lengths, strict=True
        )
        for doc, ranked, confidence, length in each:
            doc.user_data[COMPONENT] = (
                Topic(ranked, confidence, confidence >= calibration.threshold)
                if length
                else _NOTHING
            )


def _listed(
    reading: Reading, likely: Floats, written: Sequence[_Written]
) -> Iterator[tuple[Likelihood, ...]]:
    """Yield the urusan of each text, the likeliest first; `likely` is text x class."""
    order = np.argsort(-likely, axis=1)[:, :LISTED]
    probabilities = np.take_along_axis(likely, order, axis=1)
    decided = deciding(reading, order[:, :EXPLAINED])
    each = zip(order.tolist(), probabilities.tolist(), decided, written, strict=True)
    for columns, shares, ranks, (words, forms) in each:
        told = [tuple([words[forms.index(one)] for one in rank]) for rank in ranks]
        told += [()] * (len(columns) - len(told))
        yield tuple(
            [
                Likelihood(reading.classes[column], share, some)
                for column, share, some in zip(columns, shares, told, strict=True)
            ]
        )


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
