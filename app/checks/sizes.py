"""Sizes of functions and modules, and where imports stand."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

#: The packages whose medians are watched, and what else must keep the hard limits.
ROOMS = ("core", "channels", "classifier", "app")
BESIDE = ("tests", "benchmarks")

# A migration is a list of statements, as long as the schema.
_NOT_MEASURED = ("migrations/versions/",)

_DISTRIBUTED = 2  # values from which on there are percentiles

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Limits:
    """Lines; a function is counted from its `def` to its end, without its docstring."""

    function: int = 40
    function_median: float = 8
    function_p95: float = 40
    module: int = 400
    module_median: float = 120
    module_p90: float = 250


@dataclass(frozen=True)
class Module:
    """One parsed file."""

    path: str
    lines: int
    tree: ast.Module

    @property
    def functions(self) -> Iterator[Function]:
        """Every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node


def check(root: Path, limits: Limits | None = None) -> list[str]:
    """Return what breaks the limits below `root`, one sentence each."""
    limits = limits or Limits()
    measured = list(read(root, ROOMS))
    everything = [*measured, *read(root, BESIDE)]
    return [
        *(complaint for module in everything for complaint in _one(module, limits)),
        *_all_together(measured, limits),
    ]


def read(root: Path, folders: Iterable[str]) -> Iterator[Module]:
    """Parse every Python file in the folders that exist."""
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            if not any(part in path for part in _NOT_MEASURED):
                source = file.read_text(encoding="utf-8")
                yield Module(path, source.count("\n"), ast.parse(source, path))


def length(function: Function) -> int:
    """Return a function's lines from `def` to its end, without its docstring."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None or len(function.body) == 1:
        return total
    return total - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _one(module: Module, limits: Limits) -> Iterator[str]:
    """Yield what is wrong with one module by itself."""
    if module.lines > limits.module:
        yield f"{module.path}: {module.lines} lines, at most {limits.module}"
    for function in module.functions:
        where = f"{module.path}:{function.lineno} {function.name}"
        if length(function) > limits.function:
            yield f"{where}: {length(function)} lines, at most {limits.function}"
        for name in _inner_imports(function):
            yield f"{where}: imports {name} inside a function"


def _inner_imports(function: Function) -> Iterator[str]:
    """Yield the modules of ours that a function imports in its body."""
    for node in ast.walk(function):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        else:
            continue
        yield from (name for name in names if _is_ours(name))


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in {"", *ROOMS, *BESIDE}


def _all_together(modules: Sequence[Module], limits: Limits) -> Iterator[str]:
    """Yield what is wrong with the medians and tails."""
    functions = [length(function) for module in modules for function in module.functions]
    files = [module.lines for module in modules if not module.path.endswith("__init__.py")]
    figures = (
        ("median of functions", _median(functions), limits.function_median),
        ("95th percentile of functions", _percentile(functions, 95), limits.function_p95),
        ("median of modules", _median(files), limits.module_median),
        ("90th percentile of modules", _percentile(files, 90), limits.module_p90),
    )
    for name, found, allowed in figures:
        if found > allowed:
            yield f"{name}: {found:g} lines, at most {allowed:g}"


def _median(values: Sequence[int]) -> float:
    return statistics.median(values) if values else 0


def _percentile(values: Sequence[int], percent: int) -> float:
    if len(values) < _DISTRIBUTED:
        return max(values, default=0)
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
