from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from benchmarks.citizens import FIRST_CHAT, PLACED, Crowd, Line, Reply, Schedule, reply_of
from benchmarks.figures import Latency
from benchmarks.ledger import (
    PUBLIC,
    exchanges,
    may_double,
    reports_doubled,
    settle,
    settle_lanes,
    together,
)
from benchmarks.posts import ChannelName
from benchmarks.walk import FLOODER, Flood, Flooded, Stretch, flooded, latencies, lateness, waits
from core.replies import render
from core.ticket import new_ticket

BUTTONS = {"evidence": ["skip:1"], "preview": ["send:1", "change:1", "cancel:1"]}
NUMBERS = {"evidence": ["skip"], "preview": ["send", "change", "cancel"]}
TICKET = new_ticket()
TELEGRAM, LINE = ChannelName.TELEGRAM, ChannelName.LINE
TWITTER, MESSENGER = ChannelName.TWITTER, ChannelName.MESSENGER


class Wire:
    """Writes a wire log as the simulator does; one step is one second."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self._seq = count(1)

    def update(
        self, chat: int, acked: bool = True, platform: str = TELEGRAM, kind: str = "message"
    ) -> None:
        seq = next(self._seq)
        moment = float(seq)
        entry = {"t_queued": moment, "t_acked": moment + 0.1 if acked else None, "kind": kind}
        place = {"seq": seq, "entry": "update", "platform": platform, "chat": chat}
        self.entries.append(place | entry)

    def send(
        self, chat: int, kind: str, ticket: str = TICKET, platform: str = TELEGRAM
    ) -> dict[str, Any]:
        seq = next(self._seq)
        text, buttons = said(kind, ticket, platform), []
        if platform != TWITTER:
            buttons = [{"text": "x", "callback_data": value} for value in BUTTONS.get(kind, [])]
        entry = {"text": text, "buttons": [buttons] if buttons else []}
        place = {"seq": seq, "entry": "send", "platform": platform, "chat": chat, "t": float(seq)}
        self.entries.append(place | entry)
        return self.entries[-1]

    def walk(self, chat: int, ticket: str = TICKET, platform: str = TELEGRAM) -> None:
        for kind in ("evidence", "preview", "ticket"):
            self.update(chat, platform=platform)
            self.send(chat, kind, ticket, platform)


def said(kind: str, ticket: str, platform: str) -> str:
    """What a citizen reads: with numbers where there are no buttons."""
    if kind == "ticket":
        return f"Nomor tiket: {ticket}"
    if kind == "greeting":
        return render("id", "greeting", {"pins": "yes"})
    if platform != TWITTER or kind not in NUMBERS:
        return f"about {kind}"
    labels = [render("id", f"choice-{word}") for word in NUMBERS[kind]]
    listed = [f"{number}. {label}" for number, label in enumerate(labels, start=1)]
    return "\n".join([kind, "", *listed, "", render("id", "by-number")])


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


def test_words_that_come_again_are_no_answer() -> None:
    wire = Wire()
    wire.update(1)
    wire.send(1, "evidence")
    wire.update(1)
    wire.send(1, "evidence")
    assert settled(wire) == {"lost": 1, "doubled": 1, "refused": 0, "odd": 0}
    assert [one.seconds for one in exchanges(wire.entries)] == [1.0, None]


def test_an_echo_is_nobodys_message() -> None:
    wire = Wire()
    wire.update(1, platform=MESSENGER)
    wire.send(1, "evidence", platform=MESSENGER)
    wire.update(1, platform=MESSENGER, kind="echo")
    assert settled(wire) == {"lost": 0, "doubled": 0, "refused": 0, "odd": 0}


def test_the_same_number_on_two_platforms_is_two_citizens() -> None:
    wire = Wire()
    wire.walk(1, platform=TELEGRAM)
    wire.walk(1, platform=MESSENGER)
    assert settled(wire) == {"lost": 0, "doubled": 0, "refused": 0, "odd": 0}
    assert {name: it.messages for name, it in settle_lanes(exchanges(wire.entries)).items()} == {
        "telegram": 3,
        "messenger": 3,
    }


def test_only_the_chats_asked_for_are_counted() -> None:
    wire = Wire()
    wire.walk(1)
    wire.update(FLOODER)
    wire.update(FLOODER, acked=False)
    wire.send(FLOODER, "other")
    assert len(exchanges(wire.entries, range(1, 5))) == 3
    assert flooded(wire.entries) == Flooded(messages=2, acknowledged=1, replies=1)


def test_public_posts_have_a_lane_and_latencies_of_their_own() -> None:
    wire = Wire()
    wire.update(2, platform=TWITTER)
    wire.send(2, "ticket", platform=TWITTER)
    wire.walk(3, platform=TWITTER)
    lanes = settle_lanes(exchanges(wire.entries))
    assert {name: it.messages for name, it in lanes.items()} == {PUBLIC: 1, "twitter": 3}
    assert together(lanes.values()).messages == 4
    assert {name: it.count for name, it in latencies(exchanges(wire.entries), 0).items()} == {
        PUBLIC: 1,
        "twitter": 3,
    }


@pytest.mark.parametrize(
    ("lane", "expected"),
    [("telegram", 2), ("twitter", 3), (PUBLIC, 0), ("line", 0), ("messenger", 0)],
)
def test_only_calls_that_were_taken_unanswered_explain_a_repetition(
    lane: str, expected: int
) -> None:
    calls = {
        "sendmessage 504": 2,
        "sendmessage 500": 5,
        "POST dm_conversations/with/{user}/messages 504": 3,
        "POST tweets 504": 4,
        "POST message/reply 504": 5,
        "messages 504": 6,
    }
    assert may_double(lane, calls) == expected


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
    kinds = ("greeting", "evidence", "preview", "ticket", "other")
    for platform in ChannelName:
        assert [reply_of(wire.send(1, it, platform=platform)) for it in kinds] == list(Reply)


@pytest.mark.parametrize(
    ("channel", "number", "lines"),
    [
        (TELEGRAM, 0, ["", "lewati", "kirim"]),
        (TELEGRAM, 1, ["", "skip:1", "send:1"]),
        (LINE, 1, [None, "", "skip:1", "send:1"]),
        (MESSENGER, 1, ["", "skip:1", "send:1"]),
        (TWITTER, 0, [""]),
        (TWITTER, 1, ["", "1", "1"]),
    ],
)
def test_citizens_walk_to_a_ticket_in_the_manner_of_their_channel(
    channel: ChannelName, number: int, lines: list[str | None]
) -> None:
    """None stands for the beginning of a conversation, "" for the complaint."""
    crowd, wire, chat = Crowd([channel], FIRST_CHAT), Wire(), FIRST_CHAT + number
    for _ in range(number):
        crowd.speak()
    replies = ["greeting"] * (len(lines) - 3) + ["evidence", "preview", "ticket"][-len(lines) :]
    for expected, kind in zip(lines, replies, strict=True):
        line = crowd.speak()
        assert (line.channel, line.chat) == (channel, chat)
        assert line.begins is (expected is None)
        assert line.public is (len(lines) == 1)
        words = {None: "", "": PLACED % number}.get(expected, expected)
        assert (line.button or line.text) == words
        crowd.hear(wire.send(chat, kind, platform=channel))
        assert crowd.waiting == number
    assert crowd.speak().chat == chat + 1


def test_citizens_come_on_one_channel_after_the_other() -> None:
    crowd = Crowd([TELEGRAM, LINE])
    came = [(line.channel, line.chat - FIRST_CHAT) for line in (crowd.speak() for _ in range(4))]
    assert came == [(TELEGRAM, 0), (LINE, 0), (TELEGRAM, 1), (LINE, 1)]


@pytest.mark.parametrize(
    ("line", "saying"),
    [
        (Line(TELEGRAM, 1, "a"), {"chat": 1, "text": "a", "public": False}),
        (Line(TWITTER, 1, "a", public=True), {"chat": 1, "text": "a", "public": True}),
        (Line(LINE, 1, button="send:1"), {"chat": 1, "press": "send:1"}),
    ],
)
def test_lines_are_what_the_simulator_takes(line: Line, saying: dict[str, Any]) -> None:
    assert line.saying == saying


def test_who_waits_does_not_speak() -> None:
    crowd = Crowd(list(ChannelName))
    assert len({(line.channel, line.chat) for line in (crowd.speak() for _ in range(9))}) == 9
    assert crowd.waiting == 9


def test_a_second_reply_lets_nobody_speak_twice() -> None:
    crowd, wire = Crowd([TELEGRAM]), Wire()
    chat = crowd.speak().chat
    for _ in range(2):
        crowd.hear(wire.send(chat, "evidence"))
    assert crowd.speak().chat == chat
    crowd.hear(wire.send(chat, "evidence"))  # which came once more, and answers nothing
    assert crowd.waiting == 1
    assert crowd.speak().chat != chat


def test_a_flood_is_one_sender_with_a_new_text_each_time() -> None:
    lines = Flood(LINE, 100).lines(3, 30)
    assert {(line.channel, line.chat) for line in lines} == {(LINE, FLOODER)}
    assert len({line.text for line in lines}) == len(lines) == 27


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
