"""Keeps foreign web pages away: the simulator believes whoever reaches it."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_READING = frozenset({"GET", "HEAD"})


class Guard:
    """Refuses a foreign Host (DNS rebinding) and whatever another site's page sends (CSRF)."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reason = self._objection(scope)
        if reason:
            await PlainTextResponse(reason, 403)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _objection(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        if _hostname(headers.get("host", "")) not in self._hosts:
            return "This host name is not one of SIMULATOR_HOSTS."
        site = headers.get("sec-fetch-site", "")
        path, reading = scope["path"], scope["method"] in _READING
        if site in {"cross-site", "same-site"} and not (reading and path == "/"):
            return "Another site's page may not call the simulator."
        if reading or not path.startswith("/simulator/"):
            return ""
        plain = headers.get("content-type", "").partition(";")[0].strip().lower()
        if plain != "application/json" and site != "same-origin":
            return "Only application/json, or a request of the simulator's own page."
        return ""


def _hostname(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
