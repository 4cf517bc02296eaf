"""What is written to us in public: a report at once, all further talk in private.

Everybody reads along, and a platform allows one automatic reply to a message: so there is no
questioning here. What tells something becomes a report with a ticket; a place that is missing is
asked for in private, and an answer there is added to the report. What a model surely takes for
chatter, or for an answer to others, is kept without a word.
"""

from dataclasses import replace
from datetime import timedelta

from core.advice import alarm_in, alarmed, calls_for
from core.draft import DRAFT_PLACE, Draft
from core.drafting import absorb
from core.effects import AddTo, OpenReport, Supplement, TellStatus
from core.ticket import find_ticket, without_tickets
from core.turn import Decision, Evidence, Reply, Step, Turn, Where
from core.understanding import Purpose, Urgency
from core.words import Word, normalise

PLACE_WORDS = 15  # a longer answer to "where is it" is a complaint of its own
NAMED = 3  # words beside his ticket that ask for its status and tell nothing more
ASKED = timedelta(days=1)  # after our question for the place of a public report
THREADS = 20  # newest public threads of a citizen that are remembered
_MARK = 4  # signs of a post's id: a platform refuses two posts with the same words


def mention(turn: Turn) -> Step:
    """Handle a public message: at most one of its replies is public too."""
    state = replace(turn.state, public_address=turn.inbound.public_address)
    turn = replace(turn, state=state)
    ticket = find_ticket(turn.inbound.text)
    report = dict(state.threads).get(turn.inbound.thread, 0) or _own_number(turn, ticket)
    if calls_for(turn) and not _goes_on(turn, report):
        return _taken(_open(turn), Decision.NEW)
    if report:
        return _in_thread(turn, report)
    if ticket and not turn.evidence:
        told = Step(state, (_say(turn, "public-status"),), (TellStatus(ticket),))
        return _taken(told, Decision.COMMAND, Evidence.TICKET)
    if Word.THANKS in turn.words or is_talk(turn):
        return _taken(Step(state), Decision.TALK, Evidence.WORDING)
    if turn.words or not turn.tells_something:
        return _taken(Step(state, (_say(turn, "public-how"),)), Decision.TALK, Evidence.WORDING)
    return _taken(_open(turn), Decision.NEW)


def _in_thread(turn: Turn, report: int) -> Step:
    """Handle a message in the thread of a report."""
    if Word.STATUS in turn.words:
        return _taken(_tell(turn, report), Decision.COMMAND, Evidence.QUOTE)
    return _taken(_add(turn, report), Decision.ADDITION, Evidence.QUOTE)


def _goes_on(turn: Turn, report: int) -> bool:
    """Tell whether the report of the thread is about an emergency: this is more about it."""
    own = turn.known.numbered(report)
    return bool(report) and (own is None or own.urgent)  # None: it was told in this very moment


def _tell(turn: Turn, report: int) -> Step:
    """Tell in private how the report of the thread stands."""
    own = turn.known.numbered(report)
    if own is None:  # told in this very moment: its ticket is on the way
        return Step(turn.state, draft=report)
    return Step(turn.state, (_say(turn, "public-status"),), (TellStatus(own.ticket),), report)


def _own_number(turn: Turn, ticket: str) -> int:
    """Return the number of his own report that the citizen names and says more about, else 0."""
    own = turn.known.own(ticket)
    more = len(normalise(without_tickets(turn.inbound.text)).split()) > NAMED
    return own.number if own and own.here and more else 0


def _taken(outcome: Step, decision: Decision, evidence: Evidence = Evidence.NONE) -> Step:
    return replace(outcome, decision=decision, evidence=evidence)


def is_talk(turn: Turn) -> bool:
    """Tell whether a message surely reports nothing, as far as a model knows.

    A lost complaint is worse than a joke that somebody has to archive: what brings a photo or a
    place, or sounds like an emergency, is no talk, nor is chatter about a sure topic. An answer to
    others always has a topic, so there it says nothing.
    """
    seen = turn.known.understanding
    if seen is None or turn.words or turn.evidence or turn.inbound.place is not None:
        return False
    if seen.urgency is Urgency.DARURAT or calls_for(turn):
        return False
    chatter = seen.purpose is Purpose.BUKAN_KELUHAN and not seen.sure
    return chatter or seen.purpose is Purpose.RESPON


def _open(turn: Turn) -> Step:
    if not turn.known.may_open:
        urgent = (_say(turn, "public-emergency"),) if calls_for(turn) else ()
        full = Reply("too-many-open-public", where=Where.PRIVATE)
        return Step(turn.state, (*urgent, full))
    state, inbound = turn.state, turn.inbound
    number = state.last_draft + 1
    draft = alarmed(turn, absorb(turn, Draft(number, evidence_settled=True)))
    threads = (*state.threads, (inbound.thread, number))[-THREADS:]
    missing = not draft.has_place
    state = replace(
        state,
        last_draft=number,
        threads=threads if inbound.thread else state.threads,
        supplement=number if missing else state.supplement,
        supplement_until=turn.known.at + ASKED if missing else state.supplement_until,
    )
    question = (Reply("supplement-place", where=Where.PRIVATE),) if missing else ()
    private = {"private": " ".join(draft.private)}
    warning = (Reply("public-private", private, where=Where.PRIVATE),) if draft.private else ()
    return Step(state, (*warning, *question), (OpenReport(draft, inbound.public_address),), number)


def _add(turn: Turn, report: int) -> Step:
    """Put what is said in the thread of a report beside it; thanks are not answered."""
    if turn.words or not (turn.tells_something or calls_for(turn)):
        return Step(turn.state, draft=report)
    key = "public-emergency" if calls_for(turn) else "public-added"
    return Step(turn.state, (_say(turn, key),), _more_about(turn, report), report)


def _more_about(turn: Turn, number: int) -> tuple[AddTo, ...]:
    own = turn.known.numbered(number)
    return (AddTo(own, alarm_in(turn)),) if own else ()


def _say(turn: Turn, key: str) -> Reply:
    return Reply(key, {"mark": turn.inbound.message_id[-_MARK:]})


def supplements(turn: Turn) -> bool:
    """Tell whether a private message can be the answer to our question for the place."""
    state, inbound = turn.state, turn.inbound
    asked = state.supplement and state.draft is None and not inbound.public_address
    if state.supplement_until is None or turn.known.at > state.supplement_until:
        return False
    if calls_for(turn) or ((seen := turn.known.understanding) and seen.sure):  # of its own
        return False
    if _in_danger(turn) and not (turn.known.place or inbound.place):  # he may tell anything now
        return False
    short = len(inbound.text) <= DRAFT_PLACE and len(turn.says.split()) <= PLACE_WORDS
    return bool(asked) and short and bool(turn.says or inbound.place or turn.evidence)


def _in_danger(turn: Turn) -> bool:
    """Tell whether the report whose place was asked for tells of an emergency."""
    just, number = turn.known.just_sent, turn.state.supplement
    own = just if just and just.number == number else turn.known.numbered(number)
    return own is not None and own.urgent


def supplement(turn: Turn) -> Step:
    """Add the place, or a file, to the report that was told in public."""
    state, inbound = turn.state, turn.inbound
    told = bool(inbound.place or turn.says)
    words = (inbound.place.label if inbound.place else "") or inbound.text
    place = (Supplement(state.supplement, words, inbound.place),) if told else ()
    effects = (*place, *_more_about(turn, state.supplement))
    after = replace(state, supplement=0) if told else state
    return Step(after, (Reply("supplement-thanks"),), effects, state.supplement)
