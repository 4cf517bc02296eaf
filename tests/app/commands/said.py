"""Runs the `kanal` program inside the test's own process."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.__main__ import main


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


Kanal = Callable[..., Said]


def running(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kanal:
    """Return what runs `kanal` with the words it is given."""

    def act(*words: str) -> Said:
        monkeypatch.setattr("sys.argv", ["kanal", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return act
