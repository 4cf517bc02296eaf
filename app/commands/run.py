"""How our programs run: what a person must change is one line, without a traceback."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from app.checks import settings
from core.errors import KanalError


def run(program: typer.Typer) -> None:
    """Run one command of `program`; ends the process."""
    try:
        program(prog_name=program.info.name)
    except KanalError as error:
        typer.echo(f"kanal: {error}", err=True)
        sys.exit(1)
    except ValidationError as error:
        for mistake in error.errors(include_input=False, include_url=False):
            name = settings.variable(error.title, str(mistake["loc"][0]))
            typer.echo(f"kanal: {name}: {mistake['msg']}", err=True)
        sys.exit(1)
