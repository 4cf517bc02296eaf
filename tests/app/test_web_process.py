"""The web process takes messages in; it carries nothing that only workers need: it stays small."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.launch.accounts import accounts, demo_secrets

MODEL = ("classifier", "spacy", "thinc", "numpy", "scipy", "sklearn", "matplotlib", "openpyxl")
#: The platforms' own packages, which only send.
SDKS = ("telegram", "linebot", "tweepy", "requests", "oauthlib")
#: What conversations, files and rates are worked on with.
WORK = ("app.shift", "app.work", "core.intake", "core.chat", "PIL", "pi_heif", "limits")
#: Whoever counts no working days needs no holidays, least of all those of every country.
COUNTRIES = ("holidays.countries",)


def loaded(code: str, names: Sequence[str], **environment: str) -> list[str]:
    """Return which of the modules `names` a new process has loaded after `code`."""
    asked = f"import sys\n{code}\nprint(*(it for it in {names!r} if it in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_web_process_loads_nothing_that_only_workers_need(
    database_url: str, tmp_path: Path
) -> None:
    environment = accounts(demo_secrets(tmp_path), "http://127.0.0.1:9") | {
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    heavy = (*MODEL, *SDKS, *WORK, *COUNTRIES)
    assert loaded("from app.asgi import create_app; create_app()", heavy, **environment) == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import app.suggesting", ("spacy", "classifier")),
        ("import app.workplace", ("app.shift", "core.intake", "core.chat", "PIL", "limits")),
        ("from core.calendar import decreed; list(decreed(2026))", COUNTRIES),
    ],
)
def test_who_needs_it_loads_it(code: str, names: tuple[str, ...]) -> None:
    assert loaded(code, names) == list(names)
