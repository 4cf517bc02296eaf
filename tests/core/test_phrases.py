"""Tables of phrases: either word, gaps, spellings, sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phrases import GAP, READ, Found, Phrases

TABLE = Phrases(
    {"fire": ["rumah/toko .. terbakar", "api"], "gas": ["gas bocor"]},
    {"terbakar": "kobong", "gas_bocor": "bocorgas", "": ""},
)


def found(text: str) -> list[Found]:
    return [one for words in TABLE.sentences(text) for one in TABLE.find(words)]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("rumah terbakar", ["fire"]),
        ("TOKO itu kobong!", ["fire"]),
        ("rumah " + "kami " * GAP + "terbakar", ["fire"]),
        ("rumah " + "kami " * (GAP + 1) + "terbakar", []),
        ("rumah kami. terbakar", []),
        ("apiii", ["fire"]),
        ("bocorgas", ["gas"]),
        ("gas tidak bocor", []),
        ("api dan gas bocor", ["fire", "gas"]),
        ("x" * READ + " api", []),
        ("rumah", []),
        ("", []),
    ],
)
def test_phrases(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in found(text)] == kinds


@given(st.text(max_size=200))
def test_what_is_found_is_there(text: str) -> None:
    for words in TABLE.sentences(text):
        assert all(0 <= one.start < one.end <= len(words) for one in TABLE.find(words))
