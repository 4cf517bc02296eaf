"""Intake on a platform where everybody reads along: what is written where, on real PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.work import advance_batch
from channels.telegram.inbound import parse
from core import inbox, reports
from core.channel import Limits, Power
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Inbox, Message, Outbox, Report, ReportEvent
from core.errors import SendCode
from core.message import Inbound, Kind
from core.outbox import Outcome, Rank
from core.reports import Officer
from core.text import characters
from core.understanding import Purpose, Text, Understanding
from tests.channels.twitter_town import channel as twitter
from tests.contract.channels import TWITTER
from tests.core.post import HOLE, SETTINGS, Phone, post, rows, update, work
from tests.core.test_outbox import NOW, claim, record

NOWHERE = "lampu penerangan padam semua sejak minggu lalu"
ROOM = Limits(280, characters, 0, 64)
CITY = Officer("petugas")


def read(body: bytes) -> list[Inbound]:
    """Read Telegram's updates as if "@" made a message public, and "#" one of ours a receipt."""
    (inbound,) = parse(body)
    if inbound.text.startswith("@"):
        post_id = inbound.message_id
        text, address = inbound.text[1:], f"post:{post_id}"
        return [replace(inbound, text=text, public_address=address, thread=post_id)]
    if inbound.text.startswith("#"):
        return [replace(inbound, kind=Kind.RECEIPT, receipt=inbound.text[1:], text="")]
    return [inbound]


def phone() -> Phone:
    return Phone(room=ROOM, read=read, powers=frozenset(Power) - {Power.BUTTONS, Power.PINS})


def said(make: Sessions) -> list[tuple[str, str]]:
    return [(row.address, " ".join(row.texts)) for row in rows(make, Outbox)]


def test_in_public_nothing_but_the_ticket(make: Sessions) -> None:
    post(make, update(7, "@" + NOWHERE))
    work(make, phone())
    (report,) = rows(make, Report)
    (ticket_at, ticket), (question_at, question) = said(make)
    assert (ticket_at.partition(":")[0], question_at) == ("post", "7")
    assert report.ticket in ticket
    assert NOWHERE not in ticket
    assert "di mana" in question.lower()
    post(make, update(7, "gang Mawar belakang musala"))
    work(make, phone())
    assert rows(make, Report)[0].place == "gang Mawar belakang musala"
    events = [row.kind for row in rows(make, ReportEvent)]
    assert events == ["opened", "supplemented", "added"]
    assert said(make)[-1][0] == "7"


def test_an_answer_goes_in_private_only(make: Sessions) -> None:
    post(make, update(7, "@" + HOLE))
    work(make, phone())
    with transaction(make) as session:
        report = reports.find(session, rows(make, Report)[0].ticket, CITY)
        report.state = "proses"
        limits = {"telegram": lambda address: ROOM}
        reports.answer(session, report, "Lubang ditutup besok.", False, CITY, limits)
    (_, private) = rows(make, Outbox)
    assert (private.address, private.human, private.rank) == ("7", True, Rank.ANSWER)
    assert "Lubang ditutup besok." in private.texts[0]


def test_who_cannot_be_written_to_in_private_still_has_his_ticket(make: Sessions) -> None:
    post(make, update(7, "@" + NOWHERE))
    work(make, phone())
    _, private = claim(make)
    assert private.outbound.address == "7"
    record(make, Outcome(private, "parked", NOW, 1, code=SendCode.BLOCKED))
    assert [row.state for row in rows(make, Outbox)] == ["open", "parked"]
    post(make, update(7, "halo"))  # he writes himself, so now it can go
    work(make, phone())
    assert [row.state for row in rows(make, Outbox)][:2] == ["open", "open"]


def test_choices_are_numbered_where_there_are_no_buttons(make: Sessions) -> None:
    post(make, update(7, HOLE))
    work(make, phone())
    (question,) = rows(make, Outbox)
    assert question.choices == []
    assert "\n\n1. Lewati\n\nBalas dengan angkanya saja." in question.texts[0]
    post(make, update(7, "1"), update(7, "1"))
    work(make, phone())
    assert len(rows(make, Report)) == 1


def test_a_receipt_marks_its_message_sent(make: Sessions) -> None:
    post(make, update(7, "halo"))
    work(make, phone())
    key = rows(make, Outbox)[0].key
    post(make, update(7, f"#{key}"), update(7, "#none of ours"))
    work(make, phone())
    assert [row.state for row in rows(make, Outbox)] == ["sent"]


def test_only_what_is_done_in_private_opens_the_window(make: Sessions) -> None:
    post(make, update(7, "@" + HOLE))
    work(make, phone())
    assert rows_of(make) == [None]
    post(make, update(7, "halo", date=1795000500), update(7, "halo", date=1795000100))
    work(make, phone())
    assert rows_of(make) == [1795000500]
    post(make, update(7, "halo", date=4000000000))  # a clock that is wrong
    work(make, phone())
    (moment,) = rows_of(make)
    assert moment is not None
    assert abs(moment - NOW.timestamp()) < 900


def rows_of(make: Sessions) -> list[float | None]:
    with transaction(make) as session:
        found = session.scalars(select(Conversation.heard_at)).all()
    return [it.timestamp() if it else None for it in found]


@dataclass
class Reader:
    """Takes for talk whatever has "wkwk" in it; fails on "rusak", if it shall."""

    asked: list[list[Text]] = field(default_factory=list)
    failing: bool = False

    def read(self, texts: Sequence[Text]) -> list[Understanding]:
        self.asked.append(list(texts))
        if self.failing:
            raise ZeroDivisionError
        purposes = (Purpose.BUKAN_KELUHAN if "wkwk" in one.text else None for one in texts)
        return [Understanding("m1", "", purpose=purpose) for purpose in purposes]


def test_talk_is_kept_but_opens_nothing(make: Sessions) -> None:
    reader = Reader()
    post(
        make,
        update(7, "@wkwk lucu sekali videonya"),
        update(8, "@" + HOLE),
        update(9, "lampu wkwkwkk padam"),
    )
    work(make, phone(), reads=reader.read)
    (report,) = rows(make, Report)
    assert report.text == HOLE
    transcript = sorted((row.text, row.draft) for row in rows(make, Message))
    assert transcript == [(HOLE, 1), ("lampu wkwkwkk padam", 1), ("wkwk lucu sekali videonya", 0)]
    with transaction(make) as session:
        joker = session.scalars(
            select(Conversation.id).where(Conversation.address_key == "7")
        ).one()
    assert joker not in {row.conversation_id for row in rows(make, Outbox)}
    assert [row.state for row in rows(make, Inbox)] == ["done"] * 3


def test_what_can_tell_something_is_read_all_at_once(make: Sessions) -> None:
    reader = Reader()
    post(make, update(7, "@satu dua tiga"), update(7, "empat lima"), update(8, "@enam tujuh"))
    post(make, update(9, "@"), update(9, "kirim"), update(9, "bagus"))
    work(make, phone(), reads=reader.read)
    (asked,) = reader.asked
    assert [(one.text, one.channel, one.public) for one in asked] == [
        ("satu dua tiga", "telegram", True),
        ("empat lima", "telegram", False),
        ("enam tujuh", "telegram", True),
    ]


def test_a_model_that_fails_loses_no_complaint(
    make: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    post(make, update(7, "@" + HOLE), update(8, "@wkwk lucu sekali videonya"))
    work(make, phone(), reads=Reader(failing=True).read)
    assert len(rows(make, Report)) == 2
    assert [row.state for row in rows(make, Inbox)] == ["done"] * 2
    assert "a batch failed; its letters are taken one by one" in caplog.messages


def test_a_post_of_x_that_is_talk_opens_nothing(make: Sessions) -> None:
    channel = twitter("http://127.0.0.1:1", user_id="1111111111111111111", username="laporkota")
    complaint = (TWITTER.samples / "xaa_post_mention.json").read_bytes()
    joke = complaint.replace(b"2090765813578191303", b"2090765813578191999").replace(
        b"lampu merah di simpang Dago mati sejak pagi, rawan tabrakan", b"wkwk bisa aja"
    )
    picture = (TWITTER.samples / "xaa_post_mention_photo.json").read_bytes()
    picture = picture.replace(b"trotoar rusak dekat RSUD", b"wkwk lihat ini")
    with transaction(make) as session:
        events = [one for body in (joke, complaint, picture) for one in channel.parse(body)]
        inbox.put(session, events, timedelta())
    while advance_batch(make, {channel.name: channel}, SETTINGS, Reader().read) is not None:
        pass
    assert sorted(row.text.split()[0] for row in rows(make, Report)) == ["lampu", "wkwk"]
    drafts = sorted((row.draft, row.text) for row in rows(make, Message))
    assert drafts[0] == (0, "wkwk bisa aja")
    answered = {row.address for row in rows(make, Outbox) if row.address.startswith("post:")}
    assert len(answered) == 2
    assert "post:2090765813578191999" not in answered
