"""`kanal model list|shadow|promote|rollback`: which model answers, and how it fares."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.answering import answering
from app.commands.database import opened
from app.learning.folder import in_its_place, models, who
from classifier.load import load
from classifier.models import Models, Standing
from core import agreement
from core.agreement import Counted
from core.errors import ConfigurationError
from core.registry.registry import Registry
from core.settings import CoreSettings

SHOWN_STEPS = 10

Version = Annotated[str, typer.Argument(help="From `kanal model list`; packaged: Kanal's own.")]


def list_models() -> None:
    """Print the models: version, role, when trained, figures; then how humans agree with them."""
    core = CoreSettings()
    folder = models(core)
    standing = folder.standing()
    for version in folder.versions():
        typer.echo("\t".join(_line(folder, standing, version)))
    found = answering(folder, Registry())
    if found.alarm:
        typer.echo(in_its_place(found), err=True)
    if core.database_url:
        for sentence in _agreement(folder, standing):
            typer.echo(sentence)
    for step in standing.history[-SHOWN_STEPS:]:
        typer.echo(f"{step.at}\t{step.who}\t{step.act}\t{step.version or '-'}", err=True)


def _line(folder: Models, standing: Standing, version: str) -> list[str]:
    role = {standing.live: "live", standing.shadow: "shadow"}.get(version, "-")
    try:
        about = folder.about(version)
    except ConfigurationError as error:
        return [version, role, f"does not load: {error}"]
    figures = (f"{name} {_percent(about, name)}" for name in ("accuracy", "macro_f1", "top3"))
    own = str(about["version"])
    name = version if version == own else f"{version} ({own})"
    return [name, role, str(about.get("trained_at", ""))[:10], *figures]


def _own(folder: Models, version: str) -> str:
    """Return the version that a model tells of itself; of a broken one its folder's name."""
    try:
        return str(folder.about(version)["version"])
    except ConfigurationError:
        return version


def _percent(about: dict[str, Any], name: str) -> str:
    found = about.get("figures", {}).get(name)
    return "-" if found is None else f"{found:.3f}"


def _agreement(folder: Models, standing: Standing) -> list[str]:
    """Return in sentences how often humans chose the suggested OPD in the last 30 days."""
    there = folder.versions()
    with opened() as session:
        found = agreement.agreement(session)
        recent, former = _share(found.recent), _share(found.former)
        said = [f"the suggested OPD was chosen: {recent} in 30 days, {former} in the 30 before"]
        if standing.shadow in there and standing.live in there:
            live, shadow = (_own(folder, one) for one in (standing.live, standing.shadow))
            both = agreement.comparison(session, live, shadow)
            said.append(
                f"on the same reports: live {_share(both.live)}, shadow {_share(both.shadow)}"
            )
    return said


def _share(counted: Counted) -> str:
    if counted.share is None:
        return "none of 0"
    return f"{counted.share:.1%} of {counted.choices}"


def shadow(
    version: Annotated[str, typer.Argument(help="From `kanal model list`; - for none.")],
) -> None:
    """Let a model read along: what it suggests is stored and compared, and never shown."""
    wanted = "" if version == "-" else version
    models(CoreSettings()).compare(wanted, who(), load)
    typer.echo(f"shadow: {wanted or 'none'}")


def promote(
    version: Version,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Even when it is worse, or was never compared.")
    ] = False,
) -> None:
    """Make a model the live one; workers take it up within a moment, without a restart."""
    models(CoreSettings()).promote(version, who(), load, anyway=anyway)
    typer.echo(f"live: {version}")


def rollback() -> None:
    """Make the model live again that was so before."""
    typer.echo(f"live: {models(CoreSettings()).rollback(who(), load)}")
