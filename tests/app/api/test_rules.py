"""Rules over the API: written as drafts, tried, put live; by admins alone."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update

from core import rulebook
from core.db.session import Sessions, transaction
from core.db.tables import Agency, Report, Route
from core.rules import MOST_RULES, Rule

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]


def body(name: str = "Tiang miring", **changed: Any) -> dict[str, Any]:
    written = {
        "name": name,
        "conditions": {"any_of": ["Tiang  miring", "tiang*"], "none_of": ["lampu*"]},
        "outcome": {"urusan": "PUPR", "note": "Tiang di jalan."},
    }
    return {**written, **changed}


@pytest.fixture
def admin(bearer: Bearer) -> dict[str, str]:
    return bearer("admin")


@pytest.fixture
def added(client: httpx.Client, admin: dict[str, str]) -> dict[str, Any]:
    answer = client.post("/rules", json=body(), headers=admin)
    assert answer.status_code == 200, answer.text
    line: dict[str, Any] = answer.json()
    return line


@pytest.fixture
def past(make: Sessions, client: httpx.Client, open_report: OpenReport) -> list[str]:
    """Two past reports that went to another OPD and to the rule's."""
    with transaction(make) as session:
        ids = {row.slug: row.id for row in session.scalars(select(Agency))}
        route = {"region": "64.74", "urusan": "PUPR", "agency_id": ids["dinas-pupr"]}
        session.execute(insert(Route).values(route))
        return [
            open_report(session, "tiang miring", agency_id=ids[slug], region="64.74")
            for slug in ("dlh", "dinas-pupr")
        ]


def test_from_the_draft_to_the_live_rule(
    client: httpx.Client, admin: dict[str, str], added: dict[str, Any], past: list[str]
) -> None:
    path = f"/rules/{added['id']}"
    assert added["conditions"]["any_of"] == ["tiang miring", "tiang*"]
    assert (added["state"], added["position"], added["trial"]) == ("draft", 1, None)
    assert added["actor"] == "admin dinas-pupr"
    early = client.patch(path, json={"state": "live"}, headers=admin)
    assert (early.status_code, early.json()["error"]["code"]) == (409, "move_refused")
    tried = client.post(f"{path}/try", json={"reports": 10}, headers=admin)
    assert tried.status_code == 200, tried.text
    trial = tried.json()
    assert [trial[name] for name in ("reports", "matched", "agreed", "disagreed")] == [2, 2, 1, 1]
    assert (trial["disagreeing"], trial["agreeing"]) == ([past[0]], [past[1]])
    live = client.patch(path, json={"state": "live"}, headers=admin)
    assert (live.status_code, live.json()["state"]) == (200, "live")
    assert live.json()["trial"] == trial
    assert client.get(path, headers=admin).json() == live.json()
    edited = client.put(path, json=body("Tiang"), headers=admin).json()
    assert (edited["name"], edited["state"], edited["trial"]) == ("Tiang", "draft", None)
    assert client.get("/rules", headers=admin).json() == {"rules": [edited], "next_cursor": None}


def test_a_dry_run_reads_no_more_than_was_asked_and_shows_no_text(
    client: httpx.Client, admin: dict[str, str], added: dict[str, Any], past: list[str]
) -> None:
    tried = client.post(f"/rules/{added['id']}/try", json={"reports": 1}, headers=admin)
    assert tried.json()["reports"] == 1
    assert "miring" not in tried.text


def test_where_no_report_has_an_opd_a_rule_stays_untried(
    client: httpx.Client, make: Sessions, admin: dict[str, str], added: dict[str, Any]
) -> None:
    path = f"/rules/{added['id']}"
    assert client.post(f"{path}/try", json={}, headers=admin).json()["reports"] == 0
    assert client.patch(path, json={"state": "live"}, headers=admin).status_code == 409
    insisted = client.patch(path, json={"state": "live", "untried": True}, headers=admin)
    assert insisted.json()["state"] == "live"


def test_home_stands_in_for_a_region_that_nobody_knows(
    client: httpx.Client,
    make: Sessions,
    admin: dict[str, str],
    added: dict[str, Any],
    past: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction(make) as session:
        session.execute(update(Report).values(region=""))
    path = f"/rules/{added['id']}/try"
    assert client.post(path, json={}, headers=admin).json()["nowhere"] == 2
    monkeypatch.setenv("KANAL_REGION", "64.74")
    assert client.post(path, json={}, headers=admin).json()["agreed"] == 1


def test_a_change_is_whole_or_not_at_all(
    client: httpx.Client, admin: dict[str, str], added: dict[str, Any]
) -> None:
    for name in ("dua", "tiga"):
        client.post("/rules", json=body(name), headers=admin)
    path = f"/rules/{added['id']}"
    refused = client.patch(path, json={"position": 3, "state": "live"}, headers=admin)
    assert refused.status_code == 409
    assert client.get(path, headers=admin).json()["position"] == 1
    order = {"position": 3, "state": "live", "untried": True}
    moved = client.patch(path, json=order, headers=admin).json()
    assert (moved["position"], moved["state"]) == (3, "live")
    names = [one["name"] for one in client.get("/rules", headers=admin).json()["rules"]]
    assert names == ["dua", "tiga", "Tiang miring"]


def test_pages_follow_each_other(client: httpx.Client, admin: dict[str, str]) -> None:
    for n in range(5):
        client.post("/rules", json=body(f"r{n}"), headers=admin)
    met, sizes, query = [], [], {"limit": 2}
    while query.get("cursor", 1):
        page = client.get("/rules", params=query, headers=admin).json()
        met += [one["name"] for one in page["rules"]]
        sizes.append(len(page["rules"]))
        query["cursor"] = page["next_cursor"] or 0
    assert met == [f"r{n}" for n in range(5)]
    assert sizes == [2, 2, 1]
    client.patch("/rules/2", json={"state": "off"}, headers=admin)
    off = client.get("/rules", params={"state": "off"}, headers=admin).json()
    assert [one["name"] for one in off["rules"]] == ["r1"]


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/rules/2", None, 404),
        ("PUT", "/rules/2", body(), 404),
        ("PATCH", "/rules/2", {"state": "off"}, 404),
        ("POST", "/rules/2/try", {}, 404),
        ("GET", "/rules/0", None, 422),
        ("GET", "/rules/2147483648", None, 422),
        ("GET", "/rules?limit=201", None, 422),
        ("GET", "/rules?cursor=0", None, 422),
        ("GET", "/rules?state=gone", None, 422),
        ("POST", "/rules", body(), 409),
        ("POST", "/rules", body("lain", conditions={}), 422),
        ("POST", "/rules", body("lain", outcome={}), 422),
        ("POST", "/rules", body("lain", outcome={"agency": "tidak-ada"}), 404),
        ("POST", "/rules", body("lain", outcome={"agency": "dlh"}), 200),
        ("POST", "/rules", body("lain", outcome={"urusan": "TIDAKADA"}), 422),
        ("POST", "/rules", body("lain", conditions={"regions": ["64.99"]}), 404),
        ("POST", "/rules", body("lain", conditions={"regions": ["64.74.01"]}), 200),
        ("PUT", "/rules/1", body(outcome={"agency": "tidak-ada"}), 404),
        ("PUT", "/rules/1", body(conditions={"regions": ["64.99"]}), 404),
        ("POST", "/rules", body("lain", state="live"), 422),
        ("POST", "/rules", body("lain", conditions={"any_of": ["x" * 61]}), 422),
        ("POST", "/rules", body("lain", conditions={"any_of": ["x"] * 101}), 422),
        ("POST", "/rules", body("x" * 81), 422),
        ("POST", "/rules", body("x" * 80), 200),
        ("PUT", "/rules/1", body(conditions={"any_of": ["x" * 60]}), 200),
        ("PUT", "/rules/1", {}, 422),
        ("PATCH", "/rules/1", {}, 422),
        ("PATCH", "/rules/1", {"position": 0}, 422),
        ("PATCH", "/rules/1", {"position": 7}, 200),
        ("PATCH", "/rules/1", {"position": 2**31}, 422),
        ("PATCH", "/rules/1", {"state": "gone"}, 422),
        ("PATCH", "/rules/1", {"state": "off", "untried": True}, 422),
        ("POST", "/rules/1/try", {"reports": 0}, 422),
        ("POST", "/rules/1/try", {"reports": 1001}, 422),
        ("POST", "/rules/1/try", {"reports": 1000}, 200),
    ],
)
def test_what_is_refused_and_what_is_just_taken(
    client: httpx.Client,
    admin: dict[str, str],
    added: dict[str, Any],
    method: str,
    path: str,
    sent: dict[str, Any] | None,
    status: int,
) -> None:
    answer = client.request(method, path, json=sent, headers=admin)
    assert answer.status_code == status, answer.text


def test_the_book_has_an_end(client: httpx.Client, make: Sessions, admin: dict[str, str]) -> None:
    many = [Rule.model_validate(body(f"r{n}")) for n in range(MOST_RULES - 1)]
    with transaction(make) as session:
        rulebook.put(session, many, "kanal")
    assert client.post("/rules", json=body(), headers=admin).status_code == 200
    full = client.post("/rules", json=body("lagi"), headers=admin)
    assert (full.status_code, full.json()["error"]["code"]) == (409, "move_refused")


def test_what_was_sent_is_not_said_again(client: httpx.Client, admin: dict[str, str]) -> None:
    wrong = body(conditions={"any_of": ["ra*hasia"], "urusan": ["rahasia"]})
    answer = client.post("/rules", json=wrong, headers=admin)
    assert answer.status_code == 422
    assert "hasia" not in answer.text
    assert "conditions.any_of.0" in answer.text
