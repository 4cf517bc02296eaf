from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from benchmarks.citizens import Crowd, Reply, Schedule, reply_of
from benchmarks.figures import Latency
from benchmarks.ledger import exchanges, reports_doubled, settle
from benchmarks.walk import Stretch, lateness, waits
from core.ticket import new_ticket

BUTTONS = {"evidence": ["skip:1"], "preview": ["send:1", "change:1", "cancel:1"]}
TICKET = new_ticket()


class Wire:
    """Writes a wire log as the simulator does; one step is one second."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._seq = count(1)

    def update(self, chat: int, acked: bool = True) -> None:
        seq = next(self._seq)
        moment = float(seq)
        entry = {"t_queued": moment, "t_acked": moment + 0.1 if acked else None}
        self.entries.append({"seq": seq, "entry": "update", "chat": chat, **entry})

    def send(self, chat: int, kind: str, ticket: str = TICKET) -> dict[str, Any]:
        seq = next(self._seq)
        text = f"Nomor tiket: {ticket}" if kind == "ticket" else "?"
        row = [{"text": "x", "callback_data": value} for value in BUTTONS.get(kind, [])]
        entry = {"text": text, "buttons": [row] if row else []}
        self.entries.append({"seq": seq, "entry": "send", "chat": chat, "t": float(seq), **entry})
        return self.entries[-1]

    def walk(self, chat: int, ticket: str = TICKET) -> None:
        for kind in ("evidence", "preview", "ticket"):
            self.update(chat)
            self.send(chat, kind, ticket)


def settled(wire: Wire) -> Mapping[str, int]:
    account = settle(exchanges(wire.entries))
    return {name: getattr(account, name) for name in ("lost", "doubled", "refused", "odd")}


def test_a_run_without_fault() -> None:
    wire = Wire()
    tickets = {chat: new_ticket() for chat in (1, 2, 3)}
    for chat, ticket in tickets.items():
        wire.walk(chat, ticket)
    account = settle(exchanges(wire.entries))
    assert account.messages == 9
    assert account.tickets == set(tickets.values())
    assert settled(wire) == {"lost": 0, "doubled": 0, "refused": 0, "odd": 0}


def test_interleaved_chats_are_told_apart() -> None:
    wire = Wire()
    wire.update(1)
    wire.update(2)
    wire.send(2, "evidence")
    wire.send(1, "evidence")
    assert [one.seconds for one in exchanges(wire.entries)] == [3.0, 1.0]


def test_acknowledged_without_reply_is_lost() -> None:
    wire = Wire()
    wire.walk(1)
    wire.update(2)
    assert settled(wire) == {"lost": 1, "doubled": 0, "refused": 0, "odd": 0}


def test_never_acknowledged_is_refused_not_lost() -> None:
    wire = Wire()
    wire.update(1, acked=False)
    assert settled(wire) == {"lost": 0, "doubled": 0, "refused": 1, "odd": 0}


@pytest.mark.parametrize("later", [False, True])
def test_a_reply_that_comes_twice_is_doubled(later: bool) -> None:
    wire = Wire()
    wire.update(1)
    wire.send(1, "evidence")
    if not later:
        wire.send(1, "evidence")
    wire.update(1)
    wire.send(1, "preview")
    if later:
        wire.send(1, "evidence")
    assert settled(wire)["doubled"] == 1


def test_the_wrong_reply_is_odd() -> None:
    wire = Wire()
    wire.update(1)
    wire.send(1, "preview")
    assert settled(wire) == {"lost": 0, "doubled": 0, "refused": 0, "odd": 1}


def test_reports_doubled() -> None:
    assert reports_doubled(["a", "b", "c"]) == 0
    assert reports_doubled(["a", "b", "a", "a"]) == 2


def test_replies_are_known_by_their_buttons_and_tickets() -> None:
    wire = Wire()
    kinds = ("evidence", "preview", "ticket", "other")
    assert [reply_of(wire.send(1, kind)) for kind in kinds] == list(Reply)


def test_citizens_walk_to_a_ticket_by_button_and_by_word() -> None:
    crowd, wire = Crowd(first_chat=5_200_000_000), Wire()
    for expected in ({"text": "lewati"}, {"press": "skip:1"}):
        line = crowd.speak()
        assert "depan SDN 3" in line["text"]
        assert crowd.waiting == 1
        crowd.hear(wire.send(line["chat"], "evidence"))
        assert crowd.waiting == 0
        assert crowd.speak() == {"chat": line["chat"], **expected}
        crowd.hear(wire.send(line["chat"], "preview"))
        last = crowd.speak()
        assert last.get("text") == "kirim" or last.get("press") == "send:1"
        crowd.hear(wire.send(line["chat"], "ticket"))
    assert crowd.speak()["chat"] == 5_200_000_002


def test_who_waits_does_not_speak() -> None:
    crowd = Crowd()
    assert len({crowd.speak()["chat"] for _ in range(5)}) == 5
    assert crowd.waiting == 5


def test_a_second_reply_lets_nobody_speak_twice() -> None:
    crowd, wire = Crowd(), Wire()
    chat = crowd.speak()["chat"]
    for _ in range(2):
        crowd.hear(wire.send(chat, "evidence"))
    assert crowd.speak()["chat"] == chat
    assert crowd.speak()["chat"] != chat


def test_schedule_is_fixed_beforehand() -> None:
    schedule = Schedule(100.0, 20.0, 40)
    assert [schedule.due(now) for now in (99.0, 100.0, 100.049, 100.051, 101.0)] == [0, 1, 1, 2, 21]
    assert schedule.due(200.0) == 40
    assert list(schedule.moments())[:2] == [100.0, 100.05]


def test_waits_leave_out_only_the_replys_own_way_and_lateness_counts_from_the_schedule() -> None:
    wire = Wire()
    wire.walk(1)
    made = exchanges(wire.entries)
    assert waits(made, 0) == [1.0, 1.0, 1.0]
    assert waits(made, 200) == [0.9, 0.9, 0.9]
    assert lateness(Schedule(1.0, 0.5, 3), made) == 0
    assert lateness(Schedule(0.5, 0.5, 3), made) == 0.5


GOOD = Stretch(
    rate=200,
    api_ms=0,
    messages=100,
    latency=Latency(100, 100, 1999.9, 2500, 3000),
    late=500,
    settled=5.0,
    backlog=10,
    seconds=10,
    cpu={"web": 0.2},
)


@pytest.mark.parametrize(
    ("change", "sustained"),
    [
        ({}, True),
        ({"settled": 5.1}, False),
        ({"settled": None}, False),
        ({"latency": Latency(100, 100, 2000.0, 2500, 3000)}, False),
        ({"latency": Latency.of([])}, False),
        ({"late": 500.1}, False),
    ],
)
def test_sustained(change: dict[str, Any], sustained: bool) -> None:
    assert replace(GOOD, **change).sustained is sustained


def test_cost_of_a_thousand_messages() -> None:
    assert GOOD.cpu_per_thousand == {"web": pytest.approx(2.0)}
    assert GOOD.unanswered == 0
