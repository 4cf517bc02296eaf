"""Words in one spelling, phrases among them, and tables in which every phrase can be found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.normalise import LONGEST_TEXT
from classifier.wording import GAP, Phrases, table, words_of

READ = {
    "": "",
    "Jalan RUSAK!!": "jalan rusak ! !",
    "tolooong, jlnnya rusak": "mohon , jalan rusak",
    "di Jl. Mawar No. 3 banjir. Parah": "di jalan mawar nomor 0 banjir . parah",
    "lihat https://t.co/x @kota ya": "lihat",
    "api\nasap": "api \n asap",
    "🔥 kobong": "terbakar",
    "bolong-bolong": "lubang lubang",
}

PHRASES = Phrases(
    {
        "one": ["pohon .. tumbang"],
        "two": ["bau gas", "gas .. bocor/meledak"],
        "three": ["sampah"],
    }
)
FOUND: dict[str, set[tuple[int, int, str]]] = {
    "": set(),
    "pohon tumbang": {(0, 2, "one")},
    "pohon besar roboh": {(0, 3, "one")},
    "pohon " + "x " * GAP + "tumbang": {(0, GAP + 2, "one")},
    "pohon " + "x " * (GAP + 1) + "tumbang": set(),
    "pohon tinggi. tumbang": set(),
    "pohon tinggi, tumbang": {(0, 4, "one")},
    "bau gas bocor": {(0, 2, "two"), (1, 3, "two")},
    "sampah sampah": {(0, 1, "three"), (1, 2, "three")},
    "tumbang pohon": set(),
}


@pytest.mark.parametrize("text", READ)
def test_words(text: str) -> None:
    assert " ".join(words_of(text)) == READ[text]


@pytest.mark.parametrize("text", FOUND)
def test_phrases(text: str) -> None:
    found = PHRASES.find(words_of(text))
    assert {(one.start, one.end, one.kind) for one in found} == FOUND[text]


def test_only_so_much_of_a_text_is_read() -> None:
    assert len(words_of("api " * LONGEST_TEXT)) == LONGEST_TEXT / len("api ")


@pytest.mark.parametrize("name", ["urgency", "klasifikasi"])
def test_every_phrase_of_the_tables_can_be_found(name: str) -> None:
    for kind, phrases in table(name).items():
        for phrase in phrases:
            text = " ".join(part.split("/")[0] for part in phrase.split() if part != "..")
            found = Phrases({kind: [phrase]}).find(words_of(text))
            assert [(one.start, one.kind) for one in found] == [(0, kind)], phrase


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert all(words_of(text))
