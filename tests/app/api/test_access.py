"""Every endpoint and every role."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select

from core import agencies, tokens
from core.db.session import Sessions, transaction
from core.db.tables import File, Report

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
ROLES = ("nobody", "stranger", "revoked", "admin", "opd", "other opd", "analyst")

NO_TALK = "/talks/6f1c2f0e-0000-4000-8000-000000000000"

# Columns as ROLES. "other opd" is an OPD that the report is not assigned to.
MATRIX: dict[tuple[str, str, str], str] = {
    ("GET", "/reports", ""): "401 401 401 200 200 200 403",
    ("GET", "/reports/{ticket}", ""): "401 401 401 200 200 404 403",
    ("GET", "/reports/{ticket}/files/1", ""): "401 401 401 200 200 404 403",
    ("POST", "/reports/{ticket}/assign", "assign"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/state", "proses"): "401 401 401 200 200 404 403",
    ("POST", "/reports/{ticket}/state", "selesai"): "401 401 401 200 200 404 403",
    ("POST", "/reports/{ticket}/state", "belum_terverifikasi"): "401 401 401 200 200 404 403",
    ("POST", "/reports/{ticket}/state", "tunda"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/state", "arsip"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/state", "terdisposisi"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/answer", "answer"): "401 401 401 200 200 404 403",
    ("POST", "/reports/{ticket}/unmask", "why"): "401 401 401 200 403 404 403",
    ("POST", "/reports/{ticket}/reporter", "why"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/takeover", "takeover"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/messages", "own words"): "401 401 401 200 403 403 403",
    ("POST", "/reports/{ticket}/handback", "handback"): "401 401 401 409 403 403 403",
    ("GET", "/talks", ""): "401 401 401 200 403 403 403",
    ("GET", NO_TALK, ""): "401 401 401 404 403 403 403",
    ("POST", f"{NO_TALK}/takeover", "takeover"): "401 401 401 404 403 403 403",
    ("POST", f"{NO_TALK}/messages", "own words"): "401 401 401 404 403 403 403",
    ("POST", f"{NO_TALK}/handback", "handback"): "401 401 401 404 403 403 403",
    ("POST", "/reports/{ticket}/block", "block"): "401 401 401 200 403 403 403",
    ("GET", "/blocks", ""): "401 401 401 200 403 403 403",
    ("DELETE", "/blocks/1", ""): "401 401 401 404 403 403 403",
    ("GET", "/rules", ""): "401 401 401 200 403 403 403",
    ("POST", "/rules", "rule"): "401 401 401 200 403 403 403",
    ("GET", "/rules/1", ""): "401 401 401 404 403 403 403",
    ("PUT", "/rules/1", "rule"): "401 401 401 404 403 403 403",
    ("PATCH", "/rules/1", "off"): "401 401 401 404 403 403 403",
    ("POST", "/rules/1/try", "try"): "401 401 401 404 403 403 403",
    ("GET", "/days-off", ""): "401 401 401 200 403 403 403",
    ("PUT", "/days-off/2026-10-12", "day off"): "401 401 401 200 403 403 403",
    ("DELETE", "/days-off/2026-10-12", ""): "401 401 401 404 403 403 403",
    ("GET", "/channels", ""): "401 401 401 200 403 403 403",
    ("GET", "/agencies", ""): "401 401 401 200 200 200 200",
    ("GET", "/statistics/channels", ""): "401 401 401 200 403 403 200",
    ("GET", "/statistics/suggestions", ""): "401 401 401 200 403 403 200",
}
CASES = [
    (*call, role, int(status))
    for call, row in MATRIX.items()
    for role, status in zip(ROLES, row.split(), strict=True)
]
BODIES: dict[str, dict[str, Any]] = {
    "rule": {"name": "x", "conditions": {"any_of": ["x"]}, "outcome": {"urusan": "DLH"}},
    "why": {"reason": "sebab"},
    "off": {"state": "off"},
    "try": {},
    "day off": {"name": "HUT Kota"},
    "takeover": {"minutes": 5},
    "own words": {"text": "Selamat siang."},
    "handback": {},
    "assign": {"agency": "dlh"},
    "answer": {"text": "Sudah selesai", "done": True},
    "block": {
        "reason": "sebab",
        "until": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    },
}


@pytest.fixture
def ticket(app: FastAPI, make: Sessions, open_report: OpenReport) -> str:
    """A report in the hands of dinas-pupr, with one stored file."""
    folder: Path = app.state.folder
    folder.mkdir(exist_ok=True)
    (folder / "foto").write_bytes(b"\xff\xd8\xff")
    with transaction(make) as session:
        agency_id = agencies.find(session, "dinas-pupr").id
        ticket = open_report(session, state="terdisposisi", agency_id=agency_id)
        conversation = session.scalars(select(Report.conversation_id)).one()
        session.execute(
            insert(File).values(
                channel="telegram",
                conversation_id=conversation,
                draft=1,
                platform_id="1",
                media="photo",
                ref="r",
                state="stored",
                path="asli",
                mime="image/jpeg",
                shown_path="foto",
                shown_mime="image/jpeg",
                size=3,
            )
        )
    return ticket


@pytest.fixture
def headers(make: Sessions, bearer: Bearer) -> Callable[[str], dict[str, str]]:
    def act(role: str) -> dict[str, str]:
        if role == "nobody":
            return {}
        if role == "stranger":
            return {"Authorization": "Bearer kanal_" + "A" * 43}
        if role == "revoked":
            given = bearer("admin")
            with transaction(make) as session:
                tokens.revoke(session, "admin dinas-pupr")
            return given
        return bearer("opd", "dlh") if role == "other opd" else bearer(role)

    return act


@pytest.mark.parametrize(("method", "path", "body", "role", "status"), CASES)
def test_roles(
    client: httpx.Client,
    headers: Callable[[str], dict[str, str]],
    ticket: str,
    method: str,
    path: str,
    body: str,
    role: str,
    status: int,
) -> None:
    sent = BODIES.get(body, {"state": body, "reason": "sebab"}) if body else None
    answer = client.request(method, path.format(ticket=ticket), json=sent, headers=headers(role))
    assert answer.status_code == status, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    if status >= 400:
        assert set(answer.json()) == {"error"}


def test_the_matrix_has_every_route(app: FastAPI) -> None:
    routes = {
        (method.upper(), _example(path.removeprefix("/api/v1")))
        for path, methods in app.openapi()["paths"].items()
        for method in methods
    }
    assert routes == {(method, path) for method, path, _ in MATRIX}


def _example(path: str) -> str:
    path = re.sub(r"{(file|block|rule)_id}", "1", path).replace("/talks/{talk_id}", NO_TALK)
    return path.replace("{day}", "2026-10-12")


def test_refused_callers_change_nothing(
    client: httpx.Client, headers: Callable[[str], dict[str, str]], ticket: str
) -> None:
    for role in ("nobody", "opd", "analyst"):
        client.post(f"/reports/{ticket}/assign", json={"agency": "dlh"}, headers=headers(role))
    assert client.get(f"/reports/{ticket}", headers=headers("admin")).json()["version"] == 1


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Basic a2FuYWw6eA==", "Bearer é", "kanal", "Bearer " + "x" * 10_000],
)
def test_what_is_no_token_is_unauthorized(client: httpx.Client, authorization: str) -> None:
    given = {"Authorization": authorization.encode("latin-1")}
    answer = client.get("/agencies", headers=[(k.encode(), v) for k, v in given.items()])
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"


def test_a_stranger_learns_nothing_of_what_is_there(client: httpx.Client, ticket: str) -> None:
    known, unknown = (
        client.post(f"/reports/{one}/state", json={"state": "?"}) for one in (ticket, "x")
    )
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert known.status_code == 401
