"""Decides what a message means for a conversation: `step` is pure, and reads from tables.

A message finds its handler by the kind of event, then by the stage and the word in it. A handler
returns the next state with replies (keys of the catalogue) and effects (what shall happen to
rows); `core.intake` carries them out.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from core.draft import Draft, Stage, State
from core.drafting import (
    CHOICES,
    answer_place,
    ask_change,
    ask_next,
    cancel,
    change_place,
    change_text,
    collect,
    open_draft,
    send,
    skip_evidence,
)
from core.mention import mention, supplement, supplements
from core.message import Inbound, Kind
from core.ticket import find_ticket, resembles_ticket
from core.turn import (
    AmendMessage,
    Arrived,
    Handler,
    Reply,
    SetReachable,
    Step,
    TellStatus,
    Turn,
    Where,
)
from core.understanding import Understanding
from core.words import Word, after_status, meant, normalise

WITHDRAWN = 20  # newest withdrawn messages of a citizen that are remembered
NUMBER_TEXT = 8  # characters of a text that can be a bare number: "2", "2.", "(2)"
STATUS_WORDS = 8  # a longer text that names a ticket is a complaint of its own


def step(
    state: State,
    inbound: Inbound,
    place: str,
    may_open: bool = True,
    understanding: Understanding | None = None,
) -> Step:
    """Return what `inbound` makes of `state`; `place` are its words that name a place.

    Unless the citizen `may_open` another report, a confirmed draft stays one. `understanding` is
    what a model makes of a message to everybody.
    """
    inbound = numbered(state, inbound)
    words = meant(inbound, CHOICES.get(state.stage, ()))
    turn = Turn(state, inbound, place, words, may_open, understanding)
    outcome = BY_KIND[inbound.kind](turn)
    return replace(outcome, state=remembered(outcome, inbound))


def numbered(state: State, inbound: Inbound) -> Inbound:
    """Return the choice that a bare number stands for, or `inbound` as it is.

    A platform without buttons shows choices with numbers; some people answer so anywhere, but
    nobody does in public, where no choices are shown.
    """
    private = inbound.kind is Kind.MESSAGE and not inbound.public_address
    if not private or not state.menu or len(inbound.text) > NUMBER_TEXT:
        return inbound
    number = normalise(inbound.text)
    if not number.isdecimal() or not 1 <= int(number) <= len(state.menu):
        return inbound
    return replace(inbound, kind=Kind.CHOICE, choice=state.menu[int(number) - 1], text="")


def remembered(outcome: Step, inbound: Inbound) -> State:
    """Return the state after a message: with its album, and the choices it was answered with."""
    state = outcome.state
    if outcome.replies:
        last = outcome.replies[-1]
        state = replace(state, menu=tuple(f"{word}:{last.serial}" for word in last.choices))
    if state.draft is None:  # choices are about a draft
        state = replace(state, menu=())
    readable = inbound.kind is Kind.MESSAGE
    unreadable = state.told_unreadable and not readable
    return replace(state, album=inbound.album, told_unreadable=unreadable)


# ---- by kind of event


def speak_up(turn: Turn) -> Step:
    """Handle what a citizen writes or sends, in private or in public."""
    return mention(turn) if turn.inbound.public_address else talk(turn)


def talk(turn: Turn) -> Step:
    """Handle what a citizen writes, sends or taps in private."""
    told = tell_status(turn)
    if told is not None:
        return told
    for word in WORD_ORDER[turn.state.stage]:
        if word in turn.words:
            return BY_WORD[turn.state.stage, word](turn)
    if turn.words:  # of another stage; never a part of the complaint
        return greet(turn)
    return take_up(turn) if turn.state.draft is None else BY_STAGE[turn.state.stage](turn)


def take_up(turn: Turn) -> Step:
    """Take an answer to what was asked of a public report, or the first words of a new one."""
    if supplements(turn):
        return supplement(turn)
    return open_draft(turn) if turn.tells_something else greet(turn)


def tell_status(turn: Turn) -> Step | None:
    """Answer a short text that names a ticket, None for any other.

    Words beside a file or a place are its caption: what they name is a part of a report.
    """
    text = turn.inbound.text
    if turn.evidence or turn.inbound.place is not None:
        return None
    ticket = find_ticket(text)
    if ticket and len(text.split()) <= STATUS_WORDS:
        return Step(turn.state, effects=(TellStatus(ticket),))
    wrong = after_status(text)
    if resembles_ticket(wrong):
        return Step(turn.state, (Reply("status-unknown", {"ticket": wrong}),))
    return None


def press(turn: Turn) -> Step:
    """Handle a button; one that belongs to an older draft does nothing but say so."""
    _, _, serial = turn.inbound.choice.partition(":")
    current = turn.state.draft.number if turn.state.draft else 0
    if serial and serial != str(current):
        return Step(turn.state, (Reply("stale-button"),))
    return talk(turn)


def greet(turn: Turn) -> Step:
    """Say who we are, and how to begin; with an open draft, repeat its question."""
    if turn.state.draft is not None:
        return ask_next(turn, turn.state.draft)
    return Step(turn.state, (Reply("greeting"),))


def point_away(turn: Turn) -> Step:
    """Tell a group, once, that complaints are taken in private."""
    if turn.state.pointed_away:
        return Step(turn.state)
    return Step(replace(turn.state, pointed_away=True), (Reply("group"),))


def amend(turn: Turn) -> Step:
    """Put an edited text, or another photo, in the draft, or beside the report it is already in."""
    message_id, text = turn.inbound.message_id, turn.inbound.text if turn.says else ""

    def change(draft: Draft) -> Draft:
        edited = draft.edited(message_id, text, turn.place)
        return edited.with_file(message_id) if turn.evidence else edited

    return _amended(turn, AmendMessage(message_id, turn.inbound.text), change)


def withdraw(turn: Turn) -> Step:
    """Take a message out of the draft, or mark it in the report it is already in."""
    message_id = turn.inbound.message_id
    effect = AmendMessage(message_id, "", withdrawn=True)
    known = replace(turn.state, withdrawn=(*turn.state.withdrawn, message_id)[-WITHDRAWN:])
    turn = replace(turn, state=known)
    return _amended(turn, effect, lambda draft: draft.without_message(message_id))


def _amended(turn: Turn, effect: AmendMessage, change: Callable[[Draft], Draft]) -> Step:
    draft = turn.state.draft
    if draft is None or not draft.holds(effect.message_id):
        return Step(turn.state, effects=(effect,))
    changed = change(draft)
    # A live position that moves on changes nothing; a file may be another one than before.
    if changed == draft and not turn.evidence:
        return Step(turn.state, effects=(effect,))
    return replace(ask_next(turn, changed), effects=(effect,))


def block(turn: Turn) -> Step:
    """Note that the citizen no longer receives us; the draft is kept."""
    return Step(turn.state, effects=(SetReachable(False),))


def unblock(turn: Turn) -> Step:
    """Note that the citizen receives us again."""
    return Step(turn.state, effects=(SetReachable(True),))


def arrive(turn: Turn) -> Step:
    """Note that the platform has a message of ours; a receipt that is none of ours says nothing."""
    try:
        arrived = Arrived(UUID(turn.inbound.receipt), turn.inbound.message_id)
    except ValueError:
        return Step(turn.state)
    return Step(turn.state, effects=(arrived,))


def apologise(turn: Turn) -> Step:
    """Say, once and in public where he wrote there, that what he sent cannot be read."""
    if turn.state.told_unreadable:
        return Step(turn.state)
    mark = {"mark": turn.inbound.external_id[-4:]}
    state = replace(turn.state, told_unreadable=True)
    return Step(state, (Reply("encrypted", mark, where=Where.PUBLIC),))


def ignore(turn: Turn) -> Step:
    """Leave everything as it is."""
    return Step(turn.state)


# ---- words that hold at every stage


def help_(turn: Turn) -> Step:
    """Explain the few words; the draft stays as it is."""
    return Step(turn.state, (Reply("help"),))


def welcome(turn: Turn) -> Step:
    """Answer thanks; an open draft is asked for again, lest it be taken for sent."""
    thanks = Reply("thanks")
    if turn.state.draft is None:
        return Step(turn.state, (thanks,))
    asked = ask_next(turn, turn.state.draft)
    return replace(asked, replies=(thanks, *asked.replies))


def ask_ticket(turn: Turn) -> Step:
    """Ask which report's status is wanted."""
    return Step(turn.state, (Reply("status-how"),))


def nothing_to_cancel(turn: Turn) -> Step:
    """Say that there is no draft, and wait no more for the place of a public report."""
    return Step(replace(turn.state, supplement=0), (Reply("nothing-open"),))


def speak(language: str) -> Handler:
    """Return the handler that goes on in `language`."""

    def switch(turn: Turn) -> Step:
        state = replace(turn.state, language=language)
        return Step(state, (Reply("language"),))

    return switch


# ---- the tables

BY_KIND: dict[Kind, Handler] = {
    Kind.MESSAGE: speak_up,
    Kind.CHOICE: press,
    Kind.START: greet,
    Kind.EDIT: amend,
    Kind.WITHDRAWN: withdraw,
    Kind.BLOCKED: block,
    Kind.UNBLOCKED: unblock,
    Kind.GROUP: point_away,
    Kind.REACTION: ignore,
    Kind.RECEIPT: arrive,
    Kind.ENCRYPTED: apologise,
    Kind.UNKNOWN: ignore,
    Kind.UNREADABLE: ignore,  # the inbox quarantines it before anybody asks
}

EVERYWHERE: dict[Word, Handler] = {
    Word.HELP: help_,
    Word.STATUS: ask_ticket,
    Word.GREETING: greet,
    Word.THANKS: welcome,
    Word.INDONESIAN: speak("id"),
    Word.ENGLISH: speak("en"),
}

BY_WORD: dict[tuple[Stage, Word], Handler] = {
    **{(stage, word): handler for stage in Stage for word, handler in EVERYWHERE.items()},
    **{(stage, Word.CANCEL): cancel for stage in Stage},
    (Stage.IDLE, Word.CANCEL): nothing_to_cancel,
    (Stage.EVIDENCE, Word.SKIP): skip_evidence,
    (Stage.EVIDENCE, Word.SEND): skip_evidence,
    (Stage.PREVIEW, Word.SEND): send,
    (Stage.PREVIEW, Word.CHANGE): ask_change,
    (Stage.PREVIEW, Word.CHANGE_TEXT): change_text,
    (Stage.PREVIEW, Word.CHANGE_PLACE): change_place,
    (Stage.CHANGE, Word.CHANGE): ask_change,
    (Stage.CHANGE, Word.CHANGE_TEXT): change_text,
    (Stage.CHANGE, Word.CHANGE_PLACE): change_place,
}

BY_STAGE: dict[Stage, Handler] = {
    Stage.TEXT: collect,
    Stage.PLACE: answer_place,
    Stage.EVIDENCE: collect,
    Stage.PREVIEW: collect,
    Stage.CHANGE: collect,
}

# A phrase may stand for several words; the first that has a handler at the stage holds.
WORD_ORDER: dict[Stage, tuple[Word, ...]] = {
    stage: tuple(word for word in Word if (stage, word) in BY_WORD) for stage in Stage
}
