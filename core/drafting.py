"""Brings a draft to completion: takes what a message adds to it, and asks for what is missing."""

from collections.abc import Callable
from dataclasses import replace

from core.advice import alarm_in, calls_for
from core.belonging import candidates, only_place, tells_trouble
from core.draft import DRAFT_PLACE, DRAFT_TIME, Draft, Stage, State
from core.effects import Attach, OpenReport, Own
from core.guard import mask
from core.message import Media
from core.place_words import find_correction, find_place, is_vague
from core.sent import option
from core.turn import Reply, Step, Turn
from core.understanding import Klasifikasi
from core.words import Word, asks_anonim, normalise

PREVIEW_TEXT = 350  # characters of the text that a preview shows: all of it is one screen
PREVIEW_PLACE = 80
PREVIEW_TIME = 40
PLACE_WORDS = 6  # a longer answer to "where is it" tells more than a place
TOPIC_WORDS = 3  # of an answer whose topic is sure: it may well tell what happened
TIME_WORDS = 2  # words beside the day in an answer to "when was it" that tell nothing more

SECRECY = {
    (False, False): "named",
    (True, False): "anonim",
    (False, True): "rahasia",
    (True, True): "both",
}
WHERE = {(True, False): "words", (False, True): "pin", (True, True): "both", (False, False): "none"}


def open_draft(turn: Turn) -> Step:
    """Begin a report with what was just told."""
    return collect(replace(turn, state=begun(turn.state)))


def repeat(turn: Turn) -> Step:
    """Ask for what is missing, whatever else was said."""
    return ask_next(turn, _draft(turn))


def ask_belonging(turn: Turn) -> Step:
    """Keep the message as a draft, and ask whether it is a new report or belongs to another."""
    turn = replace(turn, state=begun(turn.state))
    return ask_next(turn, absorb(turn, replace(_draft(turn), unsure=True)))


def which(turn: Turn, draft: Draft) -> Reply:
    """Return the question whether it is a new report or belongs to another."""
    options = tuple(option(Word.ADD, own) for own in candidates(turn.known.reports, draft.text))
    key = "ask-belonging" if options else "ask-new"
    return Reply(key, {}, CHOICES[Stage.WHICH], draft.number, options=options)


def stand_alone(turn: Turn) -> Step:
    """Go on with the draft as a new report."""
    return ask_next(turn, replace(_draft(turn), stands_alone=True))


def attach(turn: Turn, own: Own) -> Step:
    """Put all that was told for the draft beside the report that it belongs to after all."""
    draft = _draft(turn)
    state = replace(turn.state, stage=Stage.IDLE, draft=None)
    reply = Reply("added", {"ticket": own.ticket})
    return Step(state, (reply,), (Attach(draft.number, own, draft.alarm),), draft=draft.number)


def begun(state: State) -> State:
    """Return the state with an empty draft of the next number."""
    number = state.last_draft + 1
    draft = Draft(number, anonim=state.anonim)
    return replace(state, last_draft=number, draft=draft, anonim=False, focus="", focus_until=None)


def collect(turn: Turn) -> Step:
    """Add what the message brings to the draft, and ask for what is still missing."""
    return ask_next(turn, absorb(turn, _draft(turn)))


def absorb(turn: Turn, draft: Draft) -> Draft:
    """Return `draft` with text, place and files of the message."""
    inbound, message_id = turn.inbound, turn.inbound.message_id
    words = find_correction(inbound.text) if draft.has_place else ""
    if words or (calls_for(turn) and turn.known.place):  # the pin is as wrong as the words were
        draft = replace(draft, pin=None, pin_id="")
    words = words or _told_place(turn, draft)
    if turn.says:
        draft = classed(turn, draft.with_line(message_id, inbound.text))
    if turn.known.when and not draft.happened:
        draft = draft.with_time(message_id, turn.known.when, turn.known.day)
    if inbound.place:
        draft = replace(draft, pin=inbound.place, pin_id=message_id)
        words = inbound.place.named or words
    if turn.evidence:
        draft = draft.with_file(message_id)
    if asks_anonim(inbound.text):
        draft = replace(draft, anonim=True)
    draft = _unasked(draft) if calls_for(turn) else draft
    return draft.with_place(message_id, words) if words else draft


def _unasked(draft: Draft) -> Draft:
    """Return the draft of somebody in danger: asked neither for a photo nor for a class."""
    usual = draft.klasifikasi or CLASSES[Word.COMPLAINT]
    return replace(draft, evidence_settled=True, klasifikasi=usual)


def _told_place(turn: Turn, draft: Draft) -> str:
    """Return the place that the message tells, "" for none, or if a place is told already.

    Where somebody is in danger is the place, whatever was told before; what says nothing but a
    street stands before the bare name of an area: "Jl. Melati, Loktuan".
    """
    if not draft.place or is_vague(draft.place) or (calls_for(turn) and turn.known.place):
        return turn.known.place
    closer = find_place(turn.inbound.text) if only_place(turn) else ""
    return f"{closer}, {draft.place}" if closer and not find_place(draft.place) else ""


def classed(turn: Turn, draft: Draft) -> Draft:
    """Return `draft` with the class that its words tell, if none is told yet.

    Without a model it is the usual one; with one that cannot tell, it stays unclear.
    """
    if draft.klasifikasi:
        return draft
    seen = turn.known.understanding
    told = seen.klasifikasi if seen else Klasifikasi.PENGADUAN_TIDAK_BERKADAR
    return replace(draft, klasifikasi=told or "")


def answer_class(turn: Turn) -> Step:
    """Take the answer to what kind of report it is."""
    chosen = next((CLASSES[word] for word in CLASSES if word in turn.words), None)
    if chosen is None:  # more words instead: they are a part of the report
        return collect(turn)
    return ask_next(turn, replace(_draft(turn), klasifikasi=chosen))


def usual_class(turn: Turn) -> Step:
    """Go on with the usual class, where the citizen does not care."""
    usual = CLASSES[Word.COMPLAINT]
    return ask_next(turn, replace(_draft(turn), klasifikasi=usual))


def answer_time(turn: Turn) -> Step:
    """Take the answer to when it happened, in whatever words."""
    long = len(turn.says.split()) > PLACE_WORDS or len(turn.inbound.text) > DRAFT_TIME
    vague = long and not turn.known.when
    if turn.evidence or turn.inbound.place or not turn.says or vague or calls_for(turn):
        return collect(turn)
    words = turn.known.when or turn.inbound.text
    told = long or _more_than(turn, words)
    draft = absorb(turn, _draft(turn)) if told else _draft(turn)
    return ask_next(turn, draft.with_time(turn.inbound.message_id, words, turn.known.day))


def answer_place(turn: Turn) -> Step:
    """Take the answer to "where is it": any words are a place, many are a part of the text too."""
    draft, inbound = _draft(turn), turn.inbound
    more = _tells_more(turn)
    brings = turn.evidence or inbound.place or not turn.says
    if brings or turn.known.unasked or _only_time(turn) or calls_for(turn):
        return collect(turn)
    nowhere = _repeats(turn, draft) or is_vague(inbound.text)
    if nowhere and not (turn.known.place or draft.unplaced):
        again = replace(draft, unplaced=True)
        return _with_draft(turn, again, Stage.PLACE, Reply("ask-place-help"))
    if more and not turn.known.place and not draft.unplaced:
        return collect(replace(turn, state=_unplaced(turn.state, draft)))
    if more:  # more than a place: it is a part of the story too
        draft = absorb(turn, draft)
    place = turn.known.place if more else ""
    return ask_next(turn, draft.with_place(inbound.message_id, place or inbound.text))


def _tells_more(turn: Turn) -> bool:
    """Tell whether an answer to "where is it" is too long, or too clear, to be but a place."""
    seen, words = turn.known.understanding, len(turn.says.split())
    topic = seen is not None and seen.sure and words >= TOPIC_WORDS
    trouble = (topic or tells_trouble(turn)) and not only_place(turn)
    return words > PLACE_WORDS or len(turn.inbound.text) > DRAFT_PLACE or trouble


def _only_time(turn: Turn) -> bool:
    """Tell whether the words say when it happened, and nothing else."""
    when, place = turn.known.when, turn.known.place
    return bool(when) and not place and not _more_than(turn, when)


def _more_than(turn: Turn, when: str) -> bool:
    return len(turn.says.split()) > len(when.split()) + TIME_WORDS


def _repeats(turn: Turn, draft: Draft) -> bool:
    """Tell whether the answer is but what was told before: "jalan berlubang" once more."""
    said, told = turn.says, normalise(draft.text)
    again = tells_trouble(turn) and set(said.split()) <= set(told.split())
    return said == told or again


def _unplaced(state: State, draft: Draft) -> State:
    """Return the state in which one long answer named no place; the next one is taken for it."""
    return replace(state, draft=replace(draft, unplaced=True))


def explain_place(turn: Turn) -> Step:
    """Help somebody who does not know how to tell the place; who still does not goes on without."""
    draft = _draft(turn)
    if draft.unplaced:
        return ask_next(turn, replace(draft, placeless=True))
    return _with_draft(turn, replace(draft, unplaced=True), Stage.PLACE, Reply("ask-place-help"))


def skip_evidence(turn: Turn) -> Step:
    """Go on without a photo."""
    return ask_next(turn, replace(_draft(turn), evidence_settled=True))


def ask_next(turn: Turn, draft: Draft) -> Step:
    """Ask for the first thing that is missing; with nothing missing, show the preview."""
    for stage, missing, reply in QUESTIONS:
        if missing(draft):
            return _with_draft(turn, draft, stage, reply(turn, draft))
    return _with_draft(turn, draft, Stage.PREVIEW, preview(draft))


def ask_text(turn: Turn, draft: Draft) -> Reply:
    """Return the question what happened; told once and dropped, it is asked for in other words."""
    before = turn.state.draft
    if before and before.text:
        return Reply("ask-text-again")
    return Reply("ask-text", {"has": _brought(turn, draft)})


def _brought(turn: Turn, draft: Draft) -> str:
    """Return what the message brought in place of words; what the draft has, if it brought none."""
    if any(file.media is Media.VOICE for file in turn.inbound.attachments):
        return "voice"
    if turn.evidence:
        return "files"
    return "pin" if draft.pin else "files" if draft.files else "nothing"


def ask_place(turn: Turn, draft: Draft) -> Reply:
    """Return the question where it is; who may take his own life is asked gently."""
    alarm = draft.alarm or alarm_in(turn)
    return Reply("ask-place-gently" if alarm == "jiwa" else "ask-place")


def ask_evidence(turn: Turn, draft: Draft) -> Reply:
    """Return the question for a photo; asked once more, it is shorter."""
    again = turn.state.stage is Stage.EVIDENCE
    key = "ask-evidence-again" if again else "ask-evidence"
    return Reply(key, {}, CHOICES[Stage.EVIDENCE], draft.number)


def preview(draft: Draft) -> Reply:
    """Return the report as it would be sent, with buttons."""
    text = draft.masked
    shown = text if len(text) <= PREVIEW_TEXT else text[: PREVIEW_TEXT - 1].rstrip() + "…"
    args = {
        "text": shown,
        "place": mask(draft.place)[:PREVIEW_PLACE],
        "private": " ".join(draft.private),
        "where": WHERE[bool(draft.place), draft.pin is not None],
        "files": str(len(draft.files) or "none"),
        "when": mask(draft.happened)[:PREVIEW_TIME] or "none",
        "day": draft.happened_on.isoformat() if draft.happened_on else "",
        "secrecy": SECRECY[draft.anonim, draft.rahasia],
        "class": draft.klasifikasi,
    }
    reporter = Word.NAMED if draft.anonim else Word.ANONIM
    hide = (reporter, Word.PUBLIC if draft.rahasia else Word.RAHASIA)
    return Reply("preview", args, (*CHOICES[Stage.PREVIEW], *hide), draft.number)


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


def change_time(turn: Turn) -> Step:
    """Forget when it happened, and ask for it."""
    draft = replace(_draft(turn), happened="", happened_on=None, when_id="")
    return _with_draft(turn, draft, Stage.TIME, Reply("ask-time"))


def hide(turn: Turn, *, anonim: bool | None = None, rahasia: bool | None = None) -> Step:
    """Hide the reporter, or the report, or show them again, and say who sees what now."""
    draft = _draft(turn)
    hidden = replace(
        draft,
        anonim=draft.anonim if anonim is None else anonim,
        rahasia=draft.rahasia if rahasia is None else rahasia,
    )
    asked = ask_next(turn, hidden)
    said = Reply("secrecy", {"secrecy": SECRECY[hidden.anonim, hidden.rahasia]})
    return replace(asked, replies=(said, *asked.replies))


def send(turn: Turn) -> Step:
    """Make the confirmed draft a report; its ticket is told by whoever opens it.

    Who has too many open reports keeps the draft, to send it later.
    """
    draft = _draft(turn)
    if not turn.known.may_open:
        reply = Reply("too-many-open", {}, CHOICES[Stage.PREVIEW], draft.number)
        return _with_draft(turn, draft, Stage.PREVIEW, reply)
    state = replace(turn.state, stage=Stage.IDLE, draft=None)
    return Step(state, effects=(OpenReport(draft),), draft=draft.number)


def cancel(turn: Turn) -> Step:
    """Drop the draft, and whatever else was asked."""
    draft = _draft(turn)
    state = replace(turn.state, stage=Stage.IDLE, draft=None, supplement=0)
    return Step(state, (Reply("cancelled"),), draft=draft.number)


def _draft(turn: Turn) -> Draft:
    assert turn.state.draft is not None, "a stage other than IDLE has a draft"  # noqa: S101
    return turn.state.draft


def _with_draft(turn: Turn, draft: Draft, stage: Stage, reply: Reply) -> Step:
    state = replace(turn.state, draft=draft, stage=stage)
    return Step(state, (reply,), draft=draft.number)


# ---- the tables

CHOICES: dict[Stage, tuple[Word, ...]] = {
    Stage.EVIDENCE: (Word.SKIP,),
    Stage.PREVIEW: (Word.SEND, Word.CHANGE, Word.CANCEL),
    Stage.CHANGE: (Word.CHANGE_TEXT, Word.CHANGE_PLACE, Word.CHANGE_TIME),
    Stage.CLASS: (Word.COMPLAINT, Word.ASPIRATION, Word.QUESTION),
    Stage.WHICH: (Word.NEW, Word.CANCEL),
}

CLASSES: dict[Word, Klasifikasi] = {
    Word.COMPLAINT: Klasifikasi.PENGADUAN_TIDAK_BERKADAR,
    Word.ASPIRATION: Klasifikasi.ASPIRASI,
    Word.QUESTION: Klasifikasi.PERMINTAAN_INFORMASI,
}
# A question needs neither a place nor a photo to be answered, a wish no photo.
PLACELESS = frozenset({Klasifikasi.PERMINTAAN_INFORMASI})
UNPICTURED = PLACELESS | {Klasifikasi.ASPIRASI}

CHANGES: dict[Word, Callable[[Turn], Step]] = {
    Word.CHANGE_TEXT: change_text,
    Word.CHANGE_PLACE: change_place,
    Word.CHANGE_TIME: change_time,
}

Question = tuple[Stage, Callable[[Draft], bool], Callable[[Turn, Draft], Reply]]

QUESTIONS: tuple[Question, ...] = (
    (Stage.WHICH, lambda draft: draft.undecided, which),
    (Stage.TEXT, lambda draft: not draft.text, ask_text),
    (
        Stage.PLACE,
        lambda draft: not (draft.has_place or draft.placeless or draft.klasifikasi in PLACELESS),
        ask_place,
    ),
    (
        Stage.EVIDENCE,
        lambda draft: not (draft.evidence_settled or draft.klasifikasi in UNPICTURED),
        ask_evidence,
    ),
    (
        Stage.CLASS,
        lambda draft: not draft.klasifikasi,
        lambda turn, draft: Reply("ask-class", {}, CHOICES[Stage.CLASS], draft.number),
    ),
)
