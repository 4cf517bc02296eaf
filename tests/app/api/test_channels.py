"""How channels fare: alarms, rests, and what waits with its time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import insert, select, update

from core import alarms
from core.db.session import Sessions, transaction
from core.db.tables import Conversation, Outbox, Report

OpenReport = Callable[..., str]
Bearer = Callable[..., dict[str, str]]
NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def put(make: Sessions, client: httpx.Client) -> Callable[..., None]:
    """Put a part in the outbox."""

    def act(state: str, code: str = "", channel: str = "telegram", **columns: object) -> None:
        with transaction(make) as session:
            own = uuid4()
            row = {"id": own, "channel": channel, "address": str(own)}
            session.execute(insert(Conversation).values(row))
            part = {"channel": channel, "address": str(own), "conversation_id": own, "draft": 0}
            part |= {"part": 1, "parts": 1, "texts": ["halo"], "state": state, "code": code}
            session.execute(insert(Outbox).values(part | columns))

    return act


def test_a_channel_of_which_nothing_is_known_is_well(client: httpx.Client, bearer: Bearer) -> None:
    [one] = client.get("/channels", headers=bearer("admin")).json()["channels"]
    assert one == {
        "channel": "telegram",
        "alarm": "",
        "alarm_at": None,
        "paused_until": None,
        "waiting": 0,
        "next_due_at": None,
        "parked": {},
        "failed": 0,
    }


def test_what_waits_is_shown_with_its_time(
    client: httpx.Client, bearer: Bearer, put: Callable[..., None]
) -> None:
    put("open", due_at=NOW + 2 * HOUR)
    put("open", "paced", due_at=NOW + HOUR)
    for code in ("blocked", "window_closed", "window_closed"):
        put("parked", code)
    put("failed", "rejected")
    put("failed", "rejected", created_at=NOW - timedelta(days=8))
    put("sent")
    put("parked", "quota", channel="line")
    line, telegram = client.get("/channels", headers=bearer("admin")).json()["channels"]
    assert (telegram["channel"], telegram["waiting"], telegram["failed"]) == ("telegram", 2, 1)
    assert at(telegram["next_due_at"]) == NOW + HOUR
    assert telegram["parked"] == {"blocked": 1, "window_closed": 2}
    assert (line["channel"], line["waiting"], line["parked"]) == ("line", 0, {"quota": 1})


def test_a_channel_that_rests_and_rings(
    client: httpx.Client, make: Sessions, bearer: Bearer, put: Callable[..., None]
) -> None:
    put("open", due_at=NOW)
    with transaction(make) as session:
        alarms.rest(session, "telegram", NOW + HOUR)
        alarms.ring(session, "telegram", "credentials")
        alarms.rest(session, "line", NOW - HOUR)
    [one] = client.get("/channels", headers=bearer("admin")).json()["channels"]
    assert (one["alarm"], at(one["paused_until"])) == ("credentials", NOW + HOUR)
    assert at(one["next_due_at"]) == NOW + HOUR
    assert at(one["alarm_at"]) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("state", "code", "shown"),
    [
        ("open", "", True),
        ("open", "paced", True),
        ("parked", "quota", True),
        ("parked", "window_closed", False),
        ("parked", "blocked", False),
        ("sent", "", False),
        ("failed", "rejected", False),
    ],
)
def test_a_report_shows_when_its_parts_go_out(
    client: httpx.Client,
    make: Sessions,
    bearer: Bearer,
    open_report: OpenReport,
    put: Callable[..., None],
    state: str,
    code: str,
    shown: bool,
) -> None:
    with transaction(make) as session:
        ticket = open_report(session)
        own = session.scalars(select(Report.conversation_id)).one()
    put(state, code, due_at=NOW + HOUR)
    with transaction(make) as session:
        session.execute(update(Outbox).values(conversation_id=own, draft=1))
    [part] = client.get(f"/reports/{ticket}", headers=bearer("admin")).json()["messages"]
    assert (part["delivery"], part["code"]) == (state, code)
    assert (part["due_at"] and at(part["due_at"])) == (NOW + HOUR if shown else None)
