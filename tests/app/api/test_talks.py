"""Who waits for an officer, and is talked to without a report; nobody is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from core import takeover
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox
from core.effects import CallHuman
from tests.core.desk import BUDI, LINE, SITI, Who, history, link, row_of, tells, wish
from tests.core.post import Phone, post, rows, work
from tests.core.post import update as telegram

Bearer = Callable[..., dict[str, str]]
THIRD = Who("70")


def call(make: Sessions, who: Who, minutes: int) -> str:
    """Have him ask for an officer so long ago; return the talk's id."""
    wish(make, (who, CallHuman()))
    id_ = row_of(make, who).id
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    with transaction(make) as session:
        mine = update(Conversation).where(Conversation.id == id_)
        session.execute(mine.values(asked_human_at=at, name="Nama Contoh"))
    return str(id_)


def listed(client: httpx.Client, admin: dict[str, str], **wanted: Any) -> list[dict[str, Any]]:
    """Return all pages, of two each."""
    found: list[dict[str, Any]] = []
    params = {"limit": 2, **wanted}
    while True:
        answer = client.get("/talks", params=params, headers=admin)
        assert answer.status_code == 200, answer.text
        found += answer.json()["talks"]
        if not (cursor := answer.json()["next_cursor"]):
            return found
        params["cursor"] = cursor


def test_who_waits_longest_comes_first_with_his_newest_open_report(
    make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    elsewhere = Who("9", LINE)
    tells(make, elsewhere)
    newest = tells(make, elsewhere)
    tells(make, elsewhere, state="selesai")
    link(make, BUDI, elsewhere)
    tells(make, SITI, state="arsip")
    others = [Who(f"8{n}") for n in range(3)]
    waiting = [call(make, BUDI, 5), call(make, SITI, 50)]
    waiting += [call(make, who, 50 - n) for n, who in enumerate(others, start=1)]
    row_of(make, BUDI)
    found = listed(client, bearer("admin"))
    assert [one["id"] for one in found] == [*waiting[1:], waiting[0]]
    assert [one["ticket"] for one in found] == [None] * 4 + [newest]
    assert "Nama" not in str(found)
    assert set(found[0]) == {"id", "channel", "waiting_since", "human_until", "ticket"}
    assert listed(client, bearer("admin"), waiting=False) == []


def test_a_talk_without_a_report_from_the_first_word_to_the_last(
    app: FastAPI, make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    admin = bearer("admin")
    post(make, telegram(7, "halo"), telegram(7, "petugas"))
    work(make, Phone())
    [line] = listed(client, admin)
    path = f"/talks/{line['id']}"
    assert line["waiting_since"]
    taken = client.post(f"{path}/takeover", json={"minutes": 5}, headers=admin).json()
    assert (taken["waiting_since"], taken["ticket"]) == (None, None)
    assert listed(client, admin) == []
    assert [one["id"] for one in listed(client, admin, waiting=False)] == [line["id"]]
    said = client.post(f"{path}/messages", json={"text": "Ada yang bisa dibantu?"}, headers=admin)
    assert said.status_code == 200
    post(make, telegram(7, "kapan kantor buka, wa saya 081234567890"))
    work(make, Phone())
    messages = client.get(path, headers=admin).json()["messages"]
    texts = [(one["direction"], one["text"]) for one in messages]
    begun = "Mulai sekarang petugas kami sendiri yang menjawab Anda di sini. Layanan otomatis"
    assert any(way == "out" and one.startswith(begun) for way, one in texts)
    assert ("out", "Ada yang bisa dibantu?") in texts
    assert ("in", "kapan kantor buka, wa saya 0812••••••90") in texts
    back = client.post(f"{path}/handback", headers=admin)
    assert (back.status_code, back.json()["human_until"]) == (200, None)
    last = rows(make, Outbox)[-1].texts
    assert last[0].startswith("Percakapan dengan petugas selesai.")
    assert app.state.waker.channels == ["telegram"] * 3
    assert client.get(path, headers=admin).status_code == 404
    assert client.post(f"{path}/messages", json={"text": "Halo"}, headers=admin).status_code == 409


def test_with_an_open_report_the_talk_is_about_that(
    make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    ticket = tells(make)
    talk = call(make, BUDI, 1)
    said = client.post(f"/talks/{talk}/messages", json={"text": "Halo."}, headers=bearer("admin"))
    assert (said.status_code, said.json()["ticket"]) == (200, ticket)
    kinds = [kind for kind, _ in history(make, ticket)]
    assert kinds == ["asked_for_human", "human_message"]
    assert [row.draft for row in rows(make, Outbox)] == [1, 1]


def test_time_ends_a_talk_without_a_report_too(
    app: FastAPI, make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    talk = call(make, BUDI, 1)
    client.post(f"/talks/{talk}/takeover", json={}, headers=bearer("admin"))
    with transaction(make) as session:
        session.execute(update(Conversation).values(human_until=datetime.now(UTC)))
    with transaction(make) as session:
        ended = takeover.end_over(session, app.state.limits, daytime=True)
    assert ended == takeover.Ended(1, frozenset({"telegram"}))
    assert rows(make, Outbox)[-1].texts[0].startswith("Percakapan dengan petugas selesai.")


@pytest.mark.parametrize("waits", [True, False])
def test_nobody_is_written_to_who_did_not_ask(
    make: Sessions, client: httpx.Client, bearer: Bearer, waits: bool
) -> None:
    tells(make)
    talk = call(make, BUDI, 1) if waits else str(row_of(make, BUDI).id)
    body = {"text": "Halo."}
    answer = client.post(f"/talks/{talk}/messages", json=body, headers=bearer("admin"))
    assert answer.status_code == (200 if waits else 409)


def test_a_channel_that_is_off_is_told(
    make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    talk = call(make, Who("9", LINE), 1)
    answer = client.post(f"/talks/{talk}/takeover", json={}, headers=bearer("admin"))
    assert answer.status_code == 409
    assert row_of(make, Who("9", LINE)).asked_human_at
