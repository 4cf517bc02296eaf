"""Decides what a message means for a conversation: `step` is pure, and reads from tables.

A message finds its handler by the kind of event, then by the stage and the word in it. A handler
returns the next state with replies (keys of the catalogue) and effects (what shall happen to
rows); `core.intake` carries them out.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from core.advice import advise
from core.chat import greet, press, talk
from core.draft import Draft, State
from core.drafting import CHOICES, ask_next
from core.effects import AmendMessage, Arrived, SetReachable
from core.language import guess
from core.mention import mention
from core.message import Inbound, Kind
from core.turn import NOTHING, Handler, Known, Option, Reply, Step, Turn, Where
from core.urgent import take_at_once
from core.words import Word, meant, normalise

UNASKED = frozenset({Kind.EDIT, Kind.WITHDRAWN, Kind.START, Kind.ENCRYPTED})
WITHDRAWN = 20  # newest withdrawn messages of a citizen that are remembered
NUMBER_TEXT = 8  # characters of a text that can be a bare number: "2", "2.", "(2)"


def step(state: State, inbound: Inbound, known: Known = NOTHING) -> Step:
    """Return what `inbound` makes of `state`, given what is `known` of it besides."""
    inbound = inbound if known.human else numbered(state, inbound)
    words = meant(inbound, CHOICES.get(state.stage, ()))
    outcome = BY_KIND[inbound.kind](Turn(greeted(state, inbound), inbound, words, known))
    if known.human and inbound.kind in UNASKED:  # an officer speaks here now
        outcome = replace(outcome, replies=())
    return replace(outcome, state=remembered(outcome, inbound))


def greeted(state: State, inbound: Inbound) -> State:
    """Return the state with the language that the citizen's first words are in."""
    if state.greeted or inbound.kind is not Kind.MESSAGE or not inbound.text.strip():
        return state
    return replace(state, greeted=True, language=guess(inbound.text))


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
    menu = state.menu
    if outcome.replies:
        menu = outcome.replies[-1].values
    elif state.draft is None:  # its choices were about the draft that is gone
        menu = ()
    readable = inbound.kind is Kind.MESSAGE
    unreadable = state.told_unreadable and not readable
    return replace(state, menu=menu, album=inbound.album, told_unreadable=unreadable)


# ---- by kind of event


def speak_up(turn: Turn) -> Step:
    """Handle what a citizen writes or sends, in private or in public."""
    return mention(turn) if turn.inbound.public_address else talk(turn)


def point_away(turn: Turn) -> Step:
    """Tell a group, once, that complaints are taken in private."""
    if turn.state.pointed_away:
        return Step(turn.state)
    return Step(replace(turn.state, pointed_away=True), (Reply("group"),))


def amend(turn: Turn) -> Step:
    """Put an edited text, or another photo, in the draft, or beside the report it is already in."""
    message_id, text = turn.inbound.message_id, turn.inbound.text if turn.says else ""

    def change(draft: Draft) -> Draft:
        edited = redated(turn, draft.edited(message_id, text, turn.known.place))
        return edited.with_file(message_id) if turn.evidence else edited

    effect = AmendMessage(message_id, turn.inbound.text)
    draft = turn.state.draft
    if draft is None and not turn.known.quoted and turn.tells_something and not turn.words:
        told = talk(turn)  # it told nothing before
        return replace(told, effects=(effect, *told.effects))
    if draft is None:
        return _amended(turn, effect, change)
    return take_at_once(turn, advise(turn, _amended(turn, effect, change)))


def redated(turn: Turn, draft: Draft) -> Draft:
    """Return the draft with the day that the edited message tells now, if it told the day."""
    if draft.when_id != turn.inbound.message_id:
        return draft
    when = turn.known.when
    return draft.with_time(draft.when_id if when else "", when, turn.known.day)


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
        return Step(turn.state, _told_of(turn, effect), (effect,))
    changed = change(draft)
    # A live position that moves on changes nothing; a file may be another one than before.
    if changed == draft and not turn.evidence:
        return Step(turn.state, effects=(effect,))
    return replace(ask_next(turn, changed), effects=(effect,))


def _told_of(turn: Turn, effect: AmendMessage) -> tuple[Reply, ...]:
    """Return what is said of a change to a report that was sent and is worked on.

    Nothing is said of each step of a live position, nor in public.
    """
    own, said = turn.known.quoted_own, turn.says or turn.evidence or effect.withdrawn
    if own is None or not own.is_open or not said or turn.inbound.public_address:
        return ()
    args = {"ticket": own.ticket}
    if effect.withdrawn:
        return (Reply("withdrawn-sent", args, options=(Option(Word.CANCEL, own.ticket),)),)
    return (Reply("edited-sent", args),)


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
