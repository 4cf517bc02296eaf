"""The trace's rows: many in one statement, the newest of a channel, old ones deleted in bounds."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core import traces
from core.db.session import Sessions, transaction
from core.db.tables import Trace
from core.text import OUTLINE, outline
from core.traces import Direction, Line
from tests.core.post import rows

NOW = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
WEEK = timedelta(days=7)


def line(number: int, channel: str = "telegram", direction: Direction = "out") -> Line:
    at = NOW + timedelta(seconds=number)
    return Line(at, channel, direction, "POST x", 200 + number, number, "", '{"ok":true}')


def test_what_is_put_comes_back_newest_of_one_channel_in_order(make: Sessions) -> None:
    lines = [line(n) for n in range(5)] + [line(9, "line", "in")]
    with transaction(make) as session:
        traces.put(session, [])
        traces.put(session, lines)
        assert traces.newest(session, "telegram", 3) == lines[2:5]
        assert traces.newest(session, "line", 10) == [lines[5]]
        assert traces.newest(session, "twitter", 10) == []


def test_many_lines_are_one_statement(make: Sessions, statements: list[tuple[str, object]]) -> None:
    with transaction(make) as session:
        traces.put(session, [line(n) for n in range(2000)])
    assert len([sent for sent, _ in statements if "insert into trace" in sent]) == 1
    assert len(rows(make, Trace)) == 2000


def test_what_postgresql_does_not_take_is_cleaned(make: Sessions) -> None:
    with transaction(make) as session:
        traces.put(session, [Line(NOW, "telegram", "in", "x", 200, 1, "", "a\x00b\ud800")])
        assert traces.newest(session, "telegram", 1)[0].body == "ab\ufffd"


def aged(make: Sessions, *ages: timedelta) -> None:
    with transaction(make) as session:
        now = session.execute(text("select now()")).scalar_one()
        traces.put(session, [Line(now - age, "telegram", "in", "x", 200, 1) for age in ages])


def test_only_what_is_older_is_forgotten_the_oldest_first(make: Sessions) -> None:
    aged(make, WEEK - timedelta(minutes=1), WEEK + timedelta(minutes=1), 2 * WEEK, 3 * WEEK)
    with transaction(make) as session:
        assert traces.forget(session, WEEK, 2) == 2
    assert [row.id for row in rows(make, Trace)] == [1, 2]
    with transaction(make) as session:
        assert traces.forget(session, WEEK, 2) == 1
        assert traces.forget(session, WEEK, 2) == 0
    assert [row.id for row in rows(make, Trace)] == [1]


def test_two_sweeps_at_once_take_different_lines(make: Sessions) -> None:
    aged(make, *[2 * WEEK] * 6)
    with transaction(make) as one, transaction(make) as other:
        assert traces.forget(one, WEEK, 4) == 4
        assert traces.forget(other, WEEK, 4) == 2


def test_looking_for_old_lines_reads_an_index(
    make: Sessions,
    statements: list[tuple[str, Any]],
    explain: Callable[[tuple[str, Any]], str],
) -> None:
    with transaction(make) as session:
        session.execute(
            text(
                "insert into trace (channel, direction, method, status, milliseconds)"
                " select 'telegram', 'in', 'x', 200, 1 from generate_series(1, 20000)"
            )
        )
        session.execute(text("analyze trace"))
    statements.clear()
    with transaction(make) as session:
        assert traces.forget(session, WEEK, 1000) == 0
        traces.newest(session, "line", 10)
    plans = [explain(sent) for sent in list(statements) if "FROM trace" in sent[0]]
    assert "ix_trace_at" in plans[0]
    assert "ix_trace_channel" in plans[1]
    assert not any("Seq Scan" in plan for plan in plans)


# ---- no content in a shape

WORDS = st.text(st.characters(categories=["L", "N", "P", "Zs", "So"]), min_size=1, max_size=60)
NAMES = st.sampled_from(["text", "name", "first_name", "caption", "access_token", "url", "q", "k"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def said(value: object) -> list[str]:
    """Return all that people, or secrets, say in a JSON value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [one for item in value for one in said(item)]
    if isinstance(value, dict):
        return [one for item in value.values() for one in said(item)]
    return []


@given(st.dictionaries(NAMES, VALUES, max_size=5), st.booleans())
def test_nothing_that_people_say_is_in_a_shape(content: dict[str, object], ascii_: bool) -> None:
    body = json.dumps(content, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
    shape = outline(body)
    assert len(shape) <= OUTLINE
    left = re.sub(r'"[a-z_]{1,40}":', "", shape)  # the names are the platform's
    assert re.fullmatch(r'(?:"\d+"|-?9|true|false|null|[{}\[\],\s])*', left), left


@given(st.sampled_from(["type", "code", "error_code", "object", "status"]), WORDS)
def test_of_a_telling_name_only_a_plain_word_stays(name: str, word: str) -> None:
    shape = outline(json.dumps({name: word}, ensure_ascii=False).encode())
    plain = re.fullmatch(r"[A-Za-z][A-Za-z_.]{0,39}|\d{1,7}", word)
    assert (f'"{name}":"{word}"' in shape) == bool(plain) or word == "9"
    if not plain and len(word) > 3:
        assert word not in shape


@given(st.binary(max_size=300), st.sampled_from([b"", b"{", b'{"text": "', b'["']))
def test_what_is_no_json_gives_away_nothing(rubbish: bytes, start: bytes) -> None:
    secret = "SangatRahasia8731"
    for body in (start + secret.encode() + rubbish, start + rubbish + secret.encode()):
        assert secret not in outline(body)


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b"", ""),
        (b"<html>", "6 bytes"),
        (b'{"text": "Jalan rusak"}', '{"text":"11"}'),
        (b'{"id": 5012345678, "ok": true}', '{"id":9,"ok":true}'),
        (b'{"error_code": 429, "description": "Too Many"}', '{"error_code":429,"description":"8"}'),
        (b'{"type": "message", "events": []}', '{"type":"message","events":[]}'),
        (b'{"5012345678": "x"}', '{"9":"1"}'),
    ],
)
def test_shapes(body: bytes, shape: str) -> None:
    assert outline(body) == shape
