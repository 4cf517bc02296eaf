"""Rules that hold for every conversation, whatever the citizen does."""

import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.channel import Power
from core.conversation import step
from core.conversations import dump_state, load_state
from core.draft import DRAFT_TEXT, Stage, State
from core.message import Attachment, Inbound, Kind, Media
from core.replies import LANGUAGES, catalogue, render
from core.sayings import say
from core.ticket import find_ticket
from core.turn import OpenReport, Step
from core.words import PHRASES, Word, meant, normalise, words_in
from tests.core.citizen import (
    Chat,
    does,
    edits,
    photo,
    pin,
    says,
    sticker,
    summary,
    taps,
    withdraws,
)

HOLE = "jalan depan balai desa Suka Maju bolong besar"
NOWHERE = "lampu penerangan padam semua sejak minggu lalu"
TICKET = "3QSKV-PA71K"
WRONG = "3QSKV-PA71M"

PHRASE = st.sampled_from(sorted({p for phrases in PHRASES.values() for p in phrases.split(", ")}))
NUMBER = st.integers(1, 12).map("m{}".format)
SPOKEN = st.one_of(
    PHRASE,
    st.sampled_from([HOLE, NOWHERE, "1", "2", "3", "🙏", "", " ", TICKET, f"status {WRONG}"]),
    st.text(max_size=40),
    st.sampled_from(["kata " * 70, "a" * DRAFT_TEXT]),
)
TAPPED = st.one_of(
    st.builds("{}:{}".format, st.sampled_from([*Word, "?"]), st.integers(0, 3)),
    st.sampled_from(list(Word)),
    st.text(max_size=8),
)
EVENTS = st.lists(
    st.one_of(
        SPOKEN.map(says),
        SPOKEN.map(photo),
        st.builds(photo, SPOKEN, st.sampled_from(["a1", "a2"])),
        st.sampled_from(["", "Warung Tiga"]).map(pin),
        TAPPED.map(taps),
        st.builds(edits, NUMBER, SPOKEN),
        st.builds(edits, NUMBER, SPOKEN, st.just(Attachment(Media.PHOTO, "file-3"))),
        NUMBER.map(withdraws),
        st.sampled_from(list(Kind)).map(does),
        st.just(sticker()),
    ),
    max_size=10,
)
POWERS = frozenset(Power)


@settings(max_examples=200, deadline=None)
@given(EVENTS)
@example([says(HOLE), says("1"), says("1"), taps("send:1")])
def test_rules_of_every_conversation(events: Sequence[Inbound]) -> None:
    chat = Chat()
    for event in events:
        before = chat.state
        outcome = chat.hear(event)
        state = outcome.state
        assert (state.stage is Stage.IDLE) == (state.draft is None)
        assert load_state(loads(dump_state(state))) == state
        assert state.last_draft >= before.last_draft
        assert not outcome.draft or outcome.draft == state.last_draft
        check_opened(before, outcome)
        check_sayable(outcome)
        check_nothing_lost(before, event, outcome)
        check_way_out(state)
    assert max(Counter(draft.number for draft in chat.opened).values(), default=0) <= 1


def check_opened(before: State, outcome: Step) -> None:
    for effect in outcome.effects:
        if isinstance(effect, OpenReport):
            assert before.stage is Stage.PREVIEW
            assert effect.draft == before.draft
            assert normalise(effect.draft.text)
            assert effect.draft.place.strip() or effect.draft.pin
            assert outcome.state.draft is None


def check_sayable(outcome: Step) -> None:
    for reply in outcome.replies:
        for language in LANGUAGES:
            said = say(language, reply, POWERS)
            assert said.text.strip()
            assert len(said.text) < 1500
            assert all(it.label and len(it.value.encode()) <= 64 for it in said.choices)


def check_nothing_lost(before: State, event: Inbound, outcome: Step) -> None:
    text = event.text
    if event.kind is not Kind.MESSAGE or len(normalise(text)) < 2 or outcome.state.draft is None:
        return
    alone = not event.attachments and event.place is None
    named = "status-unknown" in summary(outcome) or find_ticket(text)
    asked = meant(event, ()) or (alone and named)
    draft = outcome.state.draft
    full = len(draft.text) >= DRAFT_TEXT - 1
    assert asked or text in (draft.text, draft.place) or text in draft.text or full


def check_way_out(state: State) -> None:
    outcome = step(state, says("batal"), "")
    assert outcome.state.draft is None
    assert outcome.state.stage is Stage.IDLE


def loads(stored: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(stored)
    return found


def test_every_word_does_something_at_some_stage() -> None:
    assert all(words_in(phrase) for phrases in PHRASES.values() for phrase in phrases.split(", "))
    assert set(Word) == set(PHRASES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_has_a_label(language: str) -> None:
    for word in (
        Word.SEND,
        Word.CHANGE,
        Word.CANCEL,
        Word.SKIP,
        Word.CHANGE_TEXT,
        Word.CHANGE_PLACE,
    ):
        assert render(language, f"choice-{word}")
    assert catalogue(language).has_message("greeting")
