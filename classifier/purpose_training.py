"""Learns what public messages are for, and where to cut so that complaints are hardly ever lost."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from classifier.features import Shape, Weights
from classifier.fitting import Design, Raw, design, idf_of, packed, raw
from classifier.linear import Linear
from classifier.purpose import CLASSES, Cut, Purposes, forms
from classifier.rows import is_held_out
from core.errors import ConfigurationError
from core.understanding import Purpose

SHAPE = Shape(bits=16, shortest=3, longest=5)
MESSAGES = "tweets_kind.jsonl"
FORMAL = "train.jsonl"

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]

_NAMES = re.compile(r"https?\S*|\S*…$|@\w+|\bRT\b")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_SAME = 50  # letters in which near duplicates agree


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the model is trained. `formal` complaints in full sentences count `weight` each.

    The cut keeps the share `kept` of complaints, and `kept_formal` of the formal ones.
    """

    shape: Shape = SHAPE
    floor: int = 5
    whole: float = 1.5
    strength: float = 3.0
    formal: int = 4000
    weight: float = 0.1
    folds: int = 5
    kept: float = 0.985
    kept_formal: float = 0.992
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Message:
    """A public message and what it is for."""

    text: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on messages that the model had not seen, the cut chosen without them too.

    All are shares from 0 to 1: complaints and formal complaints that are taken as such; others
    that open no report, of all and of each kind; and the expected calibration error (10 bins).
    """

    messages: int
    kept: float
    kept_formal: float
    removed: float
    removed_replies: float
    removed_talk: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """All messages, then the formal complaints, as counts."""

    raw: Raw
    purposes: NDArray[np.object_]
    formal: Mask
    folds: NDArray[np.int64]
    weights: Weights

    def is_(self, purpose: Purpose) -> Mask:
        return np.asarray((self.purposes == purpose) & ~self.formal)


def learn(data: Path, folder: Path, recipe: Recipe | None = None) -> Figures:
    """Train on the files in `data`, but for what is held out, and write the model to `folder`.

    Raises ConfigurationError for a file that is not there, or is none.
    """
    found = [one for one in messages(data / MESSAGES) if not is_held_out(one.text)]
    formal = [str(row["text"]) for row in _lines(data / FORMAL)]
    purposes, figures = train(found, [text for text in formal if not is_held_out(text)], recipe)
    purposes.save(folder)
    return figures


def messages(file: Path) -> list[Message]:
    """Read messages `{text, label}`, one JSON object a line; labels are purposes."""
    try:
        return [Message(str(row["text"]), Purpose(row["label"])) for row in _lines(file)]
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{file}: {type(error).__name__}") from None


def _lines(file: Path) -> list[dict[str, str]]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: {type(error).__name__}") from None


def train(
    messages: Sequence[Message], formal: Sequence[str], recipe: Recipe | None = None
) -> tuple[Purposes, Figures]:
    """Return the model for `messages` and complaints in `formal` style, and how good it is."""
    used = recipe or Recipe()
    rows = _rows(messages, formal, used)
    held_out = _held_out(rows, used)
    cut = _cut(held_out, rows, np.ones(len(rows.formal), dtype=bool), used)
    model, _ = _fitted(rows, np.ones(len(rows.formal), dtype=bool), used)
    return Purposes(model, cut), _figures(held_out, rows, used)


def group(text: str) -> str:
    """Return what near duplicates have in common: a message passed on is the same message."""
    return _NOT_LETTERS.sub("", _NAMES.sub(" ", text).lower())[:_SAME]


def _rows(messages: Sequence[Message], formal: Sequence[str], recipe: Recipe) -> _Rows:
    chosen = sorted(set(formal), key=_shuffled)[: recipe.formal]
    texts = [message.text for message in messages] + chosen
    groups = [group(text) for text in texts]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    split = GroupKFold(recipe.folds).split(texts, groups=[numbers[one] for one in groups])
    folds = np.zeros(len(texts), dtype=np.int64)
    for fold, (_, inside) in enumerate(split):
        folds[inside] = fold
    is_formal = np.arange(len(texts)) >= len(messages)
    return _Rows(
        raw([forms(text) for text in texts], recipe.shape),
        np.array([message.purpose for message in messages] + [Purpose.KELUHAN] * len(chosen)),
        is_formal,
        folds,
        np.where(is_formal, recipe.weight, 1).astype(np.float32),
    )


def _shuffled(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _fitted(rows: _Rows, inside: Mask, recipe: Recipe) -> tuple[Linear, Design]:
    """Return the model learned from the rows `inside`, and all rows as it sees them."""
    made = design(rows.raw, idf_of(rows.raw, inside, recipe.floor, recipe.whole))
    targets = [(rows.purposes == purpose, inside) for purpose in CLASSES]
    targets[1] = (targets[1][0], inside & (rows.purposes != Purpose.KELUHAN))
    fitted = []
    for target, used in targets:
        model = LogisticRegression(
            C=recipe.strength, solver="liblinear", max_iter=500, random_state=recipe.seed
        )
        model.fit(made.matrix[used], target[used], sample_weight=rows.weights[used])
        fitted.append((model.coef_[0], float(model.intercept_[0])))
    weights = np.stack([one for one, _ in fitted], axis=1).astype(np.float32)
    intercept = np.array([one for _, one in fitted], dtype=np.float32)
    return packed(CLASSES, made, weights, intercept), made


def _held_out(rows: _Rows, recipe: Recipe) -> Floats:
    """Return the score as a complaint of each row, by a model that has not seen it."""
    scores = np.zeros(len(rows.formal))
    for fold in range(recipe.folds):
        outside = rows.folds == fold
        model, made = _fitted(rows, ~outside, recipe)
        weights = model.weights[:, 0] * model.scales[0] / np.maximum(model.idf, 1e-6)
        scores[outside] = made.matrix[outside] @ weights + model.intercept[0]
    return scores


def _cut(scores: Floats, rows: _Rows, inside: Mask, recipe: Recipe) -> Cut:
    """Return how to read scores, chosen on the rows `inside`."""
    posts = inside & ~rows.formal
    complaint = rows.is_(Purpose.KELUHAN)
    platt = LogisticRegression(C=1e6, random_state=recipe.seed)
    platt.fit(scores[posts, None], complaint[posts])
    cut = Cut(float(platt.coef_[0, 0]), float(platt.intercept_[0]), 0.0)
    lowest = min(
        float(np.quantile(scores[inside & complaint], 1 - recipe.kept, method="lower")),
        _lowest_formal(scores[inside & rows.formal], recipe),
    )
    threshold = float(cut.probability(np.array([lowest], dtype=np.float32))[0])
    return Cut(cut.stretch, cut.shift, threshold)


def _lowest_formal(scores: Floats, recipe: Recipe) -> float:
    if not len(scores):
        return np.inf
    return float(np.quantile(scores, 1 - recipe.kept_formal, method="lower"))


def _figures(scores: Floats, rows: _Rows, recipe: Recipe) -> Figures:
    likely = np.zeros(len(scores))
    taken = np.zeros(len(scores), dtype=bool)
    for fold in range(recipe.folds):
        outside = rows.folds == fold
        cut = _cut(scores, rows, ~outside, recipe)
        likely[outside] = cut.probability(scores[outside].astype(np.float32))
        taken[outside] = likely[outside] >= cut.threshold
    posts = ~rows.formal
    complaint, reply = rows.is_(Purpose.KELUHAN), rows.is_(Purpose.RESPON)
    return Figures(
        messages=int(posts.sum()),
        kept=_share(taken, complaint),
        kept_formal=_share(taken, rows.formal),
        removed=_share(~taken, posts & ~complaint),
        removed_replies=_share(~taken, reply),
        removed_talk=_share(~taken, rows.is_(Purpose.BUKAN_KELUHAN)),
        calibration_error=_calibration_error(likely[posts], complaint[posts]),
    )


def _share(which: Mask, of: Mask) -> float:
    return float(which[of].mean()) if of.any() else 0.0


def _calibration_error(likely: Floats, right: Mask, bins: int = 10) -> float:
    place = np.minimum((likely * bins).astype(int), bins - 1)
    gaps = [
        abs(float(likely[place == one].sum() - right[place == one].sum())) for one in range(bins)
    ]
    return sum(gaps) / len(likely)
