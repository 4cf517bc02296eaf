"""One report with all that happened to it, and its files."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, select

from core.db.session import Sessions, transaction
from core.db.tables import File, Message, Outbox, Report
from core.errors import StorageAway
from core.storage import Folder, Opened
from core.ticket import new_ticket

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
Statement = tuple[str, Any]
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def put_files(folder: Path) -> list[str]:
    """Put a photo and its copy into the folder; return paths of copies, and of what is not ours.

    The empty path is that of a file that was not fetched yet.
    """
    secret = folder.parent / "secret"
    (folder / "aa").mkdir(parents=True, exist_ok=True)
    (folder / "aa" / "asli").write_bytes(b"ftypheic, taken at home")
    (folder / "aa" / "foto").write_bytes(b"\xff\xd8\xffjpeg")
    (folder / "aa" / "surat").write_bytes(b"%PDF")
    secret.write_bytes(b"not yours")
    (folder / "link").unlink(missing_ok=True)
    (folder / "link").symlink_to(secret)
    return ["aa/foto", "", "../secret", str(secret), "link", "gone", "aa"]


def states_of(paths: list[str]) -> list[dict[str, Any]]:
    """What became of files whose copies have these paths, and of three other ones."""
    original = {"path": "aa/asli", "mime": "image/heic", "size": 7, "state": "stored"}
    copy = original | {"shown_mime": "image/jpeg"}
    waiting = {"path": "", "mime": "", "size": 0, "state": "waiting", "shown_mime": ""}
    letter = {"path": "aa/surat", "mime": "application/pdf", "shown_path": ""}
    blind = {"code": "not_viewable", "shown_path": "", "shown_mime": ""}
    return [
        *((copy if path else waiting) | {"shown_path": path, "code": ""} for path in paths),
        original | blind,
        original | blind | letter | {"code": ""},
        copy | {"state": "withdrawn", "shown_path": "aa/foto", "code": ""},
    ]


@pytest.fixture
def ticket(app: FastAPI, make: Sessions, open_report: OpenReport) -> str:
    """A report with a message, an answer in two parts, and files in several states."""
    own: dict[str, Any] = {"draft": 1}
    with transaction(make) as session:
        ticket = open_report(session, created_at=MORNING)
        own["conversation_id"] = session.scalars(select(Report.conversation_id)).one()
        told = {"at": MORNING, "decision": "new", "reason": "none"}
        session.execute(
            insert(Message),
            [
                own | told | {"platform_id": "1", "text": "Jalan berlubang"},
                own | told | {"platform_id": "2", "text": "lain", "draft": 0},
            ],
        )
        out = own | {"channel": "telegram", "address": "7", "parts": 2, "attempts": 1}
        out |= {"created_at": MORNING + timedelta(seconds=1)}
        sent = {"state": "sent", "sent_at": MORNING + timedelta(seconds=2), "code": ""}
        failed = {"state": "failed", "sent_at": None, "code": "rejected"}
        session.execute(
            insert(Outbox),
            [
                out | {"part": 1, "texts": ["Terima"]} | sent,
                out | {"part": 2, "texts": ["kasih"]} | failed,
            ],
        )
        file = own | {"channel": "telegram", "platform_id": "1", "media": "photo"}
        paths = put_files(app.state.folder)
        session.execute(
            insert(File),
            [file | {"ref": str(number)} | state for number, state in enumerate(states_of(paths))],
        )
    return ticket


def test_one_report_with_all_that_happened(
    client: httpx.Client, bearer: Bearer, ticket: str
) -> None:
    answer = client.get(f"/reports/{ticket}", headers=bearer("admin"))
    report = answer.json()
    assert answer.headers["ETag"] == '"1"'
    told = (report["ticket"], report["text"], report["complete"])
    assert told == (ticket, "Jalan berlubang", True)
    assert [(step["actor"], step["kind"]) for step in report["history"]] == [("warga", "opened")]
    assert report["messages"] == [
        {
            "direction": "in",
            "at": "2026-03-02T01:00:00Z",
            "text": "Jalan berlubang",
            "edited_at": None,
            "decision": "new",
            "reason": "none",
        },
        *(
            {
                "direction": "out",
                "at": "2026-03-02T01:00:01Z",
                "text": text,
                "part": part,
                "parts": 2,
                "delivery": delivery,
                "code": code,
                "attempts": 1,
                "due_at": None,
                "sent_at": sent_at,
                "human": False,
            }
            for text, part, delivery, code, sent_at in [
                ("Terima", 1, "sent", "", "2026-03-02T01:00:02Z"),
                ("kasih", 2, "failed", "rejected", None),
            ]
        ),
    ]


def test_the_files_of_a_report(client: httpx.Client, bearer: Bearer, ticket: str) -> None:
    answer = client.get(f"/reports/{ticket}", headers=bearer("admin"))
    files = answer.json()["files"]
    told = [
        (it["id"], it["media"], it["state"], it["code"], it["viewable"], it["mime"], it["size"])
        for it in files
    ]
    assert told[:2] == [
        (1, "photo", "stored", "", True, "image/jpeg", 7),
        (2, "photo", "waiting", "", False, "", 0),
    ]
    assert told[7:] == [
        (8, "photo", "stored", "not_viewable", False, "image/heic", 7),
        (9, "photo", "stored", "", True, "application/pdf", 7),
        (10, "photo", "withdrawn", "", False, "image/jpeg", 7),
    ]
    assert "aa/" not in answer.text


def test_reading_takes_as_many_statements_for_many_rows(
    client: httpx.Client, bearer: Bearer, ticket: str, statements: list[Statement]
) -> None:
    headers = bearer("admin")
    counts = []
    for path in (f"/reports/{ticket}", "/reports"):
        statements.clear()
        assert client.get(path, headers=headers).status_code == 200
        counts.append(len(statements))
    assert counts == [1 + 5 + 1, 1 + 1 + 1]  # the token, what was asked for, its suggestions


@pytest.mark.parametrize(
    "spell", [str, str.lower, lambda t: t.replace("-", ""), lambda t: t.replace("-", " ")]
)
def test_a_ticket_is_read_forgivingly(
    client: httpx.Client, bearer: Bearer, ticket: str, spell: Callable[[str], str]
) -> None:
    answer = client.get(f"/reports/{spell(ticket)}", headers=bearer("admin"))
    assert answer.json()["ticket"] == ticket


@pytest.mark.parametrize(
    "unknown",
    ["x", "22222-22222", "%00", "%F0%9F%99%8F", "9" * 5000, pytest.param(new_ticket(), id="new")],
)
@pytest.mark.parametrize("rest", ["", "/files/1"])
def test_an_unknown_ticket_is_not_found(
    client: httpx.Client, bearer: Bearer, unknown: str, rest: str
) -> None:
    answer = client.get(f"/reports/{unknown}{rest}", headers=bearer("admin"))
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_a_stored_file_is_a_download_that_nothing_runs(
    client: httpx.Client, bearer: Bearer, ticket: str
) -> None:
    answer = client.get(f"/reports/{ticket}/files/1", headers=bearer("admin"))
    assert (answer.status_code, answer.content) == (200, b"\xff\xd8\xffjpeg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Length"] == "7"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ticket}-1.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_no_picture_is_given_out_as_it_came(
    client: httpx.Client, bearer: Bearer, ticket: str
) -> None:
    answer = client.get(f"/reports/{ticket}/files/9", headers=bearer("admin"))
    assert (answer.status_code, answer.content) == (200, b"%PDF")
    assert answer.headers["Content-Type"] == "application/pdf"


def test_a_storage_that_is_away_is_told(
    client: httpx.Client, app: FastAPI, bearer: Bearer, ticket: str
) -> None:
    class Away(Folder):
        def open(self, key: str) -> Opened:
            raise StorageAway("SlowDown")

    there = app.state.storage
    app.state.storage = Away(app.state.folder)
    try:
        answer = client.get(f"/reports/{ticket}/files/1", headers=bearer("admin"))
    finally:
        app.state.storage = there
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "storage_away")


@pytest.mark.parametrize(
    ("file", "status"),
    [
        ("8", 404),  # a picture without a copy
        ("10", 404),  # taken back
        ("2", 404),  # not fetched yet
        ("3", 404),  # above the folder
        ("4", 404),  # an absolute path
        ("5", 404),  # a link out of the folder
        ("6", 404),  # lost from the disk
        ("7", 404),  # a directory
        ("99", 404),
        ("9223372036854775807", 404),
        ("9223372036854775808", 422),
        ("0", 422),
        ("-1", 422),
        ("x", 422),
        ("..%2F..%2Fetc%2Fpasswd", 404),
    ],
)
def test_nothing_else_is_given_out(
    client: httpx.Client, bearer: Bearer, ticket: str, file: str, status: int
) -> None:
    answer = client.get(f"/reports/{ticket}/files/{file}", headers=bearer("admin"))
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_a_file_belongs_to_its_report(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer, ticket: str
) -> None:
    with transaction(make) as session:
        other = open_report(session)
    assert client.get(f"/reports/{other}/files/1", headers=bearer("admin")).status_code == 404
