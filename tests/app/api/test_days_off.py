"""Days off over the API: listed with the decree's, added, worked on after all, taken back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from core.db.session import Sessions, transaction
from core.db.tables import DayOff, Report
from core.promise import TERMS, Lengths, Terms, day_of
from core.zones import WIT, WITA

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def admin(bearer: Bearer) -> dict[str, str]:
    return bearer("admin")


def days(answer: httpx.Response) -> dict[str, tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return {it["day"]: (it["name"], it["origin"]) for it in answer.json()["days"]}


def test_from_the_first_addition_to_the_last(client: httpx.Client, admin: dict[str, str]) -> None:
    before = days(client.get("/days-off", params={"year": 2026}, headers=admin))
    assert len(before) == 25
    assert before["2026-03-18"] == ("Cuti Bersama Hari Suci Nyepi", "cuti bersama")
    assert before["2026-03-19"][1] == "libur nasional"
    added = client.put("/days-off/2026-10-12", json={"name": " HUT Kota "}, headers=admin)
    assert days(added) == before | {"2026-10-12": ("HUT Kota", "kantor")}
    works = {"name": "Tetap buka", "works": True}
    worked = days(client.put("/days-off/2026-03-18", json=works, headers=admin))
    assert worked["2026-03-18"] == ("Tetap buka", "hari kerja")
    assert len(worked) == 26
    client.delete("/days-off/2026-10-12", headers=admin)
    assert days(client.delete("/days-off/2026-03-18", headers=admin)) == before
    assert client.delete("/days-off/2026-03-18", headers=admin).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/days-off/2026-02-30", {"name": "x"}, 422),
        ("PUT", "/days-off/1999-12-31", {"name": "x"}, 422),
        ("PUT", "/days-off/2101-01-01", {"name": "x"}, 422),
        ("PUT", "/days-off/2026-10-12", {"name": " \x00"}, 422),
        ("PUT", "/days-off/2026-10-12", {"name": "dua\nbaris"}, 422),
        ("PUT", "/days-off/2026-10-12", {"name": "x" * 101}, 422),
        ("PUT", "/days-off/2026-10-12", {"name": "x" * 100}, 200),
        ("PUT", "/days-off/2026-10-12", {"name": "x", "works": "mungkin"}, 422),
        ("PUT", "/days-off/2026-10-12", {"name": "x", "day": "2026-10-13"}, 422),
        ("PUT", "/days-off/2026-10-12", {}, 422),
        ("GET", "/days-off", None, 200),
        ("GET", "/days-off?year=1999", None, 422),
        ("GET", "/days-off?year=2101", None, 422),
        ("GET", "/days-off?year=2100", None, 200),
        ("DELETE", "/days-off/besok", None, 422),
    ],
)
def test_what_is_no_day_off(
    client: httpx.Client,
    make: Sessions,
    admin: dict[str, str],
    method: str,
    path: str,
    body: dict[str, Any] | None,
    status: int,
) -> None:
    answer = client.request(method, path, json=body, headers=admin)
    assert answer.status_code == status, answer.text
    with transaction(make) as session:
        stored = list(session.scalars(select(DayOff.name)))
    assert len(stored) == (method == "PUT" and status == 200)


def test_what_is_promised_next_counts_it(
    client: httpx.Client,
    app: FastAPI,
    make: Sessions,
    open_report: OpenReport,
    admin: dict[str, str],
) -> None:
    """With the settings of the office: its lengths, and the time of the report's region."""
    with transaction(make) as session:
        tickets = [open_report(session, region="91.71") for _ in range(2)]
    app.state.terms = Terms(Lengths(follow_up=1), WITA)
    try:
        for ticket in tickets:
            sent = client.post(f"/reports/{ticket}/assign", json={"agency": "dlh"}, headers=admin)
            assert sent.status_code == 200, sent.text
            with transaction(make) as session:
                promised = session.scalars(select(Report).where(Report.ticket == ticket)).one()
            assert promised.promise_at is not None
            client.put(
                f"/days-off/{day_of(promised.promise_at, WIT)}",
                json={"name": "HUT Kota"},
                headers=admin,
            )
    finally:
        app.state.terms = TERMS
    with transaction(make) as session:
        first, second = session.scalars(select(Report.promise_at).order_by(Report.promise_at))
    assert first is not None
    assert second is not None
    assert datetime.now(UTC) < first < second
    assert first.astimezone(WIT).time().isoformat() == "23:59:59"
