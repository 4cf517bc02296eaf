"""Answers what asks for nothing, while no report is being told."""

from dataclasses import replace
from datetime import timedelta

from core.message import Kind
from core.turn import Reply, Step, Turn

WELCOMES = frozenset({"greeting", "go-ahead"})  # replies that answer nothing in particular
WELCOMED = timedelta(days=1)  # in which nobody is told again who we are


def introduce(turn: Turn) -> Step:
    """Say who we are and how to begin; once a day, unless he starts over."""
    before, at = turn.state.welcomed_at, turn.known.at
    if before is not None and at - before <= WELCOMED and turn.inbound.kind is not Kind.START:
        return Step(turn.state, (Reply("go-ahead"),))
    return Step(replace(turn.state, welcomed_at=at), (Reply("greeting"),))


def acknowledge(turn: Turn) -> Step:
    """Answer "all right": with where to look, if a report of his is being worked on."""
    if any(one.is_open for one in turn.known.reports):
        return Step(turn.state, (Reply("all-right"),))
    return introduce(turn)
