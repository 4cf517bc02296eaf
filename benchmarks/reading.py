"""One process that reads complaints on one core, and prints its figures as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial

from sklearn.feature_extraction.text import HashingVectorizer

from app.suggesting import PACKAGED
from benchmarks.complaints import complaints
from benchmarks.figures import Latency
from classifier.load import load
from core.registry.files import packaged
from core.understanding import Text

BATCH = 2_000  # complaints in one batch
ALONE = 2_000  # complaints that are read one by one
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading takes: seconds to load, complaints a second, how long one takes.

    `reference` is the rate of the features alone of the usual linear model (words 1-2, pieces of
    words 2-5) by scikit-learn, in turns with ours; `characters` how long a complaint is.
    """

    model: str
    load_seconds: float
    rates: Sequence[float]
    reference: Sequence[float]
    alone: Latency
    characters: float


def measure() -> Reading:
    """Load the packaged model and read made-up complaints, in batches and one by one."""
    registry = packaged()
    loading = _seconds(partial(load, PACKAGED, registry))
    classifier = load(PACKAGED, registry)
    rates, reference = [], []
    for seed in range(ROUNDS):
        texts = complaints(BATCH, seed)
        rates.append(BATCH / _seconds(partial(classifier.understand, list(map(Text, texts)))))
        reference.append(BATCH / _seconds(partial(_usual_features, texts)))
    ones = complaints(ALONE, ROUNDS)
    alone = [_seconds(partial(classifier.understand, [Text(one)])) for one in ones]
    characters = sum(map(len, ones)) / ALONE
    return Reading(classifier.version, loading, rates, reference, Latency.of(alone), characters)


def _usual_features(texts: Sequence[str]) -> None:
    HashingVectorizer(ngram_range=(1, 2), n_features=2**17).transform(texts)
    HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**17).transform(texts)


def _seconds(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def main() -> None:
    """Stay on one core, measure, print."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    json.dump(asdict(measure()), sys.stdout)


if __name__ == "__main__":
    main()
