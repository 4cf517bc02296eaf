import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import wiring
from app.checks.settings import known
from app.launch import LaunchError
from app.launch.accounts import CHANNELS, PREFIXES, demo_secrets
from app.launch.demo import Demo, Stage, child_environment, children, directions, only_one
from app.launch.processes import Queue
from app.settings import AppSettings
from app.simulator.settings import SimulatorSettings
from app.simulator.world import World

ROOT = Path(__file__).parents[3]
SERVERS = {"DATABASE_URL": "postgresql+psycopg://x", "REDIS_URL": "redis+socket:///x"}


@pytest.fixture
def busy_port() -> socket.socket:
    busy = socket.socket()
    busy.bind(("127.0.0.1", 0))
    busy.listen()
    return busy


def test_the_accounts_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = demo_secrets(tmp_path)
    assert demo_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    (tmp_path / "other").mkdir()
    other = demo_secrets(tmp_path / "other")
    assert all(other[name] != secret for name, secret in first.items())


def test_an_older_demo_keeps_its_secrets_and_gets_the_missing_ones(tmp_path: Path) -> None:
    old = {"token": "1:old", "webhook": "old"}
    (tmp_path / "demo.json").write_text(json.dumps(old))
    completed = demo_secrets(tmp_path)
    assert completed.items() > old.items()
    assert demo_secrets(tmp_path) == completed
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_children_never_see_a_real_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for prefix in PREFIXES:
        monkeypatch.setenv(f"{prefix}TOKEN", "1:real")
        monkeypatch.setenv(f"{prefix}POLLING", "1")
    environment = child_environment(Demo(tmp_path), tmp_path, SERVERS)
    assert "1:real" not in environment.values()
    assert not [name for name in environment if name.endswith("_POLLING")]
    origins = {
        value
        for name, value in environment.items()
        if name.startswith(PREFIXES) and name.endswith("_ORIGIN")
    }
    assert origins == {f"http://127.0.0.1:{environment['SIMULATOR_PORT']}"}
    assert environment.items() >= SERVERS.items()


def test_its_channels_can_work_with_its_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = child_environment(Demo(tmp_path), tmp_path, SERVERS)
    for name in [name for name in os.environ if name.startswith(PREFIXES)]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    on = wiring.channels(AppSettings())
    assert tuple(on) == CHANNELS == tuple(World(SimulatorSettings()).platforms)
    for name, value in environment.items():
        if name.startswith(PREFIXES) and name.endswith(("TOKEN", "SECRET", "SECRETS")):
            assert any(value == secret for secret in wiring.secrets(on)), name


def test_it_says_where_the_phones_and_the_webhooks_are(tmp_path: Path) -> None:
    demo = Demo(tmp_path)
    environment = child_environment(demo, tmp_path, SERVERS)
    said = directions(demo, environment, "a-token")
    web = environment["KANAL_PUBLIC_URL"]
    assert f"{web}/webhooks/{{telegram,line,twitter,messenger}}" in said
    assert f"Write as a citizen:   http://127.0.0.1:{environment['SIMULATOR_PORT']}/\n" in said


def test_it_says_how_commands_reach_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo, url = Demo(tmp_path), "postgresql+psycopg://u@/kanal?host=/a%20b&x=1"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    environment = child_environment(demo, tmp_path, SERVERS | {"DATABASE_URL": url})
    said = directions(demo, environment, "a-token")
    assert f"    export DATABASE_URL='{url}' KANAL_REGION=64.74\n" in said


def test_an_address_that_was_given_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo, url = Demo(tmp_path), "postgresql+psycopg://u:rahasia-sekali@db/kanal"
    monkeypatch.setenv("DATABASE_URL", url)
    environment = child_environment(demo, tmp_path, SERVERS | {"DATABASE_URL": url})
    said = directions(demo, environment, "a-token")
    assert "rahasia-sekali" not in said
    assert "    export KANAL_REGION=64.74\n" in said


def test_all_its_variables_are_settings(tmp_path: Path) -> None:
    environment = child_environment(Demo(tmp_path), tmp_path, SERVERS)
    given = environment.keys() - os.environ.keys()
    ours = {name for name in given if name.startswith(("KANAL_", *PREFIXES))}
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
