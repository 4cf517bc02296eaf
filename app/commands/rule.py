"""`kanal rule ...`: the office's own rules, which are asked before the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from app.commands.database import opened
from core import rule_files, rule_trial, rulebook
from core.errors import ConfigurationError, NotFound
from core.registry import stored
from core.rule_trial import Office
from core.rulebook import Added, Filed, Trial
from core.rules import Outcome, Rule
from core.settings import CoreSettings

rule = typer.Typer(no_args_is_help=True, help="The office's rules, asked before the model.")

ACTOR = "kanal"

Names = Annotated[
    list[str] | None, typer.Argument(help="Names or numbers of rules; none: every draft.")
]
Name = Annotated[str, typer.Argument(help="Name or number of a rule.")]


@rule.command("list")
def list_() -> None:
    """Print the rules in their order: number, state, name, where it leads, its dry run."""
    with opened() as session:
        found = rulebook.page(session, limit=rulebook.MOST_ID)
    for one in found:
        leads = destination(one.rule.outcome)
        words = (str(one.id), one.state, one.rule.name, leads, proof(one.trial))
        typer.echo("\t".join(words))


@rule.command()
def add(
    file: Annotated[Path | None, typer.Argument(help="A JSON list; see docs/RULES.md.")] = None,
    *,
    packaged: Annotated[
        bool, typer.Option("--packaged", help="The rules that come with Kanal; yours stay.")
    ] = False,
) -> None:
    """Put rules in the book as drafts; one whose name is known is written anew.

    All of them or none: a rule that names an OPD or an area that is not known is refused.
    """
    if packaged == (file is not None):
        raise ConfigurationError("name a file or --packaged, one of both")
    rules = list(rule_files.packaged()) if file is None else rule_files.read(file)
    with opened() as session:
        added = put(session, rules, packaged)
    typer.echo(f"{len(added.new)} new, {len(added.changed)} changed, {len(added.same)} as before")


def put(session: Session, rules: list[Rule], packaged: bool) -> Added:
    """Put rules in the book; the packaged ones name OPD of the packaged registry."""
    try:
        return rulebook.put(session, rules, ACTOR, replacing=not packaged)
    except NotFound as error:
        if not packaged:
            raise
        raise NotFound(f"{error}: `kanal registry load --packaged` goes first") from None


@rule.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="Where to; else it is printed.")] = None,
) -> None:
    """Write the rules that are not off as a file that `add` reads."""
    with opened() as session:
        rules = [one.rule for one in rulebook.in_force(session)]
    if file is None:
        typer.echo(rule_files.write(rules), nl=False)
        return
    try:
        file.write_text(rule_files.write(rules), "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file}: {error}") from None
    typer.echo(f"{len(rules)} rules")


@rule.command()
def move(
    name: Name, position: Annotated[int, typer.Argument(min=1, help="1 is asked first.")]
) -> None:
    """Put a rule elsewhere in the order; the first that holds decides."""
    with opened() as session:
        moved = rulebook.move(session, rulebook.named(session, name).id, position, ACTOR)
    typer.echo(f"rule {moved.id} is number {moved.position}")


@rule.command("try")
def try_(
    names: Names = None,
    reports: Annotated[
        int, typer.Option(min=1, max=rule_trial.MOST, help="Newest reports with a final OPD.")
    ] = 1000,
) -> None:
    """Run rules over past reports, and print what they would have done to them."""
    settings = CoreSettings()
    with opened() as session:
        chosen = named_or_drafts(session, names)
        office = Office(stored.read(session), settings.region, settings.timezone)
    for one in chosen:
        with progress(one.rule.name, reports) as advance, opened() as session:
            trial = rule_trial.run(session, one, office, reports, advance)
        typer.echo("\n".join(told(one, trial)))
    if not chosen:
        typer.echo("no drafts")


@rule.command()
def live(
    names: Names = None,
    *,
    drafts: Annotated[bool, typer.Option("--drafts", help="Every draft.")] = False,
    untried: Annotated[bool, typer.Option("--untried", help="Even without a dry run.")] = False,
) -> None:
    """Let rules decide from now on; each must have been tried since it was written."""
    if drafts == bool(names):
        raise ConfigurationError("name the rules or --drafts, one of both")
    with opened() as session:
        chosen = named_or_drafts(session, names)
        for one in chosen:
            rulebook.set_state(session, one.id, "live", ACTOR, untried=untried)
    for one in chosen:
        typer.echo(f"live: {one.rule.name}")


@rule.command()
def off(name: Name) -> None:
    """Let a rule decide no more; it stays for the suggestions that name it."""
    with opened() as session:
        one = rulebook.set_state(session, rulebook.named(session, name).id, "off", ACTOR)
    typer.echo(f"off: {one.rule.name}")


def named_or_drafts(session: Session, names: list[str] | None) -> list[Filed]:
    """Return these rules, or without names every draft; raises NotFound."""
    if names:
        return [rulebook.named(session, name) for name in names]
    return [one for one in rulebook.in_force(session) if one.state == "draft"]


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on a terminal while the block runs; what is given moves it on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(escape(title), total=total)
        yield lambda more: bar.update(task, advance=more)


def destination(outcome: Outcome) -> str:
    """Return where a rule leads, in one word or two."""
    tier = f" ({outcome.tier})" if outcome.tier else ""
    return outcome.agency or f"{outcome.urusan}{tier}"


def proof(trial: Trial | None) -> str:
    """Return what a dry run showed, as it stands in a list."""
    if trial is None:
        return "untried"
    decided = trial.agreed + trial.disagreed
    return f"{trial.matched} of {trial.reports} match, {trial.agreed} of {decided} as the human"


def told(one: Filed, trial: Trial) -> Iterator[str]:
    """Yield what a dry run showed, in lines."""
    yield f"rule {one.id}, {one.rule.name}: {trial.reports} reports with a final OPD"
    if not trial.reports:
        yield "  nothing could be tried; `kanal rule live --untried` insists"
        return
    yield (
        f"  {trial.matched} match; {trial.overtaken} decided by an earlier rule, "
        f"{trial.nowhere} led to no OPD"
    )
    yield f"  {trial.changed} differ from what was suggested"
    yield f"  {trial.agreed} as the human decided {examples(trial.agreeing)}".rstrip()
    yield f"  {trial.disagreed} not as the human {examples(trial.disagreeing)}".rstrip()


def examples(tickets: Iterable[str]) -> str:
    """Return tickets in brackets, nothing where there are none."""
    listed = ", ".join(tickets)
    return f"({listed})" if listed else ""
