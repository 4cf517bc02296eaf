"""What the code imports from others is in the locks, so that a fresh installation has it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from app.checks.locks import pins
from app.checks.sizes import BESIDE, ROOMS, Module, read

_FREE = {*sys.stdlib_module_names, *ROOMS, *BESIDE}


def check(root: Path) -> list[str]:
    """Return the imports whose package is in no lock that goes with them."""
    run_time = _locked(root, "requirements.lock")
    beside = run_time | _locked(root, "requirements-dev.lock", "requirements-embedded.lock")
    providers = packages_distributions()
    return [
        *_unlocked(read(root, ROOMS), run_time, providers),
        *_unlocked(read(root, BESIDE), beside, providers),
    ]


def _locked(root: Path, *names: str) -> set[str]:
    return {package for name in names for package in pins((root / name).read_text("utf-8"))}


def _unlocked(
    modules: Iterator[Module], locked: set[str], providers: Mapping[str, list[str]]
) -> Iterator[str]:
    """Yield imports of packages that none of `locked` brings."""
    for module in modules:
        for name in sorted(set(_imported(module.tree)) - _FREE):
            packages = {canonicalize_name(package) for package in providers.get(name, [name])}
            if not packages & locked:
                yield f"{module.path}: {name} is in no lock; is it missing in pyproject.toml?"


def _imported(tree: ast.Module) -> Iterator[str]:
    """Yield the top-level name of every absolute import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]
