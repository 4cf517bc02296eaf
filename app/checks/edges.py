"""Only edges open and commit transactions: `app`, and three modules of the core (ADR 7)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

EDGES = frozenset({"delivery.py", "fetching.py", "polling.py"})
OPENING = frozenset({"commit", "rollback", "begin", "transaction"})
# What defines them, and what runs migrations.
OWN = frozenset({"session.py", "migrate.py"})


def check(root: Path) -> list[str]:
    """Return where the core or a channel opens or ends a transaction."""
    return [
        f"{path.relative_to(root)}:{line} {name}(): only an edge opens or ends a transaction"
        for room in ("core", "channels")
        for path in sorted((root / room).rglob("*.py"))
        if path.name not in EDGES | OWN and "migrations" not in path.parts
        for line, name in _openings(ast.parse(path.read_text(encoding="utf-8")))
    ]


def _openings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in OPENING:
                yield node.lineno, name
