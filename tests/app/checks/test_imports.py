"""The contracts in pyproject.toml, tried on small houses with one wrong import each."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
LINT = "from importlinter.cli import lint_imports_command as run; run()"

MODULES = (
    *("core/__init__.py", "core/message.py", "core/inbox.py", "core/text.py", "core/errors.py"),
    *("core/channel.py", "core/settings.py"),
    *("channels/__init__.py", "channels/telegram/__init__.py", "channels/line/__init__.py"),
    *("channels/twitter/__init__.py", "channels/messenger/__init__.py", "core/payload.py"),
    *("app/__init__.py", "app/wiring.py", "app/tasks.py", "app/worker.py", "app/asgi.py"),
    *("app/shift.py", "app/commands/__init__.py", "app/web/__init__.py", "classifier/__init__.py"),
    "app/workplace.py",
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for module in MODULES:
        file = tmp_path / module
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", LINT]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def test_a_house_in_order_passes(house: Path) -> None:
    (house / "app/wiring.py").write_text("import channels.telegram, core.inbox\n")
    (house / "channels/telegram/__init__.py").write_text(
        "import core.message, core.text, core.errors, core.channel, core.settings\n"
    )
    (house / "core/channel.py").write_text("import core.message\n")
    done = lint(house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("core/inbox.py", "app.wiring", "Imports go down only"),
        ("core/inbox.py", "channels.telegram", "Imports go down only"),
        ("channels/telegram/__init__.py", "app.wiring", "Imports go down only"),
        ("channels/telegram/__init__.py", "channels.line", "Channels never know each other"),
        ("channels/telegram/__init__.py", "core.inbox", "Channels see of core only"),
        ("core/inbox.py", "fastapi", "The core knows no web"),
        ("core/inbox.py", "celery", "The core knows no web"),
        ("core/inbox.py", "telegram", "The core knows no web"),
        ("app/web/__init__.py", "channels.telegram", "Only the wiring names"),
        ("app/tasks.py", "channels.telegram", "Only the wiring names"),
        ("app/asgi.py", "spacy", "Only the readers of the queue work carry the classifier"),
        ("app/asgi.py", "app.workplace", "The web process carries nothing of the workers"),
        ("app/web/__init__.py", "PIL", "The web process carries nothing of the workers"),
    ],
)
def test_a_wrong_import_is_found(house: Path, module: str, imported: str, contract: str) -> None:
    (house / module).write_text(f"import {imported}\n")
    done = lint(house)
    assert done.returncode == 1
    broken = [line for line in done.stdout.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), done.stdout


def test_a_cycle_is_found(house: Path) -> None:
    (house / "core/inbox.py").write_text("import core.text\n")
    (house / "core/text.py").write_text("import core.inbox\n")
    done = lint(house)
    assert done.returncode == 1
    assert "No import cycle BROKEN" in done.stdout
