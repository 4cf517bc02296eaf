"""Brings a draft to completion: takes what a message adds to it, and asks for what is missing."""

from collections.abc import Callable
from dataclasses import replace

from core.draft import DRAFT_PLACE, Draft, Stage
from core.turn import OpenReport, Reply, Step, Turn
from core.words import Word

PREVIEW_TEXT = 500  # characters of the text that a preview shows: one phone screen
PREVIEW_PLACE = 150

WHERE = {(True, False): "words", (False, True): "pin", (True, True): "both", (False, False): "none"}


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
        draft = draft.with_file(message_id)
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
            return _with_draft(turn, draft, stage, reply(turn, draft))
    return _with_draft(turn, draft, Stage.PREVIEW, preview(draft))


def ask_text(turn: Turn) -> Reply:
    """Return the question what happened; told once and dropped, it is asked for in other words."""
    before = turn.state.draft
    return Reply("ask-text-again" if before and before.text else "ask-text")


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
    """Make the confirmed draft a report; its ticket is told by whoever opens it.

    Who has too many open reports keeps the draft, to send it later.
    """
    draft = _draft(turn)
    if not turn.may_open:
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
    Stage.CHANGE: (Word.CHANGE_TEXT, Word.CHANGE_PLACE),
}

Question = tuple[Stage, Callable[[Draft], bool], Callable[[Turn, Draft], Reply]]

QUESTIONS: tuple[Question, ...] = (
    (Stage.TEXT, lambda draft: not draft.text, lambda turn, draft: ask_text(turn)),
    (Stage.PLACE, lambda draft: not draft.has_place, lambda turn, draft: Reply("ask-place")),
    (
        Stage.EVIDENCE,
        lambda draft: not draft.evidence_settled,
        lambda turn, draft: Reply("ask-evidence", {}, CHOICES[Stage.EVIDENCE], draft.number),
    ),
)
