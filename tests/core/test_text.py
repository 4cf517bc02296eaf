"""Texts: cleaned, measured, split, and rid of secrets."""

import time
from itertools import pairwise

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import Measure, characters, clean, redact, split, utf16_units

UTF16, CHARACTERS = utf16_units, characters
FAMILY = "👨‍👩‍👧‍👦"
ANY = st.text(st.characters() | st.characters(categories=["Cs"]))
# Letters, borders and the characters that hold clusters together, in any order.
KNOTTY = st.text(
    st.sampled_from(
        "ab.! \n\t\r\u0301\u200d\u0600\u0903🙏🏽👨👩🇮🇩각\u1100\u1161\u00a0\u2028\ufe0f"
    ),
    max_size=200,
)


def bare(text: str) -> str:
    return "".join(it for it in text if not it.isspace())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("biasa saja", "biasa saja"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("baris\n\tdua", "baris\n\tdua"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("🙏🏽 " + FAMILY, "🙏🏽 " + FAMILY),
        ("\u200eBahasa\u00a0Indonesia", "\u200eBahasa\u00a0Indonesia"),
        ("", ""),
        ("\x00", ""),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(ANY)
@example("\ud83d\x00\ude00")
def test_clean_text_is_storable_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "utf16", "points"),
    [("", 0, 0), ("jalan", 5, 5), ("é", 1, 1), ("😀", 2, 1), (FAMILY, 11, 7), ("\ud800", 1, 1)],
)
def test_measures(text: str, utf16: int, points: int) -> None:
    assert (utf16_units(text), characters(text)) == (utf16, points)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("", 10, []),
        (" \n\t ", 10, []),
        (" \n" * 50, 10, []),
        ("pas sepuluh", 11, ["pas sepuluh"]),
        ("  tepi  ", 8, ["  tepi  "]),
        ("satu dua tiga", 9, ["satu dua", "tiga"]),
        ("satu dua tiga", 8, ["satu dua", "tiga"]),
        ("satu   dua", 8, ["satu", "dua"]),
        ("satudua", 4, ["satu", "dua"]),
        ("baris satu\nbaris dua lagi", 20, ["baris satu", "baris dua lagi"]),
        ("alinea satu x\n\nbaris\nkata kata", 24, ["alinea satu x", "baris\nkata kata"]),
        ("Jl. Melati rusak. Mohon dicek ya", 30, ["Jl. Melati rusak.", "Mohon dicek ya"]),
        ("Sudah lama! Kapan dicek lagi ya", 20, ["Sudah lama!", "Kapan dicek lagi ya"]),
        ("di Kel. Cipayung Timur", 17, ["di Kel. Cipayung", "Timur"]),
        ("a https://panjang.example/x", 24, ["a", "https://panjang.example/", "x"]),
        ("a\n\n" + "b" * 20, 12, ["a", "b" * 12, "b" * 8]),
        ("😀" * 5, 4, ["😀😀", "😀😀", "😀"]),
        ("😀" * 3, 3, ["😀", "😀", "😀"]),
        (FAMILY * 2, 12, [FAMILY, FAMILY]),
        ("ab" + FAMILY, 12, ["ab", FAMILY]),
        ("🇮🇩🇮🇩🇮🇩", 9, ["🇮🇩🇮🇩", "🇮🇩"]),
        ("e\u0301e\u0301e\u0301", 5, ["e\u0301e\u0301", "e\u0301"]),
        ("e" + "\u0301" * 9, 4, ["e" + "\u0301" * 3, "\u0301" * 4, "\u0301" * 2]),
        ("abc \u0301def", 5, ["abc \u0301", "def"]),
    ],
)
def test_split(text: str, limit: int, parts: list[str]) -> None:
    assert split(text, limit, UTF16) == parts


def test_split_counts_in_the_units_of_the_platform() -> None:
    assert split("😀" * 4, 4, CHARACTERS) == ["😀" * 4]
    assert split("😀" * 4, 4, UTF16) == ["😀" * 2] * 2


def test_split_refuses_a_limit_that_some_characters_do_not_fit() -> None:
    with pytest.raises(ValueError, match="limit"):
        split("x", 1, UTF16)


@given(text=ANY | KNOTTY, limit=st.integers(2, 40), measure=st.sampled_from([UTF16, CHARACTERS]))
@example("\u0600 a", 2, UTF16)
@example("a \u0301" * 5, 3, UTF16)
def test_split_loses_nothing_and_keeps_the_limit(text: str, limit: int, measure: Measure) -> None:
    parts = split(text, limit, measure)
    assert all(part.strip() for part in parts)
    assert all(measure(part) <= limit for part in parts)
    assert bare("".join(parts)) == bare(text)


@given(text=KNOTTY, limit=st.integers(2, 40), measure=st.sampled_from([UTF16, CHARACTERS]))
def test_split_cuts_no_cluster_that_fits(text: str, limit: int, measure: Measure) -> None:
    clusters = [it for it in regex.findall(r"\X", text) if not it.isspace()]
    whole = {it for it in clusters if measure(it) <= limit}
    if len(whole) < len(set(clusters)):
        return  # what is longer than the limit is cut, by the test above
    found = [it for part in split(text, limit, measure) for it in regex.findall(r"\X", part)]
    assert [it for it in found if not it.isspace()] == clusters


@pytest.mark.parametrize(
    "piece",
    ["x", "😀", FAMILY, "\u0301", " ", "\n", "kata ", "Kalimat. ", " \u0301", "\u0600 ", "a\n\n"],
)
def test_split_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        split("a" + text + "z", 4096, UTF16)
        return time.process_time() - start

    small = min(seconds(125_000) for _ in range(2))
    # Eight times the text: linear is 8, quadratic 64.
    assert seconds(1_000_000) < max(small, 0.005) * 30


@pytest.mark.parametrize(
    ("text", "secrets", "expected"),
    [
        ("GET /bot123:abc/x", ["123:abc"], "GET /bot***/x"),
        ("tanpa rahasia", ["x9"], "tanpa rahasia"),
        ("ab abc", ["ab", "abc"], "*** ***"),
        ("a.c abc", ["a.c"], "*** abc"),
        ("apa pun", [], "apa pun"),
        ("apa pun", [""], "apa pun"),
    ],
)
def test_redact(text: str, secrets: list[str], expected: str) -> None:
    assert redact(text, secrets) == expected


@given(st.text("ab-"), st.lists(st.text("ab-", min_size=1), max_size=4))
def test_no_secret_survives(text: str, secrets: list[str]) -> None:
    redacted = redact(text, secrets)
    assert not any(secret in redacted for secret in secrets)


def test_parts_follow_each_other_in_order() -> None:
    words = [f"kata{number}" for number in range(500)]
    parts = split(" ".join(words), 64, UTF16)
    assert " ".join(parts).split() == words
    assert all(len(one) + 1 + len(two.split()[0]) > 64 for one, two in pairwise(parts))
