import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from app.launch import EmbeddedPostgres, LaunchError, identity
from app.launch import postgres as module
from app.launch.postgres import postgres_programs

Eventually = Callable[[Callable[[], object]], None]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "postgres", sync=False)
    yield server
    server.stop()


def one(server: EmbeddedPostgres, question: str) -> object:
    engine = create_engine(server.url("postgres"))
    try:
        with engine.begin() as connection:
            return connection.execute(text(question)).scalar()
    finally:
        engine.dispose()


def write(server: EmbeddedPostgres) -> None:
    engine = create_engine(server.url("postgres"))
    with engine.begin() as connection:
        connection.execute(text("create table if not exists kept (number int)"))
        connection.execute(text("insert into kept values (1)"))
    engine.dispose()


def test_it_is_private_and_has_no_port(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    postgres.start()
    assert str(one(postgres, "show server_version")).startswith("18.")
    assert one(postgres, "show listen_addresses") == ""
    assert one(postgres, "show data_checksums") == "on"
    assert one(postgres, "show timezone") == "UTC"
    assert postgres.child.pid
    assert psutil.Process(postgres.child.pid).net_connections("inet") == []
    sockets = Path(str(one(postgres, "show unix_socket_directories")).strip('"'))
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "postgres").stat().st_mode) == 0o700


def test_the_data_is_safe_on_disk_unless_a_test_wants_speed(tmp_path: Path) -> None:
    assert not [
        word for word in EmbeddedPostgres(tmp_path / "a").child.program.argv if "fsync" in word
    ]
    assert "--fsync=off" in EmbeddedPostgres(tmp_path / "b", sync=False).child.program.argv


def test_a_database_is_created_once(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.create_database('a "b" c')
    postgres.create_database('a "b" c')
    assert one(postgres, "select count(*) from pg_database where datname = 'a \"b\" c'") == 1


def test_refused_rows_and_statements_stay_out_of_the_log(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    engine = create_engine(postgres.url("postgres"))
    with engine.begin() as connection:
        connection.execute(text("create table person (name text primary key)"))
        connection.execute(text("insert into person values ('nama-warga')"))
    with pytest.raises(Exception, match="duplicate"), engine.begin() as connection:
        connection.execute(text("insert into person values ('nama-warga')"))
    engine.dispose()
    log = postgres.child.program.log.read_text()
    assert "duplicate key" in log
    assert "nama-warga" not in log


def test_what_was_written_is_there_after_kill_9(
    postgres: EmbeddedPostgres, eventually: Eventually
) -> None:
    postgres.start()
    write(postgres)
    assert postgres.child.pid
    os.kill(postgres.child.pid, signal.SIGKILL)
    eventually(lambda: not postgres.child.is_running())
    postgres.start()
    assert one(postgres, "select count(*) from kept") == 1


def test_one_process_at_a_time(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    postgres.start()
    with pytest.raises(LaunchError, match="in use by another running process"):
        EmbeddedPostgres(tmp_path / "postgres", sync=False).start()
    assert one(postgres, "select 1") == 1


def test_a_number_taken_over_by_another_program_does_not_stop_it(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    postgres.start()
    postgres.stop()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n1\n5432\n")
    postgres.start()
    assert one(postgres, "select 1") == 1
    assert psutil.pid_exists(os.getpid())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the orphan is met at the next start")
def test_it_stops_when_its_parent_is_killed(tmp_path: Path, eventually: Eventually) -> None:
    pid = start_elsewhere_and_kill(tmp_path / "postgres")
    eventually(lambda: gone(pid))
    server = EmbeddedPostgres(tmp_path / "postgres", sync=False)
    server.start()
    server.stop()


def test_an_orphan_is_stopped_and_replaced(tmp_path: Path, eventually: Eventually) -> None:
    pid = start_elsewhere_and_kill(tmp_path / "postgres", without_death_signal=True)
    assert not gone(pid)
    server = EmbeddedPostgres(tmp_path / "postgres", sync=False)
    server.start()
    assert gone(pid)
    assert one(server, "select 1") == 1
    server.stop()


def start_elsewhere_and_kill(data: Path, *, without_death_signal: bool = False) -> int:
    """Start a server in another Python, kill that with SIGKILL, return the server's number."""
    start = ORPHANED if without_death_signal else "server.start(); print(server.child.pid)"
    code = f"""
import signal, subprocess, sys
from pathlib import Path
from app.launch import EmbeddedPostgres
from app.launch.child import wrapped
server = EmbeddedPostgres(Path({str(data)!r}), sync=False)
{start}
sys.stdout.flush()
signal.pause()
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    return pid


# As on a system without PR_SET_PDEATHSIG: 0 asks for no signal.
ORPHANED = """
program = server.child.program
program.prepare()
command = wrapped(program.argv, program.identity, 0)
process = subprocess.Popen(command, cwd="/", env=program.environment, stderr=subprocess.DEVNULL)
while not program.ready():
    pass
print(process.pid)
"""


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_half_made_database_is_made_again(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    postgres.start()
    assert one(postgres, "select 1") == 1


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [("notes.txt", "mine", "something else than a database"), ("PG_VERSION", "16\n", "not of")],
)
def test_foreign_data_is_left_alone(tmp_path: Path, file: str, content: str, said: str) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / file).write_text(content)
    with pytest.raises(LaunchError, match=said):
        EmbeddedPostgres(tmp_path / "postgres", sync=False).start()
    assert (tmp_path / "postgres" / file).read_text() == content


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")
@pytest.mark.parametrize("closed", ["data", "data and programs"])
def test_as_root_below_a_closed_home_nothing_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    home = tmp_path / "home of root"
    home.mkdir(mode=0o700)
    if "programs" in closed:
        programs = copy_of_the_wheel(home)
        monkeypatch.setattr(module, "postgres_programs", lambda: programs)
    server = EmbeddedPostgres(home / "kanal" / "postgres", sync=False)
    server.start()
    try:
        assert server.child.pid
        process = psutil.Process(server.child.pid)
        assert process.exe().startswith(str(home)) == ("programs" in closed)
        assert process.uids().effective != 0
        assert capabilities(server.child.pid).bit_count() == 1
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        with pytest.raises(psycopg.OperationalError):
            connect_as_nobody(server)
    finally:
        server.stop()


def copy_of_the_wheel(folder: Path) -> Path:
    """Copy PostgreSQL and the wheel's shared libraries, which lie beside the package."""
    programs = postgres_programs()
    version, package = programs.parent, programs.parent.parent
    new = folder / package.name / version.name
    shutil.copytree(version, new, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, folder / libraries.name)
    return new / programs.name


def capabilities(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    held = {line.split()[1] for line in status if line.startswith(("CapEff:", "CapPrm:"))}
    assert len(held) == 1
    return int(held.pop(), 16)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")
def test_as_root_in_an_open_place_no_capability_is_kept() -> None:
    place = Path("/tmp") / f"kanal-test-{os.getpid()}"
    place.mkdir(mode=0o755)
    if not identity._reachable(postgres_programs() / "postgres"):
        pytest.skip("this checkout itself lies below a closed home")
    server = EmbeddedPostgres(place / "postgres", sync=False)
    server.start()
    try:
        assert server.child.pid
        assert capabilities(server.child.pid) == 0
    finally:
        server.stop()
        shutil.rmtree(place)


def connect_as_nobody(server: EmbeddedPostgres) -> None:
    """Connect with another user's rights to the socket; the server must ask who comes."""
    owner = (server._data.stat().st_uid, server._data.stat().st_gid)
    code = "import psycopg,sys; psycopg.connect(sys.argv[1])"
    url = server.url("postgres").replace("postgresql+psycopg", "postgresql")
    done = subprocess.run(
        [
            "setpriv",
            f"--reuid={owner[0]}",
            f"--regid={owner[1]}",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            sys.executable,
            "-c",
            code,
            url,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Peer authentication failed" in done.stderr
    raise psycopg.OperationalError(done.stderr)
