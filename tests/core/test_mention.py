"""What is written in public: a report at once, at most one public answer, the rest in private."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation import step
from core.draft import Stage, State
from core.effects import OpenReport, Supplement
from core.mention import ASKED, THREADS
from core.message import Inbound, Kind
from core.turn import Known, Step, Where
from core.understanding import Klasifikasi, Purpose, Understanding, Urgency
from tests.core.citizen import Chat, does, photo, pin, says, sticker, summary
from tests.core.threads import LAMP, NOW, lamp

HOLE = "jalan depan balai desa Suka Maju bolong besar, motor sering jatuh"
NOWHERE = "lampu penerangan padam semua sejak minggu lalu"
TICKET = "3QSKV-PA71K"


def public(inbound: Inbound, thread: str = "100") -> Inbound:
    return replace(inbound, public_address=f"post:{thread}", thread=thread)


# What the citizen does, and what he is answered.
CONVERSATIONS: dict[str, list[tuple[Inbound, str]]] = {
    "a complaint with its place": [(public(says(HOLE)), "+open")],
    "a complaint with a photo": [(public(photo(HOLE)), "+open")],
    "the place is asked for in private": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says("gang Mawar belakang musala"), "supplement-thanks +supplement"),
        (says("air keran keruh sekali"), "ask-place"),
    ],
    "the place as a pin": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (photo(), "supplement-thanks"),
        (pin(), "supplement-thanks +supplement"),
        (pin(), "ask-text"),
    ],
    "words of our own are no place": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says("bantuan"), "help"),
        (says("gang Mawar"), "supplement-thanks +supplement"),
    ],
    "nobody needs to tell the place": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says("batal"), "nothing-open"),
        (says(HOLE), "ask-evidence"),
    ],
    "fifteen words are a place": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says("di gang Mawar" + " lagi" * 12), "supplement-thanks +supplement"),
    ],
    "sixteen words are not": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says("di gang Mawar" + " lagi" * 13), "ask-evidence"),
    ],
    "a long message is a complaint of its own": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says(HOLE + " sekali" * 60), "ask-evidence"),
    ],
    "more in the same thread belongs to it": [
        (public(says(HOLE)), "+open"),
        (public(says("sudah ada yang jatuh lagi tadi pagi")), "public-added"),
        (public(says("terima kasih")), ""),
        (public(says("satu lagi, got di sana mampet"), "200"), "supplement-place +open"),
    ],
    "an emergency in the thread": [
        (public(says(HOLE)), "+open"),
        (public(says("sekarang rumahnya kebakaran, tolong")), "public-emergency"),
    ],
    "an emergency in one word": [(public(says("kebakaran!!")), "supplement-place +open")],
    "an emergency is no answer to a question": [
        (public(says(NOWHERE)), "supplement-place +open"),
        (says("tolong kebakaran rumah warga di Jl. Mawar"), "emergency-api +open"),
    ],
    "greetings are shown the way": [(public(says("halo")), "public-how")],
    "thanks are not answered": [(public(says("terima kasih")), "")],
    "nothing is not a report": [(public(says("")), "public-how")],
    "status is told in private": [(public(says(f"status {TICKET}")), "public-status +status")],
    "a draft under way stays as it is": [
        (says(NOWHERE), "ask-place"),
        (public(says(HOLE)), "+open"),
        (says("gang Mawar belakang musala"), "ask-evidence"),
        (says("lewati"), "preview"),
        (says("kirim"), "+open"),
    ],
    "a number in public is no choice of the draft": [
        (says(HOLE), "ask-evidence"),
        (public(says("2")), "public-how"),
        (says("lewati"), "preview"),
        (public(says("2")), "public-how"),
        (says("kirim"), "+open"),
    ],
    "encrypted messages are explained once": [
        (does(Kind.ENCRYPTED), "encrypted"),
        (does(Kind.ENCRYPTED), ""),
        (says("halo"), "greeting"),
        (does(Kind.ENCRYPTED), "encrypted"),
    ],
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_conversations(name: str) -> None:
    chat = Chat()
    for inbound, expected in CONVERSATIONS[name]:
        assert summary(chat.hear(inbound)) == expected


def seen(purpose: Purpose | None, **fields: Any) -> Understanding:
    return Understanding("m1", "", purpose=purpose, **fields)


TALK = seen(Purpose.BUKAN_KELUHAN)
ANSWER = seen(Purpose.RESPON)
JOKE = "wkwk lucu banget videonya kak"

# What is written in public, what a model makes of it, and what comes of it.
PURPOSES: dict[str, tuple[Inbound, Understanding | None, str]] = {
    "without a model all is taken": (says(JOKE), None, "supplement-place +open"),
    "a model that tells no purpose": (says(JOKE), seen(None), "supplement-place +open"),
    "a complaint": (says(HOLE), seen(Purpose.KELUHAN), "+open"),
    "talk": (says(JOKE), TALK, ""),
    "an answer to others": (says("petugas sudah memperbaiki lampu"), ANSWER, ""),
    "talk that names a place": (says(HOLE), TALK, ""),
    "with a photo": (photo(JOKE), TALK, "supplement-place +open"),
    "with a sticker": (replace(sticker(), text=JOKE), TALK, ""),
    "with a place on the map": (replace(pin(), text=JOKE), ANSWER, "+open"),
    "about a sure topic": (
        says(NOWHERE),
        seen(Purpose.BUKAN_KELUHAN, sure=True),
        "supplement-place +open",
    ),
    "an answer about a sure topic": (
        says("petugas sudah memperbaiki lampu"),
        seen(Purpose.RESPON, sure=True),
        "",
    ),
    "a complaint about no sure topic": (says(HOLE), seen(Purpose.KELUHAN, sure=False), "+open"),
    "an emergency": (
        says("toko sebelah kebakaran"),
        seen(Purpose.BUKAN_KELUHAN, urgency=Urgency.DARURAT),
        "+open",
    ),
    "soon is no emergency": (says(JOKE), seen(Purpose.RESPON, urgency=Urgency.SEGERA), ""),
    "a class says nothing of it": (
        says(JOKE),
        seen(Purpose.RESPON, klasifikasi=Klasifikasi.ASPIRASI),
        "",
    ),
    "a greeting is still shown the way": (says("halo"), TALK, "public-how"),
    "status is still told": (says(f"status {TICKET}"), TALK, "public-status +status"),
}


@pytest.mark.parametrize("name", PURPOSES)
def test_talk_opens_nothing_and_is_not_answered(name: str) -> None:
    inbound, understanding, expected = PURPOSES[name]
    step = Chat().hear(public(inbound), understanding)
    assert summary(step) == expected
    assert bool(step.draft) == ("+open" in expected)


def test_in_private_everything_is_taken() -> None:
    assert summary(Chat().hear(says(HOLE), TALK)) == "ask-evidence"


def test_talk_in_the_thread_of_a_report_belongs_to_it() -> None:
    chat = Chat()
    chat.hear(public(says(HOLE)))
    assert summary(chat.hear(public(says("semoga cepat beres ya")), TALK)) == "public-added"


def test_talk_forgets_nothing_and_asks_for_nothing() -> None:
    chat = Chat()
    chat.hear(public(says(NOWHERE)))
    chat.hear(public(says(JOKE), "200"), TALK)
    assert summary(chat.hear(public(says(HOLE), "200"))) == "+open"
    assert summary(chat.hear(says("gang Mawar belakang musala"))) == "supplement-thanks +supplement"


def test_a_report_knows_where_its_ticket_is_told() -> None:
    step = Chat().hear(public(says(HOLE)))
    (opened,) = step.effects
    assert isinstance(opened, OpenReport)
    assert opened.public_address == "post:100"
    assert (opened.draft.text, opened.draft.place) == (HOLE, "jalan depan balai desa Suka Maju")


def test_a_place_told_later_is_that_of_the_public_report() -> None:
    chat = Chat()
    chat.hear(says(NOWHERE))
    chat.hear(says("batal"))
    opened = chat.hear(public(says(NOWHERE)))
    step = chat.hear(says("gang Mawar belakang musala"))
    assert step.effects == (Supplement(2, "gang Mawar belakang musala", None),)
    assert (opened.draft, step.draft) == (2, 2)


def test_the_encrypted_are_answered_where_they_wrote_in_public() -> None:
    chat = Chat()
    chat.hear(public(says("halo"), "7"))
    step = chat.hear(does(Kind.ENCRYPTED))
    assert (step.replies[0].where, step.state.public_address) == (Where.PUBLIC, "post:7")


def test_as_many_threads_are_remembered_as_there_is_room_for() -> None:
    chat = Chat()
    for thread in range(THREADS + 1):
        chat.hear(public(says(HOLE), f"t{thread}"))
    assert summary(chat.hear(public(says(HOLE), "t1"))) == "public-added"
    assert summary(chat.hear(public(says(HOLE), "t0"))) == "+open"


def read_in_public(step: Step) -> int:
    """Return how many of the answers to a public message everybody reads."""
    tickets = sum(isinstance(effect, OpenReport) for effect in step.effects)
    return tickets + sum(reply.where is not Where.PRIVATE for reply in step.replies)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([HOLE, NOWHERE, "halo", "terima kasih", "kirim", "2", "", TICKET]),
            st.sampled_from(["", "1", "2"]),
        ),
        max_size=12,
    )
)
def test_never_more_than_one_public_answer_and_no_choices_there(
    lines: list[tuple[str, str]],
) -> None:
    chat = Chat(state=State())
    for text, thread in lines:
        step = chat.hear(public(says(text), thread) if thread else says(text))
        if thread:
            assert read_in_public(step) <= 1
            assert not any(reply.choices for reply in step.replies)


def test_a_question_for_the_place_is_forgotten_after_a_day() -> None:
    chat = Chat()
    asked = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
    chat.hear(public(says(NOWHERE)), Known(at=asked))
    late = chat.hear(says("gang Mawar nomor 5"), Known(at=asked + ASKED + timedelta(seconds=1)))
    assert not any(isinstance(effect, Supplement) for effect in late.effects)
    in_time = replace(chat.state, draft=None, stage=Stage.IDLE)
    told = Chat(in_time).hear(says("gang Mawar nomor 5"), Known(at=asked + ASKED))
    assert [type(effect) for effect in told.effects] == [Supplement]


def test_more_about_an_own_report_in_public_is_put_beside_it() -> None:
    said = public(says(f"laporan {LAMP} sudah tiga minggu masih gelap gulita"), "300")
    step = Chat(State(last_draft=1), reports=(lamp,)).hear(said, Known(at=NOW))
    assert summary(step) == "public-added +addto"
    assert step.draft == lamp.number


def test_who_has_too_many_open_is_told_the_number_all_the_same() -> None:
    step = Chat().hear(public(says("kebakaran besar di pasar!")), Known(may_open=False))
    assert summary(step) == "public-emergency too-many-open-public"


@pytest.mark.parametrize(
    ("urgent", "answer"), [(True, "public-emergency +addto"), (False, "supplement-place +open")]
)
def test_a_fire_in_the_thread_of_a_lamp_is_a_report_of_its_own(urgent: bool, answer: str) -> None:
    told = replace(lamp, urgent=urgent)
    state = State(last_draft=1, threads=(("t1", told.number),))
    post = replace(public(says("rumahnya kebakaran, tolong")), thread="t1")
    assert summary(step(state, post, Known(reports=(told,), at=NOW))) == answer


def test_a_number_in_a_post_is_told_to_its_author_alone() -> None:
    posted = public(says("NIK saya 6474014101900000, KTP di Jl. Mawar belum jadi"))
    warned = [it for it in step(State(), posted).replies if it.key == "public-private"]
    assert [(it.where, it.args["private"]) for it in warned] == [(Where.PRIVATE, "nik")]
