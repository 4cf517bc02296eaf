import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.checks.settings import known
from app.launch import LaunchError
from app.launch.demo import Demo, Stage, child_environment, children, demo_secrets, only_one
from app.launch.processes import Queue
from channels.telegram.settings import TelegramSettings

ROOT = Path(__file__).parents[3]
SERVERS = {"DATABASE_URL": "postgresql+psycopg://x", "REDIS_URL": "redis+socket:///x"}


@pytest.fixture
def busy_port() -> socket.socket:
    busy = socket.socket()
    busy.bind(("127.0.0.1", 0))
    busy.listen()
    return busy


def test_the_bots_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = demo_secrets(tmp_path)
    assert demo_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    (tmp_path / "other").mkdir()
    assert demo_secrets(tmp_path / "other") != first


def test_children_never_see_a_real_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "1:real")
    monkeypatch.setenv("TELEGRAM_POLLING", "1")
    environment = child_environment(Demo(tmp_path), tmp_path, SERVERS)
    assert "1:real" not in environment.values()
    assert "TELEGRAM_POLLING" not in environment
    assert environment["TELEGRAM_API_ORIGIN"].startswith("http://127.0.0.1:")
    assert environment.items() >= SERVERS.items()
    for name in ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRETS"):
        monkeypatch.setenv(name, environment[name])
    monkeypatch.delenv("TELEGRAM_POLLING")
    TelegramSettings().check()


def test_all_its_variables_are_settings(tmp_path: Path) -> None:
    environment = child_environment(Demo(tmp_path), tmp_path, SERVERS)
    prefixes = ("KANAL_", "TELEGRAM_", "SIMULATOR_")
    given = environment.keys() - os.environ.keys()
    ours = {name for name in given if name.startswith(prefixes)}
    assert ours <= {setting.name for setting in known()}


def test_busy_ports_are_stepped_around(tmp_path: Path, busy_port: socket.socket) -> None:
    with busy_port:
        port = busy_port.getsockname()[1]
        environment = child_environment(Demo(tmp_path, port, port), tmp_path, SERVERS)
    assert int(environment["KANAL_PORT"]) > port
    assert int(environment["SIMULATOR_PORT"]) > int(environment["KANAL_PORT"])


def test_every_process_is_started_and_stops_in_its_turn(tmp_path: Path) -> None:
    environment = child_environment(Demo(tmp_path), tmp_path, SERVERS)
    stages = {child.name: child.program.stage for child in children(environment, tmp_path)}
    assert stages == {
        "simulator": Stage.SIMULATOR,
        **{f"worker-{queue}": Stage.WORKER for queue in Queue},
        "web": Stage.WEB,
        "beat": Stage.BEAT,
    }


def test_a_second_demo_says_where_the_first_is(tmp_path: Path) -> None:
    with only_one(tmp_path) as announce:
        with pytest.raises(LaunchError, match="already runs"), only_one(tmp_path):
            pass
        announce("http://127.0.0.1:8080")
        command = [sys.executable, "-m", "app", "demo", "--var", str(tmp_path)]
        second = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert second.returncode == 1
    assert second.stderr == (
        "kanal: a demo already runs in this directory (http://127.0.0.1:8080)\n"
    )
    with only_one(tmp_path):
        pass
