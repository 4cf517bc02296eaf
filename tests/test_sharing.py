"""Tests that start whole systems are known, run in one process, and begin first."""

from pathlib import Path

import pytest

from tests.sharing import SYSTEMS, scope, systems_first

ROOT = Path(__file__).parents[1]
STARTS = ("demo: Demo", "city: City", '"app", "bench"')


def test_what_starts_a_system_is_named() -> None:
    assert all((ROOT / name).exists() for name in SYSTEMS)
    starting = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "tests").rglob("test_*.py")
        if file != Path(__file__) and any(sign in file.read_text() for sign in STARTS)
    }
    assert starting
    assert all(name.startswith(SYSTEMS) for name in starting)


def test_it_comes_first_and_the_rest_keeps_its_order(request: pytest.FixtureRequest) -> None:
    class Named(pytest.Item):
        def runtest(self) -> None:
            """Not run."""

    names = ["tests/core/test_b.py", "tests/faults/test_f.py", "tests/core/test_a.py"]
    items: list[pytest.Item] = [
        Named.from_parent(request.session, name=name, nodeid=name) for name in names
    ]
    systems_first(items)
    assert [item.nodeid for item in items] == [names[1], names[0], names[2]]


def test_who_starts_systems_shares_a_process() -> None:
    assert scope("tests/faults/test_faults.py::test_x[a::b]") == scope("tests/browser/test_y.py::z")
    assert scope("tests/core/test_a.py::test_x[a::b]") == "tests/core/test_a.py"
