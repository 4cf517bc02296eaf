"""JSON of platforms: what is odd is absent, and only what is no object at all is refused."""

import json
import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BrokenPayload
from core.payload import (
    TOO_LARGE,
    count,
    decode,
    degrees,
    encode,
    identifier,
    inner,
    inners,
    moment,
    words,
)

ODD = [None, True, 1, -1, 1.5, math.nan, "", "teks", [], ["a"], {}, {"a": 1}, 10**30]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b'"a"', b"null", b"\xff", b"[" * 99_999])
def test_what_is_no_object_is_broken(body: bytes) -> None:
    with pytest.raises(BrokenPayload):
        decode(body)


def test_nesting_beyond_reason_is_an_object_without_fields() -> None:
    assert decode(b'{"a":' + b"[" * 99_999 + b"]" * 99_999 + b"}") == {}


def test_numbers_longer_than_ids_are_no_numbers() -> None:
    found = decode(b'{"a":' + b"9" * 5000 + b',"b":9223372036854775807}')
    assert (count(found, "a"), count(found, "b")) == (0, TOO_LARGE - 1)


@given(st.dictionaries(st.text(), st.none() | st.integers(0, 2**62) | st.text(), max_size=5))
def test_encoded_is_decoded(fields: dict[str, object]) -> None:
    assert decode(encode(fields)) == fields
    assert encode(decode(json.dumps(fields, indent=3).encode())) == encode(fields)


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_each_reader_takes_its_own_type_only(value: object) -> None:
    fields = {"a": value}
    assert words(fields, "a") == (value if isinstance(value, str) else "")
    assert identifier(fields, "a") == ("teks" if value == "teks" else "")
    assert inner(fields, "a") == (value if isinstance(value, dict) else {})
    assert list(inners(fields, "a")) == []
    assert count(fields, "a") == (1 if value == 1 and value is not True else 0)
    angle = degrees(fields, "a", 90)
    assert angle == (value if type(value) in (int, float) and abs(value) <= 90 else None)  # type: ignore[arg-type]
    assert not any(read(fields, "b") for read in (words, identifier, inner, inners, count))


def test_texts_are_clean_and_ids_are_short_visible_ascii() -> None:
    fields = {"a": "a\x00b", "long": "x" * 301, "most": "x" * 300, "blank": "a b", "n": "ñ"}
    assert words(fields, "a") == "ab"
    assert [len(identifier(fields, word)) for word in fields] == [0, 0, 300, 0, 0]
    assert list(inners({"a": [1, {"b": 2}, None, {}]}, "a")) == [{"b": 2}, {}]


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (0, None),
        (1, datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)),
        (1795000001999, datetime(2026, 11, 18, 11, 6, 41, 999000, tzinfo=UTC)),
        (2**32 * 1000 - 1, datetime(2106, 2, 7, 6, 28, 15, 999000, tzinfo=UTC)),
        (2**32 * 1000, None),
    ],
)
def test_moments(milliseconds: int, expected: datetime | None) -> None:
    assert moment(milliseconds) == expected
