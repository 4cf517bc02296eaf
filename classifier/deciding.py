"""Which words decided: those that gave most to a class, for a whole batch at once."""

import numpy as np

from classifier.features import Rows, Weights
from classifier.linear import Reading

DECIDING = 4  # words told for one urusan
_LEAST_SHARE = 0.25  # of the strongest word's part, for a word to have decided


def deciding(reading: Reading, ranked: Rows) -> list[list[list[str]]]:
    """Return the words that gave most to each of the classes `ranked` (text x rank).

    For each text, for each rank: the words in their one form, the strongest first.
    """
    texts, ranks = ranked.shape
    told: list[list[list[str]]] = [[[] for _ in range(ranks)] for _ in range(texts)]
    text = reading.words.text
    if not len(text):
        return told
    parts = np.take_along_axis(reading.given, ranked[text], axis=1)
    word, rank = np.nonzero(parts > _least(parts, text, texts)[text])
    order = np.argsort(-parts[word, rank], kind="stable")
    word, rank = word[order], rank[order]
    for place, each, number in zip(text[word].tolist(), rank.tolist(), word.tolist(), strict=True):
        words = told[place][each]
        if len(words) < DECIDING:
            words.append(reading.forms[number])
    return told


def _least(parts: Weights, text: Rows, texts: int) -> Weights:
    """Return what a word must give, for each text and rank; `parts` are word x rank."""
    starts = np.flatnonzero(np.diff(text, prepend=-1))
    strongest = np.zeros((texts, parts.shape[1]), dtype=np.float32)
    strongest[text[starts]] = np.maximum.reduceat(parts, starts, axis=0)
    return np.asarray(np.maximum(strongest * np.float32(_LEAST_SHARE), 0), np.float32)
