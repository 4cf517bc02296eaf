"""What the conversation knows of a message besides its words, on real PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy import update as change

from core.conversations import STATE, load_state
from core.db.session import Sessions, transaction
from core.db.tables import (
    Conversation,
    File,
    Inbox,
    Message,
    Outbox,
    Report,
    ReportEvent,
    Suggestion,
)
from core.knowing import LISTED, own_reports, place_in
from core.understanding import Mention, PlaceKind, Understanding
from tests.core.post import HOLE, Phone, post, rows, tap, update, work
from tests.core.test_intake import statements, submit

PHOTO = {"photo": [{"file_id": "f1", "file_unique_id": "u1", "width": 9, "height": 9}]}
SUGGESTED = {
    "model": "m",
    "digest": "",
    "decided_by": "",
    "sure": True,
    "confidence": 1.0,
    "ranking": [],
    "region": "",
    "klasifikasi": "",
    "urgency": "",
    "category": "",
}
LAMP = "lampu penerangan jalan padam di Jl. Melati"


CITY = Mention("Bontang", 0, 7, PlaceKind.KOTA, ("64.74",))
AREA = Mention("Loktuan", 9, 16, PlaceKind.KELURAHAN, ("64.74.01.1003",))


@pytest.mark.parametrize(
    ("text", "mentions", "place"),
    [
        ("banjir terus di Bontang", (CITY,), ""),
        ("banjir terus", (), ""),
        ("banjir di Loktuan", (AREA,), "Loktuan"),
        ("banjir di Loktuan Bontang", (AREA, CITY), "Loktuan, Bontang"),
        ("banjir di Jl. Melati Bontang", (CITY,), "Jl. Melati Bontang"),
    ],
)
def test_a_whole_city_is_no_place(text: str, mentions: tuple[Mention, ...], place: str) -> None:
    assert place_in(text, Understanding("", "", mentions=mentions)) == place


def told(make: Sessions) -> list[tuple[str, str, str, int]]:
    return [(row.text, row.decision, row.reason, row.draft) for row in rows(make, Message)]


def hear(make: Sessions, *raws: bytes) -> None:
    for raw in raws:
        post(make, raw)
        work(make, Phone())


def test_what_a_message_was_taken_for_is_stored(make: Sessions) -> None:
    hear(make, update(7, "halo"), update(7, HOLE), update(7, "lewati"), update(7, "kirim"))
    assert told(make) == [
        ("halo", "command", "wording", 0),
        (HOLE, "new", "none", 1),
        ("lewati", "command", "wording", 1),
        ("kirim", "command", "wording", 1),
    ]


def test_a_photo_after_the_ticket_belongs_to_the_report(make: Sessions) -> None:
    submit(make)
    hear(make, update(7, "", **PHOTO))
    (file,) = rows(make, File)
    assert file.draft == 1
    assert told(make)[-1] == ("", "addition", "state", 1)
    assert [row.kind for row in rows(make, ReportEvent)][-1] == "added"


def quoting(make: Sessions, text: str, number: int) -> bytes:
    """Return a message that answers the question we asked about draft `number`."""
    name = str(uuid4().int % 10**9)
    with transaction(make) as session:
        newest = select(Outbox.id).where(Outbox.draft == number).order_by(Outbox.id.desc()).limit(1)
        asked = change(Outbox).where(Outbox.id.in_(newest))
        session.execute(asked.values(platform_id=name, platform_key=name))
    return update(7, text, reply_to_message={"message_id": int(name)})


@pytest.mark.parametrize("number", [1, 2])
def test_what_answers_a_message_of_ours_belongs_to_its_report(make: Sessions, number: int) -> None:
    submit(make)
    hear(make, update(7, LAMP), update(7, "lewati"), tap(7, "send:2"))
    hear(make, quoting(make, "tolong dipercepat ya", number))
    assert told(make)[-1] == ("tolong dipercepat ya", "addition", "quote", number)


def test_what_answers_an_own_message_belongs_to_its_report(make: Sessions) -> None:
    submit(make)
    first = rows(make, Inbox)[0]
    hear(make, update(7, LAMP), update(7, "lewati"), tap(7, "send:2"))
    said = first.raw.split(b'"message_id": ')[1].split(b",")[0].decode()
    hear(make, update(7, "yang ini belum", reply_to_message={"message_id": int(said)}))
    assert told(make)[-1][1:] == ("addition", "quote", 1)


def test_a_report_of_a_linked_channel_is_his_too(make: Sessions) -> None:
    submit(make)
    hear(make, update(8, "halo"))
    with transaction(make) as session:
        person = session.scalars(select(Report.conversation_id)).one()
        session.execute(change(Conversation).values(person=person))
    hear(make, update(8, "kok belum dikerjakan juga ya"))
    (report,) = rows(make, Report)
    message = rows(make, Message)[-1]
    assert (message.conversation_id, message.draft) == (report.conversation_id, report.draft)
    assert message.decision == "addition"


def many(make: Sessions) -> Report:
    """Let a citizen have more reports than are known of; return his first."""
    submit(make)
    with transaction(make) as session:
        first = session.scalars(select(Report)).one()
        session.add_all(
            Report(
                ticket=f"T{number}",
                channel=first.channel,
                conversation_id=first.conversation_id,
                draft=number,
                state="proses",
                text="  lampu\n mati " + "x" * 200,
                place="",
            )
            for number in range(2, LISTED + 3)
        )
    return first


def test_only_the_newest_reports_and_the_one_in_mind_are_known(make: Sessions) -> None:
    first = many(make)
    with transaction(make) as session:
        known = {
            focus: own_reports(session, {first.conversation_id: focus})[first.conversation_id]
            for focus in ("", "T9", first.ticket, "T0")
        }
    newest = list(range(LISTED + 2, 2, -1))
    numbers = {focus: [one.number for one in own] for focus, own in known.items()}
    assert numbers == {"": newest, "T9": newest, first.ticket: [*newest, 1], "T0": newest}
    found = known[""]
    assert found[0].title.startswith("lampu mati xx")
    assert len(found[0].title) <= 80


def test_a_talk_about_an_old_report_stands_beside_it(make: Sessions) -> None:
    first = many(make)
    with transaction(make) as session:
        mine = session.scalars(select(Conversation)).one()
        talking = replace(load_state(mine.state), focus=first.ticket, last_draft=LISTED + 2)
        mine.state = STATE.dump_python(talking, mode="json")
        mine.human_until = datetime.now(UTC) + timedelta(hours=1)
    hear(make, update(7, "rumah saya nomor 12"))
    assert told(make)[-1] == ("rumah saya nomor 12", "human", "none", first.draft)


def test_what_a_report_is_about_and_waits_for_is_known(make: Sessions) -> None:
    submit(make)
    answers = [datetime(2026, 11, day, tzinfo=UTC) for day in (3, 17)]
    with transaction(make) as session:
        report = session.scalars(select(Report)).one()
        report.answered_at = answers[0]  # the first one counts in the statistics
        report.paused_at = report.verdict_at = answers[1]
        session.add_all(
            ReportEvent(report_id=report.id, actor="a", kind=kind, at=at)
            for kind, at in [
                ("answered", answers[0]),
                ("answered", answers[1]),
                ("moved", datetime(2026, 11, 18, tzinfo=UTC)),
            ]
        )
        seen = Suggestion(report_id=report.id, urusan="1.03", **SUGGESTED)
        session.add(seen)
        session.flush()
        report.suggestion_id = seen.id
    with transaction(make) as session:
        (own,) = own_reports(session, {report.conversation_id: ""})[report.conversation_id]
    assert (own.answered_at, own.asked_at, own.verdict_at) == (answers[1], answers[1], answers[1])
    assert (own.urusan, own.place) == ("1.03", report.place)
    assert own.place


def test_what_comes_in_one_batch_with_kirim_belongs_to_the_report(make: Sessions) -> None:
    hear(make, update(7, HOLE), update(7, "lewati"))
    for raw in (update(7, "kirim"), update(7, "", **PHOTO)):
        post(make, raw)
    work(make, Phone())
    (report,) = rows(make, Report)
    (file,) = rows(make, File)
    assert (file.draft, report.draft) == (1, 1)
    assert told(make)[-1] == ("", "addition", "state", 1)
    said = [*chain.from_iterable(row.texts for row in rows(make, Outbox))]
    assert any(report.ticket in text for text in said)
    assert "tambahkan" in said[-1]
    assert [row.kind for row in rows(make, ReportEvent)] == ["opened", "supplemented"]


def test_an_edit_asks_again_about_the_same_reports(make: Sessions) -> None:
    submit(make)
    with transaction(make) as session:
        report = session.scalars(select(Report)).one()
        report.created_at -= timedelta(days=1)
    photo = update(7, "", **PHOTO)
    hear(make, photo)
    edited = photo.replace(b'"message"', b'"edited_message"')
    hear(make, edited.replace(b'"photo"', b'"caption": "yang kemarin itu", "photo"'))
    asked = rows(make, Outbox)[-1]
    assert [f"add::{report.ticket}"] == [
        value for _, value in asked.choices if value.startswith("add")
    ]


def test_many_are_as_cheap_as_one(make: Sessions) -> None:
    counts = []
    for senders in ([7], range(20, 50)):
        for sender in senders:
            submit(make, sender)
        for sender in senders:
            post(make, update(sender, "belum", reply_to_message={"message_id": 1}))
        with statements(make) as said:
            work(make, Phone())
        counts.append(len(said))
    assert counts[0] == counts[1]
