"""Sealed columns: what can be done with them, and what cannot."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text, update

from core import conversations, outbox
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Conversation, Inbox, Outbox
from core.draft import Draft, Line, State
from core.errors import ConfigurationError, SealBroken
from core.privacy.keys import KeyRing, key_id, new_index_key
from tests.core.post import HOLE, Phone, post, rows, work
from tests.core.post import update as telegram

ADDRESS = "5012345678"


def test_it_is_stored_sealed_and_read_clear(make: Sessions, ring: KeyRing) -> None:
    post(make, telegram(int(ADDRESS), HOLE))
    work(make, Phone())
    with transaction(make) as session:
        for table in ("inbox", "conversation", "outbox"):
            found = session.execute(text(f"select address, address_key from {table}")).all()
            for address, key in found:
                assert key_id(address) == ring.newest
                assert ring.open(address, f"{table}.address").decode() == ADDRESS
                assert key == ring.blind(ADDRESS)
    assert {
        row.address for table in (Inbox, Conversation, Outbox) for row in rows(make, table)
    } == {ADDRESS}


def test_a_state_is_read_as_it_was_saved(make: Sessions) -> None:
    state = State(draft=Draft(3, (Line("m", 'got "mampet" \x00 \U0001f64f'),)), last_draft=3)
    with transaction(make) as session:
        [talker] = conversations.hold(session, [("line", "U1")]).values()
        assert talker.state == State()
        conversations.save(session, {talker.id: state}, {})
    with transaction(make) as session:
        assert conversations.hold(session, [("line", "U1")])["line", "U1"].state == state


@pytest.mark.parametrize(
    "compare",
    [
        lambda: Conversation.address == ADDRESS,
        lambda: Conversation.address != ADDRESS,
        lambda: Conversation.address.in_([ADDRESS]),
        lambda: Conversation.address.like("50%"),
        Conversation.address.desc,
        lambda: Outbox.texts == ["x"],
        lambda: select(Conversation).filter_by(address=ADDRESS),
    ],
)
def test_what_would_find_nothing_is_refused(compare: object) -> None:
    assert callable(compare)
    with pytest.raises(TypeError, match="key column"):
        compare()


def test_without_a_ring_nothing_is_written_or_read(make: Sessions, engine: Engine) -> None:
    post(make, telegram(int(ADDRESS), HOLE))
    bare = sessions(connect(engine.url.render_as_string(hide_password=False), pool_size=1))
    with pytest.raises(ConfigurationError, match="KANAL_IDENTITY_KEYS and KANAL_INDEX_KEY"):
        post(bare, telegram(8, HOLE))
    with pytest.raises(ConfigurationError, match="KANAL_IDENTITY_KEYS and KANAL_INDEX_KEY"):
        rows(bare, Inbox)
    bare.kw["bind"].dispose()
    assert len(rows(make, Inbox)) == 1


def test_altered_bytes_are_named_by_their_column_alone(make: Sessions) -> None:
    post(make, telegram(int(ADDRESS), HOLE))
    work(make, Phone())
    with transaction(make) as session:
        session.execute(text("update conversation set address = set_byte(address, 25, 7)"))
    with pytest.raises(SealBroken, match=r"^conversation\.address: altered"):
        rows(make, Conversation)
    with transaction(make) as session:  # where it is not looked at, all goes on
        assert session.scalar(select(Conversation.reachable)) is True
        session.execute(update(Conversation).values(reachable=False))


def test_a_letter_that_does_not_open_holds_up_nobody(make: Sessions) -> None:
    post(make, telegram(7, HOLE), telegram(8, HOLE), telegram(9, HOLE))
    with transaction(make) as session:
        session.execute(text("update inbox set raw = set_byte(raw, 30, 7) where id = 2"))
    work(make, Phone())
    states = select(Inbox.state, Inbox.error).order_by(Inbox.id)
    with transaction(make) as session:
        found = [tuple(row) for row in session.execute(states)]
    assert found == [("done", ""), ("quarantined", "SealRefused"), ("done", "")]


def test_a_part_that_does_not_open_holds_up_nobody(make: Sessions) -> None:
    post(make, telegram(7, HOLE), telegram(8, HOLE))
    work(make, Phone())
    with transaction(make) as session:
        session.execute(text("update outbox set texts = set_byte(texts, 30, 7) where id = 1"))
    with transaction(make) as session:
        claimed = outbox.claim(session, "telegram", 9, timedelta(minutes=1))
        assert [part.outbound.address for part in claimed] == ["8"]
        states = select(Outbox.state, Outbox.code).order_by(Outbox.id)
        assert [tuple(row) for row in session.execute(states)] == [
            ("failed", "unreadable"),
            ("open", ""),
        ]


def test_where_nothing_opens_the_key_is_wrong_and_nothing_is_set_aside(
    make: Sessions, engine: Engine, ring: KeyRing
) -> None:
    post(make, telegram(7, HOLE), telegram(8, HOLE))
    work(make, Phone())
    post(make, telegram(7, "satu"), telegram(8, "dua"))
    wrong = KeyRing.read([f"{ring.newest}:{new_index_key()}"], new_index_key())
    other = sessions(connect(engine.url.render_as_string(hide_password=False), ring=wrong))
    with pytest.raises(SealBroken):
        work(other, Phone())
    with pytest.raises(SealBroken), transaction(other) as session:
        outbox.claim(session, "telegram", 9, timedelta(minutes=1))
    other.kw["bind"].dispose()
    work(make, Phone())
    assert {row.state for row in rows(make, Inbox)} == {"done"}
    assert {row.state for row in rows(make, Outbox)} == {"open"}
