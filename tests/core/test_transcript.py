"""The transcript: what is kept of a message, and how later changes reach it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from channels.telegram.inbound import parse
from core import inbox, reports, transcript
from core.conversations import hold
from core.db.session import Sessions, transaction
from core.db.tables import File, Inbox, Message, Report, ReportEvent
from core.draft import Draft, Line
from core.message import Attachment, Inbound, Kind, Media
from core.privacy.keys import KeyRing
from core.reports import Confirmed
from core.sources import WITHDRAWN_MARK
from core.transcript import Amendment, Entry
from tests.core.post import rows, update

SENT = datetime(2026, 3, 9, tzinfo=UTC)


def message(
    number: str, text: str, kind: Kind = Kind.MESSAGE, sent: datetime | None = SENT
) -> Inbound:
    files = (Attachment(Media.PHOTO, "ref"), Attachment(Media.STICKER, "no"))
    return Inbound("telegram", number, "7", kind, b"", sent, number, text, attachments=files)


def start(make: Sessions, *inbounds: Inbound) -> UUID:
    with transaction(make) as session:
        id_ = hold(session, [("telegram", "7")])["telegram", "7"].id
        transcript.add(session, [Entry(id_, 2, inbound, 0) for inbound in inbounds])
    return id_


def test_messages_and_files_are_kept_once(make: Sessions, ring: KeyRing) -> None:
    again = (message("1", "a"), message("2", "b", sent=None), message("3", "c", Kind.EDIT))
    start(make, *again)
    start(make)
    assert [(row.platform_id, row.text, row.draft) for row in rows(make, Message)] == [
        (ring.blind("1"), "a", 2),
        (ring.blind("2"), "b", 2),
    ]
    first, second = rows(make, Message)
    assert first.at == SENT < second.at
    assert [(row.platform_id, row.ref, row.media) for row in rows(make, File)] == [
        (ring.blind("1"), "ref", "photo"),
        (ring.blind("2"), "ref", "photo"),
        (ring.blind("3"), "ref", "photo"),
    ]


def test_the_last_change_of_a_message_holds(make: Sessions) -> None:
    id_ = start(make, message("1", "a"), message("", "b"), message("3", "c"), message("4", "d"))
    changes = [("1", "x"), ("1", "y"), ("", "gone"), ("3", "c"), ("9", "z"), ("4", "")]
    with transaction(make) as session:
        transcript.amend(session, [Amendment(id_, number, text) for number, text in changes])
        transcript.amend(session, [])
    found = rows(make, Message)
    assert [row.text for row in found] == ["y", "b", "c", ""]
    assert [row.edited_at is not None for row in found] == [True, False, False, True]


def test_what_is_taken_back_is_forgotten_everywhere(make: Sessions) -> None:
    raws = [update(7, "got mampet sekali"), update(7, "rumah saya di gang Mawar")]
    with transaction(make) as session:
        inbox.put(session, [one for raw in raws for one in parse(raw)], timedelta())
    kept, gone = (row.id for row in rows(make, Inbox))
    with transaction(make) as session:
        id_ = hold(session, [("line", "7")])["line", "7"].id
        entries = [
            Entry(id_, 1, message("a", "got mampet sekali"), kept),
            Entry(id_, 1, message("b", "rumah saya di gang Mawar"), gone),
        ]
        transcript.add(session, entries)
        lines = tuple(Line(it.inbound.message_id, it.inbound.text) for it in entries)
        reports.open_all(session, [Confirmed(id_, "line", Draft(1, lines, "gang Mawar", "b"))])
        withdrawal = Amendment(id_, "b", "", "message_withdrawn", withdrawn=True)
        transcript.amend(session, [withdrawal])
    assert [(row.text, row.edited_at is None) for row in rows(make, Message)] == [
        ("got mampet sekali", True),
        ("", False),
    ]
    assert [row.state for row in rows(make, File)] == ["waiting", "withdrawn"]
    assert [row.raw == b"" for row in rows(make, Inbox)] == [False, True]
    (report,) = rows(make, Report)
    assert report.place == ""
    assert report.text == f"got mampet sekali\n{WITHDRAWN_MARK}"
    assert [row.kind for row in rows(make, ReportEvent)] == ["opened", "message_withdrawn"]
