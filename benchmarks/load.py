"""Puts a server under load: `wrk`, or our own generator where there is none."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bodies import Supply
from core.errors import KanalError

CONNECTIONS = 32
_SCRIPT = Path(__file__).with_name("wrk.lua")
_SLACK = 30.0  # seconds a generator may take beyond the load itself


class LoadFailedError(KanalError):
    """The load was not what it should have been, so that its figures mean nothing."""


class SupplyEndedError(LoadFailedError):
    """The prepared requests did not last for the whole run."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of a generator saw.

    `answers` of any status came, `refused` of them with a status of 400 or more; `sent` is how
    many requests were begun, `broken` how many connections failed. `acknowledged` are the
    numbers (from 0) of the requests answered 200, where the generator knows them.
    """

    answers: int
    seconds: float
    sent: int
    refused: int
    broken: int
    p50: float
    p95: float
    p99: float
    acknowledged: tuple[int, ...] = ()

    @property
    def rate(self) -> float:
        """Return the answers per second."""
        return self.answers / self.seconds


@dataclass(frozen=True, slots=True)
class Generator:
    """The program that makes the load; `wrk` is None where ours takes its place."""

    wrk: str | None

    @property
    def words(self) -> str:
        """Return what the table says of it."""
        if self.wrk is None:
            return "own generator: the figures are bounded by it, install wrk"
        shown = subprocess.run([self.wrk, "--version"], capture_output=True, text=True, check=False)
        found = re.search(r"\d+\.\d+\.\d+", shown.stdout + shown.stderr)
        return f"wrk {found[0]}" if found else "wrk"

    def load(self, supply: Supply, seconds: int) -> Load:
        """Send the requests, each at most once, for that long.

        Raises SupplyEndedError when they did not last.
        """
        if self.wrk is None:
            return own_load(supply, seconds)
        url = f"http://{supply.address.host}:{supply.address.port}/"
        size = ("--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s")
        command = (self.wrk, *size, "--script", str(_SCRIPT), url, "--", str(supply.path))
        return parse(_run(command, seconds), supply.count)


def own_load(supply: Supply, seconds: int) -> Load:
    """Send the requests with our own generator, which knows which of them were acknowledged."""
    target = (supply.address.host, str(supply.address.port), str(CONNECTIONS), str(seconds))
    command = (sys.executable, "-m", "benchmarks.generator", str(supply.path), *target)
    return parse(_run(command, seconds), supply.count)


def _run(command: Sequence[str], seconds: int) -> str:
    limit = seconds + _SLACK
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    if done.returncode != 0:
        raise LoadFailedError(f"the load generator failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def parse(output: str, count: int) -> Load:
    """Read a generator's output, the figures of which stand in one line of JSON.

    Raises LoadFailedError without such a line, SupplyEndedError when more than `count` requests
    were wanted.
    """
    line = next((line for line in output.splitlines() if line.startswith("{")), None)
    if line is None:
        raise LoadFailedError(f"no figures from the load generator: {output.strip()[:200]}")
    found: dict[str, Any] = json.loads(line)
    if found["calls"] > count:
        raise SupplyEndedError(f"the {count} prepared requests did not last for the whole run")
    return Load(
        answers=found["answers"],
        seconds=found["seconds"],
        sent=found["calls"],
        refused=found["refused"],
        broken=found["broken"],
        p50=found["p50_ms"],
        p95=found["p95_ms"],
        p99=found["p99_ms"],
        acknowledged=tuple(found.get("acknowledged", ())),
    )
