"""Every command in the README is run, in its order, against what `./kanal demo` starts."""

import json
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import typer
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from app.__main__ import kanal
from tests.running_demo import ROOT, Demo, ports
from tests.waiting import eventually

PAGES_OF_DOCS = sorted((ROOT / "docs").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
INDONESIAN = (ROOT / "README.id.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
CHAT = 920_000_001
SENTENCE = re.compile(r"for example\s+\*(.*?)\*", re.DOTALL)
TICKET = re.compile(r"^TICKET=.*$", re.MULTILINE)


class Phone:
    """A citizen's phone on the simulated platform."""

    def __init__(self, demo: Demo) -> None:
        self._chat = f"{demo.phone}/simulator/telegram/chats/{CHAT}"

    def write(self, text: str) -> None:
        httpx.post(f"{self._chat}/messages", json={"text": text}).raise_for_status()

    def reads(self, words: str) -> str:
        """Wait until a message with `words` is on the screen; return the whole screen."""
        eventually(f"the phone shows {words!r}", lambda: words in self._screen())
        return self._screen()

    def _screen(self) -> str:
        return "\n".join(it["text"] for it in httpx.get(self._chat).json()["bubbles"])


@pytest.mark.timeout(240)
def test_the_readme_leads_from_a_complaint_to_the_answer(demo: Demo) -> None:
    said = SENTENCE.search(README)
    assert said
    phone = Phone(demo)
    phone.write(" ".join(said[1].split()))
    phone.reads("Ada fotonya?")
    phone.write("lewati")
    phone.reads("Sudah benar?")
    phone.write("kirim")
    screen = phone.reads("Nomor tiket")
    ticket = screen.partition("Nomor tiket: ")[2].split()[0]

    eventually("the report is read", lambda: is_read(demo, ticket))

    calls = [block for block in BLOCKS if "curl" in block]
    assert len(calls) == 4
    listed, assigned, answered, figures = (run(block, demo, ticket) for block in calls)
    assert ticket in listed
    assert '"sure":true' in listed
    assert '"slug":"bontang-pupr"' in listed
    assert "terdisposisi" in assigned
    assert '"proses"' in answered
    assert re.search(r'"reports":[1-9]', figures)
    phone.reads("Dinas Pekerjaan Umum")
    phone.reads("Tim kami menambal jalan ini hari Senin.")


def is_read(demo: Demo, ticket: str) -> bool:
    return demo.api("GET", f"/reports/{ticket}").json()["suggestion"] is not None


def run(block: str, demo: Demo, ticket: str) -> str:
    """Run one block as it stands, with the variables that the newcomer has; return its output."""
    failing = f'curl() {{ command curl --fail-with-body "$@"; }}\nTICKET={ticket}\n'
    script = failing + TICKET.sub("", block)
    environment = {"KANAL": demo.web, "TOKEN": demo.token, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-euc", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("words", ["rule list", "registry check --stored", "agency list"])
def test_what_the_demo_prints_lets_commands_work_on_its_data(demo: Demo, words: str) -> None:
    script = f"{demo.variables}\n{shlex.quote(sys.executable)} -m app {words}"
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-euc", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "PLN" in done.stdout or "64.74" in done.stdout


def test_demos_of_two_test_processes_have_ports_of_their_own() -> None:
    used = [{port + n for _, port in ports(process) for n in range(5)} for process in range(1000)]
    assert len(set().union(*used)) == sum(map(len, used))
    assert max(map(max, used)) < 32_768


@cache  # the two READMEs may have the same line: a process with a model takes its time
def suggested(line: str) -> str:
    script = line.replace("./kanal", f"{shlex.quote(sys.executable)} -m app")
    environment = {"PATH": "/usr/bin:/bin"}  # what a newcomer has set: nothing
    done = subprocess.run(
        ["sh", "-euc", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("text", [README, INDONESIAN], ids=["en", "id"])
def test_the_example_of_a_suggestion_gives_one(text: str) -> None:
    examples = re.findall(r"^echo .* \| \./kanal model suggest .*$", text, re.MULTILINE)
    assert len(examples) == 1
    said = json.loads(suggested(examples[0]))
    assert said["sure"], said
    assert said["opd"][0]["slug"] == "bontang-dlh"
    assert said["opd"][0]["words"]
    assert said["region"].startswith("64.74")


@pytest.mark.parametrize("text", [README, INDONESIAN], ids=["en", "id"])
def test_every_command_in_the_readme_exists(text: str) -> None:
    named = re.findall(r"\./kanal ([a-z][a-z -]*[a-z])", text)
    assert named
    exist(named)


@pytest.mark.parametrize("page", PAGES_OF_DOCS, ids=[page.stem for page in PAGES_OF_DOCS])
def test_every_command_in_the_docs_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    exist(re.findall(r"(?:\./|`|^)kanal ([a-z][a-z -]*[a-z])", text, re.MULTILINE))


def test_a_command_that_does_not_exist_is_found() -> None:
    with pytest.raises(AssertionError, match="no command model sugest"):
        exist(["registry load --packaged", "model sugest"])


def exist(named: list[str]) -> None:
    """Assert that each of these lines begins with a command of the program."""
    commands = get_command(kanal)
    for words in map(shlex.split, named):
        command = commands
        for word in words:
            known = getattr(command, "commands", None)
            if known is None or word.startswith("-"):
                break
            assert word in known, f"no command {' '.join(words)}"
            command = known[word]


DOCKER = re.compile(r"^docker compose .*?$|(?<=`)docker compose [^`]+(?=`)", re.MULTILINE)
PAGES = [README, INDONESIAN, (ROOT / "docs/OPERATIONS.md").read_text(encoding="utf-8")]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

compose = typer.Typer()
Switch = Annotated[bool, typer.Option()]
REST = {"allow_interspersed_args": False}


def has_service(name: str) -> None:
    assert name in SERVICES, f"no service {name}"


@compose.command()
def up(detach: Annotated[bool, typer.Option("-d")], scale: list[str] | None = None) -> None:
    """As `docker compose up`."""
    assert detach
    for name, _, number in (it.partition("=") for it in scale or []):
        has_service(name)
        assert int(number) > 0


@compose.command("exec", context_settings=REST)
def execute(
    service: str, command: list[str], quiet: Annotated[bool, typer.Option("-T")] = False
) -> None:
    """As `docker compose exec`."""
    has_service(service)
    assert command


@compose.command("run", context_settings=REST)
def run_once(
    service: str,
    command: list[str],
    rm: Switch = False,
    no_deps: Switch = False,
    quiet: Annotated[bool, typer.Option("-T")] = False,
    entrypoint: str = "",
    volume: Annotated[list[str] | None, typer.Option("-v")] = None,
) -> None:
    """As `docker compose run`: what runs in the container sees no other file of the host."""
    has_service(service)
    assert rm
    mounted = [it.split(":") for it in volume or []]
    for source, _, mode in mounted:
        assert (source[:5], mode) == ("$PWD/", "ro"), "not mounted by its whole path"
    if entrypoint:
        return
    understood(command)
    files = {word for word in command if Path(word).suffix}
    assert files == {target for _, target, _ in mounted}, "not what is mounted"


def understood(words: list[str]) -> None:
    """Parse as the program would; raises on an unknown command, argument or option."""
    command: Any = get_command(kanal)
    rest = list(words)
    while hasattr(command, "commands"):
        command = command.commands[rest.pop(0)]
    command.make_context("kanal", rest)


def mistake(line: str) -> str:
    """Return what is wrong with a docker command as it is written, nothing if it is right."""
    words = shlex.split(line.partition(" > ")[0])[2:]
    done = CliRunner().invoke(compose, words)
    return f"{done.output} {done.exception!r}" if done.exit_code else ""


@pytest.mark.parametrize("line", [line for page in PAGES for line in DOCKER.findall(page)])
def test_every_docker_command_works_in_its_container(line: str) -> None:
    assert mistake(line) == ""


@pytest.mark.parametrize("page", PAGES, ids=["en", "id", "operations"])
def test_every_page_has_docker_commands(page: str) -> None:
    assert len(DOCKER.findall(page)) == page.count("docker compose ") > 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("docker compose down -d", "down"),
        ("docker compose up -d --scale worker-nothing=2", "no service worker-nothing"),
        ("docker compose run --rm wbe set-webhook", "no service wbe"),
        ("docker compose run --rm web set-webhok", "set-webhok"),
        ("docker compose run --rm web set-webhook --of", "--of"),
        ("docker compose run --rm web agency load", "file"),
        ("docker compose run --rm workshop model trian", "trian"),
        ("docker compose run --rm web agency load opd.csv", "mounted"),
        ("docker compose run --rm -v ./a.csv:/tmp/a.csv:ro web agency load /tmp/a.csv", "mounted"),
        ("docker compose run --rm -v '$PWD/a.csv:/a.csv:ro' web agency load /b.csv", "mounted"),
    ],
)
def test_a_wrong_docker_command_is_found(line: str, why: str) -> None:
    assert why in mistake(line)


def test_every_link_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_dependencies_page_lists_what_is_installed() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.partition("dependencies = [")[2].partition("]\n")[0]
    names = set(re.findall(r'"([a-zA-Z0-9-]+)', block))
    page = (ROOT / "docs/DEPENDENCIES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][a-z0-9, -]*) \|", page, re.MULTILINE)
    listed = {name for row in rows for name in row.split(", ")} - {"package"}
    assert listed == names


def test_openapi_is_served(demo: Demo) -> None:
    document = json.loads(httpx.get(f"{demo.web}/openapi.json").text)
    assert "/api/v1/reports" in document["paths"]
    assert Path(demo.var / "tokens.json").stat().st_mode & 0o077 == 0
