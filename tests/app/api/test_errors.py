from collections.abc import Callable, Iterator

import httpx
import pytest

from core.ticket import new_ticket

Bearer = Callable[..., dict[str, str]]


def chunks() -> Iterator[bytes]:
    yield b'{"agency": "'
    for _ in range(70):
        yield b"x" * 1024
    yield b'"}'


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "invalid"),
        (b"{", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'"\xff"', 400, "bad_request"),
        (b"[" * 60_000, 400, "bad_request"),
        (b'{"agency": NaN}', 422, "invalid"),
        (b'{"agency": "' + b"x" * 70_000 + b'"}', 413, "too_large"),
        (chunks, 413, "too_large"),
    ],
)
def test_broken_bodies(
    client: httpx.Client,
    bearer: Bearer,
    content: bytes | Callable[[], Iterator[bytes]],
    status: int,
    code: str,
) -> None:
    headers = bearer("admin") | {"Content-Type": "application/json"}
    sent = content if isinstance(content, bytes) else content()
    answer = client.post(f"/reports/{new_ticket()}/assign", content=sent, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("assign", b"", "the body must be a JSON object with agency"),
        ("assign", b"{}", "agency: Field required"),
        ("assign", b"[]", "the body must be a JSON object with agency"),
        ("state", b"", "the body must be a JSON object with state"),
        ("answer", b"{}", "text: Field required"),
        ("reporter", b"", "the body must be a JSON object with reason"),
        ("reporter", b"{}", "reason: Field required"),
        ("takeover", b"", "the body must be a JSON object with any of its fields"),
        ("takeover", b'{"minutes": "x"}', "minutes: Input should be a valid integer"),
        ("messages", b"null", "the body must be a JSON object with text"),
    ],
)
def test_a_refusal_names_what_is_missing(
    client: httpx.Client, bearer: Bearer, path: str, content: bytes, said: str
) -> None:
    headers = bearer("admin") | {"Content-Type": "application/json"}
    answer = client.post(f"/reports/{new_ticket()}/{path}", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].startswith(said)


def test_a_form_is_not_json(client: httpx.Client, bearer: Bearer) -> None:
    """So that no other site's page can send orders through somebody's browser."""
    path = f"/reports/{new_ticket()}/assign"
    for headers in ({}, {"Content-Type": "text/plain"}):
        answer = client.post(path, content=b'{"agency": "dlh"}', headers=bearer("admin") | headers)
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/reports/"),
        ("GET", "/unknown"),
        ("DELETE", "/reports/22222-22222"),
        ("PUT", "/agencies"),
        ("POST", "/reports"),
        ("GET", "/reports/22222-22222/assign"),
    ],
)
def test_unknown_paths_have_the_same_shape(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/reports"),
        ("GET", "/reports/22222-22222"),
        ("GET", "/agencies"),
        ("GET", "/statistics/channels"),
        ("POST", "/reports/22222-22222/answer"),
    ],
)
def test_a_database_that_is_away_is_said(homeless: httpx.Client, method: str, path: str) -> None:
    headers = {"Authorization": "Bearer kanal_" + "A" * 43}
    answer = homeless.request(method, path, headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.json() == {
        "error": {
            "code": "database_away",
            "message": "the database is away; try again in a moment",
        }
    }
