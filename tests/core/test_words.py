"""The short words, and what is none of them."""

import pytest

from core.message import Kind
from core.words import Word, after_status, meant, normalise, words_in
from tests.core.citizen import does, photo, pin, says, taps


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kirim!", {Word.SEND}),
        ("/batal", {Word.CANCEL}),
        ("  TIDAK   ada foto... 🙏", {Word.SKIP}),
        ("sudah", {Word.SEND, Word.SKIP}),
        ("tidak", {Word.CHANGE, Word.SKIP}),
        ("Assalamu\u2019alaikum", {Word.GREETING}),
        ("English", {Word.ENGLISH}),
        ("Terima kasih 🙏", {Word.THANKS}),
        ("Oke, makasih!", {Word.THANKS}),
        ("terima kasih lampunya masih padam", set()),
        ("kirim tukang ke sini", set()),
        ("batal" * 1000, set()),
        ("", set()),
        ("🙏", set()),
    ],
)
def test_words_in(text: str, words: set[Word]) -> None:
    assert words_in(text) == words


def test_numbers_and_taps() -> None:
    choices = (Word.SEND, Word.CHANGE)
    assert meant(says(" 2 "), choices) == {Word.CHANGE}
    assert meant(says("3"), choices) == meant(says("1"), ()) == set()
    assert meant(says("²"), choices) == meant(says("0"), choices) == set()
    assert meant(taps("send:17"), ()) == {Word.SEND}
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
