"""Talking to a citizen over the API: silence, own words, the way back, and who may."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket(app: FastAPI, make: Sessions, open_report: OpenReport) -> str:
    with transaction(make) as session:
        return open_report(session)


def until(answer: httpx.Response) -> datetime:
    assert answer.status_code == 200, answer.text
    return datetime.fromisoformat(answer.json()["human_until"])


def is_in(moment: datetime, wait: timedelta) -> bool:
    return abs(moment - datetime.now(UTC) - wait) < MINUTE


def test_from_the_first_word_to_the_last(
    app: FastAPI, client: httpx.Client, bearer: Bearer, ticket: str
) -> None:
    admin, path = bearer("admin"), f"/reports/{ticket}"
    assert client.get(path, headers=admin).json()["human_until"] is None
    taken = client.post(f"{path}/takeover", json={}, headers=admin)
    assert is_in(until(taken), 30 * MINUTE)
    longer = client.post(f"{path}/takeover", json={"minutes": 90}, headers=admin)
    assert is_in(until(longer), 90 * MINUTE)
    said = client.post(f"{path}/messages", json={"text": "Selamat siang."}, headers=admin)
    assert until(said) == until(longer)
    assert (said.json()["ticket"], said.json()["version"]) == (ticket, 4)
    assert said.headers["ETag"] == '"4"'
    report = client.get(path, headers=admin).json()
    assert datetime.fromisoformat(report["human_until"]) == until(longer)
    begun, own = [it for it in report["messages"] if it["direction"] == "out"]
    assert (begun["human"], own["human"], own["text"]) == (False, True, "Selamat siang.")
    back = client.post(f"{path}/handback", headers=admin)
    assert (back.status_code, back.json()["human_until"]) == (200, None)
    report = client.get(path, headers=admin).json()
    assert report["human_until"] is None
    assert [it["kind"] for it in report["history"]] == [
        *("opened", "takeover", "takeover", "human_message", "handback"),
    ]
    assert "Selamat siang" not in str(report["history"])
    assert app.state.waker.channels == ["telegram"] * 3  # a longer talk is no news
    again = client.post(f"{path}/handback", headers=admin)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "move_refused")


def test_a_talk_that_is_over_is_not_shown(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    with transaction(make) as session:
        past = datetime.now(UTC) - MINUTE
        session.execute(update(Conversation).values(human_until=past))
    assert client.get(f"/reports/{ticket}", headers=bearer("admin")).json()["human_until"] is None


@pytest.mark.parametrize("action", ["takeover", "messages", "handback"])
def test_of_two_officers_the_second_is_told(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, action: str
) -> None:
    admin = bearer("admin")
    client.post(f"/reports/{ticket}/takeover", json={}, headers=admin)
    body = {"messages": {"text": "Halo."}, "takeover": {}}.get(action)
    path, seen = f"/reports/{ticket}/{action}", admin | {"If-Match": '"2"'}
    codes = [client.post(path, json=body, headers=seen).status_code for _ in range(2)]
    assert codes == [200, 412]
    with transaction(make) as session:
        texts = session.scalars(select(Outbox.texts)).all()
        assert texts.count(["Halo."]) == (action == "messages")


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("takeover", {"minutes": 0}, 422),
        ("takeover", {"minutes": 1}, 200),
        ("takeover", {"minutes": 1440}, 200),
        ("takeover", {"minutes": 1441}, 422),
        ("takeover", {"until": "2026-12-01T00:00:00Z"}, 422),
        ("messages", {}, 422),
        ("messages", {"text": " \x00 "}, 422),
        ("messages", {"text": "x" * 4000}, 200),
        ("messages", {"text": "x" * 4001}, 422),
    ],
)
def test_what_is_taken(
    client: httpx.Client,
    bearer: Bearer,
    ticket: str,
    action: str,
    body: dict[str, Any],
    status: int,
) -> None:
    answer = client.post(f"/reports/{ticket}/{action}", json=body, headers=bearer("admin"))
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("action", ["takeover", "messages", "handback"])
def test_unknown_tickets_and_channels_that_are_off(
    client: httpx.Client, make: Sessions, bearer: Bearer, open_report: OpenReport, action: str
) -> None:
    with transaction(make) as session:
        off = open_report(session, channel="line")
    body = {"messages": {"text": "Halo."}, "takeover": {}}.get(action)
    for ticket, status in (("7KQ2M-X9PAT", 404), ("x", 404), (off, 409)):
        path = f"/reports/{ticket}/{action}"
        assert client.post(path, json=body, headers=bearer("admin")).status_code == status
