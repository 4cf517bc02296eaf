"""The short words, and what is none of them."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.message import Kind
from core.replies import LANGUAGES, render
from core.slips import SHORTEST, is_slip
from core.words import (
    EXACT,
    KNOWN,
    LONGEST,
    MOST_WORDS,
    PHRASES,
    Word,
    after_status,
    meant,
    normalise,
    plain_word,
    words_in,
)
from tests.core.citizen import does, photo, pin, says, taps

TABLE = tomllib.loads(Path(__file__).with_name("typed_words.toml").read_text(encoding="utf-8"))


def texts(table: str) -> list[str]:
    return " ".join(table.split()).split("; ")


SPELT = [
    (text, frozenset(map(Word, group["means"])))
    for group in TABLE["typed"]
    for text in texts(group["texts"])
]
NOTHING = texts(TABLE["none"])
LONG_WORDS = sorted(
    (phrase, at)
    for phrase in EXACT
    if len(phrase) >= 10 and len(phrase.split()) <= 3
    for at, word in enumerate(phrase.split())
    if len(word) > SHORTEST and plain_word(word) == word
)
LETTER = st.sampled_from("abcdefghijklmnopqrstuvwxyz")


def test_the_tables_are_large_enough() -> None:
    assert len({text for text, _ in SPELT}) == len(SPELT) >= 150
    assert len(set(NOTHING)) == len(NOTHING) >= 60


@pytest.mark.parametrize(("text", "words"), SPELT)
def test_words_as_they_are_typed(text: str, words: frozenset[Word]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    "text", [*NOTHING, "", "  TIDAK   ada jalan... 🙏", "🙏", "...", "batal" * 1000, "kirim " * 4]
)
def test_no_complaint_is_a_word(text: str) -> None:
    assert not words_in(text)


def test_every_word_has_phrases_of_its_own() -> None:
    assert set(PHRASES) == set(Word)
    assert all(words_in(phrase) == words for phrase, words in EXACT.items())


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A long phrase, and the same with one slip in a long word of it."""
    phrase, at = draw(st.sampled_from(LONG_WORDS))
    words = phrase.split()
    word, letter = words[at], draw(LETTER)
    place = draw(st.integers(1, len(word) - 1))
    kind = draw(st.sampled_from(["drop", "add", "other", "swap"]))
    after = word[place + (kind in {"drop", "other"}) :]
    if kind == "swap":
        slipped = word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
    else:
        slipped = word[:place] + ("" if kind == "drop" else letter) + after
    assume(slipped[:1] == word[:1] and slipped not in KNOWN)
    assume(plain_word(slipped) == slipped)
    return phrase, " ".join([*words[:at], slipped, *words[at + 1 :]])


@given(slips())
def test_one_slip_in_a_long_phrase_is_understood(pair: tuple[str, str]) -> None:
    phrase, slipped = pair
    assert words_in(slipped) & words_in(phrase)


@given(st.text())
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=60), st.sampled_from(sorted(EXACT)))
def test_long_texts_are_not_looked_at(more: str, phrase: str) -> None:
    assert not words_in(phrase + " " * 2 * LONGEST + more)
    many = " ".join([phrase] * (MOST_WORDS + 1))
    assert not words_in(many) or many in EXACT


@pytest.mark.parametrize(
    ("typed", "word", "one"),
    [
        ("kirm", "kirim", True),
        ("kiriim", "kirim", True),
        ("kitim", "kirim", True),
        ("kriim", "kirim", True),
        ("kirim", "kirim", False),
        ("irim", "kirim", False),
        ("birim", "kirim", False),
        ("krm", "kirim", False),
        ("kmiri", "kirim", False),
        ("edt", "edit", False),
        ("", "kirim", False),
    ],
)
def test_one_slip_and_no_more(typed: str, word: str, one: bool) -> None:
    assert is_slip(typed, word) is one


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_word_is_no_slip_of_itself(one: str, other: str) -> None:
    assert not is_slip(one, one)
    assert not is_slip(one, other) or abs(len(one) - len(other)) <= 1


def test_numbers_and_taps() -> None:
    choices = (Word.SEND, Word.CHANGE)
    assert meant(says(" 2 "), choices) == {Word.CHANGE}
    assert meant(says("3"), choices) == meant(says("1"), ()) == set()
    assert meant(says("²"), choices) == meant(says("0"), choices) == set()
    assert meant(taps("send:17"), ()) == {Word.SEND}
    assert meant(taps("not-done:17"), ()) == {Word.NOT_DONE}
    assert meant(taps("sending:17"), ()) == set()
    assert meant(photo("2"), choices) == meant(photo("kirim"), choices) == set()
    assert meant(pin(), choices) == meant(does(Kind.GROUP), choices) == set()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("status ABC", "ABC"),
        ("Cek  tiket: 12 34", "12 34"),
        ("status", ""),
        ("jalan rusak", ""),
        ("", ""),
        ("status " + "x" * 10**6, "x" * 10**6),
    ],
)
def test_after_status(text: str, rest: str) -> None:
    assert rest.startswith(after_status(text))
    assert bool(after_status(text)) == bool(rest)


def test_normalise_leaves_letters_of_every_script() -> None:
    assert normalise("ĀPA  kabar?\nꦗꦭꦤ꧀ 5") == "āpa kabar ꦗꦭꦤ 5"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_a_short_label(language: str) -> None:
    never_a_button = {Word.GREETING, Word.THANKS}
    labels = [render(language, f"choice-{word}") for word in Word if word not in never_a_button]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 20
