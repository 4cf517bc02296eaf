"""The document that programs are written from is complete."""

from collections.abc import Iterator
from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

from app.web.api import api_router
from app.web.api.errors import EXAMPLES, ErrorBody

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


def statuses(name: str) -> set[str]:
    """Return what a route can answer, from what it is."""
    wanted = {"200", "401", "403", "422", "503"}
    if any(part in name for part in ("{ticket}", "{block_id}", "{rule_id}")):
        wanted.add("404")
    if "/rules" in name:  # no version is asked for: what was edited must be tried again
        return wanted if name.startswith("get") else wanted | {"409", "413"}
    if name.startswith("post"):
        wanted |= {"404", "409", "413"}
    if name.startswith("post") and not name.endswith("/block"):
        wanted.add("412")  # what changes a report can be bound to its version
    return wanted


def test_there_is_something_to_check() -> None:
    assert len(OPERATIONS) == 19


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
    assert set(responses) == statuses(name)
    for status, response in responses.items():
        assert response["description"]
        if status != "200":
            body = response["content"]["application/json"]
            assert body["schema"] == {"$ref": "#/components/schemas/ErrorBody"}
            assert ErrorBody.model_validate(body["example"]).error.code == EXAMPLES[int(status)][0]


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
    one = schema.rsplit("/", 1)[-1] in {"ReportLine", "ReportDetail"}
    assert ("ETag" in given.get("headers", {})) == one


def test_the_document_is_served_and_the_pages_that_load_scripts_are_not(
    served: Served,
) -> None:
    with httpx.Client(base_url=served.url, trust_env=False) as client:
        assert client.get("/openapi.json").json()["paths"] == DOCUMENT["paths"]
        for page in ("/docs", "/redoc"):
            assert client.get(page).status_code == 404
