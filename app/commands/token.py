"""`kanal token ...`: keys to the API."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.database import opened
from core import tokens
from core.tokens import Role

token = typer.Typer(no_args_is_help=True, help="Keys to the API.")

Name = Annotated[str, typer.Argument(help="Who uses it; stands in the history of reports.")]


@token.command()
def create(
    name: Name,
    role: Annotated[Role, typer.Option(help="admin: all; opd: its reports; analyst: figures.")],
    agency: Annotated[str | None, typer.Option(help="The slug, for the role opd.")] = None,
) -> None:
    """Make a token and print its secret, this once only."""
    with opened() as session:
        secret = tokens.create(session, name, role, agency)
    typer.echo(secret)


@token.command("list")
def list_() -> None:
    """Print all tokens without their secrets: name, role, agency, made, revoked."""
    with opened() as session:
        lines = tokens.listed(session)
    for line in lines:
        revoked = f"revoked {line.revoked_at:%Y-%m-%d}" if line.revoked_at else "valid"
        made = f"{line.created_at:%Y-%m-%d}"
        typer.echo("\t".join((line.name, line.role, line.agency or "-", made, revoked)))


@token.command()
def revoke(name: Name) -> None:
    """Refuse a token from now on."""
    with opened() as session:
        tokens.revoke(session, name)
    typer.echo(f"revoked {name}")
