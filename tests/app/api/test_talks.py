"""Who waits for an officer, and is talked to without a report; nobody is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import delete, insert, update

from core import conversations, takeover, talks
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Message, Outbox
from core.draft import Draft, State
from core.effects import CallHuman
from tests.core.desk import BUDI, LINE, SITI, Who, history, link, row_of, talker, tells, wish
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


def called(make: Sessions, who: Who) -> str:
    """Have him wait since a minute ago, and change nothing else; return the talk's id."""
    id_, at = row_of(make, who).id, datetime.now(UTC) - timedelta(minutes=1)
    with transaction(make) as session:
        mine = update(Conversation).where(Conversation.id == id_)
        session.execute(mine.values(asked_human_at=at))
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


def says(
    make: Sessions, who: Who, draft: int, *texts: str, minutes: int = 0, told_in: Who | None = None
) -> None:
    """Write messages of his down, so long ago, and what he was told of each."""
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    mine, told = row_of(make, who), row_of(make, told_in).id if told_in else None
    ids = {"conversation_id": mine.id, "draft": draft}
    written = [ids | {"platform_id": one, "text": one, "at": at, "told_in": told} for one in texts]
    parts = [
        ids
        | {"texts": [f"re {one}"], "channel": mine.channel, "address": who.address}
        | {"part": 1, "parts": 1, "created_at": at}
        for one in texts
    ]
    with transaction(make) as session:
        session.execute(insert(Message), written)
        session.execute(insert(Outbox), parts)


def shown(client: httpx.Client, admin: dict[str, str], talk: str, way: str = "in") -> list[str]:
    """Return what the talk shows of one side, oldest first."""
    answer = client.get(f"/talks/{talk}", headers=admin)
    assert answer.status_code == 200, answer.text
    return [one["text"] for one in answer.json()["messages"] if one["direction"] == way]


def test_what_he_tells_while_he_waits_is_seen_although_it_became_a_draft(
    make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    admin = bearer("admin")
    for said in ("petugas", "jalan berlubang di depan pasar, wa saya 081234567890", "Pasar Lama"):
        post(make, telegram(7, said))
        work(make, Phone())
    [line] = listed(client, admin)
    answer = client.get(f"/talks/{line['id']}", headers=admin)
    assert shown(client, admin, line["id"]) == [
        "petugas",
        "jalan berlubang di depan pasar, wa saya 0812••••••90",
        "Pasar Lama",
    ]
    assert {row.draft for row in rows(make, Message)} == {0, 1}
    assert "081234567890" not in answer.text
    assert [one for one in answer.json()["messages"] if one["direction"] == "out"][1:]


@pytest.mark.parametrize(
    ("since", "seen"),
    [(0, range(10, 30)), (5, range(15, 35)), (40, range(30, 70)), (120, range(50, 150))],
)
def test_all_since_the_call_is_seen_and_some_of_what_was_told_before(
    make: Sessions, client: httpx.Client, bearer: Bearer, since: int, seen: range
) -> None:
    talk = call(make, BUDI, 5)
    texts = [f"kata {number}" for number in range(30 + since)]
    with transaction(make) as session:
        session.execute(delete(Outbox))
    says(make, BUDI, 0, "halo", minutes=9000)
    says(make, BUDI, 1, *texts[:30], minutes=60)
    if since:
        says(make, BUDI, 2, *texts[30:])
    expected = [texts[number] for number in seen]
    expected = [*(["halo"] if len(expected) < talks.SHOWN else []), *expected]
    assert shown(client, bearer("admin"), talk) == expected
    assert shown(client, bearer("admin"), talk, "out") == [f"re {one}" for one in expected]


NAMED, SECRET, SMALL, DRAFT = "bernama", "anonim", "basa-basi", "draf"


@pytest.mark.parametrize(
    ("newest", "closed", "draft", "seen"),
    [
        ("named", False, None, {NAMED, SMALL}),
        ("secret", False, None, {SECRET, SMALL}),
        ("named", True, None, {NAMED, SMALL}),
        ("named", False, Draft(3), {NAMED, SMALL, DRAFT}),
        ("named", False, Draft(3, anonim=True), {NAMED, SMALL}),
        ("secret", False, Draft(3), {SECRET, SMALL, DRAFT}),
        ("secret", False, Draft(3, anonim=True), {SECRET, SMALL, DRAFT}),
        ("named", True, Draft(3, anonim=True), {SECRET, SMALL, DRAFT}),
    ],
)
def test_nothing_of_a_report_that_is_anonim_stands_beside_one_that_is_not(
    make: Sessions,
    client: httpx.Client,
    bearer: Bearer,
    newest: str,
    closed: bool,
    draft: Draft | None,
    seen: set[str],
) -> None:
    for number, kind in enumerate(
        sorted(("named", "secret"), key=lambda kind: kind == newest), start=1
    ):
        state = "arsip" if closed else "belum_terverifikasi"
        tells(make, anonim=kind == "secret", state=state)
        says(make, BUDI, number, NAMED if kind == "named" else SECRET)
    with transaction(make) as session:
        mine = talker(session, BUDI)
        conversations.save(session, {mine.id: State(last_draft=3, draft=draft)}, {})
        session.execute(delete(Outbox).where(Outbox.draft == 0))
    says(make, BUDI, 0, SMALL)
    if draft:
        says(make, BUDI, 3, DRAFT)
    talk = called(make, BUDI)
    for way, written in (("in", seen), ("out", {f"re {one}" for one in seen})):
        assert set(shown(client, bearer("admin"), talk, way)) == written


def test_what_names_an_anonim_report_stands_beside_no_other(
    make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    secret, named = tells(make, anonim=True), tells(make)
    says(make, BUDI, 0, f"status {secret}")
    says(make, BUDI, 0, f"status {named.lower()}")
    talk = called(make, BUDI)
    for way, written in (("in", f"status {named.lower()}"), ("out", f"re status {named.lower()}")):
        texts = shown(client, bearer("admin"), talk, way)
        assert written in texts
        assert not any(secret in text for text in texts)


def test_what_was_told_here_of_a_report_of_another_channel_is_seen_here_alone(
    make: Sessions, client: httpx.Client, bearer: Bearer
) -> None:
    elsewhere = Who("9", LINE)
    tells(make, elsewhere)
    link(make, elsewhere, BUDI)
    here, there = call(make, BUDI, 5), call(make, elsewhere, 5)
    says(make, elsewhere, 1, "di sini", told_in=BUDI)
    says(make, elsewhere, 1, "di sana")
    assert shown(client, bearer("admin"), here) == ["di sini"]
    assert shown(client, bearer("admin"), there) == ["di sana"]


def test_a_talk_is_read_in_as_many_statements_however_long_it_is(
    make: Sessions, client: httpx.Client, bearer: Bearer, statements: list[tuple[str, Any]]
) -> None:
    talk, admin, counts = call(make, BUDI, 5), bearer("admin"), []
    for texts in (["satu"], [f"kata {number}" for number in range(60)]):
        says(make, BUDI, 1, *texts)
        before = len(statements)
        shown(client, admin, talk)
        counts.append(len(statements) - before)
    assert counts[0] == counts[1]


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
