"""The switches for faults and the limits of speed."""

import httpx
import pytest

from app.simulator.faults import Faults, Verdict
from app.simulator.limits import Bucket, Limiter
from tests.app.simulator.hands import Hands, Simulate

CHAT = 501
URL = "/bot7000000001:x/sendMessage"


def _send(hands: Hands, timeout: float = 20) -> httpx.Response:
    return hands.http.post(URL, json={"chat_id": CHAT, "text": "x"}, timeout=timeout)


def _shown(hands: Hands) -> int:
    return sum(not bubble["mine"] for bubble in hands.screen(CHAT)["bubbles"])


@pytest.mark.parametrize(
    ("fault", "status", "shown"),
    [("error_next", 500, 0), ("html_503_next", 503, 0), ("flood_next", 429, 0)],
)
def test_calls_that_are_not_accepted(hands: Hands, fault: str, status: int, shown: int) -> None:
    hands.write(CHAT, text="halo")
    hands.faults(**{fault: 2})
    assert [_send(hands).status_code for _ in range(3)] == [status, status, 200]
    assert _shown(hands) == 1
    assert hands.wire()["calls"][f"sendmessage {status}"] == 2


def test_a_call_that_is_accepted_and_answered_unreadably(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    hands.faults(wrong_json_next=1)
    with pytest.raises(ValueError, match="Expecting value"):
        _send(hands).json()
    assert _shown(hands) == 1


def test_a_call_that_is_accepted_and_never_answered(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    hands.faults(timeout_next=1)
    with pytest.raises(httpx.ReadTimeout):
        _send(hands, timeout=0.3)
    assert _shown(hands) == 1
    assert _send(hands).status_code == 200


def test_latency_is_added_to_each_call(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    hands.faults(latency_ms=200)
    assert _send(hands).elapsed.total_seconds() >= 0.2


@pytest.mark.parametrize(
    ("rates", "verdicts"),
    [
        ({}, {Verdict.FINE}),
        ({"error_rate": 1}, {Verdict.ERROR}),
        ({"error_rate": 0.5}, {Verdict.ERROR, Verdict.FINE}),
        ({"flood_rate": 0.5, "timeout_rate": 0.5}, {Verdict.FLOOD, Verdict.TIMEOUT}),
        ({"error_rate": 0.3, "timeout_rate": 0.3}, {Verdict.ERROR, Verdict.TIMEOUT, Verdict.FINE}),
    ],
)
def test_a_share_of_the_calls_fails(rates: dict[str, float], verdicts: set[Verdict]) -> None:
    faults = Faults.model_validate(rates)
    assert {faults.verdict() for _ in range(200)} == verdicts


def test_a_share_of_the_calls_is_spoilt(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    hands.faults(error_rate=0.5)
    assert {_send(hands).status_code for _ in range(60)} == {200, 500}


def test_switches_of_one_platform_leave_the_others(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    path = "/simulator/faults"
    set_all = hands.http.post(path, json={"latency_ms": 7}).json()
    assert {switches["latency_ms"] for switches in set_all.values()} == {7}
    one = hands.http.post(f"{path}?platform=telegram", json={"error_next": 1}).json()
    assert (one["error_next"], one["latency_ms"]) == (1, 7)
    everywhere = hands.http.get(path).json()
    assert everywhere.pop("telegram")["error_next"] == 1
    assert {switches["error_next"] for switches in everywhere.values()} <= {0}
    assert hands.http.post(f"{path}?platform=fax", json={}).status_code == 404


def test_faults_spare_the_setting_up(hands: Hands) -> None:
    hands.faults(error_rate=1, error_next=5)
    assert hands.api("getMe")["ok"]
    assert hands.http.get("/simulator/faults?platform=telegram").json()["error_next"] == 5


def test_switches_are_checked_and_cleared(hands: Hands) -> None:
    for wrong in ({"error_rate": 2}, {"latency_ms": -1}, {"gremlins": 1}, _TOO_MUCH):
        answer = hands.http.post("/simulator/faults", json={"error_next": 1} | wrong)
        assert answer.status_code == 422, wrong
    assert hands.http.get("/simulator/faults?platform=telegram").json()["error_next"] == 0
    hands.faults(error_next=1, blocked_chats=[CHAT])
    everywhere = hands.http.request("DELETE", "/simulator/faults", headers=_JSON).json()
    cleared = everywhere["telegram"]
    assert (cleared["error_next"], cleared["blocked_chats"], cleared["duplicate"]) == (0, [], 1)


_TOO_MUCH = {"error_rate": 0.5, "flood_rate": 0.5, "timeout_rate": 0.5}
_JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("moments", "waits"),
    [
        ([0, 0, 0], [0, 0, 1]),
        ([0, 0, 0.5, 1], [0, 0, 0.5, 0]),
        ([0, 0, 5, 5, 5], [0, 0, 0, 0, 1]),
    ],
)
def test_a_bucket_of_two(moments: list[float], waits: list[float]) -> None:
    bucket = Bucket(rate=1, burst=2)
    got = []
    for moment in moments:
        got.append(bucket.wait(moment))
        if not got[-1]:
            bucket.spend()
    assert got == waits


def test_all_chats_share_one_limit() -> None:
    limiter = Limiter(Bucket(rate=2, burst=2))
    assert [limiter.admit(chat, 1, 1, 0.0) for chat in "abc"] == [0, 0, 1]
    assert limiter.admit("a", 1, 1, 0.5) == 1
    assert limiter.admit("c", 1, 1, 0.5) == 0


def test_too_many_messages_to_one_chat(simulate: Simulate) -> None:
    hands = simulate(telegram_chat_burst=3, telegram_chat_rate=0.1)
    hands.write(CHAT, text="halo")
    assert [_send(hands).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = _send(hands).json()
    assert refused["parameters"]["retry_after"] in range(8, 11)
    assert refused["description"].startswith("Too Many Requests: retry after ")
    hands.write(502, text="halo")
    assert hands.api("sendMessage", chat_id=502, text="x")["ok"]


def test_limits_can_be_switched_off(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    assert {_send(hands).status_code for _ in range(60)} == {200}
