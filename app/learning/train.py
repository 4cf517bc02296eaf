"""`kanal model train`: a new model of what an office has decided."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.learning.evaluate import measure
from app.learning.folder import Progressing, models, progressing
from app.learning.material import chosen, exported
from app.suggesting import PACKAGED
from classifier import adapt, config, purpose
from classifier.data_folder import development, material
from classifier.evaluate import Figures
from classifier.load import load
from classifier.models import Models, Scores, Trial, tell, told
from classifier.pipeline import COMPONENT, WEIGHTS
from classifier.rows import Row, is_held_out
from classifier.train import train
from core.errors import ConfigurationError
from core.settings import CoreSettings

_SHOWN = ("accuracy", "macro_f1", "top3", "calibration_error", "accuracy_at_90")


def train_model(
    from_corrections: Annotated[
        bool, typer.Option("--from-corrections", help="What triage chose; needs DATABASE_URL.")
    ] = False,
    from_export: Annotated[
        list[Path] | None, typer.Option(help="SP4N-LAPOR! export (xlsx); may be given repeatedly.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            envvar="KANAL_DATA",
            help="Folder with the rows of the packaged model; without it the live one is adapted.",
        ),
    ] = None,
    numbers: Annotated[
        Path, typer.Option("--config", help="Weights of sources, seeds and all other numbers.")
    ] = config.DEFAULT,
) -> None:
    """Make a new model, measure it beside the live one, and print the command that promotes it.

    Of all rows eight in a hundred, always the same, are kept to measure with.
    """
    used = config.read(numbers)
    own = [*(chosen() if from_corrections else ()), *exported(from_export or ())]
    if not (own or data):
        raise ConfigurationError("nothing to learn from: --from-corrections, --from-export, --data")
    learned = [row for row in own if not is_held_out(row.text)]
    kept = [row for row in own if is_held_out(row.text)]
    folder = models(CoreSettings())
    version = f"{datetime.now(UTC):%Y.%m.%d-%H%M%S}"
    with folder.made(version) as new, progressing("training") as progress:
        if data:
            _train_anew(data, learned, used, new, progress)
        else:
            _adapt(folder.live(), learned, used, new, progress)
    for source, count in sorted(Counter(row.source for row in own).items()):
        typer.echo(f"{source}: {count} rows")
    _try(folder, version, [*kept, *(development(data) if data else ())])


def _train_anew(
    data: Path, own: Sequence[Row], used: config.Config, new: Path, progress: Progressing
) -> None:
    base = material(data)
    everything = replace(base, reports=(*base.reports, *own))
    new.mkdir()
    train(everything, used, new, new.name, lambda _, share: progress(share))
    for name in (purpose.WEIGHTS, purpose.CUT):  # learned from other texts, and not again here
        if (PACKAGED / name).is_file():
            shutil.copy(PACKAGED / name, new / name)


def _adapt(
    live: Path | None,
    own: Sequence[Row],
    used: config.Config,
    new: Path,
    progress: Progressing,
) -> None:
    """Move the live model towards the office's rows, without those that it was trained with."""
    if live is None:
        raise ConfigurationError("no model is there to be adapted: name --data")
    if len(own) < adapt.LEAST_ROWS:
        raise ConfigurationError(
            f"{len(own)} rows to learn from, at least {adapt.LEAST_ROWS} without --data"
        )
    weighed = [replace(row, weight=used.weights.get(row.source, 1.0)) for row in own]
    found = adapt.adapt(live, weighed, progress)
    if found.hold is None:
        raise ConfigurationError("these rows make the live model no better: nothing was made")
    shutil.copytree(live, new)
    found.model.save(new / COMPONENT / WEIGHTS)
    about = {
        "version": new.name,
        "trained_at": datetime.now(UTC).date().isoformat(),
        "rows": dict(Counter(row.source for row in own)),
        "adapted_from": told(live)["version"],
        "loss": [found.before, found.after],
        "config": used.digest,
    }
    tell(new, about)


def _try(folder: Models, version: str, rows: Sequence[Row]) -> None:
    """Measure the new model beside the live one on rows that none of them learned from."""
    if not rows:
        typer.echo(f"{version}: no row was kept to measure with; --anyway promotes it")
        return
    new = measure(load(folder.path(version)), rows, "measuring the new model")
    against, there = folder.standing().live, folder.live()
    live = measure(load(there), rows, "measuring the live model") if there else None
    folder.note_trial(
        version,
        Trial(len(rows), _scores(new), against if live else "", _scores(live) if live else None),
    )
    figures = {name: getattr(new, name) for name in (*_SHOWN, "accuracy_proposed", "proposed")}
    tell(folder.path(version), {"figures": {"rows": len(rows)} | figures})
    typer.echo(f"{len(rows)} rows that were kept\t{version}\tlive ({against})")
    for name in _SHOWN:
        was = f"{getattr(live, name):.3f}" if live else "-"
        typer.echo(f"{name}\t{getattr(new, name):.3f}\t{was}")
    typer.echo(f"kanal model promote {version}")


def _scores(figures: Figures) -> Scores:
    return Scores(figures.accuracy, figures.macro_f1, figures.top3)
