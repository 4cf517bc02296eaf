from pathlib import Path

import pytest

from app.checks.sizes import Limits, check, length, read

LENIENT = Limits(function_median=1000, function_p95=1000, module_median=1000, module_p90=1000)
ROOT = Path(__file__).parents[3]


def write(root: Path, path: str, source: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source)


def function(lines: int, name: str = "long") -> str:
    """A function of `lines` lines with its `def`."""
    return f"def {name}():\n" + "    x = 1\n" * (lines - 1)


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("core/a.py", function(41), "core/a.py:1 long: 41 lines"),
        ("tests/a.py", function(41), "tests/a.py:1 long: 41 lines"),
        ("benchmarks/a.py", function(41), "41 lines"),
        ("app/a.py", "class A:\n    async " + function(41).replace("\n", "\n    "), "41 lines"),
        ("core/a.py", "x = 1\n" * 401, "core/a.py: 401 lines, at most 400"),
        ("core/a.py", "def f():\n    import core.b\n", "imports core.b inside a function"),
        ("app/a.py", "def f():\n    from channels import x\n", "imports channels inside"),
        ("tests/a.py", "def f():\n    from . import x\n", "imports . inside"),
        ("tests/a.py", "class A:\n  def f(self):\n    from app.x import y\n", "imports app.x"),
    ],
)
def test_what_breaks_a_hard_limit_is_named(
    tmp_path: Path, path: str, source: str, said: str
) -> None:
    write(tmp_path, path, source)
    complaints = check(tmp_path, LENIENT)
    assert len(complaints) == 1
    assert said in complaints[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", function(40)),
        ("core/a.py", "x = 1\n" * 400),
        ("core/a.py", "def f():\n    import json\n    from pathlib import Path\n"),
        ("core/db/migrations/versions/a.py", function(300)),
        ("elsewhere/a.py", function(300)),
    ],
)
def test_what_keeps_the_limits_is_left_alone(tmp_path: Path, path: str, source: str) -> None:
    write(tmp_path, path, source)
    assert check(tmp_path, LENIENT) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f():\n    return 1\n", 2),
        ("@cache\ndef f():\n    return 1\n", 2),
        ("def f(\n    a,\n    b,\n):\n    return 1\n", 5),
        ('def f():\n    """One\n\n    two.\n    """\n    return 1\n', 2),
        ('def f():\n    """Only words."""\n', 2),
    ],
)
def test_a_function_is_measured_without_its_docstring(
    tmp_path: Path, source: str, expected: int
) -> None:
    write(tmp_path, "core/a.py", source)
    (module,) = read(tmp_path, ["core"])
    assert [length(found) for found in module.functions] == [expected]


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(function_median=8), "median of functions: 9 lines, at most 8"),
        (Limits(function_median=99, function_p95=30), "95th percentile of functions"),
        (Limits(function_median=99, module_median=50), "median of modules: 57 lines, at most 50"),
        (Limits(function_median=99, module_p90=56), "90th percentile of modules"),
    ],
)
def test_medians_and_tails_are_watched(tmp_path: Path, limits: Limits, said: str) -> None:
    functions = "".join(function(9, f"f{number}") for number in range(2))
    write(tmp_path, "core/a.py", functions + function(39))
    write(tmp_path, "core/__init__.py", "")
    complaints = check(tmp_path, limits)
    assert any(said in complaint for complaint in complaints), complaints


def test_tests_do_not_improve_the_median(tmp_path: Path) -> None:
    write(tmp_path, "core/a.py", function(20))
    write(tmp_path, "tests/a.py", function(2) * 50)
    assert "median of functions: 20 lines, at most 8" in check(tmp_path)


def test_our_own_rooms_are_read() -> None:
    paths = {module.path for module in read(ROOT, ["core", "channels", "app"])}
    assert {"core/inbox.py", "channels/telegram/inbound.py", "app/checks/sizes.py"} <= paths
