"""`./kanal` on its own: a small checkout, and a `uv` and `pip` that only write down their calls."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

PROGRAM = "import os, sys; print('program', *sys.argv[1:], os.getcwd(), sys.prefix, sep='|')\n"
LOCKS = ("", "-embedded", "-dev", "-uv")

UV = """#!/bin/sh
echo "$@" >>"$CALLS"
case "$*" in *"$UV_FAILS_ON"*) echo "no wheel for this platform" >&2; exit 1 ;; esac
"""


class Checkout:
    """A folder with the script in it, and a PATH with what the test puts there."""

    def __init__(self, root: Path, tools: Path) -> None:
        self.root, self.tools = root, tools
        self.calls = tools / "calls"
        self.calls.touch()
        self.fails_on = "nothing at all"
        self.program = root / "kanal"

    def tool(self, name: str, text: str) -> None:
        path = self.tools / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.tools}:/usr/bin:/bin",
            "HOME": str(self.tools),
            "CALLS": str(self.calls),
            "UV_FAILS_ON": self.fails_on,
            **more,
        }
        return subprocess.run(
            [self.program, *arguments],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def installs(self) -> list[list[str]]:
        """The locks of each installation so far."""
        lines = self.calls.read_text().splitlines()
        return [[word for word in line.split() if word.endswith(".lock")] for line in lines]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root, tools = tmp_path / "a check out", tmp_path / "tools"
    (root / "app").mkdir(parents=True)
    tools.mkdir()
    shutil.copy(ROOT / "kanal", root)
    (root / "app" / "__main__.py").write_text(PROGRAM)
    for name in LOCKS:
        (root / f"requirements{name}.lock").write_text(f"# {name}\n")
    made = Checkout(root, tools)
    made.tool("uv", UV)
    (tools / "python3.12").symlink_to(sys._base_executable)  # type: ignore[attr-defined]
    return made


NO_WHEEL = f"no-such-package==1 --hash=sha256:{'0' * 64}\n"
BASE, EMBEDDED, DEV = "requirements.lock", "requirements-embedded.lock", "requirements-dev.lock"


def test_the_first_start_installs_and_the_second_does_not(checkout: Checkout) -> None:
    first = checkout.run("demo", "--port", "80 80")
    root = os.path.realpath(checkout.root)
    assert first.stdout == f"program|demo|--port|80 80|{root}|{root}/.venv\n", first.stderr
    assert first.stderr == "kanal: installing into .venv\n"
    second = checkout.run("demo")
    assert second.returncode == 0
    assert second.stderr == ""
    assert checkout.installs() == [[BASE, EMBEDDED]]


def test_only_wheels_with_their_hashes_are_installed(checkout: Checkout) -> None:
    checkout.run("demo")
    call = checkout.calls.read_text()
    assert "--require-hashes" in call
    assert "--only-binary :all:" in call


def test_the_tools_of_development_come_with_the_commands_that_need_them(
    checkout: Checkout,
) -> None:
    for command in ("demo", "test", "check", "bench"):
        assert checkout.run(command).returncode == 0
    assert checkout.installs() == [[BASE, EMBEDDED], [BASE, EMBEDDED, DEV]]


def test_given_servers_need_no_embedded_ones(checkout: Checkout) -> None:
    checkout.run("serve", DATABASE_URL="postgresql+psycopg://x", REDIS_URL="redis://x")
    assert checkout.installs() == [[BASE]]


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.root / BASE).write_text("# changed\n")
    checkout.run("demo")
    assert len(checkout.installs()) == 2


def test_an_interrupted_installation_is_repaired(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.root / ".venv" / ".installing").touch()
    (checkout.root / ".venv" / "half").touch()
    again = checkout.run("demo")
    assert again.returncode == 0
    assert "did not finish, starting afresh" in again.stderr
    assert not (checkout.root / ".venv" / "half").exists()
    assert len(checkout.installs()) == 2


def test_a_lock_left_by_a_killed_start_is_taken_over(checkout: Checkout) -> None:
    number = "echo $$"
    killed = subprocess.run(["/bin/sh", "-c", number], capture_output=True, text=True, check=True)
    (checkout.root / ".venv.lock").mkdir()
    (checkout.root / ".venv.lock" / "pid").write_text(killed.stdout)
    assert checkout.run("demo").returncode == 0
    assert not (checkout.root / ".venv.lock").exists()


def test_a_python_that_only_pretends_is_passed_over(checkout: Checkout) -> None:
    (checkout.tools / "python3.12").rename(checkout.tools / "python3")
    checkout.tool(
        "python3.12", "#!/bin/sh\necho 'pyenv: python3.12: command not found' >&2\nexit 127\n"
    )
    checkout.tool("python3.11", "#!/bin/sh\nexit 1\n")
    done = checkout.run("demo")
    assert done.returncode == 0
    assert "pyenv" not in done.stderr


def test_a_python_in_pyenvs_folder_is_found(checkout: Checkout) -> None:
    folder = checkout.tools / ".pyenv" / "versions" / "3.12.1" / "bin"
    folder.mkdir(parents=True)
    (checkout.tools / "python3.12").rename(folder / "python")
    (checkout.tools / "python3").write_text("")
    assert checkout.run("demo", PATH=f"{checkout.tools}:{shell_only(checkout)}").returncode == 0


def shell_only(checkout: Checkout) -> Path:
    """A folder of the few programs the script calls, and no Python."""
    folder = checkout.tools / "bin"
    folder.mkdir()
    for name in ("sh", "cat", "cksum", "dirname", "mkdir", "rm", "sleep", "readlink"):
        found = shutil.which(name, path="/usr/bin:/bin")
        assert found
        (folder / name).symlink_to(found)
    return folder


def test_without_python_one_line_says_so(checkout: Checkout) -> None:
    (checkout.tools / "python3.12").unlink()
    done = checkout.run("demo", PATH=str(shell_only(checkout)))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("kanal: needs Python 3.11 or 3.12")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, ["DATABASE_URL=postgresql+psycopg://", "REDIS_URL=redis://"]),
        ({"DATABASE_URL": "postgresql+psycopg://x"}, ["REDIS_URL=redis://"]),
    ],
)
def test_where_the_servers_have_no_wheel_the_addresses_are_named(
    checkout: Checkout, given: dict[str, str], named: list[str]
) -> None:
    checkout.fails_on = "embedded"
    (checkout.root / EMBEDDED).write_text(NO_WHEEL)
    done = checkout.run("demo", PIP_NO_INDEX="1", **given)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("kanal: no embedded servers for this platform")
    assert [word for word in named if word in last] == named
    assert ("DATABASE_URL" in last) == ("DATABASE_URL" not in given)


def test_when_nothing_can_be_installed_the_reason_is_shown(checkout: Checkout) -> None:
    checkout.fails_on = "pip install"
    (checkout.root / BASE).write_text(NO_WHEEL)
    done = checkout.run("demo", PIP_NO_INDEX="1", **URLS)
    assert done.returncode == 1
    assert "no-such-package" in done.stderr
    assert done.stderr.splitlines()[-1] == "kanal: the installation failed, see above"
    (checkout.root / BASE).write_text("# mended\n")
    checkout.fails_on = "nothing at all"
    assert checkout.run("demo", **URLS).returncode == 0


URLS = {"DATABASE_URL": "postgresql+psycopg://x", "REDIS_URL": "redis://x"}


def test_it_can_be_called_through_a_link(checkout: Checkout) -> None:
    link = checkout.tools / "link"
    link.symlink_to(checkout.program)
    checkout.program = link
    done = checkout.run("demo")
    assert os.path.realpath(checkout.root) in done.stdout, done.stderr
