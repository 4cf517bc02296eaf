"""The outbox's rules for platforms unlike each other: calls, ranks, windows, quotas, receipts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from core import alarms, conversations, outbox, settlement
from core.channel import Limits
from core.db.session import Sessions, transaction
from core.db.tables import ChannelStatus, Conversation, Outbox
from core.draft import State
from core.errors import SendCode
from core.message import UNRECORDED, Choice
from core.outbox import Note, Outcome, Rank
from core.text import characters, utf16_units
from tests.core.post import rows
from tests.core.test_outbox import NOW, claim, hold, next_due, put, record

HOUR = timedelta(hours=1)
FIVE = Limits(20, utf16_units, 13, 300, messages=5)
THREAD = Limits(40, characters, 0, 64, numbered=True)


def put_all(make: Sessions, limits: Limits, *notes: dict[str, Any]) -> UUID:
    id_ = hold(make, "7")
    usual: dict[str, Any] = {"channel": "telegram", "address": "7", "conversation_id": id_}
    with transaction(make) as session:
        made = [Note(**usual | note) for note in notes]
        outbox.put(session, made, {"telegram": lambda address: limits})
    return id_


@pytest.mark.parametrize(
    ("notes", "calls"),
    [
        ([{"text": "a", "reply_token": "t"}, {"text": "b", "reply_token": "t"}], [["a", "b"]]),
        ([{"text": "a"}, {"text": "b", "reply_token": "t"}], [["a"], ["b"]]),
        ([{"text": "a", "draft": 1}, {"text": "b"}], [["a"], ["b"]]),
        ([{"text": "a", "choices": (Choice("Ya", "y"),)}, {"text": "b"}], [["a"], ["b"]]),
        ([{"text": "a"}, {"text": "b", "address": "8"}], [["a"], ["b"]]),
        ([{"text": "a"}, {"text": "b", "rank": Rank.ANSWER}], [["a"], ["b"]]),
        ([{"text": "a"}, {"text": "b", "reachable": False}], [["a"], ["b"]]),
        ([{"text": letter} for letter in "abcdef"], [list("abcde"), ["f"]]),
        ([{"text": "x" * 100}], [["x" * 20] * 5]),
        ([{"text": "x" * 101}], [["x" * 20] * 5, ["x"]]),
        ([{"text": "x" * 90}, {"text": "b"}], [["x" * 20] * 4 + ["x" * 10], ["b"]]),
    ],
)
def test_messages_that_one_call_carries(
    make: Sessions, notes: list[dict[str, Any]], calls: list[list[str]]
) -> None:
    put_all(make, FIVE, *notes)
    assert [row.texts for row in rows(make, Outbox)] == calls


def test_buttons_of_a_shared_call_are_those_of_its_last_note(make: Sessions) -> None:
    put_all(make, FIVE, {"text": "a"}, {"text": "b", "choices": (Choice("Ya", "y"),)})
    (part,) = claim(make)
    assert (part.outbound.texts, part.outbound.choices) == (("a", "b"), (Choice("Ya", "y"),))


def test_a_reply_token_is_spent_once(make: Sessions) -> None:
    token = {"reply_token": "t", "token_at": NOW}
    put_all(make, FIVE, {"text": "x" * 101, **token}, {"text": "b", **token})
    found = [(row.reply_token, row.token_at) for row in rows(make, Outbox)]
    assert found == [("t", NOW), ("", None), ("", None)][: len(found)]


@given(st.text(st.sampled_from("ab cd.\n"), max_size=400))
def test_numbered_parts_fit_and_lose_nothing(said: str) -> None:
    calls = [one for texts in outbox._calls(said, THREAD) for one in texts]
    assert all(len(one) <= 40 for one in calls)
    if len(calls) > 1:
        marks = [f" ({n}/{len(calls)})" for n in range(1, len(calls) + 1)]
        assert all(one.endswith(mark) for one, mark in zip(calls, marks, strict=True))
        calls = [one.removesuffix(mark) for one, mark in zip(calls, marks, strict=True)]
    assert "".join("".join(calls).split()) == "".join(said.split())


def test_a_part_knows_the_one_before_it(make: Sessions) -> None:
    put_all(make, THREAD, {"text": "satu dua tiga empat lima " * 3})
    (first,) = claim(make)
    record(make, Outcome(first, "sent", NOW, 1, platform_id="post-1"))
    (second,) = claim(make)
    assert (first.outbound.after, second.outbound.after) == ("", "post-1")


def test_what_matters_more_goes_first_and_is_held_up_by_nothing_less(make: Sessions) -> None:
    put(make, "7", "ingat", rank=Rank.REMINDER)
    put(make, "8", "kabar", rank=Rank.ANSWER)
    put(make, "7", "jawab")
    put(make, "9", "jawab juga")
    order = [claim(make, 1)[0].outbound.text for _ in range(4)]
    assert order == ["jawab", "jawab juga", "kabar", "ingat"]


def test_a_claim_that_called_nobody_is_not_an_attempt(make: Sessions) -> None:
    put(make, "7", "a")
    (first,) = claim(make)
    record(make, Outcome(first, "open", NOW, 0, code="paced"))
    (again,) = claim(make)
    assert (first.claims, first.attempts, again.claims, again.attempts) == (1, 1, 2, 1)
    record(make, Outcome(first, "failed", NOW, 1))  # he comes late: another has it
    assert rows(make, Outbox)[0].state == "open"


def test_the_channels_memo_comes_back_to_it(make: Sessions) -> None:
    put(make, "7", "a")
    (part,) = claim(make)
    record(make, Outcome(part, "open", NOW, 1, memo="reply"))
    assert claim(make)[0].outbound.memo == "reply"


def test_a_part_whose_worker_died_says_so(make: Sessions) -> None:
    put(make, "7", "a")
    (lost,) = [part.outbound.memo for part in claim(make, lease=timedelta(microseconds=1))]
    (part,) = claim(make)
    record(make, Outcome(part, "open", NOW, 1, memo=part.outbound.memo))
    assert (lost, part.outbound.memo) == ("", UNRECORDED)
    (again,) = claim(make)
    record(make, Outcome(again, "open", NOW, 1))
    assert (again.outbound.memo, claim(make)[0].outbound.memo) == (UNRECORDED, "")


def heard(make: Sessions, id_: UUID, moment: datetime) -> None:
    with transaction(make) as session:
        conversations.save(session, {id_: State()}, {id_: moment})


def test_a_closed_window_holds_only_its_part_until_the_citizen_writes(make: Sessions) -> None:
    id_ = put(make, "7", "a", "b")
    heard(make, id_, NOW - 30 * HOUR)
    (part,) = claim(make)
    assert part.outbound.heard_at == NOW - 30 * HOUR
    record(make, Outcome(part, "parked", NOW, 1, code=SendCode.WINDOW_CLOSED))
    assert [row.state for row in rows(make, Outbox)] == ["parked", "open"]
    with transaction(make) as session:
        assert session.get_one(Conversation, id_).reachable is True
        outbox.release(session, [id_])
    assert [part.outbound.text for part in claim(make)] == ["a"]


def test_who_writes_while_a_part_is_being_parked_gets_it(make: Sessions) -> None:
    id_ = put(make, "7", "a")
    heard(make, id_, NOW - 30 * HOUR)
    (part,) = claim(make)
    heard(make, id_, NOW)  # and nothing was parked yet, to be released
    record(make, Outcome(part, "parked", NOW, 1, code=SendCode.WINDOW_CLOSED))
    assert [part.outbound.heard_at for part in claim(make)] == [NOW]


def test_a_used_up_quota_waits_for_its_day_and_for_nobody(make: Sessions) -> None:
    id_ = put(make, "7", "a", "b")
    (part,) = claim(make)
    record(make, Outcome(part, "parked", NOW + HOUR, 1, code=SendCode.QUOTA))
    assert [part.outbound.text for part in claim(make)] == ["b"]
    with transaction(make) as session:
        alarms.ring(session, "telegram", SendCode.QUOTA)
        outbox.release(session, [id_])
        outbox.reopen_paid(session)
        alarms.mend(session, "telegram")
        alarms.end_quotas(session)
    assert rows(make, Outbox)[0].state == "parked"
    assert alarm(make) == SendCode.QUOTA
    with transaction(make) as session:
        session.execute(update(Outbox).where(Outbox.code == "quota").values(due_at=NOW))
        outbox.reopen_paid(session)
        alarms.end_quotas(session)
    assert [part.outbound.text for part in claim(make)] == ["a"]
    assert alarm(make) == ""


def alarm(make: Sessions) -> str:
    with transaction(make) as session:
        return session.get_one(ChannelStatus, "telegram").alarm


def test_an_alarm_keeps_its_first_moment_and_ends_with_what_is_sent(make: Sessions) -> None:
    moments = []
    for _ in range(2):
        with transaction(make) as session:
            alarms.ring(session, "telegram", SendCode.CREDENTIALS)
            moments += [one.alarm_at for one in alarms.standing(session)]
    assert moments[0] == moments[1] is not None
    with transaction(make) as session:
        alarms.mend(session, "telegram")
    assert alarm(make) == ""


@pytest.mark.parametrize("state", ["open", "failed", "parked"])
def test_a_receipt_proves_that_it_was_sent(make: Sessions, state: str) -> None:
    put(make, "7", "a", "b")
    (part,) = claim(make)
    record(make, Outcome(part, state, NOW, 1, code="uncertain"))
    with transaction(make) as session:
        settlement.confirm(session, "line", {part.outbound.key: "other"})
        settlement.confirm(session, "telegram", {part.outbound.key: "mid.1", UUID(int=0): "x"})
        settlement.confirm(session, "telegram", {})
    first = rows(make, Outbox)[0]
    assert (first.state, first.platform_id, first.code) == ("sent", "mid.1", "")
    assert first.sent_at is not None
    record(make, Outcome(part, "open", NOW, 1, code="uncertain"))
    assert rows(make, Outbox)[0].state == "sent"


def test_what_is_urgent_goes_beside_what_is_not(make: Sessions) -> None:
    put(make, "7", "ingat", "ingat lagi", rank=Rank.REMINDER)
    put(make, "7", "jawab", "jawab lagi")
    assert {part.outbound.text for part in claim(make)} == {"ingat", "jawab"}
    assert next_due(make) is not None
