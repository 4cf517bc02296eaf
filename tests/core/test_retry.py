"""What becomes of a message after an attempt: a table over every kind of error."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core.delivery import ALARMING
from core.errors import SendCode, SendError, Sent
from core.message import Outbound
from core.outbox import Part
from core.retry import LONGEST_WAIT, OUTAGE_PATIENCE, PARKED, PATIENT, next_attempt, wait_before

NOW = datetime.now(UTC)
MOST = 12
NO_FAULT = {  # of the message
    *("throttled", "credentials", "conflict", "unreachable", "suspended"),
    *("window_closed", "quota"),
}


@pytest.mark.parametrize(
    ("attempt", "retry_after", "seconds"),
    [
        *[(1, None, 2), (2, None, 4), (9, None, 512), (10, None, 900), (10**6, None, 900)],
        *[(1, 30, 30), (9, 30, 512), (20, 3600, 3600)],
    ],
)
def test_wait_before(attempt: int, retry_after: int | None, seconds: int) -> None:
    pause = timedelta(seconds=retry_after) if retry_after else None
    error = SendError(SendCode.THROTTLED, True, pause)
    assert wait_before(attempt, error) == timedelta(seconds=seconds)


def part(attempts: int, failures: int) -> Part:
    return Part(1, uuid4(), attempts, attempts, failures, Outbound(uuid4(), "7", ("teks",)))


@pytest.mark.parametrize("failures", [0, MOST - 2, MOST - 1, MOST, OUTAGE_PATIENCE * MOST - 1])
@pytest.mark.parametrize("retryable", [True, False])
@pytest.mark.parametrize("code", list(SendCode))
def test_every_error(code: SendCode, retryable: bool, failures: int) -> None:
    attempts = failures + 5
    error = SendError(code, retryable, detail="det\x00ail", moved_to="9")
    outcome = next_attempt(part(attempts, failures), error, NOW, MOST)
    most = MOST * OUTAGE_PATIENCE if code is SendCode.OUTAGE else MOST
    goes_on = code in NO_FAULT or failures + 1 < most
    if code in PARKED:
        expected = ("parked", NOW, "")
    elif code is SendCode.MOVED and goes_on:
        expected = ("open", NOW, "9")
    elif retryable and goes_on:
        expected = ("open", NOW + wait_before(attempts, error), "")
    else:
        expected = ("failed", NOW, "")
    assert (outcome.state, outcome.due_at, outcome.moved_to) == expected
    assert (outcome.code, outcome.detail) == (code, "detail")
    assert outcome.failures == failures + (code not in NO_FAULT)


def test_an_outage_does_not_use_up_the_failures_of_a_message() -> None:
    after_an_outage = part(attempts=500, failures=0)
    error = SendError(SendCode.UNCERTAIN, True)
    assert next_attempt(after_an_outage, error, NOW, MOST).state == "open"


def test_what_was_taken_or_has_moved_nowhere() -> None:
    sent = next_attempt(part(99, 3), Sent("p\x001"), NOW, MOST)
    assert (sent.state, sent.platform_id, sent.code, sent.failures) == ("sent", "p1", "", 3)
    nowhere = SendError(SendCode.MOVED, False)
    assert next_attempt(part(1, 0), nowhere, NOW, MOST).state == "failed"
    assert ALARMING < PATIENT == NO_FAULT
    unreachable = SendError(SendCode.UNREACHABLE, True)
    assert next_attempt(part(10**6, 0), unreachable, NOW, MOST).due_at == NOW + LONGEST_WAIT
