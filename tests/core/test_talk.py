"""Several messages at once: answered once, in order, and a bad one alone fails."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from core import conversation
from core.conversations import Talker
from core.draft import Stage, State
from core.effects import AmendMessage, OpenReport, Supplement
from core.flood import Share
from core.inbox import Letter
from core.message import Inbound, Place
from core.talk import effects, hear, listen, read_letter
from core.turn import Step
from tests.core.citizen import (
    ADDRESS,
    CHANNEL,
    Chat,
    edits,
    knows,
    photo,
    pin,
    says,
    taps,
    withdraws,
)

HOLE = "jalan depan balai desa Suka Maju bolong besar"
NOW = datetime.now(UTC)
PIN = pin("Warung").place


def replies(state: State, *inbounds: Inbound) -> list[str]:
    numbered = [
        replace(it, message_id=it.message_id or f"m{n}") for n, it in enumerate(inbounds, 1)
    ]
    return [
        " ".join(reply.key for reply in it.step.replies)
        for it in hear(state, numbered, known=[*map(knows, numbered)])
    ]


@pytest.mark.parametrize(
    ("inbounds", "answers"),
    [
        ([photo(HOLE, "a"), photo("", "a"), photo("", "a")], ["", "", "preview"]),
        ([says(HOLE), says("sudah dua bulan"), says("1")], ["", "", "preview"]),
        ([says(HOLE), says("bantuan"), says("1")], ["", "help", "preview"]),
        ([says(HOLE), says("1"), says("kirim")], ["", "", ""]),
        ([says(HOLE), says("batal"), says(HOLE)], ["", "cancelled", "ask-evidence"]),
        ([says(HOLE), edits("m1", HOLE + " lagi")], ["", "ask-evidence-again"]),
        ([says("halo"), says("min"), says("P")], ["greeting", "", ""]),
        ([says("P"), says(HOLE), says("halo")], ["greeting", "", "ask-evidence-again"]),
        ([says(HOLE), says("1"), taps("send:1"), taps("send:1")], ["", "", "", ""]),
        ([says(HOLE), taps("send:9")], ["ask-evidence", "stale-button"]),
        (
            [says("tolong kebakaran besar"), says("Jl. Melati no 5")],
            ["emergency-api", "supplement-thanks"],
        ),
        (
            [
                says("kebakaran di Jl. Melati no 5"),
                says("apinya besar, ada orang terjebak di atas atap rumah"),
            ],
            ["emergency-api", "emergency-api supplement-thanks"],
        ),
    ],
)
def test_answered_once(inbounds: list[Inbound], answers: list[str]) -> None:
    assert replies(State(), *inbounds) == answers


def test_a_late_picture_is_taken_in_silence() -> None:
    chat = Chat()
    chat.hear(photo(HOLE, "a"))
    assert replies(chat.state, photo("", "a")) == [""]
    (heard,) = hear(chat.state, [replace(photo("", "a"), message_id="m9")])
    assert heard.step.state.draft
    assert heard.step.state.draft.files == ("m1", "m9")
    assert replies(chat.state, photo("", "b")) == ["preview"]
    assert replies(chat.state, says("mohon segera"), photo("", "a")) == ["preview", ""]


BURST = ("lampu jalan mati", "sudah tiga minggu", "anak sekolah takut lewat")


def fold(state: State, *inbounds: Inbound) -> list[Step]:
    numbered = [replace(it, message_id=f"m{n}") for n, it in enumerate(inbounds, 1)]
    return [one.step for one in hear(state, numbered, known=[*map(knows, numbered)])]


def test_what_came_before_our_question_was_read_is_no_answer_to_it() -> None:
    *_, last = fold(State(), *map(says, BURST))
    assert last.state.draft
    assert last.state.draft.text == "\n".join(BURST)
    assert (last.state.draft.place, last.state.stage) == ("", Stage.PLACE)


def test_what_comes_after_our_question_answers_it() -> None:
    (first,) = fold(State(), says(BURST[0]))
    *_, last = fold(first.state, photo(), says("pojok warung Tiga"))
    assert last.state.draft
    assert (last.state.draft.text, last.state.draft.place) == (BURST[0], "pojok warung Tiga")


def test_who_wants_another_place_tells_it_at_once() -> None:
    *_, shown = fold(State(), photo(HOLE))
    *_, last = fold(shown.state, says("lokasi"), says("pojok warung Tiga"))
    assert last.state.draft
    assert last.state.draft.place == "pojok warung Tiga"


@pytest.mark.parametrize(
    ("after", "answer", "effect"),
    [
        (photo(), "supplement-thanks", Supplement(1, "", None)),
        (pin("Warung"), "supplement-thanks", Supplement(1, "Warung", PIN)),
        (says("mohon cepat ya"), "supplement-thanks", Supplement(1, "", None)),
        (photo("ini di gang Mawar"), "supplement-thanks", Supplement(1, "gang Mawar", None)),
        (says("makasih"), "thanks", None),
        (photo("lapor lagi, got mampet"), "ask-place", None),
        (photo("pohon tumbang di gang Mawar"), "preview", None),
        (says("lampu jalan mati di gang Mawar sejak seminggu lalu"), "ask-evidence", None),
    ],
)
def test_what_comes_right_after_kirim(
    after: Inbound, answer: str, effect: Supplement | None
) -> None:
    *_, shown = fold(State(), photo(HOLE))
    sent, last = fold(shown.state, says("kirim"), after)
    assert [type(one) for one in sent.effects] == [OpenReport]
    assert [reply.key for reply in last.replies] == [answer]
    assert last.effects == ((effect,) if effect else ())
    if effect:
        assert (last.draft, last.decision, last.evidence) == (1, "addition", "state")
        assert last.state.last_draft == 1


class Broken:
    """A channel whose parser fails on the letters that say so."""

    def parse(self, body: bytes) -> list[Inbound]:
        """Read a letter of the test."""
        if body == b"no event":
            return []
        if body == b"broken":
            raise RecursionError
        return [replace(says(body.decode()), message_id=body.decode())]


def letters(*raws: bytes) -> list[Letter]:
    return [Letter(number, CHANNEL, ADDRESS, raw, NOW) for number, raw in enumerate(raws)]


def test_a_letter_that_cannot_be_read_changes_nothing_and_is_answered_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def step(state: State, inbound: Inbound, *rest: Any) -> Step:
        if inbound.text == "boom":
            raise KeyError("a citizen's words")
        return conversation.step(state, inbound, *rest)

    monkeypatch.setattr("core.talk.step", step)
    talker = Talker(uuid4(), CHANNEL, ADDRESS, State(), reachable=True)
    raws = (HOLE.encode(), b"broken", b"no event", b"boom", b"1", b"kirim")
    posts = [read_letter(letter, Broken()) for letter in letters(*raws)]  # type: ignore[arg-type]  # only `parse` is asked
    posts = [replace(post, known=knows(post.inbound)) for post in posts]
    turns = listen(talker, posts, Share(20, 10))
    errors = [turn.heard.error for turn in turns]
    assert errors == [
        "",
        "RecursionError in parse",
        "IndexError in parse",
        "KeyError in step",
        "",
        "",
    ]
    said = [" ".join(reply.key for reply in turn.heard.step.replies) for turn in turns]
    assert said == ["", "trouble", "", "", "", ""]
    assert turns[-1].heard.step.state.stage is Stage.IDLE
    ((turn, opened),) = effects(turns, OpenReport)
    assert (turn.letter.id, opened.draft.text) == (5, HOLE)


def test_what_was_taken_back_before_it_came_is_forgotten() -> None:
    told = replace(says(HOLE, place=Place(0.5, 117.5)), message_id="m1")
    gone, forgotten, other = hear(State(), [withdraws("m1"), told, replace(told, message_id="m2")])
    assert gone.step.state.withdrawn == ("m1",)
    assert (forgotten.inbound.text, forgotten.inbound.place) == ("", None)
    assert forgotten.step.state.draft is None
    assert forgotten.step.effects == (AmendMessage("m1", "", withdrawn=True),)
    assert other.step.state.draft
