"""What becomes of a message after an attempt to send it; pure."""

from datetime import datetime, timedelta
from functools import partial

from core.errors import SendCode, SendError, Sent
from core.outbox import Outcome, Part
from core.text import clean

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)

# Errors that are no fault of the message: it never becomes a dead letter through them.
PATIENT = frozenset(
    {
        *(SendCode.THROTTLED, SendCode.CREDENTIALS, SendCode.CONFLICT, SendCode.UNREACHABLE),
        *(SendCode.SUSPENDED, SendCode.WINDOW_CLOSED, SendCode.QUOTA),
    }
)
# Errors after which a part waits for something other than the time of its next attempt.
PARKED = frozenset({SendCode.BLOCKED, SendCode.WINDOW_CLOSED, SendCode.QUOTA})
# While the platform itself fails, a part may fail so many times as often: 15 failures are an
# hour and a half, 90 are most of a day.
OUTAGE_PATIENCE = 6


def next_attempt(
    part: Part, result: Sent | SendError, now: datetime, failures_allowed: int
) -> Outcome:
    """Return what becomes of `part`: the one place that turns results into outbox states.

    What must wait for the citizen or for a new quota is parked, a moved conversation is tried at
    its new address at once, what may pass is due again later, all else is a dead letter.
    """
    if isinstance(result, Sent):
        platform_id = clean(result.platform_id)
        return Outcome(part, "sent", now, part.attempts, part.failures, platform_id=platform_id)
    failures = part.failures + (result.code not in PATIENT)
    becomes = partial(
        Outcome,
        part,
        attempts=part.attempts,
        failures=failures,
        code=str(result.code),
        detail=clean(result.detail),
        memo=clean(result.memo),
    )
    if result.code in PARKED:
        return becomes("parked", now + (result.retry_after or timedelta()))
    goes_on = failures < allowed(result.code, failures_allowed)
    if result.code is SendCode.MOVED and result.moved_to and goes_on:
        return becomes("open", now, moved_to=result.moved_to)
    if result.retryable and goes_on:
        return becomes("open", now + wait_before(part.attempts, result))
    return becomes("failed", now)


def paced(part: Part, wait: timedelta, now: datetime) -> Outcome:
    """Return what becomes of a part that may not be sent yet: it waits, and nothing is counted."""
    memo = part.outbound.memo
    due_at = now + wait
    return Outcome(part, "open", due_at, part.attempts - 1, part.failures, code="paced", memo=memo)


def allowed(code: SendCode, failures_allowed: int) -> float:
    """Return how many failures end a part that fails with `code`."""
    if code in PATIENT:
        return float("inf")
    return failures_allowed * (OUTAGE_PATIENCE if code is SendCode.OUTAGE else 1)


def wait_before(attempt: int, error: SendError) -> timedelta:
    """Return how long to wait after the failed `attempt` (counted from 1): 2, 4, 8 .. 900 s.

    A platform's own retry_after is honoured when it is longer; where the channel left itself a
    memo it knows best, and its retry_after holds as it is.
    """
    doubled = FIRST_WAIT * 2.0 ** min(attempt - 1, 20)
    if error.memo and error.retry_after is not None:
        return error.retry_after
    return max(min(doubled, LONGEST_WAIT), error.retry_after or timedelta())
