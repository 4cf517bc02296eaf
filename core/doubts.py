"""Settles whether a draft is a new report or belongs to one that was sent."""

from dataclasses import replace

from core.belonging import candidates
from core.drafting import attach, cancel, collect, repeat, stand_alone
from core.effects import Own
from core.sent import focused
from core.turn import Step, Turn


def tell_more(turn: Turn) -> Step:
    """Keep more for a draft that may belong to a report; where there is none, it is a new one."""
    if candidates(turn.known.reports, "") or not turn.tells_something:
        return collect(turn)
    return collect(replace(turn, state=stand_alone(turn).state))


def agree_new(turn: Turn) -> Step:
    """Take "yes" for "it is a new report", if nothing else was asked."""
    return repeat(turn) if candidates(turn.known.reports, "") else stand_alone(turn)


def deny_new(turn: Turn) -> Step:
    """Take "no" for "it is none", if nothing else was asked."""
    return repeat(turn) if candidates(turn.known.reports, "") else cancel(turn)


def belong(turn: Turn) -> Step:
    """Put the draft beside the only report that it can belong to, or ask which one."""
    text = turn.state.draft.text if turn.state.draft else ""
    reports = candidates(turn.known.reports, text)
    return attach_to(turn, reports[0]) if len(reports) == 1 else repeat(turn)


def attach_to(turn: Turn, own: Own) -> Step:
    """Put the draft beside the report, which is spoken of from then on."""
    outcome = attach(turn, own)
    after = replace(turn, state=outcome.state)
    return replace(outcome, state=focused(after, own.ticket))
