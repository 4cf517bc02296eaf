"""`kanal registry ...`: who is responsible where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session

from app.commands.database import opened
from core.errors import ConfigurationError, NotFound
from core.registry import boundaries, check, export, files, stored, villages
from core.registry.areas import packaged_areas
from core.registry.files import Source
from core.registry.government import GOVERNMENT
from core.registry.registry import Registry

Files = Annotated[
    list[Path] | None, typer.Argument(help="Registry files, one government or several in each.")
]

registry = typer.Typer(
    no_args_is_help=True, help="Governments with their areas, OPD and routes, as reviewed files."
)


@registry.command()
def load(
    given: Files = None,
    packaged: Annotated[
        bool, typer.Option("--packaged", help="The files that come with Kanal as well.")
    ] = False,
    villages_: Annotated[
        Path | None,
        typer.Option("--villages", help="CSV of areas (code, name), plain or .gz; loaded first."),
    ] = None,
    boundaries_: Annotated[
        Path | None,
        typer.Option("--boundaries", help="GeoJSON polygons with a property code; loaded last."),
    ] = None,
) -> None:
    """Write governments, areas and boundaries: all of it, or nothing.

    OPD that a government's file no longer names become inactive; reports keep theirs. A given
    file takes the place of a packaged one of the same government.
    """
    sources = _sources(given or (), packaged)
    if not (sources or villages_ or boundaries_):
        raise ConfigurationError("nothing to load: name files, or --packaged")
    shapes = boundaries.read(boundaries_) if boundaries_ else {}
    said: list[str] = []
    with opened() as session:
        if villages_:
            said.append(f"{_load_villages(session, villages_)} areas")
        if sources:
            said.append(_load_sources(session, sources))
        if shapes:
            said.append(f"{boundaries.load(session, shapes)} boundaries")
    typer.echo(", ".join(said))


def _load_sources(session: Session, sources: Sequence[Source]) -> str:
    done = stored.load(session, sources)
    for gap in done.gaps:
        typer.echo(str(gap), err=True)
    return f"{done.agencies} agencies, {done.routes} routes, {done.retired} retired"


def _load_villages(session: Session, file: Path) -> int:
    columns = (TextColumn("{task.completed} areas"), TimeElapsedColumn())
    screen = Console(stderr=True)
    with Progress(
        *columns, console=screen, transient=True, disable=not screen.is_terminal
    ) as progress:
        task = progress.add_task("areas", total=None)
        return villages.load(
            session, villages.read(file), lambda count: progress.advance(task, count)
        )


@registry.command("check")
def check_(
    given: Files = None,
    stored_: Annotated[
        bool, typer.Option("--stored", help="What the database holds, instead of files.")
    ] = False,
) -> None:
    """Print gaps, overlaps, dead ends and unverified names; ends with 1 when there are mistakes.

    Files are looked at as if loaded beside the packaged ones; without any, those alone.
    """
    areas = packaged_areas()
    if stored_:
        with opened() as session:
            whole = stored.read(session)
        sources = export.governments(whole)
        areas = dict(whole.regions) or areas
    else:
        sources = _sources(given or (), packaged=True)
        whole = files.assemble(sources, areas)
    found = check.findings(sources, areas)
    for finding in found:
        typer.echo(str(finding))
    _tell_unverified(whole)
    typer.echo(f"{len(sources)} governments, {len(found)} mistakes", err=True)
    if found:
        raise typer.Exit(1)


def _tell_unverified(whole: Registry) -> None:
    for code, (doubtful, everyone) in check.unverified(whole).items():
        name = whole.regions[code].name if code in whole.regions else "national"
        typer.echo(f"{code}\t{name}\t{everyone} agencies\t{doubtful} unverified")


@registry.command("export")
def export_(
    words: Annotated[list[str], typer.Argument(metavar="[CODE] FILE")],
) -> None:
    """Write what the database holds: one government, or all in one file.

    CODE is Kemendagri's, or "national". A government without OPD gives a file to begin with.
    """
    *codes, file = words
    if len(codes) > 1:
        raise ConfigurationError("name one CODE and one FILE")
    code = codes[0] if codes and codes[0] != "national" else ""
    if not re.fullmatch(GOVERNMENT, code):
        raise ConfigurationError(f"{code!r} is no provinsi or kabupaten/kota, such as 64 or 64.74")
    with opened() as session:
        whole = stored.read(session, besides=[code])
    if code and code not in whole.regions:
        raise NotFound(f"no area {code!r} is loaded")
    chosen = (
        [export.one(whole, code)] if codes else [s.government for s in export.governments(whole)]
    )
    if not chosen:
        raise NotFound("the database holds no government yet: kanal registry load --packaged")
    try:
        Path(file).write_text(files.render(chosen), "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    typer.echo(f"{len(chosen)} governments, {sum(len(one.agencies) for one in chosen)} agencies")


def _sources(given: Sequence[Path], packaged: bool) -> list[Source]:
    """Return the governments of the files, and the packaged ones that none of them replaces."""
    own = [one for file in given for one in files.read(file)]
    replaced = {one.government.region for one in own}
    others = files.packaged_sources() if packaged else []
    return [one for one in others if one.government.region not in replaced] + own
