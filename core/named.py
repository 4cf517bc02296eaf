"""What a short text asks for by naming something: a report by its ticket, a channel by its code."""

from core.advice import calls_for
from core.belonging import besides_ticket, tells_trouble
from core.doubts import attach_to
from core.effects import UseLinkCode
from core.sent import ON_REPORT, on_report, say_status_how, tell_status
from core.ticket import find_ticket, resembles_ticket, without_tickets
from core.turn import Reply, Step, Turn
from core.words import Word, after_status, normalise, words_in

OTHERS_WORDS = 3  # who says more beside another's ticket has a complaint of his own
LINK_DIGITS = 8  # of a code that links another channel
LINK_TEXT = 60  # characters of a text that can bring one
BESIDES_ADDING = frozenset(ON_REPORT) - {Word.ADD}


def named_report(turn: Turn) -> Step | None:
    """Do what a short text asks of a report whose ticket it names, None for any other text.

    Words beside a file or a place are its caption: what they name is a part of a report.
    """
    text = turn.inbound.text
    if turn.evidence or turn.inbound.place is not None:
        return None
    ticket = find_ticket(text)
    if not ticket:
        return unknown_ticket(turn)
    rest, own, draft = without_tickets(text), turn.known.own(ticket), turn.state.draft
    words = words_in(rest)
    if own and draft and draft.undecided and not words & BESIDES_ADDING:
        return attach_to(turn, own)
    for word in ON_REPORT:
        if word in words:
            return on_report(turn, word, ticket)
    most = 0 if own else OTHERS_WORDS
    tells = besides_ticket(rest, own=own is not None) > most or calls_for(turn)
    return None if tells else tell_status(turn, ticket)


def link(turn: Turn) -> Step | None:
    """Link this channel by the code that was told on another one: "hubungkan 12345678"."""
    words = normalise(turn.inbound.text[:LINK_TEXT]).split()
    code = "".join(word for word in words if word.isdecimal())
    asked = " ".join(word for word in words if not word.isdecimal())
    if not code or Word.LINK not in words_in(asked):
        return None
    if len(code) != LINK_DIGITS:
        return Step(turn.state, (Reply("link-wrong"),))
    return Step(turn.state, effects=(UseLinkCode(code),))


def unknown_ticket(turn: Turn) -> Step | None:
    """Answer "status" with something that was meant as a ticket and is none."""
    wrong = after_status(turn.inbound.text)
    if resembles_ticket(wrong):
        return Step(turn.state, (Reply("status-unknown", {"ticket": wrong}),))
    one = len(wrong.split()) == 1 and not (turn.words or tells_trouble(turn))
    return say_status_how(turn) if one else None
