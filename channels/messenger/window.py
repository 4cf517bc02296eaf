"""When Messenger lets us write, and as what: a decision without any call."""

from datetime import datetime, timedelta
from enum import Enum

RESPONSE_TIME = timedelta(hours=24)
HUMAN_TIME = timedelta(days=7)
#: Clocks differ, and a message can wait a moment for its turn after this decision.
MARGIN = timedelta(minutes=5)


class Lane(Enum):
    """The ways in which a message may reach a citizen."""

    RESPONSE = "RESPONSE"  #: within 24 hours of what the citizen last did
    HUMAN_AGENT = "HUMAN_AGENT"  #: an officer's own words, within 7 days
    UTILITY = "UTILITY"  #: an automatic notice in an approved template, at any time
    CLOSED = "CLOSED"  #: not before the citizen writes again


def lane(
    heard_at: datetime | None, now: datetime, *, human: bool, approved: bool, template: bool
) -> Lane:
    """Return the way for a message to a citizen who last did something at `heard_at`.

    `human` marks an officer's own words, `approved` that the app may send such for 7 days,
    `template` that a utility template is set up.
    https://developers.facebook.com/docs/messenger-platform/policy/policy-overview
    """
    age = now - heard_at if heard_at else timedelta.max
    if age <= RESPONSE_TIME - MARGIN:
        return Lane.RESPONSE
    if human:
        return Lane.HUMAN_AGENT if approved and age <= HUMAN_TIME - MARGIN else Lane.CLOSED
    return Lane.UTILITY if template else Lane.CLOSED
