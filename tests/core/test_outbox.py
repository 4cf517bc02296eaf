"""The outbox on real PostgreSQL: parts in order, each with one worker at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from core import alarms, conversations, outbox, reports, settlement
from core.channel import Limits, LimitsOf
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox, ReportEvent
from core.draft import Draft, Line
from core.errors import SendCode
from core.message import Choice
from core.outbox import Note, Outcome, Part
from core.reports import Confirmed
from core.text import utf16_units
from tests.core.post import rows

ROOM = Limits(10, utf16_units, 3, 64)
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: ROOM}
LEASE = timedelta(minutes=1)
NOW = datetime.now(UTC)


def hold(make: Sessions, address: str) -> UUID:
    with transaction(make) as session:
        return conversations.hold(session, [("telegram", address)])["telegram", address].id


def put(make: Sessions, address: str, *texts: str, **fields: Any) -> UUID:
    id_ = hold(make, address)
    notes = [Note("telegram", address, id_, text, **fields) for text in texts]
    with transaction(make) as session:
        outbox.put(session, notes, LIMITS)
    return id_


def claim(make: Sessions, parts: int = 99, lease: timedelta = LEASE) -> list[Part]:
    with transaction(make) as session:
        return outbox.claim(session, "telegram", parts, lease)


def record(make: Sessions, *outcomes: Outcome) -> None:
    with transaction(make) as session:
        settlement.record(session, "telegram", outcomes, NOW)


def next_due(make: Sessions) -> datetime | None:
    with transaction(make) as session:
        return outbox.next_due(session, "telegram")


def test_split_with_buttons_on_the_last_part(make: Sessions) -> None:
    put(make, "7", "satu dua. tiga 🚧🚧", "", choices=(Choice("Ya", "yes"),), reply_token="t")
    found = rows(make, Outbox)
    assert [(row.texts, row.part, row.parts) for row in found] == [
        (["satu dua."], 1, 2),
        (["tiga 🚧🚧"], 2, 2),
    ]
    assert [(row.choices, row.reply_token) for row in found] == [([], "t"), ([["Ya", "yes"]], "")]
    assert len({row.key for row in found}) == 2


def test_in_order_one_at_a_time_for_an_address_and_others_beside_it(make: Sessions) -> None:
    put(make, "7", "a", "b")
    put(make, "8", "c")
    put(make, "7", "d")
    first = claim(make)
    assert [(part.outbound.text, part.attempts) for part in first] == [("a", 1), ("c", 1)]
    assert claim(make) == []
    record(make, Outcome(first[0], "sent", NOW, 1, platform_id="p1"))
    assert [part.outbound.text for part in claim(make, 1)] == ["b"]
    assert rows(make, Outbox)[0].platform_id == "p1"
    assert rows(make, Outbox)[0].sent_at == NOW
    assert len({part.outbound.key for part in first}) == 2


def test_two_workers_share_without_overlap(make: Sessions) -> None:
    for address in "123456":
        put(make, address, "a")
    with transaction(make) as one, transaction(make) as other:
        first = outbox.claim(one, "telegram", 4, LEASE)
        second = outbox.claim(other, "telegram", 4, LEASE)
    assert [part.outbound.address for part in first + second] == list("123456")


def test_an_abandoned_lease_is_due_again_with_the_same_key(make: Sessions) -> None:
    put(make, "7", "a")
    (lost,) = claim(make, lease=timedelta(microseconds=1))
    (found,) = claim(make)
    assert (found.attempts, found.outbound.key) == (2, lost.outbound.key)
    due = next_due(make)
    assert due is not None
    assert due > NOW


@pytest.mark.parametrize("state", ["sent", "failed"])
def test_what_is_over_stays_over(make: Sessions, state: str) -> None:
    put(make, "7", "a")
    (part,) = claim(make)
    record(make, Outcome(part, state, NOW, 1, platform_id="p1"))
    record(make, Outcome(part, "open", NOW, 1))
    assert [row.state for row in rows(make, Outbox)] == [state]
    assert next_due(make) is None


def test_a_dead_letter_is_noted_in_the_history_and_the_next_part_goes(make: Sessions) -> None:
    id_ = put(make, "7", "a", "b", draft=3)
    draft = Draft(3, (Line("m", "isi"),), "gang X")
    with transaction(make) as session:
        reports.open_all(session, [Confirmed(id_, "telegram", draft)])
    (part,) = claim(make)
    record(make, Outcome(part, "failed", NOW, 1, code="rejected", detail="too long"))
    event = rows(make, ReportEvent)[-1]
    assert (event.actor, event.kind, event.detail) == (
        "kanal",
        "delivery_failed",
        {"code": "rejected"},
    )
    assert [part.outbound.text for part in claim(make)] == ["b"]


def test_blocked_parks_all_of_the_address_until_released(make: Sessions) -> None:
    id_ = put(make, "7", "a", "b")
    put(make, "8", "c")
    part = claim(make)[0]
    record(make, Outcome(part, "parked", NOW, 1, code="blocked"))
    assert [row.state for row in rows(make, Outbox)] == ["parked", "parked", "open"]
    with transaction(make) as session:
        assert session.get_one(Conversation, id_).reachable is False
    put(make, "7", "d", reachable=False)
    assert rows(make, Outbox)[-1].code == SendCode.BLOCKED
    with transaction(make) as session:
        outbox.release(session, [id_])
    assert [part.outbound.text for part in claim(make)] == ["a"]


@pytest.mark.parametrize("taken", [False, True])
def test_a_moved_conversation_is_written_to_where_it_is(make: Sessions, taken: bool) -> None:
    old = put(make, "7", "a", "b")
    new = hold(make, "-100") if taken else old
    (part,) = claim(make)
    record(make, Outcome(part, "open", NOW, 1, code="moved", moved_to="-100"))
    assert [row.address for row in rows(make, Outbox)] == ["-100", "-100"]
    assert hold(make, "-100") == new
    (again,) = claim(make)
    assert (again.outbound.text, again.outbound.address) == ("a", "-100")
    assert again.outbound.key == part.outbound.key


def test_a_resting_channel_is_not_claimed_and_not_called_due(make: Sessions) -> None:
    put(make, "7", "a")
    until = NOW + timedelta(hours=1)
    with transaction(make) as session:
        alarms.rest(session, "line", NOW)
        alarms.rest(session, "telegram", NOW)
        alarms.rest(session, "telegram", until)
    assert claim(make) == []
    assert next_due(make) == until
    with transaction(make) as session:
        assert outbox.claim(session, "line", 9, LEASE) == []
        session.execute(text("update channel_status set paused_until = now()"))
    assert len(claim(make)) == 1


def test_what_stands_behind_a_later_part_is_not_called_due(make: Sessions) -> None:
    put(make, "7", "a", "b")
    (part,) = claim(make)
    later = datetime.now(UTC) + timedelta(minutes=10)
    record(make, Outcome(part, "open", later, 1))
    assert claim(make) == []
    assert next_due(make) == later


def test_the_claim_looks_only_at_what_is_open(make: Sessions) -> None:
    id_ = put(make, "7", "a", "b")
    with transaction(make) as session:
        session.execute(
            text(
                "insert into outbox (key, note, channel, address, address_key, conversation_id,"
                " draft, part, parts, texts, state) select gen_random_uuid(), gen_random_uuid(),"
                " 'telegram', '', (n % 500)::text::bytea, :id, 0, 1, 1, '', 'sent'"
                " from generate_series(1, 20000) n"
            ),
            {"id": id_},
        )
    with transaction(make) as session:
        session.execute(text("analyze outbox"))
        for statement in (outbox._CLAIM, outbox._NEXT_DUE):
            query = text("explain " + statement.text)
            given = {"channel": "telegram", "parts": 5, "lease": LEASE, "ranks": [0, 1, 2]}
            given["unrecorded"] = b""
            wanted = {name: given[name] for name in query._bindparams}
            plan = "\n".join(row[0] for row in session.execute(query, wanted))
            assert "Seq Scan on outbox" not in plan, plan
