"""What a public message is for: a complaint, an answer to one, or talk."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.features import Weights
from classifier.linear import Linear, Scorer
from classifier.normalise import word
from classifier.wording import table
from core.understanding import Purpose

READ = 300  # characters of a message that are read: more than most platforms take in public
CLASSES = (Purpose.KELUHAN, Purpose.RESPON)  # each against the rest; the third is what is left
WEIGHTS = "purpose.npz"
CUT = "purpose.json"

_NAMED = re.compile(r"https?:\S*|@\w+")
_TOKEN = re.compile(r"\w+|[?!]")
_MARKS = frozenset("?!")
_CUES = {
    hint: f"#{kind}"
    for kind, lines in table("purpose").items()
    for line in lines
    for hint in line.split()
}
_DATE = re.compile(r"\b\d\d?/\d\d?\b")
_TIME = re.compile(r"\b\d\d[.:]\d\d")
_LATIN = re.compile(r"[A-Za-z]{2}")
_STEP = 5  # words by which lengths are told apart
_LONGEST = 6  # steps
_OFTEN = 2


@dataclass(frozen=True, slots=True)
class Cut:
    """How scores are read: complaint with probability 1 / (1 + e^-(score x stretch + shift)).

    Below `threshold` a message is taken for an answer or for talk. Fitted on held-out texts.
    """

    stretch: float
    shift: float
    threshold: float

    def probability(self, scores: Weights) -> NDArray[np.float64]:
        """Return how likely each score is that of a complaint."""
        return np.asarray(1 / (1 + np.exp(-scores.astype(np.float64) * self.stretch - self.shift)))


def forms(text: str) -> list[str]:
    """Return what the model looks at: words in their one form, marks, and "#" with a hint.

    Whether accounts or addresses are named makes no difference: only some platforms keep them.
    """
    low = text[:READ].lower()
    if low.endswith("…"):  # cut short by whoever passed it on
        low = low.rpartition(" ")[0]
    tokens = _TOKEN.findall(_NAMED.sub(" ", low))
    found = list(map(_form, tokens))
    words = sum(form not in _MARKS for form in found)
    hints = list(filter(None, map(_hint, tokens)))
    found.append(f"#length{min(words // _STEP, _LONGEST)}")
    found += dict.fromkeys(hints)
    found += [f"{hint}s" for hint in dict.fromkeys(hints) if hints.count(hint) >= _OFTEN]
    found += _signs(low)
    return found


@lru_cache(maxsize=32_768)
def _hint(token: str) -> str:
    return _CUES.get(token) or _CUES.get(word(token), "")


@lru_cache(maxsize=32_768)
def _form(token: str) -> str:
    return word(token) or token


def _signs(low: str) -> list[str]:
    """Return the marks of messages that were passed on, or that tell of work by the hour."""
    signs = ["#passed"] if low.lstrip().startswith("rt @") else []
    if _DATE.search(low):
        signs.append("#date")
    if _TIME.search(low):
        signs.append("#time")
    return signs


def _foreign(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Tell for each text whether it has no word in Latin letters: nobody knows what it is for."""
    return np.array([_LATIN.search(text) is None for text in texts], dtype=bool)


class Purposes:
    """Tells purposes by one model; for one thread at a time. Never fails on any text."""

    def __init__(self, model: Linear, cut: Cut) -> None:
        self._scorer, self._cut = Scorer(model), cut

    @classmethod
    def load(cls, folder: Path) -> "Purposes":
        """Read what `save` wrote; OSError, ValueError, KeyError or TypeError when it is not."""
        cut = Cut(**json.loads((folder / CUT).read_text(encoding="utf-8")))
        return cls(Linear.load(folder / WEIGHTS), cut)

    @classmethod
    def found(cls, folder: Path) -> "Purposes | None":
        """Load the model from the folder, None when it holds none: it is no must."""
        return cls.load(folder) if (folder / CUT).exists() else None

    def save(self, folder: Path) -> None:
        """Write the model as numbers, and how its scores are read as JSON."""
        folder.mkdir(parents=True, exist_ok=True)
        self._scorer.model.save(folder / WEIGHTS)
        (folder / CUT).write_text(json.dumps(asdict(self._cut), indent=1), encoding="utf-8")

    def complaints(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return for each text how likely it is a complaint, from 0 to 1."""
        return self._cut.probability(self._scores(texts)[:, 0])

    def of(self, texts: Sequence[str]) -> list[Purpose]:
        """Return what each text is for; a complaint unless that is known to be very unlikely."""
        scores = self._scores(texts)
        complaints = self._cut.probability(scores[:, 0]) >= self._cut.threshold
        return [
            Purpose.KELUHAN if complains else Purpose.RESPON if reply > 0 else Purpose.BUKAN_KELUHAN
            for complains, reply in zip(complaints | _foreign(texts), scores[:, 1], strict=True)
        ]

    def _scores(self, texts: Sequence[str]) -> Weights:
        return self._scorer.read([forms(text) for text in texts]).scores
