"""The web process takes messages in; it carries no model, and so stays small."""

import os
import subprocess
import sys

HEAVY = ("classifier", "spacy", "thinc", "numpy", "scipy", "sklearn", "matplotlib", "openpyxl")
TELL = f"""
import sys
from app.asgi import create_app
create_app()
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_the_web_process_never_loads_the_model(database_url: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": database_url,
        "REDIS_URL": "redis://127.0.0.1:9/0",
        "KANAL_CHANNELS": "telegram",
        "TELEGRAM_TOKEN": "1:contoh",
        "TELEGRAM_WEBHOOK_SECRETS": "rahasia",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_what_the_workers_load_does_carry_it() -> None:
    asked = "import sys, app.suggesting; print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
