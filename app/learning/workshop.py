"""`python -m app.learning.workshop`: where `kanal model` trains and measures."""

from __future__ import annotations

import typer

from app.commands.run import run
from app.learning.evaluate import evaluate_model
from app.learning.train import train_model

workshop = typer.Typer(
    name="kanal model",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
workshop.command("train")(train_model)
workshop.command("evaluate")(evaluate_model)

if __name__ == "__main__":
    run(workshop)
