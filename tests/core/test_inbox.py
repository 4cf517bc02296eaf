"""The inbox on real PostgreSQL: each event once, in order, for one worker at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text

from channels.telegram.inbound import parse
from core import inbox
from core.db.session import Sessions, transaction
from core.db.tables import Inbox
from core.message import Inbound, Kind, unreadable
from core.privacy.keys import KeyRing
from tests.core.post import NO_WAIT, post, rows, update

ON = ["telegram"]


def event(number: int, address: str = "7", album: str = "") -> Inbound:
    return Inbound("telegram", f"e{number}", address, Kind.MESSAGE, b"\x00\xff", album=album)


def put(make: Sessions, *events: Inbound, wait: timedelta = NO_WAIT) -> None:
    with transaction(make) as session:
        inbox.put(session, events, wait)


def claimed(make: Sessions, conversations: int = 50, messages: int = 50) -> list[int]:
    with transaction(make) as session:
        return [letter.id for letter in inbox.claim(session, ON, conversations, messages)]


def test_the_same_event_fifty_times_at_once_is_one_row(make: Sessions, ring: KeyRing) -> None:
    start = Barrier(10)

    def platform() -> None:
        start.wait(10)
        for _ in range(5):
            put(make, event(1))

    with ThreadPoolExecutor(10) as pool:
        for done in [pool.submit(platform) for _ in range(10)]:
            done.result()
    assert [row.external_id for row in rows(make, Inbox)] == [ring.blind("e1")]


def test_twice_in_one_put_is_one_row_and_order_is_kept(make: Sessions, ring: KeyRing) -> None:
    put(make, event(3), event(1), event(3), event(2))
    assert [row.external_id for row in rows(make, Inbox)] == [*map(ring.blind, ("e3", "e1", "e2"))]
    assert rows(make, Inbox)[0].raw == b"\x00\xff"
    put(make)
    put(make, event(3), event(4))
    in_order = [*map(ring.blind, ("e3", "e1", "e2", "e4"))]
    assert [row.external_id for row in rows(make, Inbox)] == in_order


def test_an_album_waits_and_the_rest_comes_with_its_first_picture(make: Sessions) -> None:
    put(make, event(1, album="a"), event(2, album="a"), wait=timedelta(hours=1))
    put(make, event(3, "8"))
    assert claimed(make) == [3]
    with transaction(make) as session:
        due = inbox.next_ready(session, ON)
        now = session.scalar(text("select now()"))
        assert due is not None
        assert due == now or due < now  # conversation 8 still waits: nobody finished it
        inbox.finish(session, [3])
    with transaction(make) as session:
        due = inbox.next_ready(session, ON)
        assert due is not None
        assert due > now + timedelta(minutes=59)
        session.execute(text("update inbox set ready_at = now() where id = 1"))
    assert claimed(make) == [1, 2]


def test_what_stands_behind_an_album_is_not_called_ready(make: Sessions) -> None:
    put(make, event(1, album="a"), wait=timedelta(hours=1))
    put(make, event(2))
    assert claimed(make) == []
    with transaction(make) as session:
        due = inbox.next_ready(session, ON)
        assert due is not None
        assert due > session.scalar(text("select now() + interval '59 minutes'"))


def test_two_workers_never_get_the_same_conversation(make: Sessions) -> None:
    put(make, *(event(n, address=str(n % 3)) for n in range(9)))
    with transaction(make) as one, transaction(make) as other:
        first = inbox.claim(one, ON, 2, 50)
        second = inbox.claim(other, ON, 2, 50)
        assert [letter.id for letter in first] == [1, 2, 4, 5, 7, 8]
        assert [letter.id for letter in second] == [3, 6, 9]
        put(make, event(100, "0"), event(101, "9"))
        assert claimed(make) == [11]  # not the tenth: its conversation is held


def test_a_row_that_becomes_visible_late_doubles_nothing(make: Sessions) -> None:
    with transaction(make) as slow:
        inbox.put(slow, [event(1)], NO_WAIT)
        put(make, event(2))  # another web process commits first
        with transaction(make) as worker:
            assert [letter.id for letter in inbox.claim(worker, ON, 9, 9)] == [2]
            slow.commit()
            with transaction(make) as other:
                assert [letter.id for letter in inbox.claim(other, ON, 9, 9)] == [1]


def test_oldest_first_and_so_many_of_each(make: Sessions) -> None:
    put(make, *(event(n, "flooder") for n in range(5000)), event(9001, "a"), event(9002, "b"))
    put(make, event(9003, "a"))
    with transaction(make) as session:
        found = [(x.address, x.id) for x in inbox.claim(session, ON, 3, 2)]
    assert found == [("flooder", 1), ("flooder", 2), ("a", 5001), ("b", 5002), ("a", 5003)]
    with transaction(make) as flooded, transaction(make) as other:
        assert len(inbox.claim(flooded, ON, 1, 50)) == 50
        assert [x.address for x in inbox.claim(other, ON, 1, 50)] == ["a", "a"]


def test_a_channel_that_is_off_keeps_its_rows_and_stops_nobody(make: Sessions) -> None:
    put(make, Inbound("closed", "e1", "7", Kind.MESSAGE, b"{}"), event(1))
    assert claimed(make) == [2]
    with transaction(make) as session:
        inbox.finish(session, [2])
        assert inbox.next_ready(session, ON) is None
        assert inbox.next_ready(session, ["closed"]) is not None
        assert inbox.counts(session) == {"waiting": 1}


def test_what_belongs_to_no_conversation_is_kept(make: Sessions) -> None:
    post(make, b'{"update_id": 1, "channel_post": {"text": "x"}}', b'{"update_id": "odd"}')
    assert [row.state for row in rows(make, Inbox)] == ["kept", "kept"]
    assert claimed(make) == []


def test_quarantine_and_replay(make: Sessions) -> None:
    put(make, event(1), event(2), event(3), event(4, "8"))
    with transaction(make) as session:
        inbox.quarantine(session, {1: "KeyError", 4: "ValueError"})
        inbox.quarantine(session, {})
        inbox.finish(session, [2])
        inbox.quarantine(session, {2: "too late"})
    assert claimed(make) == [3]
    with transaction(make) as session:
        assert inbox.counts(session) == {"quarantined": 2, "waiting": 1}
        listed = [(row.id, row.error) for row in inbox.put_aside(session, "quarantined", 9)]
        assert listed == [(1, "KeyError"), (4, "ValueError")]
        assert len(inbox.put_aside(session, "quarantined", 1)) == 1
        assert [letter.id for letter in inbox.replay(session, [2, 4])] == [4]
        assert [letter.id for letter in inbox.replay(session)] == [1]
        assert inbox.replay(session) == []
    assert claimed(make) == [1, 3, 4]
    assert [row.error for row in rows(make, Inbox)] == [""] * 4


@pytest.mark.parametrize(
    ("statement", "indexes"),
    [
        ("_CLAIM", {"ix_inbox_waiting", "ix_inbox_waiting_conversation"}),
        ("_NEXT_READY", {"ix_inbox_waiting_conversation"}),
    ],
)
def test_the_claim_looks_only_at_what_waits(
    make: Sessions, statement: str, indexes: set[str]
) -> None:
    with transaction(make) as session:
        session.execute(
            text(
                "insert into inbox (channel, external_id, address, address_key, raw, state)"
                " select 'telegram', n::text::bytea, '', (n % 500)::text::bytea, '', 'done'"
                " from generate_series(1, 20000) n"
            )
        )
    put(make, *(event(n, str(n % 9)) for n in range(30)))
    with transaction(make) as session:
        session.execute(text("analyze inbox"))
        explain = text("explain " + getattr(inbox, statement).text)
        query = explain.bindparams(
            **({} if statement == "_NEXT_READY" else {"conversations": 5, "messages": 5}),
            channels=ON,
        )
        plan = "\n".join(row[0] for row in session.execute(query))
    assert "Seq Scan" not in plan
    assert all(index in plan for index in indexes), plan


def test_raw_bytes_are_parsed_again(make: Sessions) -> None:
    raws: Sequence[bytes] = [update(7, "a\x00b \ud83d 🙏" * 30), update(8, "x" * 2**20)]
    post(make, *raws)
    with transaction(make) as session:
        letters = inbox.claim(session, ON, 9, 9)
    assert [letter.raw for letter in letters] == list(raws)
    assert [parse(letter.raw)[0].address for letter in letters] == ["7", "8"]


def test_what_was_unreadable_at_the_door_is_given_back_to_be_put_anew(make: Sessions) -> None:
    for _ in range(2):  # as the platform sends it again
        put(make, unreadable("telegram", b"odd"))
    assert [(row.state, row.address) for row in rows(make, Inbox)] == [("quarantined", "")]
    assert claimed(make) == []
    with transaction(make) as session:
        assert [letter.raw for letter in inbox.replay(session)] == [b"odd"]
    assert [row.state for row in rows(make, Inbox)] == ["done"]
