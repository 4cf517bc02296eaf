"""Rows of conversations: state comes back exactly, and nobody else's is touched."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core import conversations
from core.conversations import dump_state, hold, load_state, save
from core.db.session import Sessions, transaction
from core.db.tables import Conversation
from core.draft import Draft, Line, Stage, State
from core.message import Place
from tests.core.post import rows
from tests.waiting import eventually

EARLIER, LATER = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
DEGREES = st.floats(-90, 90)
DRAFTS = st.builds(
    Draft,
    number=st.integers(1, 2**31),
    lines=st.lists(st.builds(Line, WORDS, WORDS), max_size=3).map(tuple),
    place=WORDS,
    pin=st.none() | st.builds(Place, DEGREES, DEGREES, WORDS),
    files=st.lists(WORDS, max_size=3).map(tuple),
)
STATES = st.builds(State, language=WORDS, stage=st.sampled_from(Stage), draft=st.none() | DRAFTS)


@given(STATES)
def test_state_survives_json(state: State) -> None:
    assert load_state(conversations.STATE.dump_python(state, mode="json")) == state
    assert conversations.STATE.validate_json(dump_state(state)) == state


def test_a_beginning_and_a_state_of_an_older_version() -> None:
    assert load_state({}) == State()
    older = {"stage": "place", "draft": {"number": 1, "lines": [{"message_id": "m", "text": "x"}]}}
    assert load_state(older).draft == Draft(1, (Line("m", "x"),))
    with pytest.raises(ValueError, match="stage"):
        load_state({"stage": "no such"})


def test_hold_opens_and_save_writes_only_what_is_given(make: Sessions) -> None:
    keys = [("telegram", "2"), ("telegram", "1"), ("line", "1"), ("telegram", "2")]
    with transaction(make) as session:
        held = hold(session, keys)
        assert set(held) == set(keys)
        assert all(it.state == State() and it.reachable for it in held.values())
        first = held["telegram", "1"]
        odd = State(language="en", draft=Draft(1, (Line("m", "a'b\\ \u2028 🚧 {}"),)))
        save(session, {first.id: odd}, {first.id: LATER})
        save(session, {first.id: odd}, {first.id: EARLIER})
        save(session, {first.id: odd}, {})
        save(session, {}, {})
        conversations.set_reachable(session, [held["line", "1"].id], reachable=False)
    with transaction(make) as session:
        again = hold(session, keys)
    assert {key: it.id for key, it in again.items()} == {key: it.id for key, it in held.items()}
    assert again["telegram", "1"].state == odd
    assert again["telegram", "2"].state == State()
    moments = [row.heard_at for row in rows(make, Conversation)]
    assert sorted(filter(None, moments)) == [LATER]
    assert [it.reachable for _, it in sorted(again.items())] == [False, True, True]


def test_two_who_hold_a_new_conversation_hold_the_same(make: Sessions) -> None:
    keys = [("telegram", "1"), ("telegram", "2")]

    def held(*wanted: tuple[str, str]) -> set[object]:
        with transaction(make) as session:
            return {one.id for one in hold(session, wanted).values()}

    def somebody_waits() -> bool:
        with make() as session:
            return bool(session.scalar(text("select count(*) from pg_locks where not granted")))

    with ThreadPoolExecutor(1) as pool:
        with transaction(make) as session:
            first = {one.id for one in hold(session, keys).values()}
            second = pool.submit(held, *keys, ("telegram", "3"))
            eventually("the second waits for the first", somebody_waits)
        both = second.result()
    assert first < both
    assert {row.id for row in rows(make, Conversation)} == both
