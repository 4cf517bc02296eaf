"""Where personal numbers are hidden: preview, report, transcript, place; on PostgreSQL."""

from uuid import UUID

from sqlalchemy import text

from core import reports, transcript
from core.conversations import hold
from core.db.session import Sessions, transaction
from core.db.tables import Message, Report, ReportEvent
from core.draft import Draft, Line
from core.drafting import preview
from core.guard import mask
from core.message import Inbound, Kind
from core.reports import Confirmed, Told
from core.sayings import say
from core.sources import WITHDRAWN_MARK
from core.transcript import Amendment, Entry
from tests.core.post import rows

# Made up.
NIK, PHONE, OTHER = "6474014101900001", "081234567890", "081298765490"
WRITTEN = {"1": f"ktp belum jadi, nik {NIK}", "2": "sudah tiga bulan", "3": f"wa {PHONE}"}


def start(make: Sessions, place: str = "Jl. Melati") -> UUID:
    """Open a report from three messages; return its conversation."""
    with transaction(make) as session:
        id_ = hold(session, [("telegram", "7")])["telegram", "7"].id
        draft = Draft(1, tuple(Line(*line) for line in WRITTEN.items()), place)
        reports.open_all(session, [Confirmed(id_, "telegram", draft)])
        inbounds = [
            Inbound("telegram", number, "7", Kind.MESSAGE, b"", None, number, words)
            for number, words in WRITTEN.items()
        ]
        transcript.add(session, [Entry(id_, 1, inbound, 0) for inbound in inbounds])
    return id_


def amend(make: Sessions, id_: UUID, number: str, words: str, withdrawn: bool = False) -> None:
    kind = "message_withdrawn" if withdrawn else "message_edited"
    with transaction(make) as session:
        transcript.amend(session, [Amendment(id_, number, words, kind, withdrawn)])


def messages(make: Sessions) -> list[tuple[str, str | None]]:
    return [(row.text, row.sealed) for row in rows(make, Message)]


def test_a_report_and_its_messages_are_masked_alike(make: Sessions) -> None:
    start(make, f"rumah saya, hp {PHONE}")
    (report,) = rows(make, Report)
    assert report.text.split("\n") == [mask(words) for words in WRITTEN.values()]
    assert report.sealed == "\n".join(WRITTEN.values())
    assert report.place == "rumah saya, hp 0812••••••90"
    assert messages(make) == [
        (mask(WRITTEN["1"]), WRITTEN["1"]),
        (WRITTEN["2"], None),
        (mask(WRITTEN["3"]), WRITTEN["3"]),
    ]


def test_no_table_holds_the_number_in_plain(make: Sessions) -> None:
    start(make, f"rumah saya, hp {PHONE}")
    with make() as session:
        for table in ("report", "report_event", "message", "conversation", "outbox", "inbox"):
            for row in session.scalars(text(f"select row_to_json({table})::text from {table}")):
                assert NIK not in row
                assert PHONE not in row


def test_what_is_searched_is_masked(make: Sessions) -> None:
    start(make)
    query = (
        "select count(*) from report where to_tsvector('indonesian', text) @@ plainto_tsquery(:w)"
    )
    with make() as session:
        assert session.scalar(text(query), {"w": NIK}) == 0
        assert session.scalar(text(query), {"w": "ktp"}) == 1


def test_a_place_told_later_is_masked_in_report_and_history(make: Sessions) -> None:
    id_ = start(make, "")
    with transaction(make) as session:
        reports.supplement(session, [Told(id_, 1, f"gang Mawar, wa {PHONE}", None)])
    (report,) = rows(make, Report)
    assert report.place == "gang Mawar, wa 0812••••••90"
    assert rows(make, ReportEvent)[-1].detail == {"place": True, "pin": False}


def test_an_edit_seals_anew_and_is_noted(make: Sessions) -> None:
    id_ = start(make)
    amend(make, id_, "2", f"sudah tiga bulan, wa {OTHER}")
    amend(make, id_, "1", "ktp belum jadi")
    amend(make, id_, "3", f"wa {OTHER}")  # reads the same when it is masked
    assert mask(WRITTEN["3"]) == mask(f"wa {OTHER}")
    assert messages(make) == [
        ("ktp belum jadi", None),
        ("sudah tiga bulan, wa 0812••••••90", f"sudah tiga bulan, wa {OTHER}"),
        ("wa 0812••••••90", f"wa {OTHER}"),
    ]
    kinds = [row.kind for row in rows(make, ReportEvent)]
    assert kinds == ["opened", *["message_edited"] * 3]


def test_what_is_taken_back_is_forgotten_sealed_too(make: Sessions) -> None:
    id_ = start(make)
    amend(make, id_, "1", "", withdrawn=True)
    (report,) = rows(make, Report)
    assert report.text.split("\n") == [
        WITHDRAWN_MARK,
        WRITTEN["2"],
        mask(WRITTEN["3"]),
    ]
    assert report.sealed == "\n".join([WITHDRAWN_MARK, WRITTEN["2"], WRITTEN["3"]])
    assert messages(make)[0] == ("", None)
    assert messages(make)[2] == (mask(WRITTEN["3"]), WRITTEN["3"])


def test_the_citizen_is_told_before_he_sends() -> None:
    lines = tuple(Line(*line) for line in WRITTEN.items())
    draft = Draft(1, lines, place="Jl. Melati, plat KT 1234 XY")
    for language, named in (
        ("id", "🔒 Kami samarkan: NIK, nomor telepon, pelat nomor."),
        ("en", "🔒 We hide: NIK, phone number, number plate."),
    ):
        shown = say(language, preview(draft), frozenset()).text
        assert named in shown
        assert mask(WRITTEN["1"]) in shown
        assert "plat KT••••••••" in shown
        assert not any(number in shown for number in (NIK, PHONE, "1234"))


def test_without_numbers_nothing_is_said_of_them() -> None:
    draft = Draft(1, (Line("1", "jalan berlubang"),), place="Jl. Melati")
    assert "samarkan" not in say("id", preview(draft), frozenset()).text
