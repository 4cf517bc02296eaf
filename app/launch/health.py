"""How each kind of process shows that it is ready to be used."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

_SECONDS = 1.0


def http_ready(host: str, port: int) -> Callable[[], bool]:
    """Return a check that /healthz answers 200."""

    def ready() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return ready


class LogSays:
    """A check that a log holds `text`, written since `remember` was last called.

    For Celery's worker and beat: they open no port, and the workers' remote control, which could
    be asked, is off.
    """

    def __init__(self, log: Path, text: str) -> None:
        self._log = log
        self._text = text.encode()
        self._start = 0

    def remember(self) -> None:
        """Look only at what comes after this moment."""
        self._start = self._log.stat().st_size if self._log.exists() else 0

    def __call__(self) -> bool:
        """Tell whether the text has come."""
        with self._log.open("rb") as log:
            log.seek(self._start)
            return self._text in log.read()
