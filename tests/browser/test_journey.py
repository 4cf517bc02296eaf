"""The whole road, walked on the phone: from the first word to the OPD's answer."""

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from os import environ
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from core import tokens
from core.db.session import connect, sessions, transaction

ROOT = Path(__file__).parents[2]
START_SECONDS = 150
PATIENCE = 20_000  # ms on the phone: a cold worker beside other work of the machine
TICKET = re.compile(r"Nomor tiket: (\S+)")


@dataclass(frozen=True)
class Demo:
    """A running `kanal demo`: where the phone is, where the API is, the key to it."""

    phone: str
    web: str
    token: str

    def api(self, method: str, path: str, **body: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        json = body or None
        answer = httpx.request(method, f"{self.web}/api/v1{path}", headers=headers, json=json)
        answer.raise_for_status()
        return answer


@pytest.fixture(scope="module")
def demo(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Everything that `./kanal demo` starts, on the database of the tests."""
    folder = tmp_path_factory.mktemp("demo")
    said = folder / "said"
    with said.open("w") as out:
        command = [sys.executable, "-m", "app", "demo", "--var", str(folder / "var")]
        environment = environ | {"DATABASE_URL": database_url}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        text = _await_demo(process, said)
        yield Demo(_address("The phone:", text), _address("web", text), _token(database_url))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(90)


def _await_demo(process: subprocess.Popen[bytes], said: Path) -> str:
    deadline, pause = time.monotonic() + START_SECONDS, threading.Event()
    while "The phone:" not in (text := said.read_text()):
        assert process.poll() is None, text
        assert time.monotonic() < deadline, text
        pause.wait(0.1)
    return text


def _address(name: str, text: str) -> str:
    found = re.search(rf"^{name}\s+(http://\S+?)/?$", text, re.MULTILINE)
    assert found, text
    return found[1]


def _token(database_url: str) -> str:
    engine = connect(database_url)
    with transaction(sessions(engine)) as session:
        secret = tokens.create(session, f"uji-{uuid4()}", tokens.Role.ADMIN)
    engine.dispose()
    return secret


@pytest.mark.timeout(240)
@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_first_word_to_the_answer(
    demo: Demo, open_page: Callable[[int], Page], width: int
) -> None:
    page = open_page(width)
    page.goto(f"{demo.phone}/?chat={910_000_000 + width}")
    log = page.get_by_role("log")
    page.get_by_role("button", name="jalan depan SDN 3").click()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Lewati").click(timeout=PATIENCE)
    page.get_by_role("button", name="Kirim", exact=True).and_(page.locator(".keys *")).click(
        timeout=PATIENCE
    )
    expect(log).to_contain_text(TICKET, timeout=PATIENCE)
    found = TICKET.search(log.inner_text())
    assert found
    ticket = found[1]

    listed = demo.api("GET", "/reports").json()["reports"]
    assert ticket in {report["ticket"] for report in listed}
    demo.api("POST", f"/reports/{ticket}/assign", agency="pupr")
    expect(log).to_contain_text("Dinas Pekerjaan Umum", timeout=PATIENCE)
    answer = f"Lubang di depan sekolah ditambal besok pagi ({width})."
    demo.api("POST", f"/reports/{ticket}/answer", text=answer)
    expect(log).to_contain_text(answer, timeout=PATIENCE)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
