"""What a citizen says or taps in private: commands, answers, and what belongs to a report."""

from dataclasses import replace
from functools import partial

from core import sent
from core.advice import advise, calls_for
from core.belonging import (
    Belonging,
    answers,
    asks_news,
    belonging,
    spoken_of,
    tells_trouble,
)
from core.certainty import is_certain
from core.doubts import agree_new, attach_to, belong, deny_new, tell_more
from core.draft import Stage, State
from core.drafting import (
    CHANGES,
    CLASSES,
    answer_class,
    answer_place,
    answer_time,
    ask_belonging,
    ask_change,
    ask_next,
    cancel,
    collect,
    explain_place,
    hide,
    open_draft,
    repeat,
    send,
    skip_evidence,
    stand_alone,
    usual_class,
)
from core.effects import Own
from core.greeting import acknowledge, introduce
from core.mention import supplement, supplements
from core.message import Kind
from core.named import link, named_report
from core.scope import is_abuse
from core.sent import (
    HAND_BACK,
    IDLE,
    ON_REPORT,
    SURELY,
    add,
    erase,
    erase_surely,
    on_report,
    undoable,
    unfocused,
)
from core.ticket import find_ticket
from core.turn import SURE, Decision, Evidence, Handler, Reply, Step, Turn
from core.urgent import take_at_once
from core.words import Word, words_in


def talk(turn: Turn) -> Step:
    """Handle what a citizen writes or sends in private, or taps without a report in it."""
    if turn.known.human and turn.inbound.kind is Kind.MESSAGE:
        return between_humans(turn)
    told = take_answer(turn)
    if told is not None:
        return commanded(told, Evidence.STATE)
    turn = replace(turn, state=unasked(turn.state))
    told = named_report(turn)
    if told is not None:
        return commanded(told, Evidence.TICKET)
    told = link(turn) or steer(turn)
    return commanded(told, Evidence.WORDING) if told is not None else take_up(turn)


def take_answer(turn: Turn) -> Step | None:
    """Take the answer to "are you sure?", None for any other text."""
    asked = next((value for value in turn.state.menu if f":{SURE}:" in value), "")
    if not asked or turn.inbound.kind is not Kind.MESSAGE or turn.evidence:
        return None
    word, _, ticket = asked.partition(f":{SURE}:")
    certain = is_certain(turn.inbound.text, word)
    if certain is None:
        return None
    left = replace(turn, state=unasked(turn.state))
    return press_about(left, word, ticket, True) if certain else LEFT(left)


def unasked(state: State) -> State:
    """Return the state in which nobody is asked whether he is sure: it holds for one answer."""
    asked = any(f":{SURE}:" in value for value in state.menu)
    return replace(state, menu=()) if asked else state


def steer(turn: Turn) -> Step | None:
    """Do what a word asks for at this stage, None when none of them asks for anything."""
    beside = spoken_of(turn) if turn.state.draft is not None else None
    if beside is not None:
        return steer_beside(turn, beside)
    asks = answers(turn) or asks_news(turn)
    settles = undoable(turn) or (turn.state.draft is None and not asks)
    words = turn.words if settles else turn.words - VERDICT
    if "?" in turn.inbound.text:  # "sudah diperbaiki?" asks
        words -= VERDICT
    for word in WORD_ORDER[turn.state.stage]:
        if word in words:
            return BY_WORD[turn.state.stage, word](turn)
    if not words or (answers(turn) and is_answer(turn.words)):
        return None
    # A word of another stage; never a part of the complaint.
    return agree(turn) if Word.SEND in words else greet(turn)


def steer_beside(turn: Turn, own: Own) -> Step | None:
    """Do what a word asks for while the report `own` is spoken of, and a draft is out of sight.

    What a word does to the draft is not done unseen: its question is asked again first.
    """
    words = turn.words & words_in(turn.inbound.text)
    word = next((word for word in WORD_ORDER[turn.state.stage] if word in words), None)
    if word in ABOUT_BESIDE:
        return replace(on_report(turn, word, own.ticket), evidence=Evidence.STATE)
    if word is None or (word not in EVERYWHERE and is_answer(words)):
        return None
    outcome = EVERYWHERE.get(word, repeat)(turn)
    return replace(outcome, state=unfocused(outcome.state)) if outcome.draft else outcome


def is_answer(words: frozenset[Word]) -> bool:
    """Tell whether words of ours may answer what somebody else asks: yes and no, there is none."""
    return bool(words & VERDICT) or words == {Word.SKIP}


def commanded(outcome: Step, evidence: Evidence) -> Step:
    """Return the outcome of a word or a button, noted as that."""
    if outcome.decision is not None:
        return outcome
    known = outcome.evidence if outcome.evidence is not Evidence.NONE else evidence
    return replace(outcome, decision=Decision.COMMAND, evidence=known)


def between_humans(turn: Turn) -> Step:
    """Leave a talk with an officer alone, but for what the citizen may always ask for."""
    for word, handler in WHILE_HUMAN.items():
        if word in turn.words:
            return commanded(handler(turn), Evidence.WORDING)
    return listen_only(turn)


def listen_only(turn: Turn) -> Step:
    """Keep what is said to an officer, beside the report that they talk about."""
    own = turn.known.own(turn.state.focus)
    draft = own.number if own and own.here else 0
    heard = Step(turn.state, draft=draft, beside=own, decision=Decision.HUMAN)
    return advise(turn, heard)


def take_up(turn: Turn) -> Step:
    """Put a message where it belongs: to a new report, the draft, one that was sent, or nowhere."""
    named = turn.known.quoted or find_ticket(turn.inbound.text)
    if supplements(turn) and not named:
        return replace(supplement(turn), decision=Decision.ADDITION, evidence=Evidence.STATE)
    tells = turn.tells_something or turn.known.quoted or answers(turn) or tells_trouble(turn)
    if not (turn.state.draft or tells or calls_for(turn)):
        return replace(greet(turn), decision=Decision.TALK)
    found = belonging(turn)
    outcome = take_at_once(turn, advise(turn, _placed(turn, found)))
    return replace(outcome, decision=found.decision, evidence=found.evidence)


def _placed(turn: Turn, found: Belonging) -> Step:
    if found.own is not None:
        return add(turn, found.own)
    if found.decision is Decision.UNSURE:
        return ask_belonging(turn)
    return BY_DECISION[found.decision](turn)


def begin(turn: Turn) -> Step:
    """Begin a report; abuse without anything else is asked, once, to stay polite."""
    if is_abuse(turn.inbound.text):
        replies = () if turn.state.told_abuse else (Reply("abuse"),)
        return Step(replace(turn.state, told_abuse=True), replies)
    return open_draft(turn)


def go_on(turn: Turn) -> Step:
    """Go on with the draft, whatever was spoken of meanwhile."""
    return BY_STAGE[turn.state.stage](replace(turn, state=unfocused(turn.state)))


def press(turn: Turn) -> Step:
    """Handle a button; one of an older draft is about the report that became of it, if any."""
    word, _, rest = turn.inbound.choice.partition(":")
    serial, _, ticket = rest.partition(":")
    sure = serial == SURE
    if sure or (ticket and not serial):
        return commanded(press_about(turn, word, ticket, sure), Evidence.BUTTON)
    current = turn.state.draft.number if turn.state.draft else 0
    if serial and serial != str(current):
        return commanded(press_old(turn, word, serial), Evidence.BUTTON)
    turn = replace(turn, state=unfocused(turn.state))
    return replace(talk(turn), evidence=Evidence.BUTTON)


def press_about(turn: Turn, word: str, ticket: str, sure: bool) -> Step:
    """Handle a button about a report; a draft that may belong to it is put beside it."""
    own, draft = turn.known.own(ticket), turn.state.draft
    turn = replace(turn, state=unasked(turn.state))
    if word == Word.ADD and own and draft and draft.unsure:
        return attach_to(turn, own)
    if word == Word.ERASE_DATA:
        return erase_surely(turn) if sure else erase(turn)
    if word not in ON_REPORT or not find_ticket(ticket):
        return greet(turn)
    return on_report(turn, Word(word), ticket, sure=sure and Word(word) in SURELY)


def press_old(turn: Turn, word: str, serial: str) -> Step:
    """Handle a button of a draft that is gone: about its report, if it was sent.

    A second tap on "Kirim" is told what became of the first.
    """
    number = int(serial) if serial.isdecimal() else 0
    just_sent, own = turn.known.just_sent, turn.known.numbered(number)
    if word == Word.SEND and just_sent and just_sent.number == number:
        return Step(turn.state)  # the first tap is answered in the same moment
    if own is None or word not in ONCE_SENT:
        return Step(turn.state, (Reply("stale-button"),))
    return on_report(turn, ONCE_SENT[Word(word)], own.ticket)


def greet(turn: Turn) -> Step:
    """Say who we are, and how to begin; with an open draft, repeat its question."""
    draft = turn.state.draft
    return introduce(turn) if draft is None else ask_next(turn, draft)


def agree(turn: Turn) -> Step:
    """Answer "all right" where nothing was asked; with an open draft, repeat its question."""
    draft = turn.state.draft
    return acknowledge(turn) if draft is None else ask_next(turn, draft)


# ---- words that hold at every stage


def help_(turn: Turn) -> Step:
    """Explain the few words; the draft stays as it is."""
    return Step(turn.state, (Reply("help"),))


def besides(key: str) -> Handler:
    """Return the handler that says `key`; of an open draft the question follows once more.

    Else it would be taken for sent.
    """

    def handle(turn: Turn) -> Step:
        if turn.state.draft is None:
            return Step(turn.state, (Reply(key),))
        asked = ask_next(turn, turn.state.draft)
        return replace(asked, replies=(Reply(key), *asked.replies))

    return handle


def tell_who_sees(turn: Turn) -> Step:
    """Tell who can see what he tells: of the draft, else of his newest open report."""
    open_ones = (one for one in turn.known.reports if one.is_open)
    asked = turn.state.draft or next(open_ones, None)
    anonim = asked.anonim if asked else turn.state.anonim
    said = besides("who-sees")(turn)
    first = replace(said.replies[0], args={"anonim": "yes" if anonim else "no"})
    return replace(said, replies=(first, *said.replies[1:]))


def cancel_sent(turn: Turn) -> Step:
    """Take back a report that was sent, and wait no more for its place."""
    return IDLE[Word.CANCEL](replace(turn, state=replace(turn.state, supplement=0)))


def speak(language: str) -> Handler:
    """Return the handler that goes on in `language`."""

    def switch(turn: Turn) -> Step:
        state = replace(turn.state, language=language)
        return Step(state, (Reply("language"),))

    return switch


# ---- the tables

SECRECY_WORDS = (Word.ANONIM, Word.RAHASIA, Word.NAMED, Word.PUBLIC)

EVERYWHERE: dict[Word, Handler] = {
    **sent.EVERYWHERE,
    Word.HELP: help_,
    Word.GREETING: greet,
    Word.THANKS: besides("thanks"),
    Word.PRIVACY: tell_who_sees,
    Word.WHO: besides("who-we-are"),
    Word.NOTED: agree,
    Word.INDONESIAN: speak("id"),
    Word.ENGLISH: speak("en"),
}

DRAFTING: dict[Word, Handler] = {
    Word.CANCEL: cancel,
    Word.ANONIM: partial(hide, anonim=True),
    Word.RAHASIA: partial(hide, rahasia=True),
    Word.NAMED: partial(hide, anonim=False),
    Word.PUBLIC: partial(hide, rahasia=False),
    Word.ADD: repeat,
    Word.NEW: repeat,
}

BY_WORD: dict[tuple[Stage, Word], Handler] = {
    **{(stage, word): handler for stage in Stage for word, handler in EVERYWHERE.items()},
    **{(stage, word): handler for stage in Stage for word, handler in DRAFTING.items()},
    **{(Stage.IDLE, word): handler for word, handler in IDLE.items()},
    (Stage.IDLE, Word.CANCEL): cancel_sent,
    (Stage.PLACE, Word.DONT_KNOW): explain_place,
    (Stage.EVIDENCE, Word.SKIP): skip_evidence,
    (Stage.EVIDENCE, Word.SEND): skip_evidence,
    (Stage.PREVIEW, Word.SEND): send,
    (Stage.PREVIEW, Word.CHANGE): ask_change,
    **{
        (stage, word): change
        for stage in (Stage.PREVIEW, Stage.CHANGE)
        for word, change in CHANGES.items()
    },
    (Stage.CHANGE, Word.CHANGE): ask_change,
    **{(Stage.CLASS, word): answer_class for word in CLASSES},
    **{(Stage.CLASS, word): usual_class for word in (Word.SEND, Word.SKIP, Word.DONT_KNOW)},
    (Stage.WHICH, Word.NEW): stand_alone,
    (Stage.WHICH, Word.ADD): belong,
    (Stage.WHICH, Word.SEND): agree_new,
    (Stage.WHICH, Word.CHANGE): deny_new,
}

WHILE_HUMAN: dict[Word, Handler] = {
    Word.BOT: HAND_BACK,
    **{word: sent.EVERYWHERE[word] for word in (Word.STOP, Word.SHOW_DATA, Word.ERASE_DATA)},
    **{word: IDLE[word] for word in SECRECY_WORDS},
}

BY_STAGE: dict[Stage, Handler] = {
    Stage.TEXT: collect,
    Stage.PLACE: answer_place,
    Stage.EVIDENCE: collect,
    Stage.PREVIEW: collect,
    Stage.CHANGE: collect,
    Stage.WHICH: tell_more,
    Stage.CLASS: answer_class,
    Stage.TIME: answer_time,
}

BY_DECISION: dict[Decision, Handler] = {
    Decision.NEW: begin,
    Decision.DRAFT: go_on,
    Decision.TALK: greet,
}

LEFT = sent.say("left-as-is")

# What the buttons of a draft do once it was sent; a correction is something more to be told.
ONCE_SENT: dict[Word, Word] = {
    Word.SEND: Word.STATUS,
    Word.CHANGE: Word.ADD,
    **{word: word for word in (Word.CANCEL, *SECRECY_WORDS)},
}

ABOUT_BESIDE = frozenset({*SECRECY_WORDS, Word.ADD})

VERDICT = frozenset({Word.DONE, Word.NOT_DONE})  # words that say something without a question too

# A phrase may stand for several words; the first that has a handler at the stage holds.
WORD_ORDER: dict[Stage, tuple[Word, ...]] = {
    stage: tuple(word for word in Word if (stage, word) in BY_WORD) for stage in Stage
}
