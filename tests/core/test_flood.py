"""Senders who are too fast, or have too much open: held once and told once, and nobody else."""

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text, update

from app.work import advance_batch
from core import inbox
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Inbox, Message, Outbox, Report
from core.draft import Stage, State
from core.effects import OpenReport
from core.flood import LISTEN, MINUTE, SAID, Arrival, Hold, Share, Verdict, counted, sift
from core.message import Inbound, Kind
from core.privacy.keys import KeyRing
from core.settings import CoreSettings
from core.talk import hear
from core.turn import Reply, Where
from tests.core.citizen import Chat, does, knows, says, summary, taps
from tests.core.post import HOLE, Phone, membership, post, rows, tap, work
from tests.core.post import update as event

NOW = datetime(2026, 3, 2, 1, 15, tzinfo=UTC)
SHARE = Share(messages=3, open_reports=2)
TOLD, SILENT = Verdict(Hold.TOO_FAST, tell=True), Verdict(Hold.TOO_FAST)
BLOCKED = Verdict(Hold.BLOCKED)


def at(seconds: float, inbound: Inbound | None = None, replayed: bool = False) -> Arrival:
    return Arrival(inbound or says("halo"), NOW + timedelta(seconds=seconds), replayed)


def album(name: str) -> Inbound:
    return says("", album=name)


@pytest.mark.parametrize(
    ("arrivals", "verdicts"),
    [
        ([at(0), at(1), at(2)], [LISTEN] * 3),
        ([at(0), at(1), at(2), at(3)], [LISTEN] * 3 + [TOLD]),
        ([at(n) for n in range(6)], [LISTEN] * 3 + [TOLD, SILENT, SILENT]),
        ([at(0), at(1), at(2), at(59.9)], [LISTEN] * 3 + [TOLD]),
        ([at(0), at(1), at(2), at(60)], [LISTEN] * 4),
        ([at(0), at(1), at(2), at(-5)], [LISTEN] * 3 + [TOLD]),  # became visible late
        ([at(0), at(1), at(2), at(-3600)], [LISTEN] * 4),  # the clock was set back
        ([at(n) for n in (0, 1, 2, 3, 60, 61, 62, 63)], ([LISTEN] * 3 + [TOLD]) * 2),
        ([at(0, album("a"))] * 9, [LISTEN] * 9),
        ([at(0, album("a"))] * 9 + [at(1), at(2)], [LISTEN] * 11),
        ([at(0), at(1), at(2), *[at(3, album("a"))] * 3], [LISTEN] * 3 + [TOLD, SILENT, SILENT]),
        ([at(0, album(name)) for name in "abcde"], [LISTEN] * 3 + [TOLD, SILENT]),
        ([at(0, taps("send:1"))] * 4, [LISTEN] * 3 + [TOLD]),
        ([at(0)] * 4 + [at(0, replayed=True)] * 9, [LISTEN] * 3 + [TOLD] + [LISTEN] * 9),
        ([at(0, replayed=True)] * 9 + [at(0)] * 3, [LISTEN] * 12),
    ],
)
def test_more_than_the_share_is_held_and_the_first_is_told(
    arrivals: list[Arrival], verdicts: list[Verdict]
) -> None:
    assert sift(State(), arrivals, None, SHARE)[1] == verdicts


@pytest.mark.parametrize("kind", sorted(set(Kind) - SAID))
def test_what_says_nothing_is_neither_counted_nor_held(kind: Kind) -> None:
    arrivals = [at(0, does(kind))] * 9 + [at(1)] * 4 + [at(2, does(kind))]
    assert sift(State(), arrivals, None, SHARE)[1] == [LISTEN] * 12 + [TOLD, LISTEN]
    assert sift(State(), [at(0, does(kind))], NOW, SHARE)[1] == [LISTEN]


def test_the_count_is_kept_from_batch_to_batch() -> None:
    whole = [at(n / 10) for n in range(10)]
    state, singly = State(), []
    for arrival in whole:
        state, verdicts = sift(state, [arrival], None, SHARE)
        singly += verdicts
    assert singly == sift(State(), whole, None, SHARE)[1]
    assert (state.minute, state.minute_count) == (NOW, 10)


@given(
    st.lists(st.floats(0, 600), max_size=60).map(sorted),
    st.integers(1, 9),
)
def test_never_more_than_the_share_of_a_minute_and_one_word_about_it(
    moments: list[float], messages: int
) -> None:
    arrivals = [at(moment) for moment in moments]
    state, verdicts = State(), []
    begun: list[datetime | None] = []
    for arrival in arrivals:
        state, [verdict] = sift(state, [arrival], None, Share(messages, 9))
        verdicts.append(verdict)
        begun.append(state.minute)
    listened = Counter(it for it, verdict in zip(begun, verdicts, strict=True) if not verdict.hold)
    told = Counter(it for it, verdict in zip(begun, verdicts, strict=True) if verdict.tell)
    assert all(count <= messages for count in listened.values())
    assert all(count == 1 for count in told.values())
    assert {it for it, verdict in zip(begun, verdicts, strict=True) if verdict.hold} == set(told)


def test_the_minute_begins_with_its_first_message() -> None:
    state = counted(State(), NOW)
    assert counted(state, NOW + MINUTE - timedelta(microseconds=1)).minute == NOW
    assert counted(state, NOW + MINUTE).minute == NOW + MINUTE


def test_a_blocked_sender_is_told_once_of_each_block() -> None:
    first, second = NOW + timedelta(days=1), NOW + timedelta(days=2)
    told = replace(BLOCKED, tell=True)
    state, verdicts = sift(State(), [at(0), at(1), at(2, replayed=True)], first, SHARE)
    assert verdicts == [told, BLOCKED, BLOCKED]
    state, verdicts = sift(state, [at(3)], first, SHARE)
    assert verdicts == [BLOCKED]
    state, verdicts = sift(state, [at(4)], second, SHARE)
    assert verdicts == [told]
    assert sift(state, [at(5)], None, SHARE)[1] == [LISTEN]
    assert state.minute_count == 0


# ---- open reports


def test_with_too_many_open_reports_the_draft_stays() -> None:
    chat = Chat()
    for inbound in (says(HOLE), says("lewati")):
        chat.hear(inbound)
    [refused] = hear(chat.state, [taps("send:1")], room=0)
    assert summary(refused.step) == "too-many-open"
    assert refused.step.replies[0].choices[0] == "send"
    assert (refused.step.state.stage, refused.step.state.draft) == (
        Stage.PREVIEW,
        chat.state.draft,
    )
    [again] = hear(refused.step.state, [taps("send:1")], room=1)
    assert summary(again.step) == "+open"


def test_room_is_used_up_within_a_batch() -> None:
    one = [says(HOLE), says("lewati"), says("kirim")]
    heard = hear(State(), one * 3, room=2, known=list(map(knows, one * 3)))
    opened = [e for it in heard for e in it.step.effects if isinstance(e, OpenReport)]
    assert [effect.draft.number for effect in opened] == [1, 2]
    assert summary(heard[-1].step) == "too-many-open"


def test_in_public_it_is_said_in_private() -> None:
    post_ = replace(says(HOLE + " #lapor"), public_address="post:7", thread="t")
    [refused] = hear(State(), [post_], room=0)
    assert refused.step.replies == (Reply("too-many-open-public", where=Where.PRIVATE),)
    assert refused.step.effects == ()
    assert refused.step.state.threads == ()
    [taken] = hear(State(), [post_], room=1)
    assert [type(effect) for effect in taken.step.effects] == [OpenReport]


# ---- on PostgreSQL

FEW = CoreSettings(sender_messages=3, sender_open_reports=1)


def states(make: Sessions, address: int = 7) -> Counter[str]:
    return Counter(row.state for row in rows(make, Inbox) if row.address == str(address))


def said(make: Sessions, address: int = 7) -> list[str]:
    return [row.texts[0] for row in rows(make, Outbox) if row.address == str(address)]


def test_a_flood_is_kept_and_answered_once(make: Sessions) -> None:
    post(make, *(event(7, f"kata {n}") for n in range(120)), event(8, HOLE))
    work(make, Phone(), FEW)
    assert states(make) == {"done": 3, "held": 117}
    assert states(make, 8) == {"done": 1}
    assert [text for text in said(make) if "cepat sekali" in text] == said(make)[-1:]
    assert len(said(make, 8)) == 1
    assert len(rows(make, Message)) == 4
    kept = [row for row in rows(make, Inbox) if row.state == "held"]
    assert {row.error for row in kept} == {"too_fast"}
    assert all(b"kata" in row.raw for row in kept)
    with transaction(make) as session:
        assert inbox.counts(session) == {"held": 117}
        assert [row.id for row in inbox.put_aside(session, "held", 2)] == [4, 5]


def test_a_block_of_the_bot_or_a_receipt_gets_through_a_flood(make: Sessions) -> None:
    post(make, *(event(7, f"kata {n}") for n in range(9)), membership(7, "kicked"))
    work(make, Phone(), FEW)
    assert states(make) == {"done": 4, "held": 6}
    with transaction(make) as session:
        assert session.query(Conversation).one().reachable is False


def test_who_goes_on_in_a_minute_is_listened_to(make: Sessions) -> None:
    post(make, *(event(7, f"kata {n}") for n in range(5)))
    work(make, Phone(), FEW)
    with transaction(make) as session:
        conversation = session.query(Conversation).one()
        begun = datetime.now(UTC) - timedelta(seconds=61)
        conversation.state = {**conversation.state, "minute": begun.isoformat()}
    post(make, event(7, "bantuan"))
    work(make, Phone(), FEW)
    assert states(make) == {"done": 4, "held": 2}
    assert "BATAL" in said(make)[-1]


def test_what_was_held_is_replayed_in_order_and_is_not_too_fast_again(make: Sessions) -> None:
    post(make, *(event(7, f"kata nomor {n}") for n in range(50)))
    work(make, Phone(), FEW)
    with transaction(make) as session:
        assert inbox.replay(session) == []  # nothing is quarantined
        assert [letter.id for letter in inbox.replay(session, [4], "held")] == [4]
        assert len(inbox.replay(session, state="held")) == 46
    work(make, Phone(), FEW)
    assert states(make) == {"done": 50}
    assert [row.text for row in rows(make, Message)] == [f"kata nomor {n}" for n in range(50)]


def test_a_further_report_waits_until_another_is_closed(make: Sessions) -> None:
    settings = CoreSettings(sender_open_reports=1)
    for raw in (event(7, HOLE), event(7, "lewati"), tap(7, "send:1"), event(8, HOLE)):
        post(make, raw)
        work(make, Phone(), settings)
    for raw in (event(7, HOLE), event(7, "lewati"), tap(7, "send:2")):
        post(make, raw)
        work(make, Phone(), settings)
    assert len(rows(make, Report)) == 1
    assert "masih banyak laporan" in said(make)[-1]
    for state, count in (("proses", 1), ("tunda", 1), ("selesai", 2)):
        with transaction(make) as session:
            session.execute(update(Report).values(state=state))
        post(make, tap(7, "send:2"))
        work(make, Phone(), settings)
        assert len(rows(make, Report)) == count


def test_held_letters_cost_one_statement(
    make: Sessions, statements: list[tuple[str, object]]
) -> None:
    post(make, *(event(7, f"kata {n}") for n in range(60)))
    assert advance_batch(make, {"telegram": Phone()}, FEW) is not None
    statements.clear()
    assert advance_batch(make, {"telegram": Phone()}, FEW) is not None
    texts = [statement for statement, _ in statements]
    assert sum("'held'" in one for one in texts) == 1
    assert len(texts) <= 6, texts


def test_each_letter_of_a_flood_is_parsed_once(make: Sessions) -> None:
    parsed: Counter[bytes] = Counter()
    phone = Phone()
    own = phone.read

    def read(body: bytes) -> list[Inbound]:
        parsed[body] += 1
        return own(body)

    post(make, *(event(7, f"kata {n}") for n in range(120)))
    work(make, replace(phone, read=read), FEW)
    assert set(parsed.values()) == {1}
    assert len(parsed) == 120


def test_a_long_queue_of_one_sender_costs_the_others_nothing(make: Sessions) -> None:
    def seconds(flood: int) -> float:
        with transaction(make) as session:
            session.execute(text("truncate inbox"))
            row = {"channel": "telegram", "address": "7", "raw": b"x" * 700}
            if flood:
                many = [row | {"external_id": f"f{n}"} for n in range(flood)]
                session.execute(insert(Inbox), many)
            few = [row | {"external_id": f"o{n}", "address": f"o{n}"} for n in range(60)]
            session.execute(insert(Inbox), few)
        taken = []
        for _ in range(5):
            with transaction(make) as session:
                begun = time.perf_counter()
                letters = inbox.claim(session, ["telegram"], 50, 50)
                inbox.next_ready(session, ["telegram"])
                taken.append(time.perf_counter() - begun)
            assert len({letter.address for letter in letters}) == 50
        return min(taken)

    assert seconds(10_000) < 10 * max(seconds(0), 0.003)  # it was 200 times as much


def test_what_is_taken_back_is_not_kept_either(make: Sessions, ring: KeyRing) -> None:
    """A held message is forgotten whole, in the same batch or later; others are kept."""

    def read(body: bytes) -> list[Inbound]:
        if body.startswith(b"withdrawn "):
            taken = body.removeprefix(b"withdrawn ").decode()
            return [replace(does(Kind.WITHDRAWN), address="7", message_id=taken, raw=body)]
        return [replace(says(body.decode()), address="7", message_id=body.decode(), raw=body)]

    def arrive(*bodies: bytes) -> None:
        with transaction(make) as session:
            inbounds = [replace(read(one)[0], external_id=one.decode()) for one in bodies]
            inbox.put(session, inbounds, timedelta())
        work(make, Phone(read=read), FEW)

    arrive(*(b"kata %d" % n for n in range(6)), b"withdrawn kata 4")
    arrive(b"withdrawn kata 5", b"withdrawn kata 9")
    kept = {row.external_id: (row.state, row.raw) for row in rows(make, Inbox)}
    assert kept[ring.blind("kata 3")] == ("held", b"kata 3")
    assert kept[ring.blind("kata 4")] == kept[ring.blind("kata 5")] == ("done", b"")
