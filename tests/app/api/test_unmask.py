"""Who may see the numbers that are hidden from the office, and what is noted of it."""

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import OperationalError

from core import agencies, transcript, unmasking
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Conversation, Message, Report, ReportEvent
from core.draft import Draft, Line
from core.message import Inbound, Kind
from core.reports import Confirmed, Officer, open_all
from core.transcript import Entry
from core.understanding import Klasifikasi
from core.unmasking import NEEDS_IDENTITY
from core.urusan import URUSAN

Bearer = Callable[..., dict[str, str]]

TEXT = "KTP belum jadi, nik 6474014101900001"  # made up
MASKED = "KTP belum jadi, nik 6474••••••••••01"
REPLY, REPLY_MASKED = "wa 081234567890", "wa 0812••••••90"
WHY = {"reason": "Mencocokkan data kependudukan"}


@pytest.fixture
def report(make: Sessions, app: FastAPI) -> Callable[..., str]:
    """A report with numbers, held by an OPD; gives its ticket."""

    def act(
        agency: str = "dinas-pupr",
        urusan: str = "DISDUKCAPIL",
        klasifikasi: str = Klasifikasi.PENGADUAN_TIDAK_BERKADAR,
    ) -> str:
        id_ = uuid4()
        lines = (Line("1", TEXT), Line("2", REPLY))
        inbounds = [
            Inbound(
                "telegram",
                line.message_id,
                "7",
                Kind.MESSAGE,
                b"",
                None,
                line.message_id,
                line.text,
            )
            for line in lines
        ]
        with transaction(make) as session:
            row = {"id": id_, "channel": "telegram", "address": str(id_.int % 10**9)}
            session.execute(insert(Conversation).values(row))
            draft = Draft(1, lines, place="Jl. Contoh", klasifikasi=klasifikasi)
            [opened] = open_all(session, [Confirmed(id_, "telegram", draft)])
            transcript.add(session, [Entry(id_, 1, inbound, 0) for inbound in inbounds])
            stored = session.scalars(select(Report).where(Report.ticket == opened.ticket)).one()
            stored.agency_id = agencies.find(session, agency).id
            choice = Choice(
                report_id=stored.id, actor="admin", agency_id=stored.agency_id, urusan=urusan
            )
            session.add(choice)
        return opened.ticket

    return act


Make = Callable[..., str]


def looks(make: Sessions) -> list[tuple[str, object]]:
    """Return who looked, and what was noted."""
    with make() as session:
        events = session.execute(
            select(ReportEvent.actor, ReportEvent.detail)
            .where(ReportEvent.kind == "unmasked")
            .order_by(ReportEvent.id)
        )
        return [(row.actor, row.detail) for row in events]


def test_what_the_office_reads_is_masked(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer
) -> None:
    ticket = report()
    read = client.get(f"/reports/{ticket}", headers=bearer("admin"))
    assert read.json()["text"] == f"{MASKED}\n{REPLY_MASKED}"
    assert [one["text"] for one in read.json()["messages"]] == [MASKED, REPLY_MASKED]
    listed = client.get("/reports", headers=bearer("opd"))
    for answer in (read, listed):
        assert "1410190" not in answer.text
        assert "1234567" not in answer.text
    assert looks(make) == []


@pytest.mark.parametrize("role", ["admin", "opd"])
def test_whoever_may_sees_what_was_written_and_it_is_noted(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer, role: str
) -> None:
    ticket = report()
    answer = client.post(f"/reports/{ticket.lower()}/unmask", json=WHY, headers=bearer(role))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    seen = answer.json()
    assert (seen["ticket"], seen["text"]) == (ticket, f"{TEXT}\n{REPLY}")
    assert [one["text"] for one in seen["messages"]] == [TEXT, REPLY]
    assert looks(make) == [(f"{role} dinas-pupr", WHY)]
    history = client.get(f"/reports/{ticket}", headers=bearer("opd")).json()["history"]
    assert [one["kind"] for one in history] == ["opened", "unmasked"]


def test_each_look_is_noted_and_numbers_in_the_reason_are_hidden(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer
) -> None:
    ticket = report()
    for reason in ("cek nik 6474014101900001", "  lagi  "):
        path = f"/reports/{ticket}/unmask"
        assert client.post(path, json={"reason": reason}, headers=bearer("admin")).is_success
    noted = [detail for _, detail in looks(make)]
    assert noted == [{"reason": "cek nik 6474••••••••••01"}, {"reason": "lagi"}]


@pytest.mark.parametrize(
    ("role", "of", "status"),
    [
        ("analyst", {}, 403),
        ("opd", {"agency": "dlh"}, 404),
        ("opd", {"urusan": "PUPR"}, 403),
        ("opd", {"urusan": ""}, 403),
        ("opd", {"klasifikasi": Klasifikasi.ASPIRASI}, 403),
        ("opd", {"klasifikasi": Klasifikasi.PERMINTAAN_INFORMASI}, 200),
        ("admin", {"agency": "dlh", "urusan": "", "klasifikasi": Klasifikasi.ASPIRASI}, 200),
    ],
)
def test_who_may(
    client: httpx.Client,
    make: Sessions,
    report: Make,
    bearer: Bearer,
    role: str,
    of: dict[str, str],
    status: int,
) -> None:
    answer = client.post(f"/reports/{report(**of)}/unmask", json=WHY, headers=bearer(role))
    assert answer.status_code == status, answer.text
    assert ("6474014101900001" in answer.text) == (status == 200)
    assert len(looks(make)) == (status == 200)


@pytest.mark.parametrize(("role", "status"), [("admin", 403), ("opd", 403), ("other opd", 404)])
def test_of_an_anonim_report_nobody_sees_the_numbers(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer, role: str, status: int
) -> None:
    path = f"/reports/{report()}/unmask"
    with transaction(make) as session:
        session.execute(update(Report).values(anonim=True))
    headers = bearer("opd", "dlh") if role == "other opd" else bearer(role)
    answer = client.post(path, json=WHY, headers=headers)
    assert answer.status_code == status, answer.text
    assert ("anonim" in answer.json()["error"]["message"]) == (status == 403)
    assert "081234567890" not in answer.text
    assert looks(make) == []


def test_a_report_cannot_become_anonim_while_it_is_shown(make: Sessions, report: Make) -> None:
    ticket = report()
    hidden = update(Report).values(anonim=True)
    with transaction(make) as session, transaction(make) as citizen:
        unmasking.subject(session, ticket, Officer("diskominfo"))
        citizen.execute(text("set local lock_timeout = '50ms'"))
        with pytest.raises(OperationalError):
            citizen.execute(hidden)
        citizen.rollback()
        session.rollback()
    with transaction(make) as citizen:
        citizen.execute(hidden)


def test_a_reason_in_the_address_is_not_asked_for(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer
) -> None:
    ticket, admin = report(), bearer("admin")
    assert client.get(f"/reports/{ticket}/unmasked", params=WHY, headers=admin).status_code == 404
    answer = client.post(f"/reports/{ticket}/unmask", params=WHY, headers=admin)
    assert answer.status_code == 422
    assert looks(make) == []


def test_the_newest_choice_decides(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer
) -> None:
    path = f"/reports/{report()}/unmask"
    with transaction(make) as session:
        held = session.scalars(select(Report)).one()
        session.add(
            Choice(report_id=held.id, actor="admin", agency_id=held.agency_id, urusan="PUPR")
        )
    assert client.post(path, json=WHY, headers=bearer("opd")).status_code == 403


@pytest.mark.parametrize("reason", [None, "", "ya", "  a  ", "x" * 201])
def test_without_a_reason_nothing_is_shown(
    client: httpx.Client, make: Sessions, report: Make, bearer: Bearer, reason: str | None
) -> None:
    body = {} if reason is None else {"reason": reason}
    answer = client.post(f"/reports/{report()}/unmask", json=body, headers=bearer("admin"))
    assert answer.status_code == 422
    assert looks(make) == []


def test_no_such_report(client: httpx.Client, bearer: Bearer) -> None:
    for ticket in ("7KQ2M-X9PAT", "2222222222"):
        answer = client.post(f"/reports/{ticket}/unmask", json=WHY, headers=bearer("admin"))
        assert answer.status_code == 404
    assert client.post("/reports/7KQ2M-X9PAT/unmask", json=WHY).status_code == 401


def test_what_cannot_be_noted_is_not_shown(
    client: httpx.Client, homeless: httpx.Client, bearer: Bearer
) -> None:
    answer = homeless.post("/reports/7KQ2M-X9PAT/unmask", json=WHY, headers=bearer("admin"))
    assert answer.status_code == 503


def test_the_text_is_stored_twice_only_where_something_is_hidden(
    make: Sessions, report: Make, open_report: Callable[..., str]
) -> None:
    report()
    with transaction(make) as session:
        open_report(session, "Jalan berlubang")
    with make() as session:
        stored = session.execute(select(Report.text, Report.sealed).order_by(Report.created_at))
        assert [tuple(row) for row in stored] == [
            (f"{MASKED}\n{REPLY_MASKED}", f"{TEXT}\n{REPLY}"),
            ("Jalan berlubang", None),
        ]
        assert set(session.scalars(select(Message.sealed))) == {TEXT, REPLY}


def test_only_known_urusan_need_an_identity() -> None:
    assert set(NEEDS_IDENTITY) < set(URUSAN)
