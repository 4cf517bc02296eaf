"""`kanal agency ...`: the OPD that reports are handed to."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from app.commands.database import opened
from core import agencies
from core.agencies import SLUG
from core.errors import ConfigurationError

agency = typer.Typer(no_args_is_help=True, help="The OPD that reports are handed to.")


class AgencyRow(BaseModel):
    """One line of the file; further columns are left out."""

    slug: str = Field(pattern=SLUG, max_length=64)
    name: str = Field(pattern=r"^[^\p{Cc}]+$", max_length=200)


_ROWS = TypeAdapter(list[AgencyRow])


@agency.command()
def load(
    file: Annotated[Path, typer.Argument(help="slug and name, as .json or .csv.")],
) -> None:
    """Add the OPD of a file, and rename those that are there; nothing is removed."""
    names = read(file)
    with opened() as session:
        agencies.load(session, names)
    typer.echo(f"{len(names)} agencies")


@agency.command("list")
def list_() -> None:
    """Print the active OPD: slug, name, and "unverified" where the name is from no source."""
    with opened() as session:
        rows = [(row.slug, row.name, row.verified) for row in agencies.listed(session)]
    for slug, name, verified in rows:
        typer.echo("\t".join([slug, name] if verified else [slug, name, "unverified"]))


def read(file: Path) -> dict[str, str]:
    """Return slug -> name from a JSON list of objects or a CSV with a header (`,` or `;`).

    Raises ConfigurationError with the file's name and what is wrong in which row.
    """
    kind = file.suffix.lower()
    if kind not in {".json", ".csv"}:
        raise ConfigurationError(f"{file} is neither .json nor .csv")
    try:
        text = file.read_text("utf-8-sig")  # spreadsheets begin their CSV with a mark
        is_json = kind == ".json"
        rows = _ROWS.validate_json(text) if is_json else _ROWS.validate_python(_table(text))
    except ValidationError as error:
        raise ConfigurationError(f"{file}: {_complaint(error)}") from None
    except (OSError, ValueError, csv.Error) as error:
        raise ConfigurationError(f"{file}: {error}") from None
    names = {row.slug: row.name for row in rows}
    if len(names) < len(rows):
        raise ConfigurationError(f"{file}: a slug stands there twice")
    return names


def _table(text: str) -> list[dict[str, str]]:
    header = text.partition("\n")[0]
    delimiter = ";" if ";" in header else ","
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = [f"row {part + 1}:" if isinstance(part, int) else part for part in first["loc"]]
    return " ".join([*place, first["msg"]])
