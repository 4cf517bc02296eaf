"""The language of a citizen's first words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language import guess

ENGLISH = (
    "hello, I want to report a pothole",
    "the street light on Jalan Sudirman is broken",
    "there is no water",
    "Good morning, sir!",
    "can you help me",
    "flooded road near the school",
    "street light broken",
    "The garbage has not been collected for two weeks",
    "it's too dark here",
    "where can i report this",
)

INDONESIAN = (
    "halo",
    "hello",
    "hi min",
    "ok",
    "p",
    "",
    "🙏",
    "report",
    "thanks",
    "jalan rusak please",
    "please tolong fix jalan rusak",
    "ada pothole besar di jalan",
    "min the road is rusak parah tolong",
    "saya mau report jalan rusak",
    "lampu mati sejak kemarin",
    "lampune mati nang ngarep omah",
    "kada ada banyu di rumah ulun",
    "teu aya cai di lembur abdi",
    "street food night market",
)


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text: str) -> None:
    assert guess(text) == "en"


@pytest.mark.parametrize("text", INDONESIAN)
def test_indonesian_and_unsure(text: str) -> None:
    assert guess(text) == "id"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert guess(text) in {"id", "en"}
