import os
import socket
from pathlib import Path

import pytest

from app.launch import LaunchError, free_port
from app.launch.ports import socket_directory


def test_a_free_port_is_taken_as_wished() -> None:
    port = free_port()
    assert free_port(port) == port


def test_a_busy_port_is_stepped_around() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert port < free_port(port) < port + 100


def test_short_paths_keep_the_socket_beside_the_data(tmp_path: Path) -> None:
    found = socket_directory(Path("/tmp") / tmp_path.name / "postgres")
    assert found == Path("/tmp") / tmp_path.name / "run" / "postgres"
    assert found.stat().st_mode & 0o777 == 0o700
    for made in (found, found.parent, found.parent.parent):
        made.rmdir()


@pytest.mark.parametrize("folder", ["x" * 90, "with a space", "koma,titik", "é"])
def test_long_and_odd_paths_use_the_temporary_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    short = Path("/tmp") / f"kanal-test-{os.getpid()}"
    short.mkdir(exist_ok=True)
    monkeypatch.setattr("tempfile.tempdir", str(short))
    data = tmp_path / folder / "postgres"
    data.mkdir(parents=True)
    first = socket_directory(data)
    assert first.parent == short
    assert len(os.fsencode(first / ".s.PGSQL.5432.lock")) < 104
    assert socket_directory(data) == first
    first.rmdir()
    short.rmdir()


def test_a_directory_open_to_others_is_refused(tmp_path: Path) -> None:
    data = Path("/tmp") / tmp_path.name / "redis"
    made = socket_directory(data)
    made.chmod(0o755)
    with pytest.raises(LaunchError, match="not a private directory"):
        socket_directory(data)
    made.rmdir()
    made.symlink_to(tmp_path)
    with pytest.raises(LaunchError, match="not a private directory"):
        socket_directory(data)
    made.unlink()
    made.parent.rmdir()
    made.parent.parent.rmdir()
