"""The lock files: in step with pyproject.toml and with each other, hashed, and free of places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")
_PLACE = re.compile(r"://|^\s*-|@ |(?<![\w.])/|\\\\|file:")
_HASH = re.compile(r"^ {4}--hash=sha256:[0-9a-f]{64}( \\)?$")

Pins = dict[str, Version]


def check(root: Path) -> list[str]:
    """Return what is wrong with `requirements*.lock` below `root`."""
    wanted = requirements(root)
    complaints = []
    locks: dict[str, Pins] = {}
    for name, needed in wanted.items():
        text = (root / name).read_text(encoding="utf-8")
        locks[name] = pins(text)
        complaints += [f"{name}: {complaint}" for complaint in _form(text)]
        complaints += [f"{name}: {complaint}" for complaint in _missing(needed, locks[name])]
    return [*complaints, *_disagreements(locks)]


def requirements(root: Path) -> dict[str, list[Requirement]]:
    """Return what pyproject.toml asks for, by the lock that must hold it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    base = project["project"]["dependencies"]
    extras = project["project"]["optional-dependencies"]
    texts = {
        "requirements.lock": base,
        "requirements-embedded.lock": base + extras["embedded"],
        "requirements-dev.lock": base + extras["dev"],
        "requirements-uv.lock": project["dependency-groups"]["installer"],
    }
    return {name: [Requirement(text) for text in listed] for name, listed in texts.items()}


def pins(lock: str) -> Pins:
    """Return the version of each package in a lock's text."""
    matches = filter(None, map(_PINNED.match, lock.splitlines()))
    return {canonicalize_name(found["name"]): Version(found["version"]) for found in matches}


def _form(lock: str) -> Iterator[str]:
    """Yield lines that are neither a pinned package nor a hash, or that name a place."""
    for number, line in enumerate(lock.splitlines(), 1):
        if _HASH.match(line) or line.startswith("#"):
            continue
        if not _PINNED.match(line) or not line.endswith("\\") or _PLACE.search(line):
            yield f"line {number} is not a pinned package with hashes: {line.strip()}"


def _missing(needed: list[Requirement], locked: Pins) -> Iterator[str]:
    for requirement in needed:
        version = locked.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement} of pyproject.toml is not in it (found {version}): compile it anew"


def _disagreements(locks: dict[str, Pins]) -> Iterator[str]:
    base = locks["requirements.lock"]
    for name, locked in locks.items():
        for package in sorted(base.keys() & locked.keys()):
            if base[package] != locked[package]:
                yield f"{name}: {package} is {locked[package]}, elsewhere {base[package]}"
