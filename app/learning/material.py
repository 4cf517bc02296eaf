"""What an office has to learn from: triage's choices, and exports of SP4N-LAPOR!."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from app.commands.database import opened
from classifier.export_file import Tally
from classifier.export_file import read as read_export
from classifier.export_labels import Labels
from classifier.rows import Row
from core import corrections
from core.registry import files, stored
from core.settings import CoreSettings

CORRECTIONS, EXPORT = "corrections", "sp4n_export"  # as in classifier/config.toml


def chosen() -> list[Row]:
    """Return what triage chose, from the database of DATABASE_URL."""
    with opened() as session:
        return [
            Row(one.text, one.urusan, CORRECTIONS, region=one.region, channel=one.channel)
            for one in corrections.learned(session)
        ]


def exported(given: Sequence[Path]) -> list[Row]:
    """Return what the exports teach, and say on stderr what of each was taken and skipped."""
    if not given:
        return []
    labels = _labels()
    return [row for file in given for row in _of_export(file, labels)]


def _labels() -> Labels:
    if not CoreSettings().database_url:
        return Labels.of(files.packaged())
    with opened() as session:
        return Labels.of(stored.read(session))


def _of_export(file: Path, labels: Labels) -> Iterator[Row]:
    tally = Tally()
    for one in read_export(file, labels, tally):
        yield Row(one.text, one.urusan, EXPORT)
    skipped = ", ".join(f"{count} {why}" for why, count in sorted(tally.skipped.items()))
    typer.echo(f"{file.name}: {tally.taken} rows; skipped: {skipped or 'none'}", err=True)
