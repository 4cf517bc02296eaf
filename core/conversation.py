"""Decides what a message means for a conversation: `step` is pure, and reads from tables.

A message finds its handler by the kind of event, then by the stage and the word in it. A handler
returns the next state with replies (keys of the catalogue) and effects (what shall happen to
rows); `core.intake` carries them out.
"""

from collections.abc import Callable
from dataclasses import replace

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
from core.message import Inbound, Kind
from core.ticket import find_ticket, resembles_ticket
from core.turn import AmendMessage, Handler, Reply, SetReachable, Step, TellStatus, Turn
from core.words import Word, after_status, meant

STATUS_WORDS = 8  # a longer text that names a ticket is a complaint of its own


def step(state: State, inbound: Inbound, place: str) -> Step:
    """Return what `inbound` makes of `state`; `place` are its words that name a place."""
    turn = Turn(state, inbound, place, meant(inbound, CHOICES.get(state.stage, ())))
    outcome = BY_KIND[inbound.kind](turn)
    return replace(outcome, state=replace(outcome.state, album=inbound.album))


# ---- by kind of event


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
    if turn.state.draft is None:
        return open_draft(turn) if turn.tells_something else greet(turn)
    return BY_STAGE[turn.state.stage](turn)


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
    """Say that there is no draft."""
    return Step(turn.state, (Reply("nothing-open"),))


def speak(language: str) -> Handler:
    """Return the handler that goes on in `language`."""

    def switch(turn: Turn) -> Step:
        state = replace(turn.state, language=language)
        return Step(state, (Reply("language"),))

    return switch


# ---- the tables

BY_KIND: dict[Kind, Handler] = {
    Kind.MESSAGE: talk,
    Kind.CHOICE: press,
    Kind.START: greet,
    Kind.EDIT: amend,
    Kind.WITHDRAWN: withdraw,
    Kind.BLOCKED: block,
    Kind.UNBLOCKED: unblock,
    Kind.GROUP: point_away,
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
