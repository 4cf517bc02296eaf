"""Logs: JSON lines, no secret, and not a word of any citizen."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app import logs, wiring
from app.settings import AppSettings
from app.trace import TraceBuffer
from app.web.letterbox import Letterbox
from app.web.webhooks import Webhooks
from channels import telegram
from core import inbox
from core.db.session import Sessions, transaction
from core.delivery import Delivery
from core.message import Inbound
from tests.app.test_webhooks import Bell, gather
from tests.core.post import NO_WAIT, SETTINGS, Phone, Unhurried, update, work

SECRETS = ("7001112223:AAsecret_token", 'quo"ted\\secret', "")
ROOT = Path(__file__).parents[2]
SAMPLES = Path(telegram.__file__).parent / "samples"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """The lines logged so far; afterwards all loggers are as they were."""
    out = StringIO()
    monkeypatch.setattr("sys.stdout", out)
    root = logging.getLogger()
    names = (*logs.TALKATIVE, *logs.SELF_WILLED)
    before = root.handlers[:], root.level, [logging.getLogger(name).level for name in names]
    for handler in root.handlers[:]:  # pytest's own would be closed by `configure`
        root.removeHandler(handler)
    logs.configure("debug", SECRETS)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, old in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(old)


def test_one_json_object_a_line(lines: Lines) -> None:
    logging.getLogger("kanal.x").info("two\nlines %s", "é🚧", extra={"parts": 3})
    logging.getLogger("httpx").info("https://api/bot123/sendMessage")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("two\nlines é🚧", "info", "kanal.x")
    assert line["parts"] == 3
    assert line["timestamp"].endswith("Z")


def test_secrets_are_redacted_wherever_they_are(lines: Lines) -> None:
    for secret in filter(None, SECRETS):
        logging.getLogger("a").warning("said %s!", secret, extra={"deep": {"list": [secret]}})
        logging.getLogger("a").warning("x", extra={secret: 1})
    shown = lines()
    assert [line["event"] for line in shown] == ["said ***!", "x"] * 2
    assert shown[0]["deep"] == {"list": ["***"]}
    assert not any(secret in repr(shown) for secret in SECRETS if secret)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", []),
        ("redis://redis:6379/0", []),
        ("redis+socket:///run/redis.sock?virtual_host=0", []),
        ("postgresql+psycopg://a:b@h/kanal", []),
        ("postgresql+psycopg://kanal:sandi-panjang@h/kanal", ["sandi-panjang"]),
        ("redis://:sandi%40panjang@h:1/0", ["sandi%40panjang", "sandi@panjang"]),
        ("redis://:sandi@[panjang@h:1/0", ["sandi@[panjang"]),
        ("postgresql+psycopg:///kanal?host=h&password=sandi%20panjang", ["sandi panjang"]),
    ],
)
def test_passwords_of_addresses(address: str, found: list[str]) -> None:
    assert logs.passwords(address) == found
    assert logs.passwords(address, address, "redis://r") == found


def test_an_address_is_logged_without_its_password(lines: Lines) -> None:
    said = "postgresql+psycopg://kanal:b@h/kanal and redis://:c%40@d@r:1/0 or http://h/a:b@c"
    logging.getLogger("a").error("cannot reach %s", said, extra={"to": "redis://u:b@h"})
    (line,) = lines()
    shown = "postgresql+psycopg://kanal:***@h/kanal and redis://:***@r:1/0 or http://h/a:b@c"
    assert line["event"] == f"cannot reach {shown}"
    assert line["to"] == "redis://u:***@h"


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_the_servers_passwords_are_among_the_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "redis://u:sandi-panjang@h/kanal")
    assert "sandi-panjang" in wiring.secrets({})
    monkeypatch.delenv(name)
    assert "sandi-panjang" not in wiring.secrets({})


@pytest.mark.parametrize("level", ["debug", " Warning", "CRITICAL"])
def test_every_level_is_taken(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv("KANAL_LOG_LEVEL", level)
    assert AppSettings().log_level == level.strip().upper()


def test_a_level_that_is_none_is_said_in_one_line() -> None:
    command = [sys.executable, "-m", "app", "serve", "web"]
    environment = os.environ | {"KANAL_LOG_LEVEL": "loud"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "LOG_LEVEL" in done.stderr
    assert "'INFO'" in done.stderr


def fail_deeply() -> None:
    try:
        int("kata warga")
    except ValueError as cause:
        raise KeyError(SECRETS[0]) from cause


def test_an_exception_is_logged_without_its_words(lines: Lines) -> None:
    try:
        fail_deeply()
    except KeyError:
        logging.getLogger("uvicorn.error").exception("failed")
    (line,) = lines()
    told = line["exception"].splitlines()
    assert [one for one in told if not one.startswith("  ")] == ["KeyError", "ValueError"]
    assert all("test_logs.py:" in one for one in told if one.startswith("  "))
    assert told[2].endswith(" fail_deeply")
    assert "kata warga" not in repr(line)
    assert SECRETS[0] not in repr(line)


WORDS = {"text", "caption", "first_name", "last_name", "username", "phone_number"}
WORDS |= {"title", "address", "file_id", "file_name"}


def words_of(value: object) -> Iterator[str]:
    """Yield what people said and are called in a payload."""
    if isinstance(value, list):
        for item in value:
            yield from words_of(item)
    if isinstance(value, dict):
        for key, item in value.items():
            if key in WORDS and isinstance(item, str):
                yield item
            yield from words_of(item)


def door(make: Sessions) -> Starlette:
    def commit(inbounds: Sequence[Inbound]) -> None:
        with transaction(make) as session:
            inbox.put(session, inbounds, NO_WAIT)

    channels = {"telegram": Phone()}
    webhooks = Webhooks(channels, Letterbox(commit), Bell(), TraceBuffer(make), 2**22)
    return Starlette(routes=webhooks.routes())


def everything_said(hole: str) -> list[bytes]:
    """Return all samples, a report's three messages, and last what is broken or too long."""
    bodies = [path.read_bytes() for path in SAMPLES.glob("[a-z]*.json")]
    bodies += [update(5012345678, hole), update(5012345678, "1"), update(5012345678, "kirim")]
    return [*bodies, b'{"kata-warga": ', update(4, photo=[{"file_id": hole * 3000, "width": 1}])]


def test_no_personal_data_on_the_whole_road(
    make: Sessions, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At DEBUG, also where our parser, our step, PostgreSQL and the platform fail."""
    hole = "jalan kata-warga depan balai desa rusak"
    bodies = everything_said(hole)
    gather(door(make), bodies)

    def broken(*_: object) -> NoReturn:
        raise ValueError(f"{hole} kata-warga")

    phone = Phone(before_send=broken)
    work(make, phone)
    gather(door(make), [update(1, hole)])
    work(make, Phone(read=broken))
    gather(door(make), [update(2, hole)])
    with monkeypatch.context() as patched:
        patched.setattr("core.intake.advance", broken)
        work(make, phone)
    with transaction(make) as session:
        session.execute(
            text("alter table message add constraint wordless check (text = '') not valid")
        )
    try:
        gather(door(make), [update(3, hole)])
        work(make, phone)
    finally:
        with transaction(make) as session:
            session.execute(text("alter table message drop constraint wordless"))
    with ThreadPoolExecutor(4) as pool:
        Delivery(phone, make, SETTINGS, pool, 4, Unhurried()).drain(lambda: True)
    shown = lines()
    assert {
        "a batch failed; its letters are taken one by one",
        "a letter failed alone; it is quarantined",
        "send failed in our own code",
    } <= {line["event"] for line in shown}
    said = {word for body in bodies[:-2] for word in words_of(json.loads(body)) if len(word) > 3}
    assert len(said) > 40
    everything = json.dumps(shown, ensure_ascii=False)
    assert {word for word in said | {"kata-warga", "5012345678"} if word in everything} == set()
