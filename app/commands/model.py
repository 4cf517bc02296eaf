"""`kanal model ...`: the model that suggests OPD; each command is a program of its own."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
LIGHT, HEAVY = "app.learning", "app.learning.workshop"

model = typer.Typer(
    no_args_is_help=True, help="The model that suggests OPD: ask it, train it, change it."
)


@model.command(context_settings=PASS_ON, add_help_option=False)
def suggest(context: typer.Context) -> None:
    """Print for each text one JSON line: urusan, OPD, words that decided, region and more."""
    _become(LIGHT, "suggest", context.args)


@model.command(context_settings=PASS_ON, add_help_option=False)
def train(context: typer.Context) -> None:
    """Make a new model of what triage chose, of exports, or of a data folder."""
    _become(HEAVY, "train", context.args)


@model.command(context_settings=PASS_ON, add_help_option=False)
def evaluate(context: typer.Context) -> None:
    """Print how good a model is on labelled texts."""
    _become(HEAVY, "evaluate", context.args)


@model.command("list", context_settings=PASS_ON, add_help_option=False)
def list_(context: typer.Context) -> None:
    """Print the models, how they fare, and how humans agree with them."""
    _become(LIGHT, "list", context.args)


@model.command(context_settings=PASS_ON, add_help_option=False)
def shadow(context: typer.Context) -> None:
    """Let a model read along, unseen."""
    _become(LIGHT, "shadow", context.args)


@model.command(context_settings=PASS_ON, add_help_option=False)
def promote(context: typer.Context) -> None:
    """Make a model the live one."""
    _become(LIGHT, "promote", context.args)


@model.command(context_settings=PASS_ON, add_help_option=False)
def rollback(context: typer.Context) -> None:
    """Make the model live again that was so before."""
    _become(LIGHT, "rollback", context.args)


def _become(program: str, name: str, arguments: list[str]) -> NoReturn:
    """Replace this process: what trains and what classifies take seconds to load."""
    os.execv(sys.executable, [sys.executable, "-m", program, name, *arguments])
