"""`kanal holiday ...`: the days on which the office does not work."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.commands.database import opened
from core import days_off
from core.calendar import LAST_YEAR

holiday = typer.Typer(no_args_is_help=True, help="Days off, by which promised dates are counted.")

FIRST_YEAR = 2000
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Such as 2026-10-12.")]


@holiday.command("list")
def list_(
    year: Annotated[
        int | None, typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="This year, if not given.")
    ] = None,
) -> None:
    """Print a year's days off beside weekends: day, who says so, name."""
    with opened() as session:
        found = days_off.listed(session, year or days_off.almanac(session).now.year)
    for one in found:
        typer.echo(f"{one.day}\t{one.origin}\t{one.name}")


@holiday.command()
def add(
    day: Day,
    name: Annotated[str, typer.Argument(help="Why; one line.")],
    *,
    works: Annotated[
        bool, typer.Option("--works", help="The office works on this holiday or weekend.")
    ] = False,
) -> None:
    """Note a day off, or with --works a holiday that is none; dates told already stay."""
    with opened() as session:
        days_off.put(session, day.date(), name, works)
    typer.echo(f"{day.date()} is a {'working day' if works else 'day off'}")


@holiday.command()
def remove(day: Day) -> None:
    """Let the national calendar decide on a day again."""
    with opened() as session:
        days_off.remove(session, day.date())
    typer.echo(f"removed {day.date()}")
