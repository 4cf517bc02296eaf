"""Every command in the README is run, in its order, against what `./kanal demo` starts."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import httpx
import pytest
from typer.main import get_command

from app.__main__ import kanal
from tests.running_demo import ROOT, Demo
from tests.waiting import eventually

README = (ROOT / "README.md").read_text(encoding="utf-8")
INDONESIAN = (ROOT / "README.id.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
CHAT = 920_000_001
SENTENCE = re.compile(r"for example \*(.*?)\*", re.DOTALL)
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

    calls = [block for block in BLOCKS if "curl" in block]
    assert len(calls) == 4
    listed, assigned, answered, figures = (run(block, demo, ticket) for block in calls)
    assert ticket in listed
    assert "terdisposisi" in assigned
    assert '"proses"' in answered
    assert '"reports":1' in figures.replace(" ", "")
    phone.reads("Dinas Pekerjaan Umum")
    phone.reads("Tim kami menambal jalan ini hari Senin.")


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


@pytest.mark.parametrize("text", [README, INDONESIAN], ids=["en", "id"])
def test_every_command_that_is_named_exists(text: str) -> None:
    commands = get_command(kanal)
    named = re.findall(r"(?:\./kanal|--rm web) ([a-z][a-z -]*[a-z])", text)
    assert named
    for words in map(shlex.split, named):
        command = commands
        for word in words:
            known = getattr(command, "commands", None)
            if known is None or word.startswith("-"):
                break
            assert word in known, f"no command {' '.join(words)}"
            command = known[word]


def test_every_link_leads_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_dependencies_page_lists_what_is_installed() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = project.partition("dependencies = [")[2].partition("]\n")[0]
    names = set(re.findall(r'"([a-zA-Z-]+)', block))
    page = (ROOT / "docs/DEPENDENCIES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z][a-z, -]*) \|", page, re.MULTILINE)
    listed = {name for row in rows for name in row.split(", ")} - {"package"}
    assert listed == names


def test_openapi_is_served(demo: Demo) -> None:
    document = json.loads(httpx.get(f"{demo.web}/openapi.json").text)
    assert "/api/v1/reports" in document["paths"]
    assert Path(demo.var / "tokens.json").stat().st_mode & 0o077 == 0
