"""Whatever dies under load: no acknowledged message stays without its reply.

What may arrive twice has a number: the parts a delivering worker had under way when it was
killed, and the calls that a platform took without answering. Everything else arrives once.
"""

from collections import Counter
from collections.abc import Mapping

import pytest

from tests.faults.city import WIDTH, City
from tests.waiting import eventually

COMPLAINT = "Lampu jalan di depan Pasar Contoh mati sejak kemarin malam"
CITIZENS = 40
ROUNDS = 4
LONG = 90.0
# What a kill -9 may double. LINE takes the key of a push once, and Messenger tells us of what has
# arrived; of the others nobody can find out.
FOUR = {"telegram": WIDTH, "line": 0, "twitter": WIDTH, "messenger": 0}


def walk_to_ticket(city: City, chats: list[int]) -> None:
    """Have every citizen confirm the report that was begun, and wait for the tickets."""
    for said, answered in (("lewati", "Sudah benar?"), ("kirim", "Nomor tiket")):
        city.say(chats, said)
        all_have_read(city, chats, answered)


def all_say(city: City, chats: Mapping[str, list[int]], text: str) -> None:
    """Have the citizens of each platform write the same."""
    for name, every in chats.items():
        city.say(every, text, name)


def all_have_read(city: City, chats: list[int], words: str) -> None:
    """Wait until every citizen has received a message with these words."""
    eventually(
        f"every citizen reads {words!r}",
        lambda: city.sent_to(chats, words).keys() == set(chats),
        LONG,
    )


def doubled(received: Counter[int]) -> int:
    """Return how many messages arrived more often than once."""
    return sum(count - 1 for count in received.values())


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("victim", "may_double"),
    [
        ("web", 0),
        ("worker-work", 0),
        ("worker-deliver", WIDTH),
        ("worker-side", 0),
        ("beat", 0),
        ("redis", 0),
        ("postgres", 0),
    ],
)
def test_a_process_is_killed_under_load(city: City, victim: str, may_double: int) -> None:
    city.faults(latency_ms=100)
    chats = city.new_chats(CITIZENS)
    share = CITIZENS // ROUNDS
    groups = [chats[i : i + share] for i in range(0, CITIZENS, share)]
    for number, group in enumerate(groups):
        city.say(group, COMPLAINT)
        if number == 1:
            eventually("the load is under way", lambda: bool(city.sent_to(chats, "fotonya")))
            city.kill(victim)
    city.revive(victim)
    all_have_read(city, chats, "fotonya")
    assert doubled(city.sent_to(chats, "fotonya")) <= may_double
    city.faults(latency_ms=0)
    walk_to_ticket(city, chats)
    tickets = city.sent_to(chats, "Nomor tiket")
    assert tickets == Counter(chats)
    assert city.reports_of(chats) == Counter(chats)
    assert city.wire()["waiting"] == 0


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("victim", "may_double"),
    [("web", 0), ("worker-work", 0), ("worker-deliver", WIDTH), ("postgres", 0)],
)
def test_a_process_is_killed_while_tickets_are_given(
    city: City, victim: str, may_double: int
) -> None:
    chats = city.new_chats(20)
    city.say(chats, COMPLAINT)
    all_have_read(city, chats, "fotonya")
    city.say(chats, "lewati")
    all_have_read(city, chats, "Sudah benar?")
    city.faults(latency_ms=100)
    city.say(chats[:10], "kirim")
    eventually("the first tickets are told", lambda: bool(city.sent_to(chats, "Nomor tiket")))
    city.kill(victim)
    city.say(chats[10:], "kirim")
    city.revive(victim)
    all_have_read(city, chats, "Nomor tiket")
    assert doubled(city.sent_to(chats, "Nomor tiket")) <= may_double
    assert city.reports_of(chats) == Counter(chats)


@pytest.mark.timeout(240)
def test_a_delivering_worker_is_killed_while_it_serves_four_platforms(city: City) -> None:
    """It dies while every platform has taken messages whose answers have not come back yet."""
    chats = {name: city.new_chats(WIDTH) for name in FOUR}
    everybody = [chat for every in chats.values() for chat in every]
    all_say(city, chats, COMPLAINT)
    all_have_read(city, everybody, "fotonya")
    city.faults(latency_ms=6000)
    all_say(city, chats, "lewati")
    eventually(
        "each platform has taken some",
        lambda: all(city.sent_to(every, "Sudah benar?") for every in chats.values()),
    )
    city.kill("worker-deliver")
    city.faults(latency_ms=0)
    city.revive("worker-deliver")
    all_have_read(city, everybody, "Sudah benar?")
    all_say(city, chats, "kirim")
    all_have_read(city, everybody, "Nomor tiket")
    again = {name: doubled(city.sent_to(chats[name], "Sudah benar?")) for name in FOUR}
    assert {name for name in FOUR if again[name] > FOUR[name]} == set(), again
    assert city.wire()["calls"].get("POST message/push 409"), "nothing was sent again"
    assert city.sent_to(everybody, "Nomor tiket") == Counter(everybody)
    assert city.reports_of(everybody) == Counter(everybody)


def test_messages_are_taken_without_redis_and_answered_when_it_is_back(city: City) -> None:
    chats = city.new_chats(5)
    city.kill("redis")
    city.say(chats, COMPLAINT)
    eventually("all is acknowledged", lambda: city.wire()["waiting"] == 0)
    assert not city.sent_to(chats, "fotonya")
    city.revive("redis")
    eventually("all is answered", lambda: city.sent_to(chats, "fotonya") == Counter(chats), LONG)


def test_messages_are_refused_without_postgresql_and_come_again(city: City) -> None:
    chats = city.new_chats(5)
    city.kill("postgres")
    city.say(chats, COMPLAINT)
    eventually("the web answers 503", lambda: city.statuses_of(chats) == {503})
    city.revive("postgres")
    eventually("all is answered", lambda: city.sent_to(chats, "fotonya") == Counter(chats), LONG)


@pytest.mark.parametrize(
    ("fault", "may_double"),
    [
        ({"error_next": 5}, 0),
        ({"html_503_next": 5}, 0),
        ({"flood_next": 5}, 0),
        ({"wrong_json_next": 3}, 3),
        ({"timeout_next": 2}, 2),
        ({"dropped_acks": 5}, 0),
        ({"duplicate": 50}, 0),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_platform_misbehaves(city: City, fault: dict[str, int], may_double: int) -> None:
    chats = city.new_chats(10)
    city.faults(**fault)
    city.say(chats, COMPLAINT)
    all_have_read(city, chats, "fotonya")
    eventually("nothing is on its way any more", lambda: city.wire()["waiting"] == 0, LONG)
    assert doubled(city.sent_to(chats, "fotonya")) <= may_double
