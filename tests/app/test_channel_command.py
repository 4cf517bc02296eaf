"""`kanal channel list|test`: what is wrong in one sentence, and an exit code that says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert

from app import wiring
from app.__main__ import main
from app.commands.channel import of_trace
from core import alarms, traces
from core.channel import Finding
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox
from core.errors import ConfigurationError, SendCode
from core.traces import Direction, Line
from tests.core.post import Phone

TOKEN = "7001112223:AAnot-a-real-token"
NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """Return the sentence at the end."""
        return self.out.splitlines()[-1]


@dataclass
class Checked(Phone):
    """A channel that can be asked, and answers what a test prescribes."""

    secrets: Sequence[str] = (TOKEN,)
    polling: bool = False
    findings: list[Finding] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def poll(self, cursor: str) -> tuple[list[object], str]:
        """Hand out nothing."""
        return [], cursor

    def check(self, webhook_url: str) -> Sequence[Finding]:
        """Answer as prescribed."""
        self.asked.append(webhook_url)
        return self.findings


Kanal = Callable[..., Said]


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Checked:
    """The channel telegram, and beside it one that lacks a setting, and one without a check."""
    own = Checked(findings=[Finding(True, "The token is that of @contoh.")])

    def incomplete() -> Phone:
        raise ConfigurationError("LINE_TOKEN is missing")

    channels = {"telegram": lambda: own, "line": incomplete, "smoke": lambda: Phone("smoke")}
    monkeypatch.setattr(wiring, "CHANNELS", channels)
    monkeypatch.setenv("KANAL_CHANNELS", "telegram,smoke")
    monkeypatch.setenv("KANAL_PUBLIC_URL", "https://lapor.example.go.id/")
    return own


@pytest.fixture
def kanal(
    make: Sessions,
    own: Checked,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kanal:
    monkeypatch.setenv("DATABASE_URL", database_url)

    def act(*words: str) -> Said:
        monkeypatch.setattr("sys.argv", ["kanal", "channel", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(int(ended.value.code or 0), said.out, said.err)

    return act


def part(make: Sessions, state: str, code: str = "", **columns: object) -> None:
    with transaction(make) as session:
        own = uuid4()
        row = {"id": own, "channel": "telegram", "address": str(own)}
        session.execute(insert(Conversation).values(row))
        values = {"channel": "telegram", "address": str(own), "conversation_id": own, "draft": 0}
        values |= {"part": 1, "parts": 1, "texts": ["rahasia warga"], "state": state, "code": code}
        session.execute(insert(Outbox).values(values | columns))


def line(code: str = "", status: int = 200, direction: Direction = "out") -> Line:
    return Line(NOW, "telegram", direction, "POST x", status, 12, code, '{"ok":true}')


def test_all_is_well(kanal: Kanal, own: Checked) -> None:
    said = kanal("test", "telegram")
    assert (said.code, said.err) == (0, "")
    assert said.last == "telegram: all is well."
    assert "✓ The settings are complete." in said.out
    assert "✓ The token is that of @contoh." in said.out
    assert "✗" not in said.out
    assert own.asked == ["https://lapor.example.go.id/webhooks/telegram"]


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        ([Finding(False, "The webhook points elsewhere.")], "The webhook points elsewhere."),
        (
            [Finding(True, "a."), Finding(False, "One."), Finding(False, "Two.")],
            "One (1 more above).",
        ),
        ([Finding(False, f"Bad {TOKEN}.")], "Bad ***."),
    ],
)
def test_what_the_platform_finds_wrong(
    kanal: Kanal, own: Checked, findings: list[Finding], last: str
) -> None:
    own.findings = findings
    said = kanal("test", "telegram")
    assert (said.code, said.last) == (1, f"telegram: {last}")
    assert TOKEN not in said.out
    for finding in findings[:1]:
        mark = "✓" if finding.ok else "✗"
        assert said.out.count(f"{mark} ") >= 1


def test_a_setting_that_is_missing(kanal: Kanal) -> None:
    said = kanal("test", "line")
    assert (said.code, "✗ LINE_TOKEN is missing." in said.out) == (1, True)
    assert said.last == "line: It is off: KANAL_CHANNELS does not name it (1 more above)."


def test_a_platform_that_cannot_be_asked(kanal: Kanal) -> None:
    said = kanal("test", "smoke")
    assert (said.code, said.last) == (0, "smoke: all is well.")
    assert "cannot be asked" in said.out


@pytest.mark.parametrize(("polling", "code"), [(False, 1), (True, 0)])
def test_without_a_public_address_only_polling_works(
    kanal: Kanal, own: Checked, monkeypatch: pytest.MonkeyPatch, polling: bool, code: int
) -> None:
    monkeypatch.delenv("KANAL_PUBLIC_URL")
    own.polling = polling
    said = kanal("test", "telegram")
    assert said.code == code
    assert ("KANAL_PUBLIC_URL is missing" in said.last) == (code == 1)
    assert own.asked == [""]


def test_a_channel_that_nobody_knows(kanal: Kanal) -> None:
    said = kanal("test", "mail")
    assert (said.code, said.out) == (1, "")
    assert said.err == "kanal: no channel 'mail'; known are: telegram, line, smoke\n"


def test_an_alarm_and_a_rest(kanal: Kanal, make: Sessions) -> None:
    with transaction(make) as session:
        alarms.ring(session, "telegram", SendCode.CREDENTIALS)
        alarms.rest(session, "telegram", NOW + HOUR)
    said = kanal("test", "telegram")
    assert said.code == 1
    assert said.last.startswith("telegram: Alarm credentials (since 20")
    assert said.last.endswith("put valid ones in the settings (1 more above).")
    assert "✗ It rests: nothing is sent until" in said.out
    listed = kanal("list")
    assert (listed.code, listed.err) == (0, "")
    assert [row.split("\t")[0] for row in listed.out.splitlines()] == ["smoke", "telegram"]
    assert listed.out.splitlines()[0].endswith("All is well.")
    assert "Alarm credentials" in listed.out.splitlines()[1]


@pytest.mark.parametrize("code", [*SendCode, "unheard_of"])
def test_every_alarm_has_a_sentence(kanal: Kanal, make: Sessions, code: str) -> None:
    with transaction(make) as session:
        alarms.ring(session, "telegram", code)
    said = kanal("test", "telegram")
    assert (said.code, f"Alarm {code} " in said.last) == (1, True)


@pytest.mark.parametrize(
    ("due", "code"),
    [(timedelta(seconds=-50), 0), (timedelta(seconds=-70), 1), (HOUR, 0)],
)
def test_parts_that_are_overdue(kanal: Kanal, make: Sessions, due: timedelta, code: int) -> None:
    part(make, "open", due_at=datetime.now(UTC) + due)
    said = kanal("test", "telegram")
    assert said.code == code
    assert ("run `kanal serve worker`" in said.last) == (code == 1)
    assert "outbox: 1 to send, the next at 20" in said.out


def test_the_outbox_in_one_line(kanal: Kanal, make: Sessions) -> None:
    for state, code in (("parked", "quota"), ("parked", "blocked"), ("parked", "blocked")):
        part(make, state, code)
    part(make, "failed", "rejected")
    said = kanal("test", "telegram")
    assert "  outbox: 0 to send; parked: 2 blocked, 1 quota; given up in 7 days: 1\n" in said.out
    assert "rahasia" not in said.out
    assert said.code == 0


def test_the_latest_lines_of_the_trace(kanal: Kanal, make: Sessions) -> None:
    with transaction(make) as session:
        traces.put(session, [line(f"c{number}") for number in range(12)])
        traces.put(session, [Line(NOW, "line", "out", f"POST {TOKEN}", 200, 1)])
    said = kanal("test", "telegram")
    shown = [row for row in said.out.splitlines() if " -> " in row]
    assert [row.split()[-2] for row in shown] == [f"c{number}" for number in range(2, 12)]
    assert shown[0].endswith('UTC -> POST x 200 12 ms c2 {"ok":true}')


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([], ""),
        ([line("outage", 500)] * 2, ""),
        ([line("outage", 500)] * 3, "The latest 3 calls failed: outage."),
        ([line(), *[line("unreachable", 0)] * 5], ""),
        ([line("outage", 500), *[line("unreachable", 0)] * 2], "failed: outage, unreachable."),
        ([line("blocked", 403)] * 9, ""),
        ([line("forged", 403, "in")] * 2, ""),
        ([line("forged", 403, "in")] * 3, "The latest 3 webhooks were refused: forged."),
        ([line("forged", 403, "in")] * 3 + [line("message", 200, "in")], ""),
        ([line("forged", 403, "in"), line()] * 3, "webhooks were refused: forged."),
    ],
)
def test_what_the_latest_calls_say(lines: list[Line], wrong: str) -> None:
    found = list(of_trace(lines))
    assert [finding.ok for finding in found] == [False] * bool(wrong)
    assert not wrong or found[0].text.endswith(wrong)


def test_without_a_database_it_is_said(kanal: Kanal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://a:rahasia@127.0.0.1:1/kanal")
    said = kanal("test", "telegram")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("kanal: ")
    assert "rahasia" not in said.err
