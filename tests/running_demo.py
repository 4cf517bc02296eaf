"""What a newcomer has after `./kanal demo`: the addresses it printed, and the key to the API."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ, getpid
from pathlib import Path

import httpx

from app.launch.accounts import PREFIXES
from tests.waiting import eventually

ROOT = Path(__file__).parents[1]
START_SECONDS = 150.0  # beside everything else a test machine does
LEAST_PORT, PORTS_EACH, PROCESSES = 12_000, 20, 1_000  # below those that the system gives away
OWN = ("DATABASE_URL", "REDIS_URL", "KANAL_", *PREFIXES)


@dataclass(frozen=True)
class Demo:
    """A running demo: `phone` and `web` are addresses, `token` is the admin's.

    `variables` is the line that prepares a terminal for commands on its data.
    """

    phone: str
    web: str
    token: str
    variables: str
    var: Path

    def api(self, method: str, path: str, **body: str | bool) -> httpx.Response:
        """Call the API as admin; raises for a status that is an error."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = f"{self.web}/api/v1{path}"
        answer = httpx.request(method, address, headers=headers, json=body or None)
        return answer.raise_for_status()


def ports(process: int) -> tuple[tuple[str, int], tuple[str, int]]:
    """Return the options with the ports that the demo of a test process wishes for itself.

    Demos that start at the same moment would all find 8080 free, and all but one fail over it.
    """
    first = LEAST_PORT + process % PROCESSES * PORTS_EACH
    return ("--port", first), ("--simulator-port", first + PORTS_EACH // 2)


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """Run the demo as a child, with servers of its own, and stop it with Ctrl-C."""
    said, var = folder / "said", folder / "var"
    inherited = {name: value for name, value in environ.items() if not name.startswith(OWN)}
    inherited["KANAL_RATE_FACTOR"] = "4"  # X allows 15 messages in 15 minutes
    wished = [part for name, port in ports(getpid()) for part in (name, str(port))]
    command = [sys.executable, "-m", "app", "demo", "--var", str(var), *wished]
    with said.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=inherited, stdout=out, stderr=out)
    try:
        eventually(
            "the demo is up",
            lambda: "Ctrl-C stops" in said.read_text() or process.poll() is not None,
            START_SECONDS,
        )
        yield _read(said.read_text(), var)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(90)
    assert process.returncode == 0, said.read_text()


def _read(said: str, var: Path) -> Demo:
    phone = re.search(r"^Write as a citizen: +(http://\S+)/$", said, re.MULTILINE)
    office = re.search(r"export KANAL=(\S+) TOKEN=(\S+)", said)
    variables = re.search(r"^    (export DATABASE_URL=.+)$", said, re.MULTILINE)
    assert phone, f"the demo did not come up; it said:\n{said}"
    assert office, said
    assert variables, said
    return Demo(phone[1], office[1], office[2], variables[1], var)
