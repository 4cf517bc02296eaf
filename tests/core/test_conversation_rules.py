"""Rules that hold for every conversation, whatever the citizen does."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.channel import Power
from core.conversation import step
from core.conversations import dump_state, load_state
from core.draft import DRAFT_TEXT, Stage, State
from core.drafting import PLACELESS
from core.effects import AddTo, Attach, EraseData, OpenReport, Own
from core.message import Attachment, Inbound, Kind, Media
from core.replies import LANGUAGES, catalogue, render
from core.sayings import say
from core.turn import Decision, Known, Step
from core.understanding import Klasifikasi, Understanding, Urgency
from core.words import PHRASES, Word, normalise, words_in
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
from tests.core.threads import (
    LAMP,
    NOW,
    OTHERS,
    TRASH,
    lamp,
    lamp_closed,
    lamp_done,
    lamp_regretted,
    lamp_there,
    lamp_waits,
    trash,
    trash_done,
)
from tests.core.threads_of_afterthoughts import AFTERTHOUGHTS
from tests.core.threads_of_answers import ANSWERS
from tests.core.threads_of_danger import DANGER
from tests.core.threads_of_doubt import DOUBT
from tests.core.threads_of_drafts import DRAFTS
from tests.core.threads_of_evidence import EVIDENCE
from tests.core.threads_of_reports import REPORTS

HOLE = "jalan depan balai desa Suka Maju bolong besar"
NOWHERE = "lampu penerangan padam semua sejak minggu lalu"
TICKET = "3QSKV-PA71K"
WRONG = "3QSKV-PA71M"

WRITTEN = [
    line.said
    for one in [*DRAFTS, *AFTERTHOUGHTS, *DANGER, *REPORTS, *ANSWERS, *EVIDENCE, *DOUBT]
    for line in one.lines
    if isinstance(line.said, str)
]
TICKETS = st.sampled_from([LAMP, TRASH, OTHERS, ""])
PHRASE = st.sampled_from(sorted({p for phrases in PHRASES.values() for p in phrases.split(", ")}))
NUMBER = st.integers(1, 12).map("m{}".format)
SPOKEN = st.one_of(
    PHRASE,
    st.sampled_from([HOLE, NOWHERE, "1", "2", "3", "🙏", "", " ", TICKET, f"status {WRONG}"]),
    st.sampled_from(WRITTEN),
    st.text(max_size=40),
    st.sampled_from(["kata " * 70, "a" * DRAFT_TEXT]),
)
TAPPED = st.one_of(
    st.builds("{}:{}".format, st.sampled_from([*Word, "?"]), st.integers(0, 5)),
    st.builds("{}:{}:{}".format, st.sampled_from(Word), st.sampled_from(["", "sure"]), TICKETS),
    st.sampled_from(list(Word)),
    st.text(max_size=8),
)
POSTED = st.builds(
    lambda said, thread: replace(says(said), public_address="r:1", thread=thread),
    SPOKEN,
    st.sampled_from(["", "t1"]),
)
EVENT = st.one_of(
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
    POSTED,
)
POWERS = frozenset(Power)
SCREEN = 700  # characters of a telephone's
OWNED = st.sets(
    st.sampled_from(
        [lamp, lamp_done, trash, trash_done, lamp_there, lamp_closed, lamp_waits, lamp_regretted]
    )
)
SEEN = st.none() | st.builds(
    Understanding,
    model=st.just("m"),
    digest=st.just(""),
    sure=st.booleans(),
    klasifikasi=st.none() | st.sampled_from(Klasifikasi),
    urgency=st.sampled_from(Urgency),
)
KNOWN = st.builds(
    Known,
    when=st.sampled_from(["", "kemarin"]),
    quoted=st.integers(0, 3),
    understanding=SEEN,
    human=st.sampled_from([False] * 9 + [True]),
    at=st.just(NOW),
    unasked=st.booleans(),
)
TOLD = st.lists(st.tuples(EVENT, KNOWN), max_size=10)


@settings(max_examples=300, deadline=None)
@given(TOLD, OWNED)
@example([(says(HOLE), Known()), *[(says("1"), Known())] * 2, (taps("send:1"), Known())], set())
def test_rules_of_every_conversation(
    told: Sequence[tuple[Inbound, Known]], reports: set[Own]
) -> None:
    own = tuple({one.ticket: one for one in reports}.values())
    chat = Chat(State(last_draft=3 if own else 0), reports=own)
    for event, known in told:
        before = chat.state
        outcome = chat.hear(event, known)
        state = outcome.state
        assert (state.stage is Stage.IDLE) == (state.draft is None)
        assert load_state(loads(dump_state(state))) == state
        assert state.last_draft >= before.last_draft
        sent = {one.number for one in own} | {one.number for one in chat.opened}
        drafted = {one.number for one in (before.draft, state.draft) if one}
        assert outcome.draft in {0, state.last_draft, *sent, *drafted}
        check_opened(before, outcome)
        check_sayable(outcome)
        check_decided(event, outcome)
        check_nothing_lost(event, outcome, sent)
        check_kept(before, replace(event, message_id=f"m{chat.heard}"), outcome)
        check_way_out(state)
        check_menu(state, own)
    assert max(Counter(draft.number for draft in chat.opened).values(), default=0) <= 1


def check_decided(event: Inbound, outcome: Step) -> None:
    if event.kind in {Kind.MESSAGE, Kind.CHOICE}:
        assert outcome.decision is not None


def check_menu(state: State, own: tuple[Own, ...]) -> None:
    for value in state.menu:
        outcome = step(state, taps(value), Known(reports=own, at=NOW))
        assert outcome.decision is Decision.COMMAND
        assert "stale-button" not in summary(outcome)


def check_opened(before: State, outcome: Step) -> None:
    for effect in outcome.effects:
        if isinstance(effect, OpenReport) and not effect.public_address:
            draft = effect.draft
            confirmed = before.stage is Stage.PREVIEW and draft == before.draft
            in_danger = bool(draft.alarm)
            assert confirmed or in_danger
            assert normalise(draft.text)
            assert draft.klasifikasi
            placed = draft.has_place or draft.placeless or draft.klasifikasi in PLACELESS
            assert placed or (in_danger and outcome.state.supplement == draft.number)
            assert outcome.state.draft is None


def check_sayable(outcome: Step) -> None:
    for reply in outcome.replies:
        for language in LANGUAGES:
            said = say(language, reply, POWERS)
            assert said.text.strip()
            assert len(said.text) <= SCREEN
            assert all(it.label and len(it.value.encode()) <= 64 for it in said.choices)


def check_nothing_lost(event: Inbound, outcome: Step, sent: set[int]) -> None:
    """Every text that tells something stands in the draft, or beside a report that was `sent`."""
    text, draft = event.text, outcome.state.draft
    if event.kind is not Kind.MESSAGE or len(normalise(text)) < 2:
        return
    if outcome.decision in {Decision.COMMAND, Decision.TALK, Decision.HUMAN}:
        return
    beside = any(isinstance(effect, AddTo) for effect in outcome.effects) or outcome.draft in sent
    held = draft is not None and (text in (draft.place, draft.happened) or text in draft.text)
    full = draft is not None and len(draft.text) >= DRAFT_TEXT - 1
    asked = {"abuse", "which-report"} & {reply.key for reply in outcome.replies}
    assert beside or held or full or asked


def check_kept(before: State, event: Inbound, outcome: Step) -> None:
    """What was told stays in the draft until it is sent, put beside a report, or given up."""
    draft, after = before.draft, outcome.state.draft
    if draft is None:
        return
    said = {reply.key for reply in outcome.replies}
    if after is None or after.number != draft.number:
        ends = [e for e in outcome.effects if isinstance(e, OpenReport | Attach | EraseData)]
        assert ends or "cancelled" in said
        return
    if event.kind in {Kind.EDIT, Kind.WITHDRAWN} or "ask-text-again" in said:
        return
    # What was edited before it came is told once.
    lines = {line for line in draft.lines if line.message_id != event.message_id}
    assert lines <= set(after.lines)
    assert set(draft.files) <= set(after.files)


def check_way_out(state: State) -> None:
    outcome = step(state, says("batal"))
    if summary(outcome) == "left-as-is":  # he was just asked whether he is sure of something else
        outcome = step(outcome.state, says("batal"))
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
