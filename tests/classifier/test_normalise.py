"""What people type, and the one form of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.normalise import LONGEST_TEXT, stem, tokens, word, words

SPELLINGS = [
    ("Jalan", "jalan"),
    ("jln", "jalan"),
    ("JL", "jalan"),
    ("yg", "yang"),
    ("gak", "tidak"),
    ("ndak", "tidak"),
    ("mboten", "tidak"),
    ("teu", "tidak"),
    ("sampun", "sudah"),
    ("tolooooong", "mohon"),
    ("banyaaak", "banyak"),
    ("maaf", "maaf"),
    ("saat", "saat"),
    ("lampu2", "lampu"),
    ("jalan2nya", "jalan"),
    ("B3", "b0"),
    ("PJU", "pju"),
    ("\uff21\uff29\uff32", "air"),
    ("air\u00adku"[:3], "air"),
    ("12", "0"),
    ("081234567890", "000"),
    ("[TELP]", "000"),
    ("[NIK]", "000"),
    ("dong", ""),
    ("!", ""),
    ("\U0001f600", ""),
    ("__", ""),
    ("https://contoh.example/a", ""),
    ("www.contoh.example", ""),
    ("", ""),
]


@pytest.mark.parametrize(("written", "form"), SPELLINGS)
def test_a_word_has_one_form(written: str, form: str) -> None:
    assert word(written) == form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mhn lampu jln dinyalakan!!", ["mohon", "lampu", "jalan", "dinyalakan"]),
        ("lihat https://contoh.example/x?y=1 ya", ["lihat"]),
        ("hub. [TELP] atau 08123456789", ["hub", "000", "atau", "000"]),
        ("anak-anak @pemda_contoh", ["anak", "anak", "pemda_contoh"]),
        ("", []),
        (" \n\t ", []),
        ("\U0001f6a7\U0001f6a7 ...", []),
        ("\x00rusak\x00", ["rusak"]),
    ],
)
def test_a_text_becomes_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("penerangan", "menerangi"),
        ("menyeberang", "penyeberangan"),
        ("pembuangan", "dibuang"),
        ("penutupan", "menutup"),
        ("kebakaran", "terbakar"),
        ("pemotongan", "dipotong"),
        ("perizinan", "izin"),
        ("sampahnya", "sampah"),
    ],
)
def test_kin_words_share_a_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("length", "read"), [(LONGEST_TEXT - 1, 1), (LONGEST_TEXT, 0)])
def test_only_the_beginning_of_a_long_text_is_read(length: int, read: int) -> None:
    assert words(f"{' ' * length}rusak").count("r") == read


@given(st.text())
def test_every_text_has_words_and_its_tokens_are_its_text(text: str) -> None:
    assert "".join(tokens(text)) == text[:LONGEST_TEXT]
    forms = words(text)
    assert "" not in forms
    assert all(stem(form) for form in forms)


@given(st.text(alphabet="abegiknrstuy2", max_size=12))
def test_a_form_is_its_own_form_but_for_slang_of_slang(token: str) -> None:
    once = word(token)
    assert word(word(once)) == word(once)
