"""From waiting rows to reports and replies, on real PostgreSQL with Telegram's parser."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy import update as sql_update

from app.work import advance_batch
from channels import telegram
from channels.telegram.inbound import parse
from core import conversations, inbox
from core.conversations import load_state
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, File, Inbox, Message, Outbox, Report, ReportEvent
from core.draft import DRAFT_TEXT, Stage
from core.message import Inbound
from core.settings import CoreSettings
from tests.core.post import HOLE, SETTINGS, Phone, edited, membership, post, rows, tap, update, work

SAMPLES = Path(telegram.__file__).parent / "samples"
NUMBER = '"message_id": '


def texts(make: Sessions) -> list[str]:
    return [one for row in rows(make, Outbox) for one in row.texts]


def states(make: Sessions) -> Counter[str]:
    return Counter(row.state for row in rows(make, Inbox))


def message_id(raw: bytes) -> int:
    found: int = json.loads(raw)["message"]["message_id"]
    return found


def conversation(make: Sessions, address: str = "7") -> Conversation:
    with transaction(make) as session:
        return session.query(Conversation).filter_by(address_key=address).one()


def submit(make: Sessions, sender: int = 7, *, phone: Phone | None = None) -> bytes:
    """Walk to a ticket; return the first message."""
    first = update(sender, HOLE)
    for raw in (first, update(sender, "lewati"), tap(sender, "send:1")):
        post(make, raw)
        work(make, phone or Phone())
    return first


def history(make: Sessions) -> list[str]:
    return [row.kind for row in rows(make, ReportEvent)]


def test_from_a_message_to_a_ticket(make: Sessions) -> None:
    submit(make)
    (report,) = rows(make, Report)
    assert (report.text, report.place) == (HOLE, "jalan depan balai desa Suka Maju")
    assert (report.channel, report.draft, report.state) == ("telegram", 1, "belum_terverifikasi")
    assert history(make) == ["opened"]
    asked, preview, ticket = rows(make, Outbox)
    assert asked.choices == [["Lewati", "skip:1"]]
    offered = [value for _, value in preview.choices]
    assert offered == ["send:1", "change:1", "cancel:1", "anonim:1", "rahasia:1"]
    assert report.ticket in ticket.texts[0]
    assert ticket.reply_token
    assert [row.draft for row in (asked, preview, ticket)] == [1, 1, 1]
    assert [(row.text, row.draft) for row in rows(make, Message)] == [(HOLE, 1), ("lewati", 1)]
    assert states(make) == {"done": 5 - 2}


@contextmanager
def statements(make: Sessions) -> Iterator[list[str]]:
    """Collect what is sent to the database."""
    engine = make.kw["bind"]
    seen: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def busy_batch(senders: range) -> list[bytes]:
    """Return one of everything from each sender."""
    batch = []
    for sender in senders:
        first = update(sender, HOLE)
        without_date = json.loads(update(sender, "tanpa tanggal"))
        del without_date["message"]["date"]
        batch += [
            first,
            json.dumps(without_date).encode(),
            update(sender, photo=[{"file_id": f"f{sender}", "width": 1, "height": 1}]),
            update(sender, "status 3QSKV-PA71K"),
            edited(sender, message_id(first), HOLE + " sekali"),
            tap(sender, "send:1"),
        ]
    return batch


def test_as_many_statements_for_forty_conversations_as_for_one(make: Sessions) -> None:
    counted = []
    for senders in (range(1, 2), range(100, 140)):
        post(make, *busy_batch(senders))
        with statements(make) as seen:
            assert advance_batch(make, {"telegram": Phone()}, SETTINGS) is not None
        counted.append(seen)
    assert len(counted[0]) == len(counted[1])
    assert len(rows(make, Report)) == 41
    assert {row.text for row in rows(make, Report)} == {f"{HOLE} sekali\ntanpa tanggal"}
    assert states(make) == {"done": 41 * 6}


def test_a_letter_that_cannot_be_parsed_stops_nobody_and_is_replayed(make: Sessions) -> None:
    def read(body: bytes) -> list[Inbound]:
        if b"bolong besar" in body:
            raise ValueError("the citizen's words")
        return parse(body)

    post(make, update(7, HOLE), update(7, HOLE + " sekali"), update(7, "halo"), update(8, "halo"))
    work(make, Phone(read=read))
    assert states(make) == {"quarantined": 2, "done": 2}
    assert {row.error for row in rows(make, Inbox)} == {"ValueError in parse", ""}
    said = {
        address: [r.texts[0][:20] for r in rows(make, Outbox) if r.address == address]
        for address in "78"
    }
    assert [len(lines) for lines in said.values()] == [2, 1]
    assert said["7"] == ["Pesan Anda sudah kam", said["8"][0]]
    assert rows(make, Message)[0].text == "halo"
    with transaction(make) as session:
        assert len(inbox.replay(session)) == 2
    work(make, Phone())
    assert states(make) == {"done": 4}
    assert load_state(conversation(make).state).stage is Stage.EVIDENCE


def test_a_letter_that_fails_in_step_is_taken_up_whole_by_the_replay(
    make: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("the citizen's words")

    picture = update(7, caption=HOLE, photo=[{"file_id": "f1", "width": 1, "height": 1}])
    post(make, picture)
    with monkeypatch.context() as patched:
        patched.setattr("core.talk.step", broken)
        work(make, Phone())
    assert [row.error for row in rows(make, Inbox)] == ["KeyError in step"]
    assert rows(make, Message) == rows(make, File) == []
    with transaction(make) as session:
        inbox.replay(session)
    work(make, Phone())
    assert [(row.draft, row.text) for row in rows(make, Message)] == [(1, HOLE)]
    assert [(row.draft, row.ref) for row in rows(make, File)] == [(1, "f1")]


def test_a_letter_that_the_database_refuses_is_set_aside_alone(make: Sessions) -> None:
    def read(body: bytes) -> list[Inbound]:
        (inbound,) = parse(body)
        bad = "a\x00b" if inbound.text == "buruk" else inbound.text
        return [Inbound(**{n: getattr(inbound, n) for n in Inbound.__slots__} | {"text": bad})]

    post(make, update(7, HOLE), update(7, "buruk"), update(7, "lewati"), update(8, "halo"))
    work(make, Phone(read=read))
    assert [(row.state, row.error) for row in rows(make, Inbox)] == [
        ("done", ""),
        ("quarantined", "DataError"),
        ("done", ""),
        ("done", ""),
    ]
    assert [text[:10] for text in texts(make) if "tersimpan" in text] == ["Pesan Anda"]
    assert load_state(conversation(make).state).stage is Stage.PREVIEW


def test_a_reference_of_any_length_is_kept(make: Sessions) -> None:
    rubbish = "".join(random.Random(1).choices("abcdefghijklmnop0123456789", k=20_000))
    files = [{"file_id": rubbish, "width": 1, "height": 1}]
    post(make, update(7, photo=files), update(7, "halo"))
    work(make, Phone())
    assert states(make) == {"done": 2}
    assert [row.ref for row in rows(make, File)] == [rubbish]


def test_a_conversation_that_cannot_be_loaded_stops_nobody(make: Sessions) -> None:
    post(make, update(7, HOLE))
    work(make, Phone())
    with transaction(make) as session:
        session.execute(sql_update(Conversation).values(state={"stage": "no such"}))
    post(make, update(7, "1"), update(8, "halo"), update(7, "2"))
    work(make, Phone())
    assert [row.state for row in rows(make, Inbox)] == [
        "done",
        "quarantined",
        "done",
        "quarantined",
    ]


def test_confirmed_twice_is_one_report(make: Sessions) -> None:
    post(make, update(7, HOLE), update(7, "1"), tap(7, "send:1"), tap(7, "send:1"), update(7, "1"))
    work(make, Phone())
    (report,) = rows(make, Report)
    assert sum(report.ticket in text for text in texts(make)) == 1
    assert not any("Tombol itu" in text for text in texts(make))
    post(make, tap(7, "send:1"), tap(7, "send:1"))
    work(make, Phone())
    assert sum(report.ticket in text for text in texts(make)) == 2, "its status, once"


def test_blocked_is_parked_and_any_sign_of_life_releases(make: Sessions) -> None:
    for back in (membership(7, "member"), update(7, "halo"), edited(7, 1, "x"), tap(7, "?")):
        post(make, update(7, "bantuan"), membership(7, "kicked"))
        work(make, Phone())
        assert not conversation(make).reachable
        assert rows(make, Outbox)[-1].state == "parked"
        post(make, back)
        advanced = advance_batch(make, {"telegram": Phone()}, SETTINGS)
        assert advanced is not None
        assert advanced.deliver == {"telegram"}
        assert conversation(make).reachable
        assert {row.state for row in rows(make, Outbox)} == {"open"}


def test_amendments_are_noted_in_the_history(make: Sessions) -> None:
    first = message_id(submit(make))
    other = update(7, HOLE)
    post(
        make,
        other,
        edited(7, message_id(other), HOLE + " hari ini"),
        update(7, "1"),
        update(7, "1"),
    )
    work(make, Phone())
    assert history(make) == ["opened", "opened"]  # edited before it was sent
    post(make, edited(7, first, "lama"), edited(7, first, "baru"), edited(7, 99999, "tak dikenal"))
    work(make, Phone())
    post(make, edited(7, first, "baru"), edited(8, first, "orang lain"))
    work(make, Phone())
    assert history(make) == ["opened", "opened", "message_edited"]
    assert rows(make, Message)[0].text == "baru"
    assert rows(make, Message)[0].edited_at
    reports = {row.draft: row.text for row in rows(make, Report)}
    assert reports == {1: HOLE, 2: HOLE + " hari ini"}


def test_a_position_that_moves_on_is_no_event(make: Sessions) -> None:
    pin = {"latitude": 0.5, "longitude": 117.5, "live_period": 900}
    first = update(7, location=pin)
    post(make, first, update(7, "lampu padam semua"), update(7, "1"), update(7, "1"))
    work(make, Phone())
    moved = json.loads(edited(7, message_id(first), ""))
    moved["edited_message"]["location"] = pin | {"latitude": 0.6}
    before = len(texts(make))
    post(make, json.dumps(moved).encode())
    work(make, Phone())
    assert history(make) == ["opened"]
    assert len(texts(make)) == before


HUGE = "keluhan " * 2**17
SYNTAX = "jalan Melati { $ticket } '; drop table inbox; --"


@pytest.mark.parametrize(
    ("said", "report"),
    [
        ("jalan Me\x00lati \ud83d retak", "jalan Melati \ufffd retak"),
        ("jalan Melati " + "🚧" * 300, "jalan Melati " + "🚧" * 300),
        ("jalan Melati " + HUGE, ("jalan Melati " + HUGE)[:DRAFT_TEXT]),
        (SYNTAX, SYNTAX),
    ],
)
def test_odd_texts_become_reports(make: Sessions, said: str, report: str) -> None:
    post(make, update(7, said), update(7, "1"), update(7, "1"))
    work(make, Phone())
    assert states(make) == {"done": 3}
    assert [row.text for row in rows(make, Report)] == [report]
    assert len(rows(make, Message)[0].text) == len(said.replace("\x00", ""))
    assert max(len(text) for text in texts(make)) < 1000


def test_every_sample_is_worked_on(make: Sessions) -> None:
    samples = [path for path in sorted(SAMPLES.glob("*.json")) if not path.name.startswith("_")]
    for path in samples:
        post(make, path.read_bytes())
        work(make, Phone())
    assert set(states(make)) <= {"done", "kept"}
    assert len(samples) == sum(states(make).values()) > 30


@pytest.mark.parametrize("seed", range(4))
def test_two_workers_at_once_keep_order_and_lose_nothing(make: Sessions, seed: int) -> None:
    chance = random.Random(seed)
    senders = range(1, 13)
    lines = {sender: [f"jalan Melati {n}" for n in range(8)] for sender in senders}
    queue = [sender for sender in senders for _ in range(8)]
    chance.shuffle(queue)
    waiting = {sender: iter(told) for sender, told in lines.items()}
    raws = [update(sender, next(waiting[sender])) for sender in queue]
    settings = CoreSettings(claim_conversations=3, claim_messages=chance.choice([1, 2, 50]))
    with ThreadPoolExecutor(3) as pool:
        workers = [pool.submit(work, make, Phone(), settings) for _ in range(2)]
        for start in range(0, len(raws), 12):
            post(make, *raws[start : start + 12])
            workers.append(pool.submit(work, make, Phone(), settings))
        for worker in workers:
            worker.result()
    work(make, Phone(), settings)
    assert states(make) == {"done": len(raws)}
    for sender in senders:
        state = load_state(conversation(make, str(sender)).state)
        assert state.draft
        assert state.draft.text.split("\n") == lines[sender]
    assert len(rows(make, Message)) == len(raws)


def test_two_workers_open_a_new_conversation_once(make: Sessions) -> None:
    keys = [("telegram", str(number)) for number in range(30)]

    def hold(_: int) -> set[object]:
        with transaction(make) as session:
            return {talker.id for talker in conversations.hold(session, keys).values()}

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(hold, range(12)))
    assert all(ids == found[0] for ids in found)
    assert len(found[0]) == 30
