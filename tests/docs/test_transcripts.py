"""docs/PERCAKAPAN.md is what the running system says in ten journeys, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import environ

import pytest

from core.guard import kinds
from tests.docs.journeys import JOURNEYS, Journey
from tests.docs.stage import WARGA, Bubble, Stage
from tests.docs.system import System, draw, furnish
from tests.docs.transcript import page
from tests.running_demo import ROOT
from tests.timemachine import TimeMachine

PAGE = ROOT / "docs" / "PERCAKAPAN.md"
pytestmark = pytest.mark.timeout(300)  # half a year passes
KEYS = {"KANAL_IDENTITY_KEYS", "KANAL_INDEX_KEY"}
SCREEN = 700  # characters of one message
RENEW = "KANAL_RENEW=1 pytest tests/docs/test_transcripts.py"


@dataclass(frozen=True)
class Played:
    """A journey that was played: what was said, what waits at its end, what officers see of it."""

    journey: Journey
    bubbles: Sequence[Bubble]
    waiting: Sequence[str]
    seen: Sequence[str]


@pytest.fixture(scope="module")
def played(machine: TimeMachine, tmp_path_factory: pytest.TempPathFactory) -> list[Played]:
    """All journeys, one after the other."""
    kept = furnish(machine)
    found = []
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in environ.keys() - KEYS:
            if name.startswith("KANAL_"):  # what is said is that of an office as it is installed
                monkeypatch.delenv(name)
        machine.wind(monkeypatch)
        system = System(machine, tmp_path_factory.mktemp("office"))
        for seed, journey in enumerate(JOURNEYS):
            draw(monkeypatch, seed)
            machine.forget(kept)
            found.append(play(journey, Stage(system)))
        system.shift.stop()
    return found


def play(journey: Journey, stage: Stage) -> Played:
    journey.play(stage)
    waiting, seen = stage.system.waiting(), list(stage.seen_by_officers())
    return Played(journey, stage.bubbles, waiting, seen)


def test_the_page_is_what_is_said(played: list[Played]) -> None:
    said = page([(one.journey, one.bubbles) for one in played])
    if environ.get("KANAL_RENEW"):
        PAGE.write_text(said, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == said, f"renew it: {RENEW}"


def test_there_are_ten(played: list[Played]) -> None:
    assert len({one.journey.title for one in played}) == 10
    assert {bubble.channel for one in played for bubble in one.bubbles} == {
        *("telegram", "line", "twitter", "messenger")
    }


def test_every_message_fits_on_one_screen(played: list[Played]) -> None:
    ours = [it for one in played for it in one.bubbles if it.who != WARGA]
    assert [it.text for it in ours if len(it.text) > SCREEN] == []


def test_nothing_waits_in_the_end(played: list[Played]) -> None:
    assert {one.journey.title: one.waiting for one in played if one.waiting} == {}


def test_officers_see_no_personal_number(played: list[Played]) -> None:
    said = [it.text for one in played for it in one.bubbles if it.who == WARGA]
    assert any(kinds(text) for text in said)
    assert [seen for one in played for seen in one.seen if kinds(seen)] == []
