"""Emergency wording: what the net catches alone, and what is answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emergency import SUBJECTS, emergency, subject_in
from core.replies import LANGUAGES, render
from core.understanding import Understanding, Urgency
from tests.core.emergencies import NAMES, calm, emergencies

# Least share of its emergencies that the net finds alone: of fresh ones two in three.
LEAST = {"first": 0.95, "second": 0.85, "third": 0.85, "fourth": 0.66}

OUTRIGHT = {
    "api": "tolong rumah tetangga kebakaran",
    "orang": "ada orang tenggelam di sungai tolong",
    "kekerasan": "ada orang dibacok di pasar",
    "jiwa": "saya mau bunuh diri",
    "listrik": "tukang kesetrum di tiang",
    "air": "banjir bandang di desa kami",
}

NUMBERS = {
    "api": ("113", "112"),
    "orang": ("112", "118", "119", "115"),
    "kekerasan": ("110", "112", "129"),
    "jiwa": ("112", "119"),
    "listrik": ("123", "112"),
    "air": ("112", "115"),
}


def seen(alarm: str, urgency: Urgency = Urgency.DARURAT) -> Understanding:
    return Understanding("", "", urgency=urgency, alarm=alarm)


@pytest.mark.parametrize("name", NAMES)
def test_most_emergencies_are_found_without_a_classifier(name: str) -> None:
    rows = emergencies(name)
    missed = [text for text, _ in rows if not subject_in(text)]
    assert len(missed) <= (1 - LEAST[name]) * len(rows), missed


@pytest.mark.parametrize("name", NAMES)
def test_what_is_calm_gives_no_alarm(name: str) -> None:
    alarmed = [text for text in calm(name) if subject_in(text)]
    assert len(alarmed) <= 0.02 * len(calm(name)), alarmed


@pytest.mark.parametrize(
    "text",
    [
        "kebakaran jenggot semua",
        "lampu mati",
        "takut kebakaran",
        "kemarin ada kebakaran di pasar",
        "tahun lalu ada yang tenggelam di sini",
        "simulasi kebakaran di sekolah",
        "mobil pemadam kebakaran parkir di trotoar",
        "fire drill at school",
        "",
        "🔥",
    ],
)
def test_no_alarm(text: str) -> None:
    assert subject_in(text) == ""
    assert emergency(text, None) == ""


def test_what_goes_on_is_no_past() -> None:
    assert subject_in("kebakaran sejak kemarin, masih menyala sekarang") == "api"


@pytest.mark.parametrize(("subject", "text"), OUTRIGHT.items())
def test_each_subject_has_its_sentence(subject: str, text: str) -> None:
    assert emergency(text, None) == f"emergency-{subject}"
    for language in LANGUAGES:
        said = render(language, f"emergency-{subject}")
        assert len(said) <= 400
        assert all(number in said for number in NUMBERS[subject])


def test_every_subject_is_tried() -> None:
    assert set(OUTRIGHT) == set(NUMBERS) == set(SUBJECTS)


def test_either_may_give_the_alarm() -> None:
    assert emergency("tolong", seen("air")) == "emergency-air"
    assert emergency("tolong", seen("air", Urgency.SEGERA)) == ""
    assert emergency("tolong", seen("")) == ""
    assert emergency(OUTRIGHT["api"], seen("", Urgency.BIASA)) == "emergency-api"
    assert emergency(OUTRIGHT["listrik"], seen("orang")) == "emergency-listrik"


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert subject_in(text) in {"", *SUBJECTS}
