"""Blocking a sender over the API: by ticket, listed in pages, lifted; never an address."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.db.session import Sessions, transaction
from core.db.tables import Block, Conversation

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
DAY = timedelta(days=1)


def order(wait: timedelta = DAY, reason: str = "Ancaman.") -> dict[str, Any]:
    return {"reason": reason, "until": (datetime.now(UTC) + wait).isoformat()}


@pytest.fixture
def ticket(make: Sessions, client: httpx.Client, open_report: OpenReport) -> str:
    with transaction(make) as session:
        return open_report(session)


def test_from_the_block_to_its_end(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    admin = bearer("admin")
    sent = order()
    answer = client.post(f"/reports/{ticket.lower()}/block", json=sent, headers=admin)
    assert answer.status_code == 200, answer.text
    line = answer.json()
    assert datetime.fromisoformat(line["until"]) == datetime.fromisoformat(sent["until"])
    assert (line["ticket"], line["channel"], line["reason"]) == (ticket, "telegram", "Ancaman.")
    assert (line["actor"], line["in_force"], line["lifted_at"]) == ("admin dinas-pupr", True, None)
    again = client.post(f"/reports/{ticket}/block", json=order(), headers=admin)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "move_refused")
    listed = client.get("/blocks", headers=admin)
    assert listed.json() == {"blocks": [line], "next_cursor": None}
    lifted = [client.delete(f"/blocks/{line['id']}", headers=admin) for _ in range(2)]
    assert [it.status_code for it in lifted] == [200, 200]
    assert lifted[0].json() == lifted[1].json()
    assert lifted[0].json()["lifted_by"] == "admin dinas-pupr"
    assert client.get("/blocks", headers=admin).json()["blocks"] == []
    everything = client.get("/blocks", params={"in_force": False}, headers=admin).json()
    assert [one["in_force"] for one in everything["blocks"]] == [False]
    report = client.get(f"/reports/{ticket}", headers=admin).json()
    assert [it["kind"] for it in report["history"]] == ["opened", "blocked", "block_lifted"]
    assert report["version"] == 3
    with transaction(make) as session:
        address = session.scalars(select(Conversation.address)).one()
    for said in (answer, listed, *lifted):
        assert address not in said.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (order(-DAY), 422),
        (order(timedelta(days=367)), 422),
        (order(timedelta(days=365)), 200),
        (order(reason=" \x00 "), 422),
        (order(reason="x" * 501), 422),
        (order(reason="x" * 500), 200),
        ({"reason": "x"}, 422),
        ({"reason": "x", "until": "2026-13-01"}, 422),
        ({"reason": "x", "until": "2026-12-01T00:00:00"}, 422),
        (order() | {"address": "5012345678"}, 422),
    ],
)
def test_what_is_no_block(
    client: httpx.Client,
    make: Sessions,
    bearer: Bearer,
    ticket: str,
    body: dict[str, Any],
    status: int,
) -> None:
    answer = client.post(f"/reports/{ticket}/block", json=body, headers=bearer("admin"))
    assert answer.status_code == status, answer.text
    with transaction(make) as session:
        assert len(session.scalars(select(Block)).all()) == (status == 200)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/reports/7KQ2M-X9PAT/block", 404),
        ("POST", "/reports/x/block", 404),
        ("DELETE", "/blocks/1", 404),
        ("DELETE", "/blocks/0", 422),
        ("DELETE", "/blocks/2147483648", 422),
        ("GET", "/blocks?cursor=0", 422),
        ("GET", "/blocks?cursor=x", 422),
        ("GET", "/blocks?limit=201", 422),
    ],
)
def test_what_is_not_there(
    client: httpx.Client, bearer: Bearer, method: str, path: str, status: int
) -> None:
    body = order() if method == "POST" else None
    assert client.request(method, path, json=body, headers=bearer("admin")).status_code == status


def test_pages_follow_each_other(
    client: httpx.Client, make: Sessions, bearer: Bearer, open_report: OpenReport
) -> None:
    with transaction(make) as session:
        tickets = [open_report(session) for _ in range(5)]
    for ticket in tickets:
        client.post(f"/reports/{ticket}/block", json=order(), headers=bearer("admin"))
    met, sizes, query = [], [], {"limit": 2}
    while query.get("cursor", 1):
        page = client.get("/blocks", params=query, headers=bearer("admin")).json()
        met += [one["ticket"] for one in page["blocks"]]
        sizes.append(len(page["blocks"]))
        query["cursor"] = page["next_cursor"] or 0
    assert met == tickets[::-1]
    assert sizes == [2, 2, 1]
