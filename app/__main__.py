"""The `kanal` program: `python -m app`."""

from __future__ import annotations

import typer

from app.commands.agency import agency
from app.commands.bench import bench
from app.commands.channel import channel
from app.commands.check import check
from app.commands.db import db
from app.commands.demo import demo
from app.commands.holiday import holiday
from app.commands.inbox import inbox
from app.commands.key import key
from app.commands.model import model
from app.commands.registry import registry
from app.commands.rule import rule
from app.commands.run import run
from app.commands.serve import serve
from app.commands.test import test
from app.commands.token import token
from app.commands.webhook import set_webhook

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
kanal.add_typer(key, name="key")
kanal.add_typer(agency, name="agency")
kanal.add_typer(registry, name="registry")
kanal.add_typer(rule, name="rule")
kanal.add_typer(holiday, name="holiday")
kanal.add_typer(inbox, name="inbox")
kanal.add_typer(token, name="token")
kanal.add_typer(channel, name="channel")
kanal.command("set-webhook")(set_webhook)
kanal.command()(check)
kanal.add_typer(model, name="model")
kanal.add_typer(bench, name="bench")
kanal.command(context_settings=PASS_ON, add_help_option=False)(test)


def main() -> None:
    """Run one command."""
    run(kanal)


if __name__ == "__main__":
    main()
