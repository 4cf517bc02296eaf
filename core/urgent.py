"""Takes an emergency at once: who is in danger puts the telephone down before he confirms."""

from dataclasses import replace

from core.advice import alarm_in, calls_for
from core.draft import Draft, Stage
from core.effects import OpenReport
from core.mention import ASKED
from core.turn import Reply, Step, Turn


def take_at_once(turn: Turn, outcome: Step) -> Step:
    """Return the outcome of a message with its draft sent, if the message tells of an emergency.

    Its place is asked for afterwards. Who has too many open reports still confirms.
    """
    draft = outcome.state.draft
    if draft is None or not (calls_for(turn) and turn.known.may_open and _tells(draft, turn)):
        return outcome
    draft = replace(draft, stands_alone=True)
    state = replace(outcome.state, draft=None, stage=Stage.IDLE)
    question: tuple[Reply, ...] = ()
    if not draft.has_place:
        until = turn.known.at + ASKED
        state = replace(state, supplement=draft.number, supplement_until=until)
        gently = alarm_in(turn) == "jiwa"
        question = (Reply("ask-place-gently" if gently else "ask-place"),)
    said = tuple(reply for reply in outcome.replies if reply.key in draft.advised)
    effects = (*outcome.effects, OpenReport(draft))
    return replace(outcome, state=state, replies=(*said, *question), effects=effects)


def _tells(draft: Draft, turn: Turn) -> bool:
    """Tell whether the message is a part of what the draft tells."""
    return any(line.message_id == turn.inbound.message_id and line.text for line in draft.lines)
