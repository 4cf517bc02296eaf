"""Decides what a message means for a conversation: `step` is pure, and reads from tables.

A message finds its handler by the kind of event, then by the stage and the word in it. A handler
returns the next state with replies (keys of the catalogue) and effects (what shall happen to
rows); `core.intake` carries them out.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.draft import DRAFT_PLACE, DRAFT_TEXT, Draft, Stage, State
from core.message import Inbound, Kind, Media
from core.ticket import find_ticket, resembles_ticket
from core.words import Word, after_status, meant, normalise

PREVIEW_TEXT = 500  # characters of the text that a preview shows: one phone screen
PREVIEW_PLACE = 150
LEAST_WORDS = 2  # a text with fewer words, and fewer characters than LEAST_TEXT, tells nothing
LEAST_TEXT = 10
STATUS_WORDS = 8  # a longer text that names a ticket is a complaint of its own


@dataclass(frozen=True, slots=True)
class Reply:
    """A sentence to say: a key of the catalogue, its variables, and keys of its buttons."""

    key: str
    args: dict[str, str] = field(default_factory=dict)
    choices: tuple[Word, ...] = ()
    serial: int = 0


@dataclass(frozen=True, slots=True)
class OpenReport:
    """The citizen confirmed: the draft becomes a report with a ticket."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class TellStatus:
    """The citizen asks how report `ticket` stands."""

    ticket: str


@dataclass(frozen=True, slots=True)
class SetReachable:
    """The citizen can, or can no longer, be written to."""

    reachable: bool


@dataclass(frozen=True, slots=True)
class AmendMessage:
    """An earlier message reads `text` now, or was taken back."""

    message_id: str
    text: str
    withdrawn: bool = False


Effect = OpenReport | TellStatus | SetReachable | AmendMessage


@dataclass(frozen=True, slots=True)
class Step:
    """The outcome of one message; `draft` is the number of the draft it belongs to, or 0."""

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    draft: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with all that its handler may look at."""

    state: State
    inbound: Inbound
    place: str  #: words in the text that name a place, "" for none
    words: frozenset[Word]

    @property
    def evidence(self) -> bool:
        """Tell whether the message brings a file that may prove something."""
        return any(file.media is not Media.STICKER for file in self.inbound.attachments)

    @property
    def says(self) -> str:
        """Return the words of the text in plain spelling, "" when it is but emoji and blanks."""
        return normalise(self.inbound.text[:DRAFT_TEXT])

    @property
    def tells_something(self) -> bool:
        """Tell whether there is content that a report could begin with."""
        text = self.says
        long_enough = len(text.split()) >= LEAST_WORDS or len(text) >= LEAST_TEXT
        return long_enough or self.evidence or self.inbound.place is not None


WHERE = {(True, False): "words", (False, True): "pin", (True, True): "both", (False, False): "none"}

Handler = Callable[[Turn], Step]


def step(state: State, inbound: Inbound, place: str) -> Step:
    """Return what `inbound` makes of `state`; `place` are its words that name a place."""
    turn = Turn(state, inbound, place, meant(inbound, CHOICES.get(state.stage, ())))
    outcome = BY_KIND[inbound.kind](turn)
    return replace(outcome, state=replace(outcome.state, album=inbound.album))


# ---- by kind of event


def talk(turn: Turn) -> Step:
    """Handle what a citizen writes, sends or taps in private."""
    ticket = find_ticket(turn.inbound.text)
    if ticket and len(turn.inbound.text.split()) <= STATUS_WORDS:
        return Step(turn.state, effects=(TellStatus(ticket),))
    wrong = after_status(turn.inbound.text)
    if resembles_ticket(wrong):
        return Step(turn.state, (Reply("status-unknown", {"ticket": wrong}),))
    for word in WORD_ORDER[turn.state.stage]:
        if word in turn.words:
            return BY_WORD[turn.state.stage, word](turn)
    if turn.words:  # of another stage; never a part of the complaint
        return greet(turn)
    if turn.state.draft is None:
        return open_draft(turn) if turn.tells_something else greet(turn)
    return BY_STAGE[turn.state.stage](turn)


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
    """Put an edited text in the draft, or beside the report it is already in."""
    message_id, text = turn.inbound.message_id, turn.inbound.text if turn.says else ""
    return _amended(
        turn,
        AmendMessage(message_id, turn.inbound.text),
        lambda draft: draft.edited(message_id, text, turn.place),
    )


def withdraw(turn: Turn) -> Step:
    """Take a message out of the draft, or mark it in the report it is already in."""
    message_id = turn.inbound.message_id
    effect = AmendMessage(message_id, "", withdrawn=True)
    return _amended(turn, effect, lambda draft: draft.without_message(message_id))


def _amended(turn: Turn, effect: AmendMessage, change: Callable[[Draft], Draft]) -> Step:
    draft = turn.state.draft
    changed = change(draft) if draft and draft.holds(effect.message_id) else draft
    if changed is None or changed == draft:  # a live position that moves on changes nothing
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


# ---- the draft


def open_draft(turn: Turn) -> Step:
    """Begin a report with what was just told."""
    number = turn.state.last_draft + 1
    state = replace(turn.state, last_draft=number, draft=Draft(number))
    return collect(replace(turn, state=state))


def collect(turn: Turn) -> Step:
    """Add what the message brings to the draft, and ask for what is still missing."""
    return ask_next(turn, absorb(turn, _draft(turn)))


def absorb(turn: Turn, draft: Draft) -> Draft:
    """Return `draft` with text, place and files of the message."""
    inbound, message_id = turn.inbound, turn.inbound.message_id
    words = "" if draft.place else turn.place
    if turn.says:
        draft = draft.with_line(message_id, inbound.text)
    if inbound.place:
        draft = replace(draft, pin=inbound.place, pin_id=message_id)
        words = inbound.place.label or words
    if turn.evidence:
        draft = replace(draft, files=(*draft.files, message_id), evidence_settled=True)
    return draft.with_place(message_id, words) if words else draft


def answer_place(turn: Turn) -> Step:
    """Take the answer to "where is it": any words are a place, many are a part of the text too."""
    draft, inbound = _draft(turn), turn.inbound
    if turn.evidence or inbound.place or not turn.says:
        return collect(turn)
    if len(inbound.text) > DRAFT_PLACE:
        draft = absorb(turn, draft)
    return ask_next(turn, draft.with_place(inbound.message_id, draft.place or inbound.text))


def skip_evidence(turn: Turn) -> Step:
    """Go on without a photo."""
    return ask_next(turn, replace(_draft(turn), evidence_settled=True))


def ask_next(turn: Turn, draft: Draft) -> Step:
    """Ask for the first thing that is missing; with nothing missing, show the preview."""
    for stage, missing, reply in QUESTIONS:
        if missing(draft):
            return _with_draft(turn, draft, stage, reply(draft))
    return _with_draft(turn, draft, Stage.PREVIEW, preview(draft))


def preview(draft: Draft) -> Reply:
    """Return the report as it would be sent, with buttons."""
    text = draft.text
    shown = text if len(text) <= PREVIEW_TEXT else text[: PREVIEW_TEXT - 1].rstrip() + "…"
    args = {
        "text": shown,
        "place": draft.place[:PREVIEW_PLACE],
        "where": WHERE[bool(draft.place), draft.pin is not None],
        "files": str(len(draft.files) or "none"),
    }
    return Reply("preview", args, CHOICES[Stage.PREVIEW], draft.number)


def ask_change(turn: Turn) -> Step:
    """Ask which part of the draft is wrong."""
    draft = _draft(turn)
    reply = Reply("ask-change", choices=CHOICES[Stage.CHANGE], serial=draft.number)
    return _with_draft(turn, draft, Stage.CHANGE, reply)


def change_text(turn: Turn) -> Step:
    """Forget the text, keep the rest, and ask for it again."""
    return ask_next(turn, replace(_draft(turn), lines=()))


def change_place(turn: Turn) -> Step:
    """Forget the place, keep the rest, and ask for it again."""
    return ask_next(turn, replace(_draft(turn), place="", place_id="", pin=None, pin_id=""))


def send(turn: Turn) -> Step:
    """Make the confirmed draft a report; its ticket is told by whoever opens it."""
    draft = _draft(turn)
    state = replace(turn.state, stage=Stage.IDLE, draft=None)
    return Step(state, effects=(OpenReport(draft),), draft=draft.number)


def cancel(turn: Turn) -> Step:
    """Drop the draft."""
    draft = _draft(turn)
    state = replace(turn.state, stage=Stage.IDLE, draft=None)
    return Step(state, (Reply("cancelled"),), draft=draft.number)


def _draft(turn: Turn) -> Draft:
    assert turn.state.draft is not None, "a stage other than IDLE has a draft"  # noqa: S101
    return turn.state.draft


def _with_draft(turn: Turn, draft: Draft, stage: Stage, reply: Reply) -> Step:
    state = replace(turn.state, draft=draft, stage=stage)
    return Step(state, (reply,), draft=draft.number)


# ---- words that hold at every stage


def help_(turn: Turn) -> Step:
    """Explain the few words; the draft stays as it is."""
    return Step(turn.state, (Reply("help"),))


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

CHOICES: dict[Stage, tuple[Word, ...]] = {
    Stage.EVIDENCE: (Word.SKIP,),
    Stage.PREVIEW: (Word.SEND, Word.CHANGE, Word.CANCEL),
    Stage.CHANGE: (Word.CHANGE_TEXT, Word.CHANGE_PLACE),
}

QUESTIONS: tuple[tuple[Stage, Callable[[Draft], bool], Callable[[Draft], Reply]], ...] = (
    (Stage.TEXT, lambda draft: not draft.text, lambda draft: Reply("ask-text")),
    (Stage.PLACE, lambda draft: not draft.has_place, lambda draft: Reply("ask-place")),
    (
        Stage.EVIDENCE,
        lambda draft: not draft.evidence_settled,
        lambda draft: Reply("ask-evidence", {}, CHOICES[Stage.EVIDENCE], draft.number),
    ),
)

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
}

EVERYWHERE: dict[Word, Handler] = {
    Word.HELP: help_,
    Word.STATUS: ask_ticket,
    Word.INDONESIAN: speak("id"),
    Word.ENGLISH: speak("en"),
}

BY_WORD: dict[tuple[Stage, Word], Handler] = {
    **{(stage, word): handler for stage in Stage for word, handler in EVERYWHERE.items()},
    **{(stage, Word.GREETING): greet for stage in Stage},
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
