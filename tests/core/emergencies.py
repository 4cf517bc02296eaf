"""The sentences of emergencies.toml, for the tests of every room that listens for danger."""

import tomllib
from pathlib import Path

_FILE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NAMES = tuple(_FILE)


def emergencies(name: str) -> list[tuple[str, str]]:
    """Return the sentences of a table about emergencies, each with its subject."""
    pairs = (line.partition(": ") for line in _FILE[name]["emergencies"].strip().splitlines())
    return [(text, subject) for subject, _, text in pairs]


def calm(name: str) -> list[str]:
    """Return the sentences of a table that are about none."""
    lines: list[str] = _FILE[name]["calm"].strip().splitlines()
    return lines
