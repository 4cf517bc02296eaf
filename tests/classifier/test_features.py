"""The same features for the same words, alone or in company; and their sums."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import Shape, codes, count, pair_rows, stem_codes, word_rows
from classifier.fitting import design, idf_of, packed, raw
from classifier.linear import Scorer

SHAPE = Shape(bits=12)
WORDS = st.text(alphabet="abcdeiou\u00e9\u0430", min_size=1, max_size=9)


def test_a_word_has_its_pieces_itself_and_its_stem() -> None:
    rows, owners = word_rows(["air", "di"], SHAPE)
    # edge-a-i, a-i-r, i-r-edge; four letters twice; five once; the word; the stem
    assert np.bincount(owners).tolist() == [3 + 2 + 1 + 2, 2 + 1 + 0 + 2]
    assert rows.min() >= 0
    assert rows.max() < SHAPE.rows


def test_codes_are_the_same_on_every_machine() -> None:
    assert codes(["sampah"]).tolist() == [0x3A14743308CB027B]


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True))
def test_a_word_has_the_same_rows_in_any_company(words: list[str]) -> None:
    rows, owners = word_rows(words, SHAPE)
    for number, word in enumerate(words):
        alone, _ = word_rows([word], SHAPE)
        assert sorted(rows[owners == number]) == sorted(alone)


def test_pairs_never_span_two_texts() -> None:
    stems = stem_codes(["lampu", "mati", "jalan"])
    text, rows = pair_rows(stems, np.array([0, 0, 1]), SHAPE)
    assert text.tolist() == [0]
    assert rows[0] >= SHAPE.half


def test_what_is_said_four_times_is_not_four_reports() -> None:
    found = count(np.array([0, 0, 0, 1]), np.array([5, 5, 2, 5]), 10)
    assert found.feature.tolist() == [2, 5, 5]
    assert found.weight == pytest.approx([1, 1 + np.log(2), 1])


TEXTS = [
    ["lampu", "jalan", "mati"],
    ["jalan", "rusak", "jalan", "rusak"],
    ["sampah", "menumpuk"],
    [],
    ["lampu", "lampu", "mati", "menumpuk"],
]


def test_service_scores_as_training_does() -> None:
    counted = raw(TEXTS, SHAPE)
    idf = idf_of(counted, np.ones(len(TEXTS), dtype=bool), floor=1, whole=2.0)
    made = design(counted, idf)
    chance = np.random.default_rng(1)
    weights = chance.normal(size=(len(made.kept), 3)).astype(np.float32)
    model = packed("abc", made, weights, np.array([0.1, -0.2, 0.3], dtype=np.float32))
    exact = made.matrix @ (model.weights * model.scales / made.idf[:, None]) + model.intercept

    reading = Scorer(model).read(TEXTS)

    np.testing.assert_allclose(reading.scores, exact, atol=1e-4)
    assert (reading.lengths > 0).tolist() == [True, True, True, False, True]
    assert np.abs(reading.scores - (made.matrix @ weights + model.intercept)).max() < 0.05


def test_rows_that_too_few_reports_have_are_not_kept() -> None:
    counted = raw(TEXTS, SHAPE)
    everybody = np.ones(len(TEXTS), dtype=bool)
    kept = np.flatnonzero(idf_of(counted, everybody, floor=2, whole=1.0))
    common, _ = word_rows(["lampu", "mati", "jalan", "menumpuk"], SHAPE)
    rare, _ = word_rows(["sampah"], SHAPE)
    assert set(common) <= set(kept)
    assert not set(rare) - set(common) & set(kept)
    without_last = everybody.copy()
    without_last[-1] = False
    fewer = np.flatnonzero(idf_of(counted, without_last, floor=2, whole=1.0))
    assert set(fewer) < set(kept)


def test_words_are_forgotten_when_there_are_too_many() -> None:
    counted = raw(TEXTS, SHAPE)
    made = design(counted, idf_of(counted, np.ones(len(TEXTS), dtype=bool), 1, 1.0))
    weights = np.ones((len(made.kept), 1), dtype=np.float32)
    model = packed("a", made, weights, np.zeros(1, dtype=np.float32))
    careful, forgetful = Scorer(model), Scorer(model, remembered=1)
    for texts in (TEXTS, TEXTS[::-1], TEXTS[:1], []):
        np.testing.assert_array_equal(careful.read(texts).scores, forgetful.read(texts).scores)
