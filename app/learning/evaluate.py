"""`kanal model evaluate`: how good a model is on labelled texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.learning.folder import Progressing, models, progressing
from classifier.data_folder import development
from classifier.evaluate import Figures, draw_confusion, evaluate
from classifier.load import Classifier, load
from classifier.rows import Row, read
from core.errors import ConfigurationError
from core.settings import CoreSettings
from core.understanding import Text, Understanding

_AT_ONCE = 256
_SHARES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.5)  # of the coverage curve that are printed
_CONFUSIONS = 10


def evaluate_model(
    data: Annotated[
        Path | None,
        typer.Option(help="Rows {text, label[, accept, region, channel]}, one JSON a line."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(envvar="KANAL_DATA", help="Without --data: its development split."),
    ] = None,
    version: Annotated[
        str | None, typer.Option("--model", help="From `kanal model list`; else the live one.")
    ] = None,
    json_: Annotated[Path | None, typer.Option("--json", help="Write all figures there.")] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw the confusion matrix there, as PNG.")
    ] = None,
) -> None:
    """Print accuracy, macro-F1, top-3, calibration and coverage; also by urusan, channel ..."""
    rows = _rows(data, folder)
    figures = measure(_model(version), rows, "evaluating")
    for line in sentences(figures):
        typer.echo(line)
    try:
        if json_:
            json_.write_text(json.dumps(figures.as_json(), indent=1) + "\n", encoding="utf-8")
        if picture:
            draw_confusion(figures, picture)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"cannot be written: {error}") from None


def _rows(data: Path | None, folder: Path | None) -> Sequence[Row]:
    if data is None and folder is None:
        raise ConfigurationError("name --data FILE, or a folder with KANAL_DATA")
    rows = read(data) if data else development(folder) if folder else []
    if not rows:
        raise ConfigurationError(f"{data or folder}: no rows to measure with")
    return rows


def _model(version: str | None) -> Classifier:
    there = models(CoreSettings())
    path = there.path(version) if version else there.live()
    if path is None:
        raise ConfigurationError("no model is there to be measured")
    return load(path)


class _Watched:
    """A classifier that tells how far it has come."""

    def __init__(self, classifier: Classifier, progress: Progressing) -> None:
        self._classifier, self._progress = classifier, progress

    def understand(self, texts: Sequence[Text]) -> list[Understanding]:
        """Return what each text says."""
        found: list[Understanding] = []
        for start in range(0, len(texts), _AT_ONCE):
            found += self._classifier.understand(texts[start : start + _AT_ONCE])
            self._progress(len(found) / len(texts))
        return found


def measure(classifier: Classifier, rows: Sequence[Row], task: str) -> Figures:
    """Return the figures of a model, with a progress bar on stderr."""
    with progressing(task) as progress:
        return evaluate(_Watched(classifier, progress), rows)


def sentences(figures: Figures) -> Iterator[str]:
    """Yield the figures as lines for people."""
    yield f"{figures.rows} texts"
    yield (
        f"accuracy {figures.accuracy:.3f}, macro-F1 {figures.macro_f1:.3f}, "
        f"top-3 {figures.top3:.3f}, calibration error {figures.calibration_error:.3f}"
    )
    yield (
        f"accuracy at 90 % coverage {figures.accuracy_at_90:.3f}; "
        f"proposed {figures.proposed:.1%}, right of these {figures.accuracy_proposed:.3f}"
    )
    curve = dict(figures.coverage)
    parts = [f"{share:.0%} {curve[share]:.3f}" for share in _SHARES if share in curve]
    yield f"accuracy by coverage: {', '.join(parts)}"
    yield "urusan\trows\tprecision\trecall\tF1"
    for name, one in figures.classes.items():
        yield f"{name}\t{one.rows}\t{one.precision:.3f}\t{one.recall:.3f}\t{one.f1:.3f}"
    for kind, groups in figures.groups.items():
        if groups:
            yield f"{kind}\trows\taccuracy\ttop-3"
        for name, group in groups.items():
            yield f"{name}\t{group.rows}\t{group.accuracy:.3f}\t{group.top3:.3f}"
    yield from _confusions(figures)


def _confusions(figures: Figures) -> Iterator[str]:
    """Yield what is taken for something else most often."""
    found = [
        (times, label, other)
        for label, others in figures.confusion.items()
        for other, times in others.items()
        if other != label
    ]
    if found:
        yield "taken for something else\ttimes"
    for times, label, other in sorted(found, reverse=True)[:_CONFUSIONS]:
        yield f"{label} as {other or '(none)'}\t{times}"
