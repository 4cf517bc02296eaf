"""`python -m app.learning`: what `kanal model` does with a model that is there."""

from __future__ import annotations

import typer

from app.commands.run import run
from app.learning.standing import list_models, promote, rollback, shadow
from app.learning.suggest import suggest

model = typer.Typer(
    name="kanal model",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
model.command()(suggest)
model.command("list")(list_models)
model.command()(shadow)
model.command()(promote)
model.command()(rollback)

if __name__ == "__main__":
    run(model)
