import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from core import agencies
from core.db.session import Sessions, transaction
from core.db.tables import Choice, Outbox, ReportEvent

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]


@pytest.fixture
def ticket(app: FastAPI, make: Sessions, open_report: OpenReport) -> str:
    with transaction(make) as session:
        return open_report(session)


def told(make: Sessions) -> list[str]:
    with transaction(make) as session:
        return [texts[0] for texts in session.scalars(select(Outbox.texts).order_by(Outbox.id))]


def count_of(make: Sessions, table: type[Any]) -> int:
    with transaction(make) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_from_the_first_check_to_the_answer(
    app: FastAPI, client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    city, opd = bearer("admin"), bearer("opd")
    steps: list[tuple[dict[str, str], str, dict[str, Any]]] = [
        (city, "assign", {"agency": "dinas-pupr"}),
        (opd, "state", {"state": "proses"}),
        (opd, "answer", {"text": "Kami periksa besok."}),
        (opd, "answer", {"text": "Sudah ditambal.", "done": True}),
    ]
    seen = []
    for headers, action, body in steps:
        answer = client.post(f"/reports/{ticket}/{action}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        line = answer.json()
        assert answer.headers["ETag"] == f'"{line["version"]}"'
        seen.append((line["state"], line["version"], line["agency"]["slug"]))
    assert seen == [
        ("terdisposisi", 2, "dinas-pupr"),
        ("proses", 3, "dinas-pupr"),
        ("proses", 4, "dinas-pupr"),
        ("selesai", 5, "dinas-pupr"),
    ]
    assert app.state.waker.channels == ["telegram"] * 4
    assert [
        word in text
        for word, text in zip(
            ["Dinas PUPR", ticket, "Kami periksa besok.", "Sudah ditambal."],
            told(make),
            strict=True,
        )
    ] == [True] * 4
    report = client.get(f"/reports/{ticket}", headers=opd).json()
    assert [step["actor"] for step in report["history"]] == [
        "warga",
        "admin dinas-pupr",
        *["opd dinas-pupr"] * 3,
    ]
    assert report["answered_at"] == report["history"][3]["at"]


def test_an_opd_gives_a_report_back(client: httpx.Client, bearer: Bearer, ticket: str) -> None:
    city, opd = bearer("admin"), bearer("opd")
    client.post(f"/reports/{ticket}/assign", json={"agency": "dinas-pupr"}, headers=city)
    body = {"state": "belum_terverifikasi", "reason": "Jalan provinsi"}
    answer = client.post(f"/reports/{ticket}/state", json=body, headers=opd)
    assert (answer.status_code, answer.json()["agency"]) == (200, None)
    assert client.get(f"/reports/{ticket}", headers=opd).status_code == 404


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("assign", {"agency": "tak-ada"}, 404, "not_found"),
        ("answer", {"text": "x"}, 409, "move_refused"),
        ("state", {"state": "selesai"}, 409, "move_refused"),
        ("state", {"state": "tunda"}, 409, "move_refused"),
        ("state", {"state": "arsip", "reason": " \n\x00 "}, 409, "move_refused"),
        ("state", {"state": "terdisposisi"}, 409, "move_refused"),
        ("assign", {"agency": "Rahasia 8731"}, 422, "invalid"),
        ("assign", {"agency": "a" * 65}, 422, "invalid"),
        ("assign", {}, 422, "invalid"),
        ("assign", {"agency": "dlh", "rahasia8731": 1}, 422, "invalid"),
        ("assign", ["rahasia8731"], 422, "invalid"),
        ("state", {"state": "rahasia8731"}, 422, "invalid"),
        ("state", {"state": "tunda", "reason": "8731" * 251}, 422, "invalid"),
        ("answer", {"text": ""}, 422, "invalid"),
        ("answer", {"text": " \x00\n "}, 422, "invalid"),
        ("answer", {"text": "8731" * 1000 + "8"}, 422, "invalid"),
        ("answer", {"text": 8731}, 422, "invalid"),
        ("answer", {"text": "x", "done": "rahasia8731"}, 422, "invalid"),
    ],
)
def test_a_refused_action_leaves_no_trace_and_repeats_nothing(
    app: FastAPI,
    client: httpx.Client,
    make: Sessions,
    bearer: Bearer,
    ticket: str,
    action: str,
    body: object,
    status: int,
    code: str,
) -> None:
    headers = bearer("admin")
    answer = client.post(f"/reports/{ticket}/{action}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert "8731" not in answer.text
    assert app.state.waker.channels == []
    assert told(make) == []
    report = client.get(f"/reports/{ticket}", headers=headers).json()
    assert (report["version"], len(report["history"])) == (1, 1)


@pytest.mark.parametrize(
    ("written", "arrives"),
    [
        ("Sudah \x00selesai\r\nterima kasih ", "Sudah selesai\nterima kasih"),
        ("\ud800 selesai", "\ufffd selesai"),
        ("🙏" * 4000, "🙏" * 2000),
        ("<b>&{ $ticket }%s", "<b>&{ $ticket }%s"),
    ],
)
def test_an_answer_arrives_as_it_was_written(
    client: httpx.Client,
    make: Sessions,
    open_report: OpenReport,
    bearer: Bearer,
    written: str,
    arrives: str,
) -> None:
    with transaction(make) as session:
        ticket = open_report(session, state="proses")
    headers = bearer("admin") | {"Content-Type": "application/json"}
    content = json.dumps({"text": written}).encode()
    answer = client.post(f"/reports/{ticket}/answer", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    assert arrives in "".join(told(make))


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        (None, 200),
        ('"2"', 412),
        ("1", 412),
        ('W/"1"', 412),
        ("", 412),
        ("x" * 5000, 412),
    ],
)
def test_if_match(
    client: httpx.Client, bearer: Bearer, ticket: str, if_match: str | None, status: int
) -> None:
    headers = bearer("admin") | ({} if if_match is None else {"If-Match": if_match})
    body = {"agency": "dlh"}
    answer = client.post(f"/reports/{ticket}/assign", json=body, headers=headers)
    assert answer.status_code == status
    if status == 412:
        assert answer.json()["error"]["code"] == "outdated"


def test_the_same_request_again_does_nothing_twice(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    headers = bearer("admin") | {"If-Match": '"1"'}
    answers = [
        client.post(f"/reports/{ticket}/assign", json={"agency": "dlh"}, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 412]
    assert len(told(make)) == 1


@pytest.mark.parametrize("state", ["terdisposisi", "proses"])
def test_the_same_opd_again_changes_nothing(
    app: FastAPI, client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, state: str
) -> None:
    headers, path, body = bearer("admin"), f"/reports/{ticket}/assign", {"agency": "dlh"}
    client.post(path, json=body, headers=headers)
    if state == "proses":
        client.post(f"/reports/{ticket}/state", json={"state": state}, headers=headers)
    before = client.get(f"/reports/{ticket}", headers=headers).json()
    said, woken = told(make), list(app.state.waker.channels)

    def act(_: int) -> httpx.Response:
        return client.post(path, json=body, headers=headers)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(act, range(4)))
    assert {(one.status_code, one.headers["ETag"]) for one in answers} == {
        (200, f'"{before["version"]}"')
    }
    assert {(one.json()["state"], one.json()["agency"]["slug"]) for one in answers} == {
        (state, "dlh")
    }
    assert client.get(f"/reports/{ticket}", headers=headers).json() == before
    assert (told(make), app.state.waker.channels) == (said, woken)
    assert count_of(make, Choice) == 1
    client.post(path, json=body | {"urusan": "DLH"}, headers=headers)
    assert client.get(f"/reports/{ticket}", headers=headers).json() == before
    with transaction(make) as session:
        assert session.scalars(select(Choice.urusan).order_by(Choice.id)).all()[1:] == ["DLH"]


def test_the_same_opd_takes_up_what_was_put_off(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    headers, path, body = bearer("admin"), f"/reports/{ticket}", {"agency": "dlh"}
    client.post(f"{path}/assign", json=body, headers=headers)
    later = {"state": "tunda", "reason": "Menunggu foto"}
    client.post(f"{path}/state", json=later, headers=headers)
    again = client.post(f"{path}/assign", json=body, headers=headers)
    assert (again.json()["state"], again.json()["version"]) == ("terdisposisi", 4)
    assert len(told(make)) == 3


@pytest.mark.parametrize(
    ("action", "body", "warnings"),
    [
        ("answer", {"text": "Sudah ditambal."}, []),
        ("answer", {"text": "Hubungi 081234567890 atau budi@contoh.id."}, ["email", "phone"]),
        ("answer", {"text": "NIK 6474014205900001 sudah aktif."}, ["nik"]),
        ("state", {"state": "tunda", "reason": "NIK 6474014205900001 belum ada"}, ["nik"]),
        ("state", {"state": "selesai"}, []),
    ],
)
def test_personal_data_in_what_is_sent_are_told_to_the_officer(
    client: httpx.Client,
    make: Sessions,
    open_report: OpenReport,
    bearer: Bearer,
    action: str,
    body: dict[str, str],
    warnings: list[str],
) -> None:
    with transaction(make) as session:
        ticket = open_report(session, state="proses")
    answer = client.post(f"/reports/{ticket}/{action}", json=body, headers=bearer("admin"))
    assert (answer.status_code, answer.json()["warnings"]) == (200, warnings)
    [sent] = told(make)
    assert body.get("text", body.get("reason", "")) in sent


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_officers_at_once_the_second_is_told(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str, attempt: int
) -> None:
    read = client.get(f"/reports/{ticket}", headers=bearer("admin"))
    headers = bearer("admin") | {"If-Match": read.headers["ETag"]}
    gate = Barrier(2)

    def act(slug: str) -> httpx.Response:
        gate.wait(10)
        return client.post(f"/reports/{ticket}/assign", json={"agency": slug}, headers=headers)

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip(agencies_, pool.map(act, agencies_), strict=True))
    assert sorted(answer.status_code for answer in answers.values()) == [200, 412]
    won = next(slug for slug, answer in answers.items() if answer.status_code == 200)
    report = client.get(f"/reports/{ticket}", headers=bearer("admin")).json()
    assert (report["agency"]["slug"], report["version"]) == (won, 2)
    assert len(told(make)) == 1


agencies_ = ("dinas-pupr", "dlh")


def test_without_if_match_both_act_one_after_the_other(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    headers = bearer("admin")
    eight = {f"opd-{number}": f"OPD {number}" for number in range(8)}
    with transaction(make) as session:
        agencies.load(session, eight)

    def act(slug: str) -> int:
        body = {"agency": slug}
        return client.post(f"/reports/{ticket}/assign", json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(act, eight)) == {200}
    with transaction(make) as session:
        count = session.scalar(select(func.count()).where(ReportEvent.kind == "assigned"))
    assert count == 8
    assert client.get(f"/reports/{ticket}", headers=headers).json()["version"] == 9


def test_a_report_of_a_channel_that_is_off_waits(
    client: httpx.Client, make: Sessions, open_report: OpenReport, bearer: Bearer
) -> None:
    with transaction(make) as session:
        ticket = open_report(session, channel="line")
    body = {"agency": "dlh"}
    answer = client.post(f"/reports/{ticket}/assign", json=body, headers=bearer("admin"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "move_refused")
    assert "line" in answer.json()["error"]["message"]


def test_an_agency_that_is_put_away_takes_nothing(
    client: httpx.Client, make: Sessions, bearer: Bearer, ticket: str
) -> None:
    with transaction(make) as session:
        agencies.find(session, "dlh").active = False
        pupr = agencies.find(session, "dinas-pupr")
        pupr.region, pupr.kind, pupr.verified = "64.74", "dinas", False
    listed = client.get("/agencies", headers=bearer("admin")).json()["agencies"]
    more = {"region": "64.74", "kind": "dinas", "verified": False}
    assert listed == [{"slug": "dinas-pupr", "name": "Dinas PUPR"} | more]
    body = {"agency": "dlh"}
    answer = client.post(f"/reports/{ticket}/assign", json=body, headers=bearer("admin"))
    assert answer.status_code == 404
