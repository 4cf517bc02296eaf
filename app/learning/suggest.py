"""`kanal model suggest`: texts in, one line of JSON each out, as they come."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from pydantic import BaseModel, Field, ValidationError

from app.commands.database import opened
from app.deciding import Asking, Decided, Decider, Understands
from app.learning.folder import live_model, region_code
from core import rule_files, rulebook
from core.errors import ConfigurationError
from core.registry import files, stored
from core.settings import CoreSettings

_CHUNK = 2**16  # bytes that are read at once: what is there by then is answered together
_LONGEST = 4 * 2**20  # bytes of one line


class Question(BaseModel):
    """One line of JSON; further fields are left out."""

    text: str
    region: str | None = Field(default=None, pattern=r"^(\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?)?$")
    channel: str = Field(default="", max_length=32)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was read, counted from 1; `error` instead of a question where it is none."""

    number: int
    question: Question | None = None
    error: str = ""


def suggest(
    file: Annotated[
        Path | None, typer.Argument(help="One text or JSON object per line; without or - : stdin.")
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            callback=region_code, help="Code of the home region; else KANAL_REGION, else unknown."
        ),
    ] = None,
) -> None:
    """Print for each text one JSON line: urusan, OPD, words that decided, region and more.

    A line that begins with { is an object with text and, if wanted, region and channel. Registry
    and rules are those of the database when DATABASE_URL is set, else the packaged ones.
    """
    core = CoreSettings()
    home = region if region is not None else core.region
    decider = _decider(core, home)
    model = live_model(core, decider.registry)
    zone, failed = core.timezone, False
    with _input(file) as stream:
        for lines in batches(stream):
            moment = datetime.now(zone)
            failed |= any(line.error for line in lines)
            for answer in answers(lines, decider, model, home, moment):
                sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
            sys.stdout.buffer.flush()
    if failed:
        raise typer.Exit(1)


def _decider(core: CoreSettings, home: str) -> Decider:
    if not core.database_url:
        return Decider(files.packaged(), rule_files.packaged_rulebook())
    with opened() as session:
        return Decider(stored.read(session, [home] if home else []), rulebook.live(session))


def _input(file: Path | None) -> AbstractContextManager[BinaryIO]:
    if file is None or str(file) == "-":
        return nullcontext(sys.stdin.buffer)
    try:
        return file.open("rb")
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None


def batches(stream: BinaryIO) -> Iterator[list[Line]]:
    """Yield the lines that are there together, so that who writes one line gets its answer."""
    number = 0
    for chunk in _whole_lines(stream):
        lines = [read(text, number + place) for place, text in enumerate(chunk, 1)]
        number += len(lines)
        yield lines


def _whole_lines(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Yield the lines that a read completed, without their ends; one too long is cut."""
    rest = b""
    while chunk := os.read(stream.fileno(), _CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        rest = rest[: _LONGEST + 1]
        if whole:
            yield whole
    if rest:
        yield [rest]


def read(raw: bytes, number: int) -> Line:
    """Return the question that a line asks, a text or an object."""
    if len(raw) > _LONGEST:
        return Line(number, error=f"longer than {_LONGEST} bytes")
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff").rstrip("\r")
    if not text.lstrip().startswith("{"):
        return Line(number, Question(text=text))
    try:
        return Line(number, Question.model_validate_json(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        return Line(number, error=" ".join([*map(str, first["loc"]), first["msg"]]))


def answers(
    lines: Sequence[Line], decider: Decider, model: Understands, home: str, moment: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the answer to each line in its order."""
    asked = [_asking(line.question, home, moment) for line in lines if line.question]
    decided = iter(decider.decide(model, asked))
    for line in lines:
        if line.question:
            yield answer(next(decided), decider)
        else:
            yield {"error": line.error, "line": line.number}


def _asking(question: Question, home: str, moment: datetime) -> Asking:
    where = home if question.region is None else question.region
    return Asking(question.text, question.channel, moment, where)


def answer(one: Decided, decider: Decider) -> dict[str, Any]:
    """Return what is known of one text, as it is printed."""
    said, decision = one.understanding, one.decision
    agencies = decider.registry.agencies
    return {
        "urusan": [
            {"code": it.urusan, "probability": _rounded(it.probability), "words": it.words}
            for it in said.urusan
        ],
        "opd": [
            {
                "slug": it.agency,
                "name": agencies[it.agency].name,
                "urusan": it.urusan,
                "probability": _rounded(it.probability),
                "verified": agencies[it.agency].verified,
                "words": it.words,
            }
            for it in decision.candidates
            if it.agency in agencies
        ],
        "sure": decision.sure,
        "manual": decision.manual,
        "confidence": _rounded(said.confidence),
        "region": one.where.region,
        "region_reason": one.where.reason,
        "places": [
            {"words": it.words, "kind": it.kind, "regions": it.regions} for it in said.mentions
        ],
        "klasifikasi": said.klasifikasi,
        "urgency": decision.urgency or said.urgency,
        "category": said.category,
        "purpose": said.purpose,
        "decided_by": decision.decided_by,
        "note": decision.note,
        "model": said.model,
    }


def _rounded(share: float) -> float:
    return round(share, 4)
