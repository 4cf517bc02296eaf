"""In the time machine's database, and in the processes beside it, it is as late as it was told."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.shift import seconds_until
from channels.telegram.inbound import parse
from core import days_off, inbox
from core.db.session import sessions, transaction
from core.zones import WITA
from tests.core.post import NO_WAIT, update
from tests.timemachine import CLOCKS, TimeMachine

LEBARAN = datetime(2026, 3, 21, 8, tzinfo=WITA)


def test_statements_and_defaults_go_by_it(machine: TimeMachine) -> None:
    make = sessions(machine.engine)
    machine.travel(LEBARAN)
    with transaction(make) as session:
        inbox.put(session, parse(update(7, "halo")), NO_WAIT)
        assert days_off.almanac(session).now == LEBARAN
        row = session.execute(text("select received_at, ready_at from inbox")).one()
    assert tuple(row) == (LEBARAN, LEBARAN)
    machine.travel(LEBARAN + timedelta(days=3))
    with transaction(make) as session:
        assert session.scalar(text("select now() - received_at from inbox")) == timedelta(days=3)


def test_processes_go_by_it(machine: TimeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.travel(LEBARAN)
    machine.wind(monkeypatch)
    assert {vars(module)["datetime"].now(WITA) for module in CLOCKS} == {LEBARAN}
    assert seconds_until(LEBARAN + timedelta(hours=1)) == 3600
    monkeypatch.undo()
    assert all(vars(module)["datetime"] is datetime for module in CLOCKS)


def test_it_can_be_emptied(machine: TimeMachine) -> None:
    make = sessions(machine.engine)
    with transaction(make) as session:
        inbox.put(session, parse(update(8, "halo")), NO_WAIT)
    machine.forget(keep=["inbox"])
    with transaction(make) as session:
        assert session.scalar(text("select count(*) from inbox")) > 0
    machine.forget()
    with transaction(make) as session:
        assert session.scalar(text("select count(*) from inbox")) == 0
