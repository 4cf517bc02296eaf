"""Decides which letters of a sender are kept without being listened to now; pure.

A letter is held when its sender is blocked, or wrote too much within a minute. That is told to
him once, in private; whatever others send is not touched by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.draft import State
from core.message import Inbound, Kind

MINUTE = timedelta(minutes=1)

# What a citizen says or does. All other kinds cost little, are never answered at length, and must
# not get lost: a message that is taken back, a block, a receipt.
SAID = frozenset({Kind.MESSAGE, Kind.CHOICE, Kind.START, Kind.EDIT, Kind.ENCRYPTED})


class Hold(StrEnum):
    """Why a letter is kept without being listened to."""

    TOO_FAST = "too_fast"  #: more than the sender's share of this minute
    BLOCKED = "blocked"  #: the office listens to him again at a later date


@dataclass(frozen=True, slots=True)
class Share:
    """What one sender may ask of us: messages in a minute, and reports that are open at once."""

    messages: int
    open_reports: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event with the moment it reached us; `replayed` when an operator let it wait again."""

    inbound: Inbound
    at: datetime
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an arrival: listened to without a `hold`; `tell` its sender of it, or not."""

    hold: Hold | None = None
    tell: bool = False


LISTEN = Verdict()


def sift(
    state: State, arrivals: Sequence[Arrival], blocked_until: datetime | None, share: Share
) -> tuple[State, list[Verdict]]:
    """Return the state after the arrivals were counted, and what becomes of each of them."""
    verdicts: list[Verdict] = []
    album = state.album
    for arrival in arrivals:
        again = bool(arrival.inbound.album) and arrival.inbound.album == album
        album = arrival.inbound.album
        if arrival.inbound.kind not in SAID:
            verdict = LISTEN
        elif blocked_until is not None:
            verdict = Verdict(Hold.BLOCKED, tell=state.told_block != blocked_until)
            state = replace(state, told_block=blocked_until)
        elif arrival.replayed:
            verdict = LISTEN
        else:
            state = state if again else counted(state, arrival.at)
            # Counted once more only by what counts, so that one letter of a minute is the first.
            first = not again and state.minute_count == share.messages + 1
            over = state.minute_count > share.messages
            verdict = Verdict(Hold.TOO_FAST, tell=first) if over else LISTEN
        verdicts.append(verdict)
    return state, verdicts


def counted(state: State, at: datetime) -> State:
    """Return the state with one message more in the minute of `at`, or in a new minute.

    A minute begins with its first message. A letter that became visible late belongs to the
    current one; a clock that was set back begins another.
    """
    begun = state.minute
    if begun is not None and abs(at - begun) < MINUTE:
        return replace(state, minute_count=state.minute_count + 1)
    return replace(state, minute=at, minute_count=1)
