"""The `kanal` program: `python -m app`."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from app.checks import settings
from app.commands.agency import agency
from app.commands.bench import bench
from app.commands.channel import channel
from app.commands.check import check
from app.commands.db import db
from app.commands.demo import demo
from app.commands.inbox import inbox
from app.commands.serve import serve
from app.commands.test import test
from app.commands.token import token
from app.commands.webhook import set_webhook
from core.errors import KanalError

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}

kanal = typer.Typer(
    name="kanal",
    help="Citizens' complaints, taken where citizens already chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
kanal.command()(demo)
kanal.add_typer(serve, name="serve")
kanal.add_typer(db, name="db")
kanal.add_typer(agency, name="agency")
kanal.add_typer(inbox, name="inbox")
kanal.add_typer(token, name="token")
kanal.add_typer(channel, name="channel")
kanal.command("set-webhook")(set_webhook)
kanal.command()(check)
kanal.add_typer(bench, name="bench")
kanal.command(context_settings=PASS_ON, add_help_option=False)(test)


def main() -> None:
    """Run one command; what a person must change is one line, without a traceback."""
    try:
        kanal()
    except KanalError as error:
        typer.echo(f"kanal: {error}", err=True)
        sys.exit(1)
    except ValidationError as error:
        for mistake in error.errors(include_input=False, include_url=False):
            name = settings.variable(error.title, str(mistake["loc"][0]))
            typer.echo(f"kanal: {name}: {mistake['msg']}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
