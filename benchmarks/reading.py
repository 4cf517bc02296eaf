"""One process that reads complaints on one core, and prints its figures as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial

from sklearn.feature_extraction.text import HashingVectorizer

from app.suggesting import PACKAGED
from app.wiring import settle
from benchmarks.classifier import Reading
from benchmarks.complaints import complaints
from benchmarks.figures import Latency
from classifier.load import load
from core.registry.files import packaged
from core.understanding import Text

ROUNDS = 5


def measure(batch: int) -> Reading:
    """Load the packaged model and read made-up complaints, `batch` at once and one by one."""
    registry = packaged()
    loading = _seconds(partial(load, PACKAGED, registry))
    classifier = load(PACKAGED, registry)
    rates, reference = [], []
    for seed in range(ROUNDS):
        texts = complaints(batch, seed)
        rates.append(batch / _seconds(partial(classifier.understand, list(map(Text, texts)))))
        reference.append(batch / _seconds(partial(_usual_features, texts)))
    ones = complaints(batch, ROUNDS)
    alone = [_seconds(partial(classifier.understand, [Text(one)])) for one in ones]
    characters = sum(map(len, ones)) / batch
    return Reading(classifier.version, loading, rates, reference, Latency.of(alone), characters)


def _usual_features(texts: Sequence[str]) -> None:
    HashingVectorizer(ngram_range=(1, 2), n_features=2**17).transform(texts)
    HashingVectorizer(analyzer="char_wb", ngram_range=(2, 5), n_features=2**17).transform(texts)


def _seconds(act: Callable[[], object]) -> float:
    before = time.perf_counter()
    act()
    return time.perf_counter() - before


def main() -> None:
    """Stay on one core, settle as a worker does before it loads its model, measure, print."""
    settle()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    json.dump(asdict(measure(int(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()
