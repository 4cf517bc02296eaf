"""Every refusal of the API: one table, one shape, documented for each route."""

from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from core.errors import (
    DatabaseAway,
    IdentityWithheld,
    KanalError,
    MoveRefused,
    NotFound,
    StorageAway,
)


class Unauthorized(KanalError):
    """No token came, or one that is unknown or revoked."""


class Forbidden(KanalError):
    """The token's role may not do this."""


class Outdated(KanalError):
    """The report has changed since the caller read it."""


# What is raised, the status, the code for programs; "" as sentence means the error's own.
TABLE: dict[type[KanalError], tuple[int, str, str]] = {
    Unauthorized: (401, "unauthorized", "a valid bearer token is needed"),
    Forbidden: (403, "forbidden", ""),
    IdentityWithheld: (403, "forbidden", ""),
    NotFound: (404, "not_found", ""),
    MoveRefused: (409, "move_refused", ""),
    Outdated: (412, "outdated", "the report has changed; read it again"),
    DatabaseAway: (503, "database_away", "the database is away; try again in a moment"),
    StorageAway: (503, "storage_away", "the storage for files is away; try again in a moment"),
}
HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "2"}}
INVALID, TOO_LARGE = 422, 413
PLAIN = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}

NO_OBJECT = {"missing", "model_attributes_type", "model_type"}  # pydantic's words for a body

EXAMPLES = {
    400: ("bad_request", "There was an error parsing the body"),
    401: ("unauthorized", "a valid bearer token is needed"),
    403: ("forbidden", "the role analyst may not do this"),
    404: ("not_found", "no report 7KQ2M-X9PAT"),
    409: ("move_refused", "arsip needs a reason, which the citizen reads: the field reason"),
    412: ("outdated", "the report has changed; read it again"),
    413: ("too_large", "the body has more than 65536 bytes"),
    422: ("invalid", "limit: Input should be less than or equal to 200"),
    503: ("database_away", "the database is away; try again in a moment"),
}


MAX_BODY = 64 * 2**10  # bytes; an answer of 4,000 characters is 48 KB when all are escaped


class ErrorDetail(BaseModel):
    """Why a request was refused."""

    code: str = Field(description="For programs; one of a fixed set.")
    message: str = Field(description="For people; holds nothing of what was sent but names.")


class ErrorBody(BaseModel):
    """The one shape of all refusals."""

    error: ErrorDetail


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """Return the answer of the one shape."""
    body = ErrorBody(error=ErrorDetail(code=code, message=message))
    return JSONResponse(body.model_dump(), status, HEADERS.get(status))


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's entries for these statuses and for those that every route has.

    What can be too large is a body, and can be broken too: 413 brings 400.
    """
    broken = {400} if TOO_LARGE in statuses else set()
    return {
        status: {
            "model": ErrorBody,
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"example": _example(status)}},
        }
        for status in sorted({401, 403, INVALID, 503, *broken, *statuses})
    }


def _example(status: int) -> dict[str, Any]:
    code, message = EXAMPLES[status]
    return {"error": {"code": code, "message": message}}


def answer(
    error: KanalError | RequestValidationError | HTTPException, needed: Sequence[str] = ()
) -> Response:
    """Return the refusal that `error` becomes; raises it again when the table has none.

    `needed` names the fields that the body must have.
    """
    if isinstance(error, RequestValidationError):
        complaints = "; ".join(_complaint(one, needed) for one in error.errors())
        return refusal(INVALID, "invalid", complaints)
    if isinstance(error, HTTPException):
        return refusal(error.status_code, PLAIN.get(error.status_code, "refused"), error.detail)
    if type(error) not in TABLE:
        raise error
    status, code, sentence = TABLE[type(error)]
    return refusal(status, code, sentence or str(error))


def _complaint(error: dict[str, Any], needed: Sequence[str]) -> str:
    """Return where and why, without what was sent; an unknown field's name was sent."""
    if error["type"] == "json_invalid":
        return "the body is not JSON"
    if error["loc"] == ("body",) and error["type"] in NO_OBJECT:
        return f"the body must be a JSON object with {', '.join(needed) or 'any of its fields'}"
    place = error["loc"][1:-1] if error["type"] == "extra_forbidden" else error["loc"][1:]
    name = ".".join(str(part) for part in place)
    return f"{name}: {error['msg']}" if name else str(error["msg"])


def limited(receive: Receive, most: int) -> Receive:
    """Return `receive`, raising HTTPException 413 once more than `most` bytes have come."""
    left = most

    async def take() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(TOO_LARGE, f"the body has more than {most} bytes")
        return message

    return take


def _needed(route: APIRoute) -> list[str]:
    """Return the fields that the body of a route must have, in order."""
    body = route.body_field.field_info.annotation if route.body_field else None
    fields = body.model_fields if isinstance(body, type) and issubclass(body, BaseModel) else {}
    return [name for name, field in fields.items() if field.is_required()]


class ApiRoute(APIRoute):
    """A route that answers with the one shape, and that no cache keeps."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with the table around it."""
        handle = super().get_route_handler()
        needed = _needed(self)

        async def guarded(request: Request) -> Response:
            try:
                response = await handle(Request(request.scope, limited(request.receive, MAX_BODY)))
            except (KanalError, RequestValidationError, HTTPException) as error:
                response = answer(error, needed)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response

        return guarded
