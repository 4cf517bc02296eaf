"""Reads the data folder that models are trained with; it is no part of Kanal."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from classifier.rows import Row, is_held_out, read
from core.errors import ConfigurationError

REPORTS = ("train.jsonl", "tweets_topic.jsonl")
RECAP = "surabaya_recap_phrases.jsonl"
PHRASES, NOTHING = "phrases", "nothing"


@dataclass(frozen=True, slots=True)
class Material:
    """All there is to learn from: labelled reports, short phrases, texts about nothing.

    `phrases` name an urusan; `nothing` are texts that are about none, their label is "".
    """

    reports: tuple[Row, ...]
    phrases: tuple[Row, ...] = ()
    nothing: tuple[Row, ...] = ()


def material(folder: Path) -> Material:
    """Return everything in `folder` but the development split, and our own phrases.

    Raises ConfigurationError when a file is missing or broken.
    """
    learned = tuple(row for row in _reports(folder) if not is_held_out(row.text))
    own = own_phrases()
    named = (*(row for row in own if row.label), *_recap(folder))
    return Material(learned, named, tuple(row for row in own if not row.label))


def development(folder: Path) -> list[Row]:
    """Return the labelled reports that no model learns from; near copies stay together."""
    return [row for row in _reports(folder) if is_held_out(row.text)]


def place(folder: Path) -> Path:
    """Return where the files are: in `folder`, or below it in "complaints"."""
    below = folder / "complaints"
    return below if below.is_dir() else folder


def own_phrases() -> list[Row]:
    """Return what each urusan is about in our own words, and texts about nothing (label "")."""
    lines = files("classifier").joinpath("data", "phrases.txt").read_text(encoding="utf-8")
    parted = (line.split(":") for line in lines.splitlines() if not line.startswith("#"))
    return [
        Row(phrase.strip(), "", NOTHING) if code == "-" else Row(phrase.strip(), code, PHRASES)
        for code, rest in parted
        for phrase in rest.split(";")
    ]


def _reports(folder: Path) -> list[Row]:
    return [row for name in REPORTS for row in read(place(folder) / name)]


def _recap(folder: Path) -> Iterator[Row]:
    """Yield short phrases whose agency, and only one, deals with one urusan."""
    agencies = _agencies()
    for found in objects(place(folder) / RECAP):
        codes = (code for name, code in agencies.items() if name in found["label"])
        code = next(codes, "")
        if code and not found.get("conflict"):
            yield Row(found["text"], code, found["source"])


def objects(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines; ConfigurationError when it is none."""
    try:
        with file.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{file}: {type(error).__name__}") from None


def _agencies() -> dict[str, str]:
    text = files("classifier").joinpath("data", "recap.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["agencies"])
