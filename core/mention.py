"""What is written to us in public: a report at once, all further talk in private.

Everybody reads along, and a platform allows one automatic reply to a message: so there is no
questioning here. What tells something becomes a report with a ticket; a place that is missing is
asked for in private, and an answer there is added to the report. What a model surely takes for
chatter, or for an answer to others, is kept without a word.
"""

from dataclasses import replace

from core.draft import DRAFT_PLACE, Draft
from core.drafting import absorb
from core.ticket import find_ticket
from core.turn import OpenReport, Reply, Step, Supplement, TellStatus, Turn, Where
from core.understanding import Purpose, Urgency
from core.words import Word

PLACE_WORDS = 15  # a longer answer to "where is it" is a complaint of its own
THREADS = 20  # newest public threads of a citizen that are remembered
_MARK = 4  # signs of a post's id: a platform refuses two posts with the same words


def mention(turn: Turn) -> Step:
    """Handle a public message: at most one of its replies is public too."""
    state = replace(turn.state, public_address=turn.inbound.public_address)
    turn = replace(turn, state=state)
    report = dict(state.threads).get(turn.inbound.thread, 0)
    if report:
        return _add(turn, report)
    ticket = find_ticket(turn.inbound.text)
    if ticket and not turn.evidence:
        return Step(state, (_say(turn, "public-status"),), (TellStatus(ticket),))
    if Word.THANKS in turn.words or is_talk(turn):
        return Step(state)
    if turn.words or not turn.tells_something:
        return Step(state, (_say(turn, "public-how"),))
    if not turn.may_open:
        return Step(state, (Reply("too-many-open-public", where=Where.PRIVATE),))
    return _open(turn)


def is_talk(turn: Turn) -> bool:
    """Tell whether a message surely reports nothing, as far as a model knows.

    A lost complaint is worse than a joke that somebody has to archive: what brings a photo or a
    place, or sounds like an emergency, is no talk, nor is chatter about a sure topic. An answer to
    others always has a topic, so there it says nothing.
    """
    seen = turn.understanding
    if seen is None or turn.words or turn.evidence or turn.inbound.place is not None:
        return False
    if seen.urgency is Urgency.DARURAT:
        return False
    chatter = seen.purpose is Purpose.BUKAN_KELUHAN and not seen.sure
    return chatter or seen.purpose is Purpose.RESPON


def _open(turn: Turn) -> Step:
    state, inbound = turn.state, turn.inbound
    number = state.last_draft + 1
    draft = absorb(turn, Draft(number, evidence_settled=True))
    threads = (*state.threads, (inbound.thread, number))[-THREADS:]
    missing = not draft.has_place
    state = replace(
        state,
        last_draft=number,
        threads=threads if inbound.thread else state.threads,
        supplement=number if missing else state.supplement,
    )
    question = (Reply("supplement-place", where=Where.PRIVATE),) if missing else ()
    return Step(state, question, (OpenReport(draft, inbound.public_address),), number)


def _add(turn: Turn, report: int) -> Step:
    """Put what is said in the thread of a report beside it; thanks are not answered."""
    adds = turn.tells_something and not turn.words
    replies = (_say(turn, "public-added"),) if adds else ()
    return Step(turn.state, replies, draft=report)


def _say(turn: Turn, key: str) -> Reply:
    return Reply(key, {"mark": turn.inbound.message_id[-_MARK:]})


def supplements(turn: Turn) -> bool:
    """Tell whether a private message can be the answer to our question for the place."""
    state, inbound = turn.state, turn.inbound
    asked = state.supplement and state.draft is None and not inbound.public_address
    short = len(inbound.text) <= DRAFT_PLACE and len(turn.says.split()) <= PLACE_WORDS
    return bool(asked) and short and bool(turn.says or inbound.place or turn.evidence)


def supplement(turn: Turn) -> Step:
    """Add the place, or a file, to the report that was told in public."""
    state, inbound = turn.state, turn.inbound
    told = bool(inbound.place or turn.says)
    words = (inbound.place.label if inbound.place else "") or inbound.text
    effects = (Supplement(state.supplement, words, inbound.place),) if told else ()
    after = replace(state, supplement=0) if told else state
    return Step(after, (Reply("supplement-thanks"),), effects, state.supplement)
