"""The document that programs are written from is complete."""

from collections.abc import Iterator
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

from app.web.api import api_router
from app.web.api.errors import EXAMPLES, ErrorBody
from tests.tls import TLS

APP = FastAPI(docs_url=None, redoc_url=None)
APP.include_router(api_router)
DOCUMENT: dict[str, Any] = APP.openapi()
OPERATIONS = {
    f"{method} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


class Served(Protocol):
    """The running application of conftest."""

    url: str


operations = pytest.mark.parametrize("name", OPERATIONS)


# What each route can answer besides EVERYWHERE.
EVERYWHERE = {"200", "401", "403", "422", "503"}
ANSWERS = {
    "get /reports": "",
    "get /reports/{ticket}": "404",
    "get /reports/{ticket}/files/{file_id}": "404",
    "post /reports/{ticket}/assign": "400 404 409 412 413",
    "post /reports/{ticket}/state": "400 404 409 412 413",
    "post /reports/{ticket}/answer": "400 404 409 412 413",
    # A look changes nothing: there is no version that could be outdated.
    "post /reports/{ticket}/unmask": "400 404 413",
    "post /reports/{ticket}/reporter": "400 404 413",
    "post /reports/{ticket}/takeover": "400 404 409 412 413",
    "post /reports/{ticket}/messages": "400 404 409 412 413",
    "post /reports/{ticket}/handback": "404 409 412",
    "get /talks": "",
    "get /talks/{talk_id}": "404",
    "post /talks/{talk_id}/takeover": "400 404 409 413",
    "post /talks/{talk_id}/messages": "400 404 409 413",
    "post /talks/{talk_id}/handback": "404 409",
    "post /reports/{ticket}/block": "400 404 409 413",
    "get /blocks": "",
    "delete /blocks/{block_id}": "404",
    "get /agencies": "",
    "get /rules": "",
    "post /rules": "400 404 409 413",  # 404: an OPD or an area that is not known
    "get /rules/{rule_id}": "404",
    "put /rules/{rule_id}": "400 404 409 413",
    "patch /rules/{rule_id}": "400 404 409 413",
    "post /rules/{rule_id}/try": "400 404 409 413",
    "get /days-off": "",
    "put /days-off/{day}": "400 413",
    "delete /days-off/{day}": "404",
    "get /channels": "",
    "get /statistics/channels": "",
    "get /statistics/suggestions": "",
}


def test_each_route_is_in_the_table() -> None:
    assert set(OPERATIONS) == {name.replace(" ", " /api/v1", 1) for name in ANSWERS}


@operations
def test_every_route_is_named_described_and_guarded(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["operationId"].isalpha()
    assert len(operation["summary"]) > 10
    assert len(operation["description"]) > 10
    assert operation["tags"]
    assert operation["security"] == [{"token": []}]


def test_operation_ids_are_unique() -> None:
    ids = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(ids)) == len(ids)


@operations
def test_every_answer_is_documented_with_an_example(name: str) -> None:
    responses = OPERATIONS[name]["responses"]
    wanted = ANSWERS[name.replace("/api/v1", "", 1)]
    assert set(responses) == EVERYWHERE.union(wanted.split())
    for status, response in responses.items():
        assert response["description"]
        if status != "200":
            body = response["content"]["application/json"]
            assert body["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
            assert ErrorBody.model_validate(body["example"]).error.code == EXAMPLES[int(status)][0]


@operations
def test_what_a_route_takes_tells_what_it_answers(name: str) -> None:
    operation = OPERATIONS[name]
    taken = {parameter["name"] for parameter in operation.get("parameters", [])}
    for broken in ("400", "413"):
        assert ("requestBody" in operation) == (broken in operation["responses"])
    assert ("If-Match" in taken) == ("412" in operation["responses"])
    if taken & {"ticket", "block_id", "rule_id", "file_id"}:
        assert "404" in operation["responses"]


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from schema.get("properties", {}).items()


def has_example(field: dict[str, Any]) -> bool:
    """Tell whether a field shows a value: its own, its default, or those of what it is made of."""
    if "examples" in field or "default" in field or "const" in field or "enum" in field:
        return True
    inner = [*field.get("anyOf", []), *field.get("oneOf", [])]
    if "items" in field:
        inner.append(field["items"])
    if "$ref" in field:
        target = DOCUMENT["components"]["schemas"][field["$ref"].rsplit("/", 1)[1]]
        return "enum" in target or all(has_example(one) for _, one in fields(target))
    return any(has_example(one) for one in inner)


@pytest.mark.parametrize(
    "name", sorted(set(DOCUMENT["components"]["schemas"]) - {"ErrorBody", "ErrorDetail"})
)
def test_every_field_has_an_example(name: str) -> None:
    schema = DOCUMENT["components"]["schemas"][name]
    assert [field for field, about in fields(schema) if not has_example(about)] == []


@operations
def test_every_parameter_is_described(name: str) -> None:
    for parameter in OPERATIONS[name].get("parameters", []):
        assert parameter.get("description"), parameter["name"]


@operations
def test_every_report_that_is_given_has_an_etag(name: str) -> None:
    given = OPERATIONS[name]["responses"]["200"]
    schema = given["content"].get("application/json", {}).get("schema", {}).get("$ref", "")
    one = schema.rsplit("/", 1)[-1] in {"ReportLine", "ToldLine", "ReportDetail", "Talk"}
    assert ("ETag" in given.get("headers", {})) == one


def test_the_document_is_served_and_the_pages_that_load_scripts_are_not(
    served: Served,
) -> None:
    with httpx.Client(base_url=served.url, trust_env=False, verify=TLS) as client:
        assert client.get("/openapi.json").json()["paths"] == DOCUMENT["paths"]
        for page in ("/docs", "/redoc"):
            assert client.get(page).status_code == 404
