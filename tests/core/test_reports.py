from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import agencies, reports, tokens
from core.channel import Limits, LimitsOf
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox, Report, ReportEvent
from core.draft import Draft, Line
from core.errors import MoveRefused, NotFound
from core.message import Place
from core.reports import Confirmed, Officer
from core.text import utf16_units
from core.ticket import read_ticket
from core.tokens import Role
from core.workflow import ReportState
from tests.core.desk import BUDI, LINE, SITI, Who, link, row_of, talker, tells

ELSEWHERE = Who("9", LINE)
OpenReport = Callable[..., str]
ROOM = Limits(100, utf16_units, 8, 64)
LIMITS: dict[str, LimitsOf] = {"telegram": lambda address: ROOM}
WIDE: dict[str, LimitsOf] = {"telegram": lambda address: Limits(4096, utf16_units, 8, 64)}
CITY = Officer("diskominfo")


@pytest.fixture
def ready(make: Sessions) -> Sessions:
    with transaction(make) as session:
        agencies.load(session, {"pupr": "Dinas PUPR", "dlh": "Dinas Lingkungan Hidup"})
    return make


def told(session: Session) -> list[str]:
    return [texts[0] for texts in session.scalars(select(Outbox.texts).order_by(Outbox.id))]


def history(session: Session) -> list[tuple[str, str, dict[str, Any]]]:
    columns = (ReportEvent.actor, ReportEvent.kind, ReportEvent.detail)
    return [tuple(row) for row in session.execute(select(*columns).order_by(ReportEvent.id))]


@pytest.mark.parametrize(
    ("said", "day", "stored"),
    [
        ("kmrn", date(2026, 3, 1), "kmrn (2026-03-01)"),
        ("kmrn, hub 081234567890", date(2026, 3, 1), "kmrn, hub 0812••••••90 (2026-03-01)"),
        ("sudah lama", None, "sudah lama"),
        ("", None, ""),
    ],
)
def test_the_office_reads_the_day_that_is_meant(
    ready: Sessions, said: str, day: date | None, stored: str
) -> None:
    with transaction(ready) as session:
        mine = talker(session, BUDI)
        draft = Draft(1, (Line("1", "Lampu mati"),)).with_time("1", said, day)
        reports.open_all(session, [Confirmed(mine.id, "telegram", draft)])
        assert session.scalars(select(Report.happened)).one() == stored


def test_opening_keeps_what_the_citizen_told(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, "Lampu jalan mati")
        report = session.scalars(select(Report)).one()
        assert (report.ticket, report.text, report.place) == (
            ticket,
            "Lampu jalan mati",
            "Jl. Contoh",
        )
        assert (report.state, report.version, report.answered_at) == (
            "belum_terverifikasi",
            1,
            None,
        )
        assert read_ticket(ticket) == ticket
        assert history(session) == [("warga", "opened", {})]


def test_a_draft_becomes_one_report_only(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        open_report(session)
        conversation = session.scalars(select(Report.conversation_id)).one()
    again = Confirmed(conversation, "telegram", Draft(1))
    with pytest.raises(IntegrityError), transaction(ready) as session:
        reports.open_all(session, [again])


def test_tickets_come_in_the_order_of_the_drafts(ready: Sessions) -> None:
    with transaction(ready) as session:
        row = {"channel": "telegram", "address": "1"}
        id_ = session.scalars(insert(Conversation).values(row).returning(Conversation.id)).one()
        drafts = [Draft(n, place=str(n), pin=Place(n, 100 + n)) for n in range(1, 6)]
        opened = reports.open_all(session, [Confirmed(id_, "telegram", d) for d in drafts])
        places = dict(session.execute(select(Report.ticket, Report.place)).all())
        assert [places[one.ticket] for one in opened] == ["1", "2", "3", "4", "5"]
        assert reports.open_all(session, []) == []


def test_standings_leave_out_unknown_tickets(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        one, two = open_report(session), open_report(session)
        reports.assign(session, reports.find(session, one, CITY), "dlh", CITY, LIMITS)
        who = session.scalars(select(Conversation.id)).first()
        assert who
        found = reports.standings(session, [(who, t) for t in (one, two, "22222-22222")])
        assert {t: (s.state, s.agency) for (_, t), s in found.items()} == {
            one: ("terdisposisi", "Dinas Lingkungan Hidup"),
            two: ("belum_terverifikasi", ""),
        }
        assert reports.standings(session, []) == {}


def test_of_what_is_rahasia_nobody_else_learns(make: Sessions) -> None:
    hidden, shown = tells(make, rahasia=True), tells(make)
    tells(make, ELSEWHERE)
    link(make, ELSEWHERE, BUDI)
    tells(make, SITI)
    ids = {who: row_of(make, who).id for who in (BUDI, SITI, ELSEWHERE)}
    with transaction(make) as session:
        asked = [(id_, ticket) for id_ in ids.values() for ticket in (hidden, shown)]
        found = set(reports.standings(session, asked))
    assert found == {one for one in asked if one != (ids[SITI], hidden)}


def test_the_road_of_a_report(ready: Sessions, open_report: OpenReport) -> None:
    """Each act moves the state, adds to the history, makes a version, and tells the citizen."""
    with transaction(ready) as session:
        ticket = open_report(session)
        report = reports.find(session, ticket, CITY)
        reports.assign(session, report, "pupr", CITY, WIDE)
        opd = Officer("pupr", report.agency_id)
        reports.change_state(session, report, ReportState.TUNDA, "Foto kurang", CITY, WIDE)
        reports.change_state(session, report, ReportState.PROSES, "", opd, WIDE)
        reports.answer(session, report, "Sudah ditambal", True, opd, WIDE)
        session.flush()
        assert (report.state, report.version) == ("selesai", 5)
        assert history(session)[1:] == [
            ("diskominfo", "assigned", {"agency": "pupr"}),
            (
                "diskominfo",
                "state",
                {"from": "terdisposisi", "to": "tunda", "reason": "Foto kurang"},
            ),
            ("pupr", "state", {"from": "tunda", "to": "proses", "reason": ""}),
            ("pupr", "answered", {"text": "Sudah ditambal", "done": True}),
        ]
        messages = told(session)
        wanted = ["Dinas PUPR", "Foto kurang", ticket, "Sudah ditambal"]
        assert [word in message for word, message in zip(wanted, messages, strict=True)] == [
            True
        ] * 4
        assert all(ticket in message for message in messages)
        lines = [
            "Ditindaklanjuti paling lambat: ",
            "tidak dihitung",
            "Terjawab tuntas paling lambat",
        ]
        promised = [line in message for line, message in zip(lines, messages, strict=False)]
        assert promised == [True] * 3


def test_only_the_first_answer_stops_the_clock(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        ticket = open_report(session)
        reports.assign(session, reports.find(session, ticket, CITY), "pupr", CITY, LIMITS)
    moments = []
    for done in (False, False, True):
        with transaction(ready) as session:
            report = reports.find(session, ticket, CITY)
            reports.answer(session, report, "Kami periksa", done, CITY, LIMITS)
            session.flush()
            moments.append((report.state, report.answered_at))
    assert [state for state, _ in moments] == ["proses", "proses", "selesai"]
    assert moments[0][1] is not None
    assert len({moment for _, moment in moments}) == 1


def test_bukan_wewenang_takes_the_opd_off(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        ticket = open_report(session)
        report = reports.find(session, ticket, CITY)
        reports.assign(session, report, "pupr", CITY, LIMITS)
        opd = Officer("pupr", report.agency_id)
        back = ReportState.BELUM_TERVERIFIKASI
        reports.change_state(session, report, back, "Jalan provinsi", opd, LIMITS)
        session.flush()
        assert report.agency_id is None
        with pytest.raises(NotFound):
            reports.find(session, ticket, opd)


REFUSED: list[tuple[str, Callable[[Session, Report], object], type[Exception]]] = [
    (
        "belum_terverifikasi",
        lambda s, r: reports.answer(s, r, "x", True, CITY, LIMITS),
        MoveRefused,
    ),
    ("arsip", lambda s, r: reports.assign(s, r, "pupr", CITY, LIMITS), MoveRefused),
    ("belum_terverifikasi", lambda s, r: reports.assign(s, r, "x", CITY, LIMITS), NotFound),
    (
        "belum_terverifikasi",
        lambda s, r: reports.change_state(s, r, ReportState.ARSIP, " ", CITY, LIMITS),
        MoveRefused,
    ),
    (
        "belum_terverifikasi",
        lambda s, r: reports.change_state(s, r, ReportState.TERDISPOSISI, "", CITY, LIMITS),
        MoveRefused,
    ),
]


@pytest.mark.parametrize(("state", "act", "error"), REFUSED)
def test_what_is_refused_leaves_no_trace(
    ready: Sessions,
    open_report: OpenReport,
    state: str,
    act: Callable[[Session, Report], object],
    error: type[Exception],
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, state=state)
    with pytest.raises(error), transaction(ready) as session:
        act(session, reports.find(session, ticket, CITY))
    with transaction(ready) as session:
        report = reports.find(session, ticket, CITY)
        assert (report.state, report.version, report.agency_id) == (state, 1, None)
        assert told(session) == []
        assert len(history(session)) == 1


def test_an_opd_finds_its_own_only(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        own, other = agencies.find(session, "pupr").id, agencies.find(session, "dlh").id
        mine, theirs, nobodys = (open_report(session, agency_id=id_) for id_ in (own, other, None))
        opd = Officer("pupr", own)
        assert reports.find(session, mine, opd).ticket == mine
        for ticket in (theirs, nobodys, "22222-22222"):
            with pytest.raises(NotFound):
                reports.find(session, ticket, opd)


@pytest.mark.parametrize(
    ("language", "reachable", "word", "state"),
    [
        ("id", True, "diteruskan", "open"),
        ("en", True, "passed on", "open"),
        ("id", False, "", "parked"),
    ],
)
def test_the_citizen_is_told_in_his_language_when_he_can_be_reached(
    ready: Sessions,
    open_report: OpenReport,
    language: str,
    reachable: bool,
    word: str,
    state: str,
) -> None:
    with transaction(ready) as session:
        ticket = open_report(session)
        citizen = session.scalars(select(Conversation)).one()
        citizen.state, citizen.reachable = {"language": language}, reachable
        reports.assign(session, reports.find(session, ticket, CITY), "pupr", CITY, WIDE)
        part = session.scalars(select(Outbox)).one()
        assert word in part.texts[0]
        assert (part.state, part.draft) == (state, 1)


@pytest.mark.parametrize("length", [1, 2500, 2501, 4000])
def test_an_answer_of_any_length_arrives_whole(
    ready: Sessions, open_report: OpenReport, length: int
) -> None:
    text = "🙏" * length
    with transaction(ready) as session:
        report = reports.find(session, open_report(session, state="proses"), CITY)
        reports.answer(session, report, text, False, CITY, LIMITS)
        assert "".join(told(session)).endswith(text)


def test_a_long_answer_arrives_in_parts(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        ticket = open_report(session, state="proses")
        report = reports.find(session, ticket, CITY)
        reports.answer(session, report, "Sudah kami tambal. " * 20, True, CITY, LIMITS)
        parts = session.execute(select(Outbox.part, Outbox.parts).order_by(Outbox.id)).all()
        assert len(parts) > 3
        assert [tuple(row) for row in parts] == [(n + 1, len(parts)) for n in range(len(parts))]


@pytest.mark.parametrize(
    "statement",
    [
        update(ReportEvent).values(actor="lain"),
        delete(ReportEvent),
        text("update report_event set at = now()"),
        text("delete from report_event where false"),
        text(
            "insert into report_event (id, report_id, actor, kind) overriding system value "
            "select id, report_id, 'lain', kind from report_event "
            "on conflict (id) do update set actor = 'lain'"
        ),
    ],
)
def test_the_database_refuses_to_change_the_history(
    ready: Sessions, open_report: OpenReport, statement: Executable
) -> None:
    with transaction(ready) as session:
        open_report(session)
        before = history(session)
    with (
        pytest.raises(IntegrityError, match="report_event only grows"),
        transaction(ready) as session,
    ):
        session.execute(statement)
    with transaction(ready) as session:
        assert history(session) == before


def test_the_history_names_the_token(ready: Sessions, open_report: OpenReport) -> None:
    with transaction(ready) as session:
        secret = tokens.create(session, "loket-1", Role.ADMIN)
        caller = tokens.authenticate(session, secret)
        assert caller is not None
        officer = Officer(caller.name, caller.agency_id)
        report = reports.find(session, open_report(session), officer)
        reports.assign(session, report, "pupr", officer, LIMITS)
        session.flush()
        assert history(session)[-1][0] == "loket-1"
