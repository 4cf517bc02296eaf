"""Logs as one JSON object a line, without personal data and without secrets.

Of an exception its types and lines of code are logged, never its words: PostgreSQL's quote the
row, a parser's the text that it could not read.
"""

import json
import logging
import re
import sys
from collections.abc import Sequence
from traceback import extract_tb
from urllib.parse import parse_qs, unquote

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

from core.text import redact

# At their lower levels the first write whole addresses, tokens and bodies, Pillow what stands in
# a photo beside its points; Celery writes two lines for every wake-up.
TALKATIVE = (
    *("httpx", "httpcore", "telegram", "urllib3", "sqlalchemy.engine"),
    *("celery.worker.strategy", "celery.app.trace", "celery.beat", "kombu"),
    *("boto3", "botocore", "PIL"),
)
# These bring handlers of their own, which know nothing of all this.
SELF_WILLED = ("uvicorn", "uvicorn.error", "uvicorn.access")

_PASSWORD = re.compile(r"://[^:/@]*:(.*)@")
# The same in a line that may hold more than one address; the password may be short.
_IN_ADDRESS = re.compile(r"(?<=://)([^\s/:@\"]*:)[^\s/\"]+(?=@)")
# A shorter password is a word, or a letter, of which every line would lose some.
_LEAST_PASSWORD = 8


def passwords(*addresses: str) -> list[str]:
    """Return the passwords in the addresses of servers, as they are written and as they are meant.

    One of under eight characters is left out: it is blotted out inside of addresses only.
    """
    found: list[str] = []
    for address in addresses:
        place, _, query = address.partition("?")
        written = _PASSWORD.findall(place)
        found += [*written, *map(unquote, written), *parse_qs(query).get("password", [])]
    return list(dict.fromkeys(it for it in found if len(it) >= _LEAST_PASSWORD))


class RedactedLines:
    """Renders events as JSON, with the program's own secrets blotted out wherever they are."""

    def __init__(self, secrets: Sequence[str]) -> None:
        escaped = [json.dumps(secret, ensure_ascii=False)[1:-1] for secret in secrets]
        self._secrets = [*secrets, *escaped]
        self._render = structlog.processors.JSONRenderer(ensure_ascii=False)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        """Return the event as a line."""
        line = redact(str(self._render(logger, method, event)), self._secrets)
        return _IN_ADDRESS.sub(r"\1***", line)


def without_words(exc_info: ExcInfo) -> str:
    """Return the types of an exception and of its causes, with their lines of code."""
    error: BaseException | None = exc_info[1]
    lines: list[str] = []
    while error is not None:
        lines += [type(error).__qualname__, *_code_of(error)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _code_of(error: BaseException) -> list[str]:
    return [f"  {it.filename}:{it.lineno} {it.name}" for it in extract_tb(error.__traceback__)]


def configure(level: str, secrets: Sequence[str] = ()) -> None:
    """Send all logs of the process to standard output, from `level` on."""
    shared: list[Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(without_words),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            RedactedLines(secrets),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in SELF_WILLED:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
