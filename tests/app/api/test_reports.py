"""The list of reports: lines, pages, filters, and what a wrong question is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import agencies
from core.db.session import Sessions, transaction
from core.triage import Position

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STANDS: dict[str, object] = {
    "klasifikasi": "pengaduan_tidak_berkadar_pengawasan",
    "urgency": "darurat",
    "anonim": True,
    "rahasia": True,
    "happened": "kemarin",
    "verify_by": "2026-03-05T15:59:59Z",
    "answer_by": "2026-03-30T15:59:59Z",
    "promise_at": "2026-04-06T15:59:59Z",
    "missed": 1,
    "verdict": "belum",
    "verdict_at": "2026-03-28T01:00:00Z",
}


def tickets(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [report["ticket"] for report in answer.json()["reports"]]


def test_a_line_of_the_list(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer
) -> None:
    with transaction(make) as session:
        agency_id = agencies.find(session, "dlh").id
        ticket = open_report(
            session,
            "Sampah " * 100,
            agency_id=agency_id,
            created_at=MORNING,
            latitude=0.5,
            longitude=117.5,
            state="proses",
            **STANDS,
        )
    [line] = client.get("/reports", headers=bearer("admin")).json()["reports"]
    assert (
        line
        == {
            "ticket": ticket,
            "version": 1,
            "state": "proses",
            "channel": "telegram",
            "agency": {"slug": "dlh", "name": "Dinas Lingkungan Hidup"},
            "excerpt": ("Sampah " * 100)[:280],
            "place": "Jl. Contoh",
            "latitude": 0.5,
            "longitude": 117.5,
            "created_at": "2026-03-02T01:00:00Z",
            "answered_at": None,
            "suggestion": None,
        }
        | STANDS
    )


def test_pages_follow_each_other(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer
) -> None:
    with transaction(make) as session:
        made = [open_report(session, created_at=MORNING + timedelta(hours=n)) for n in range(5)]
    met, sizes = [], []
    parameters = {"limit": "2"}
    for _ in range(5):
        answer = client.get("/reports", params=parameters, headers=bearer("admin"))
        met += tickets(answer)
        sizes.append(len(tickets(answer)))
        if answer.json()["next_cursor"] is None:
            break
        parameters["cursor"] = answer.json()["next_cursor"]
    assert met == made[::-1]
    assert sizes == [2, 2, 1]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("state=proses", "b"),
        ("state=proses&state=arsip", "cb"),
        ("agency=dinas-pupr", "b"),
        ("channel=telegram&limit=200", "cba"),
        ("channel=line", ""),
        ("urgency=darurat", "b"),
        ("urgency=biasa", "ca"),
        ("verdict=belum", "a"),
        ("verdict=diam", ""),
        ("overdue=true", "a"),
        ("overdue=false", "cba"),
        ("overdue=true&urgency=darurat", ""),
        ("created_from=2026-03-02T10:00:00%2B08:00", "cb"),
        ("created_to=2026-03-02T02:00:00Z", "a"),
        ("created_from=2026-03-02T02:00:00Z&created_to=2026-03-02T03:00:00Z", "b"),
    ],
)
def test_filters(
    client: httpx.Client,
    make: Sessions,
    open_report: OpenReport,
    bearer: Bearer,
    query: str,
    wanted: str,
) -> None:
    with transaction(make) as session:
        agency_id = agencies.find(session, "dinas-pupr").id
        columns: list[dict[str, object]] = [
            {"missed": 1, "verdict": "belum"},
            {"state": "proses", "agency_id": agency_id, "urgency": "darurat"},
            {"state": "arsip", "missed": 3},
        ]
        names = {
            open_report(session, created_at=MORNING + timedelta(hours=n), **row): name
            for n, (name, row) in enumerate(zip("abc", columns, strict=True))
        }
    found = tickets(client.get(f"/reports?{query}", headers=bearer("admin")))
    assert "".join(names[ticket] for ticket in found) == wanted


def test_an_opd_lists_its_own_only(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer
) -> None:
    with transaction(make) as session:
        ids = [agencies.find(session, slug).id for slug in ("dinas-pupr", "dlh")]
        mine, theirs, _ = (open_report(session, agency_id=id_) for id_ in (*ids, None))
    assert tickets(client.get("/reports", headers=bearer("opd"))) == [mine]
    assert tickets(client.get("/reports?agency=dlh", headers=bearer("opd"))) == []
    foreign = Position(MORNING + timedelta(days=9999), UUID(int=1)).cursor()
    answer = client.get("/reports", params={"cursor": foreign}, headers=bearer("opd"))
    assert theirs not in tickets(answer)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=x", "limit"),
        ("state=rahasia-8731", "state"),
        ("agency=%00rahasia-8731", "agency"),
        ("channel=Rahasia-8731", "channel"),
        ("created_from=2026-03-02", "created_from"),
        ("created_from=2026-03-02T00:00:00", "created_from"),
        ("created_to=0001-01-01T00:00:00%2B14:00", "created_to"),
        ("created_to=9999-12-31T23:59:59-12:00", "created_to"),
        ("urgency=rahasia-8731", "urgency"),
        ("verdict=rahasia-8731", "verdict"),
        ("overdue=rahasia-8731", "overdue"),
        ("cursor=rahasia-8731", "cursor"),
        ("cursor=", "cursor"),
        ("rahasia-8731=1", "Extra"),
    ],
)
def test_a_wrong_question_is_refused_without_repeating_it(
    client: httpx.Client, bearer: Bearer, query: str, names: str
) -> None:
    answer = client.get(f"/reports?{query}", headers=bearer("admin"))
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == "invalid"
    assert names in answer.json()["error"]["message"]
    assert "8731" not in answer.text


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cursor=st.text(max_size=50)
    | st.text("ABCDwxyz0189-_", min_size=32, max_size=32)
    | st.binary(min_size=24, max_size=24).map(
        lambda raw: Position(MORNING, UUID(bytes=raw[8:])).cursor()[:8] + "A" * 24
    )
)
def test_no_cursor_breaks_the_list(client: httpx.Client, bearer: Bearer, cursor: str) -> None:
    answer = client.get("/reports", params={"cursor": cursor}, headers=bearer("admin"))
    assert answer.status_code in {200, 422}
