"""Who told a report: for a reason, with a trace, never of an anonim one, and nowhere else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from core import agencies, outbox
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, File, Outbox, Report, ReportEvent
from tests.app.api.test_access import BODIES, MATRIX
from tests.core.post import HOLE, Phone, post, tap, work
from tests.core.post import update as event

Bearer = Callable[..., dict[str, str]]
SENDER = 5099123456
NAME, HANDLE = "Warga Contoh", "warga_contoh"
WHO: dict[str, object] = {
    "id": SENDER,
    "first_name": "Warga",
    "last_name": "Contoh",
    "username": HANDLE,
}
WHY = {"reason": "Petugas perlu bertemu pelapor."}


def said(who: dict[str, object], text: str = "", **fields: object) -> bytes:
    """A message of `who`."""
    return event(SENDER, text, **{"from": who, **fields})


@pytest.fixture
def ticket(app: FastAPI, make: Sessions) -> str:
    """A report that came the whole road, in the hands of dinas-pupr, with a file."""
    folder: Path = app.state.folder
    folder.mkdir(exist_ok=True)
    (folder / "foto").write_bytes(b"\xff\xd8\xff")
    told = said(WHO, caption=HOLE, photo=[{"file_id": "f", "width": 1, "height": 1}])
    for raw in (told, tap(SENDER, "send:1")):
        post(make, raw)
        work(make, Phone())
    with transaction(make) as session:
        agency_id = agencies.find(session, "dinas-pupr").id
        session.execute(update(Report).values(state="terdisposisi", agency_id=agency_id))
        shown = {"state": "stored", "path": "asli", "shown_path": "foto"}
        mime = {"mime": "image/jpeg", "shown_mime": "image/jpeg", "size": 3}
        session.execute(update(File).values(**shown, **mime))
        return session.scalars(select(Report.ticket)).one()


def hide(make: Sessions) -> None:
    with transaction(make) as session:
        session.execute(update(Report).values(anonim=True))


def looks(make: Sessions) -> list[tuple[str, dict[str, str]]]:
    with transaction(make) as session:
        found = select(ReportEvent.actor, ReportEvent.detail)
        return list(map(tuple, session.execute(found.where(ReportEvent.kind == "identity_read"))))


def test_each_look_has_its_reason_in_the_history(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    admin, path = bearer("admin"), f"/reports/{ticket}"
    answer = client.post(f"{path}/reporter", json=WHY, headers=admin)
    assert answer.json() == {
        "ticket": ticket,
        "channel": "telegram",
        "name": NAME,
        "address": str(SENDER),
    }
    assert looks(make) == [("admin dinas-pupr", WHY)]
    report = client.get(path, headers=admin).json()
    assert report["version"] == 1  # nothing was changed
    numbers = {"reason": "Telepon 081234567890 tidak diangkat."}
    client.post(f"{path}/reporter", json=numbers, headers=admin)
    assert "081234567890" not in str(looks(make))
    assert len(looks(make)) == 2


@pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": "x" * 201}, {"why": "sebab"}])
def test_without_a_reason_nothing_is_shown(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, body: dict[str, str]
) -> None:
    answer = client.post(f"/reports/{ticket}/reporter", json=body, headers=bearer("admin"))
    assert answer.status_code == 422
    assert looks(make) == []


@pytest.mark.parametrize("role", ["admin", "opd", "analyst"])
def test_of_an_anonim_report_nobody_is_told(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, role: str
) -> None:
    hide(make)
    answer = client.post(f"/reports/{ticket}/reporter", json=WHY, headers=bearer(role))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert ("anonim" in answer.json()["error"]["message"]) == (role == "admin")
    assert NAME not in answer.text
    assert str(SENDER) not in answer.text
    assert looks(make) == []


@pytest.mark.parametrize("anonim", [False, True])
def test_no_endpoint_tells_who_it_was(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, anonim: bool
) -> None:
    """Walks them all in the order of the matrix of rights, which has every route."""
    if anonim:
        hide(make)
    with transaction(make) as session:
        mine = session.scalars(select(Conversation)).one()
        identity = (NAME, *NAME.split(), HANDLE, str(SENDER), str(mine.id), str(mine.person))
        assert (mine.name, mine.address) == (NAME, str(SENDER))
    shown = set()
    for method, path, body in [*MATRIX, *MATRIX]:  # and once more, after all that was done
        sent = BODIES.get(body, {"state": body, "reason": "sebab"}) if body else None
        for role in ("admin", "opd", "analyst"):
            url = path.format(ticket=ticket)
            answer = client.request(method, url, json=sent, headers=bearer(role))
            told = [word for word in identity if word in answer.text + str(answer.headers)]
            if told:
                shown.add((method, path, role))
            assert answer.status_code != 500
    seen = {("POST", "/reports/{ticket}/reporter", "admin")}
    assert shown == (set() if anonim else seen)


def test_answers_reach_whom_nobody_sees(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    hide(make)
    sent = {"answer": "Sudah ditambal.", "messages": "Terima kasih laporannya."}
    for action, words in sent.items():
        path = f"/reports/{ticket}/{action}"
        assert client.post(path, json={"text": words}, headers=bearer("admin")).status_code == 200
    reached: list[str] = []
    with transaction(make) as session:
        while parts := outbox.claim(session, "telegram", 9, timedelta(hours=1)):
            reached += [part.outbound.text for part in parts]
            assert {part.outbound.address for part in parts} == {str(SENDER)}
            ids = [part.id for part in parts]
            session.execute(update(Outbox).where(Outbox.id.in_(ids)).values(state="sent"))
    for words in sent.values():
        assert any(words in text for text in reached)


def test_the_name_is_kept_sealed_and_follows_the_platform(make: Sessions, app: FastAPI) -> None:
    def names(*senders: dict[str, object]) -> str:
        for who in senders:
            post(make, said(who, "halo"))
        work(make, Phone())
        with transaction(make) as session:
            return session.scalars(select(Conversation.name)).one()

    assert names({"id": SENDER}) == ""
    assert names(WHO) == NAME
    assert names({"id": SENDER}) == NAME  # an event that does not tell takes nothing away
    assert names(WHO, {"id": SENDER, "username": HANDLE}) == f"@{HANDLE}"
    before = stored(make)
    assert HANDLE.encode() not in before
    names({"id": SENDER, "username": HANDLE})
    assert stored(make) == before  # what has not changed is not written again


def stored(make: Sessions) -> bytes:
    with transaction(make) as session:
        found = session.connection().exec_driver_sql("select name from conversation").scalar_one()
        return bytes(found)
