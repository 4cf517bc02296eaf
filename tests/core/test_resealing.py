"""Everything is sealed anew beside workers, in batches, and the old key is of no use then."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, insert, select, text, update

from core import inbox, resealing
from core.db.session import Sessions, connect, sessions, transaction
from core.db.tables import Conversation, Inbox, Message, Outbox
from core.errors import ConfigurationError, SealBroken
from core.privacy.keys import KeyRing, new_index_key, new_key
from tests.core.post import HOLE, Phone, post, rows, work
from tests.core.post import update as telegram

OLD, NEW, INDEX = new_key(), new_key(), new_index_key()
BEFORE, AFTER, LAST = (KeyRing.read(keys, INDEX) for keys in ([OLD], [NEW, OLD], [NEW]))
TABLES = ("inbox", "conversation", "outbox")


WithRing = Callable[[KeyRing], Sessions]


@pytest.fixture
def with_ring(engine: Engine) -> Iterator[WithRing]:
    """Makers of sessions with other keys."""
    made: list[Engine] = []

    def act(ring: KeyRing) -> Sessions:
        url = engine.url.render_as_string(hide_password=False)
        made.append(connect(url, pool_size=2, ring=ring))
        return sessions(made[-1])

    yield act
    for one in made:
        one.dispose()


def sealed_by(make: Sessions) -> dict[str, Counter[str]]:
    with transaction(make) as session:
        found = {table: resealing.counts(session, table) for table in resealing.sealed_tables()}
    return {table: counted for table, counted in found.items() if counted}


def rotate(make: Sessions) -> int:
    """Walk once through all tables; return how many rows were sealed anew."""
    done = 0
    for table in resealing.sealed_tables():
        turn = resealing.Turn(0, None)
        while True:
            with transaction(make) as session:
                turn = resealing.reseal(session, AFTER, table, turn.after)
            done += turn.rows
            if turn.after is None:
                break
    return done


@pytest.fixture
def before(make: Sessions, with_ring: WithRing) -> Sessions:
    """Sessions with the old key, over a conversation that is under way."""
    found = with_ring(BEFORE)
    post(found, telegram(7, HOLE), telegram(8, HOLE))
    work(found, Phone())
    return found


def test_all_that_an_older_key_sealed_is_sealed_anew(before: Sessions, with_ring: WithRing) -> None:
    with transaction(before) as session:
        own = session.scalars(select(Message.id)).first()
        session.execute(update(Message).where(Message.id == own).values(sealed="0812 ..."))
    expected = [(row.state, row.address, row.name) for row in rows(before, Conversation)]
    told = [(row.texts, row.memo, row.reply_token) for row in rows(before, Outbox)]
    old = sealed_by(before)
    assert {key for counted in old.values() for key in counted} == {BEFORE.newest}
    after = with_ring(AFTER)
    assert rotate(after) == sum(counted.total() for counted in old.values())
    assert rotate(after) == 0
    assert {key for counted in sealed_by(after).values() for key in counted} == {AFTER.newest}
    last = with_ring(LAST)
    assert [(row.state, row.address, row.name) for row in rows(last, Conversation)] == expected
    assert [(row.texts, row.memo, row.reply_token) for row in rows(last, Outbox)] == told
    assert {row.sealed for row in rows(last, Message)} == {"0812 ...", None}
    work(last, Phone())  # found by the same blind indexes
    post(last, telegram(7, "lewati"))
    work(last, Phone())
    assert len(rows(last, Conversation)) == 2


def test_batches_are_of_a_thousand_and_go_on_where_they_were(
    before: Sessions, with_ring: WithRing
) -> None:
    row = {"channel": "line", "raw": b"x", "state": "done"}
    many = [row | {"external_id": f"e{n}", "address": f"U{n}"} for n in range(2100)]
    with transaction(before) as session:
        session.execute(insert(Inbox), many)
    after = with_ring(AFTER)
    done: list[int] = []
    place: object = None
    for _ in range(2):  # then it is stopped
        with transaction(after) as session:
            turn = resealing.reseal(session, AFTER, "inbox", place)
        done, place = [*done, turn.rows], turn.after
    assert done == [1000, 1000]
    assert rotate(after) > 100  # and begun anew
    assert sealed_by(after)["inbox"] == {AFTER.newest: 2102}


def test_what_is_in_use_and_what_waits_is_left_and_nobody_waits(
    before: Sessions, with_ring: WithRing
) -> None:
    post(before, telegram(7, "satu"), telegram(7, "dua"))
    after = with_ring(AFTER)
    with before() as busy:
        mine = Conversation.address_key == "7"
        busy.execute(select(Conversation).where(mine).with_for_update())
        rotate(after)  # returns
        busy.execute(update(Conversation).where(mine).values(name="warga"))
        busy.commit()
    left = sealed_by(after)
    assert left["conversation"] == {AFTER.newest: 1, BEFORE.newest: 1}
    assert left["inbox"] == {AFTER.newest: 2, BEFORE.newest: 2}
    with transaction(after) as session:
        letters = inbox.claim(session, ["telegram"], 9, 9)
        assert [b"satu" in letter.raw for letter in letters] == [True, False]
        inbox.finish(session, [letter.id for letter in letters])
    assert rotate(after) == 3
    assert rows(with_ring(LAST), Conversation)[0].name in {"warga", ""}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (KeyRing.read([NEW], INDEX), ConfigurationError),
        (KeyRing.read([NEW, f"{BEFORE.newest}:{INDEX}"], INDEX), SealBroken),
    ],
    ids=["without the old key", "with wrong bytes for it"],
)
def test_what_does_not_open_is_left_as_it_is(
    before: Sessions, wrong: KeyRing, error: type[Exception]
) -> None:
    held = sealed_by(before)
    for table in TABLES:
        with pytest.raises(error, match=f"{table}\\."), transaction(before) as session:
            resealing.reseal(session, wrong, table)
    assert sealed_by(before) == held
    assert list(resealing.lacking(held, LAST)) == [BEFORE.newest]
    assert rows(before, Conversation)


def test_no_sealed_column_is_in_an_index(before: Sessions) -> None:
    """Sealing anew touches none of them."""
    with transaction(before) as session:
        indexed = session.execute(
            text(
                "select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indrelid"
                " join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)"
                " where c.relnamespace = 'public'::regnamespace"
            )
        ).all()
    sealed = {(table, name) for table, names in resealing.sealed_tables().items() for name in names}
    assert indexed
    assert not sealed & {(row.relname, row.attname) for row in indexed}
