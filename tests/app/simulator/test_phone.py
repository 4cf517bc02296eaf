"""The phone's screen, its events, the page and what guards them."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import filetype
import httpx
import pytest

from app.simulator import samples
from app.simulator.background import running
from app.simulator.phone import Bubble, Phone
from app.simulator.settings import SimulatorSettings
from app.simulator.twitter.quota import Window, span
from app.simulator.wire import Wire
from tests.app.simulator.hands import Hands

CHAT = 501


def test_a_phone_shows_both_sides(hands: Hands) -> None:
    hands.write(CHAT, text="halo")
    hands.api("sendMessage", chat_id=CHAT, text="Selamat pagi.")
    hands.write(CHAT, photo={"caption": "lubang"})
    screen = hands.screen(CHAT)
    assert [(b["mine"], b["kind"], b["text"]) for b in screen["bubbles"]] == [
        (True, "text", "halo"),
        (False, "text", "Selamat pagi."),
        (True, "photo", "lubang"),
    ]
    picture = hands.http.get(screen["bubbles"][-1]["picture"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert hands.http.get("/simulator/telegram/chats").json() == [CHAT]


def test_a_phone_forgets_the_oldest() -> None:
    phone = Phone("telegram", CHAT, limit=2)
    for number in range(3):
        phone.show(Bubble(number, True, "text"))
    assert list(phone.bubbles) == [1, 2]
    assert [bubble["id"] for bubble in phone.since(2)["bubbles"]] == [2]


def test_the_wire_forgets_the_oldest_and_pages_on() -> None:
    wire = Wire(limit=3)
    for number in range(5):
        wire.sent("telegram", CHAT, number, "x", [])
    assert [entry["seq"] for entry in wire.after(0, 10)] == [3, 4, 5]
    assert [entry["seq"] for entry in wire.after(3, 1)] == [4]
    assert list(wire.after(5, 10)) == []


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (samples.photo(40, 30, 0), "jpg"),
        (samples.voice(), "ogg"),
        (samples.paper(), "pdf"),
        (samples.film(), "mp4"),
        (samples.sticker(), "webp"),
    ],
)
def test_samples_are_what_they_claim(content: bytes, ending: str) -> None:
    assert filetype.guess_extension(content) == ending


@pytest.mark.parametrize(
    "writing",
    [
        {},
        {"text": "a", "photo": {}},
        {"public": True},
        {"text": "a", "public": True},
        {"withdraw": {"message_id": 1}},
        {"reaction": {"message_id": 1}},
        {"tekst": "a"},
    ],
)
def test_what_telegram_has_not_is_refused(hands: Hands, writing: dict[str, Any]) -> None:
    answer = hands.http.post(f"/simulator/telegram/chats/{CHAT}/messages", json=writing)
    assert answer.status_code == 422
    assert hands.screen(CHAT)["bubbles"] == []


def test_a_chat_is_opened_by_a_link(hands: Hands) -> None:
    hands.write(CHAT, start={"parameter": "pju"})
    assert [it["text"] for it in hands.screen(CHAT)["bubbles"]] == ["/start pju"]


def test_every_platform_has_phones_of_its_own(hands: Hands) -> None:
    for platform in ("telegram", "line", "twitter", "messenger"):
        path = f"/simulator/{platform}/chats/{CHAT}/messages"
        hands.http.post(path, json={"text": platform}).raise_for_status()
    for platform in ("telegram", "line", "twitter", "messenger"):
        shown = hands.http.get(f"/simulator/{platform}/chats/{CHAT}").json()["bubbles"]
        assert [it["text"] for it in shown] == [platform]


def test_the_wire_tells_public_from_private() -> None:
    wire = Wire(limit=3)
    wire.sent("twitter", CHAT, 1, "tiket", [], "public")
    wire.sent("twitter", CHAT, 2, "jawaban", [])
    assert [entry["to"] for entry in wire.after(0, 10)] == ["public", "private"]


def _data(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    return (json.loads(line[5:]) for line in lines if line.startswith("data:"))


def test_events_bring_the_screen_then_each_change(hands: Hands) -> None:
    path = f"/simulator/telegram/chats/{CHAT}/events"
    hands.write(CHAT, text="satu")
    with hands.http.stream("GET", path) as answer:
        events = _data(answer.iter_lines())
        first = next(events)
        assert (first["fresh"], [b["text"] for b in first["bubbles"]]) == (True, ["satu"])
        with httpx.Client(base_url=hands.origin) as other:
            other.post(f"/simulator/telegram/chats/{CHAT}/messages", json={"text": "dua"})
            second = next(events)
            assert (second["fresh"], [b["text"] for b in second["bubbles"]]) == (False, ["dua"])
            other.post("/simulator/reset", json={})
            third = next(events)
            assert (third["fresh"], third["bubbles"]) == (True, [])


def test_events_go_on_where_they_broke(hands: Hands) -> None:
    path = f"/simulator/telegram/chats/{CHAT}/events"
    hands.write(CHAT, text="satu")
    with hands.http.stream("GET", path) as answer:
        ids = (line[4:] for line in answer.iter_lines() if line.startswith("id: "))
        seen = next(ids)
    hands.write(CHAT, text="dua")
    with hands.http.stream("GET", path, headers={"Last-Event-ID": seen}) as answer:
        missed = next(_data(answer.iter_lines()))
    assert (missed["fresh"], [b["text"] for b in missed["bubbles"]]) == (False, ["dua"])


def test_the_page_brings_everything_itself(hands: Hands) -> None:
    page = hands.http.get("/?chat=900000007")
    assert page.status_code == 200
    assert 'data-chat="900000007"' in page.text
    assert "//" not in page.text.replace("<!doctype", "")
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    for path in ("phone.js", "faults.js", "page.css", "phone.css", "looks.css", "icon.svg"):
        assert f"/static/{path}" in page.text
        assert hands.http.get(f"/static/{path}").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [("/?platform=fax", 404), ("/?chat=0", 422), ("/?chat=x", 422), ("/healthz", 200)],
)
def test_addresses_of_pages(hands: Hands, path: str, status: int) -> None:
    assert hands.http.get(path).status_code == status


WRITE = f"/simulator/telegram/chats/{CHAT}/messages"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "text/plain"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"Host": "localhost:1"}, 200),
        ("GET", "/", {"Host": "[::1]:1"}, 200),
        ("GET", "/", {"Host": "evil.example"}, 403),
        ("GET", "/", {"Host": "127.0.0.1.evil.example"}, 403),
        ("GET", "/", {"Host": "[::1"}, 403),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site"}, 200),
        ("GET", "/simulator/wire", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/bot1:a/sendMessage", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("GET", "/simulator/wire", {"Sec-Fetch-Site": "same-origin"}, 200),
        ("POST", WRITE, JSON, 200),
        ("POST", WRITE, FORM, 403),
        ("POST", WRITE, JSON | {"Sec-Fetch-Site": "same-origin"}, 200),
        ("POST", WRITE, JSON | {"Sec-Fetch-Site": "same-site"}, 403),
        ("POST", WRITE, JSON | {"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_foreign_pages_are_kept_out(
    hands: Hands, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    content = b'{"text": "halo"}' if method == "POST" else None
    answer = hands.http.request(method, path, headers=headers, content=content)
    assert answer.status_code == status


def test_open_streams_and_polls_do_not_hold_up_the_end() -> None:
    with ExitStack() as ends:
        with running() as origin:
            http = ends.enter_context(httpx.Client(base_url=origin, timeout=20))
            address = ("127.0.0.1", http.base_url.port)
            poll = ends.enter_context(socket.create_connection(address, timeout=20))
            poll.sendall(b"GET /bot1:a/getUpdates?timeout=50 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            stream = ends.enter_context(http.stream("GET", "/simulator/telegram/chats/1/events"))
            events = _data(stream.iter_lines())
            assert next(events)["fresh"]
            started = time.monotonic()
        assert time.monotonic() - started < 4
        assert poll.recv(4096).startswith(b"HTTP/1.1 200")


def test_every_phone_on_x_tells_why_the_account_is_silent() -> None:
    settings = SimulatorSettings(twitter_dm_limit=2)
    with ExitStack() as stack:
        origin = stack.enter_context(running(settings))
        person, account = (
            stack.enter_context(httpx.Client(base_url=origin, timeout=20)) for _ in range(2)
        )
        phone = f"/simulator/twitter/chats/{CHAT}"
        person.post(f"{phone}/messages", json={"text": "halo"}).raise_for_status()
        screen = stack.enter_context(person.stream("GET", f"{phone}/events"))
        events = _data(screen.iter_lines())
        pauses = [next(events)["pause"]]
        began = time.time()
        for words, status in (("satu", 201), ("dua", 201), ("tiga", 429)):
            answer = account.post(
                f"/2/dm_conversations/with/{CHAT}/messages",
                json={"text": words},
                headers={"Authorization": "Bearer x"},
            )
            assert answer.status_code == status
            if status == 201:
                pauses.append(next(events)["pause"])
        others = [
            account.get(f"/simulator/{platform}/chats/7").json()["pause"]
            for platform in ("twitter", "telegram")
        ]
        account.post("/simulator/reset", json={}).raise_for_status()
        after = account.get(phone).json()["pause"]
    assert pauses[:2] == [None, None]
    assert pauses[2]["words"] == "X membolehkan 2 DM dalam 15 menit; yang berikutnya datang"
    assert began <= pauses[2]["until"] - settings.twitter_window_seconds <= time.time()
    assert others == [pauses[2], None]
    assert after is None


@pytest.mark.parametrize(
    ("calls", "now", "until"),
    [
        ([], 0, 0),
        ([0, 1], 1, 0),
        ([0, 1, 2], 2, 900),
        ([0, 1, 2], 899, 900),
        ([0, 1, 2], 900, 0),
        ([0, 890, 895, 905], 905, 1790),  # two windows of X, one for who looks back
    ],
)
def test_until_when_the_calls_of_a_window_are_used_up(
    calls: list[float], now: float, until: float
) -> None:
    window = Window("x", 3, 900)
    for at in calls:
        window.take(at)
    assert window.full_until(now) == until


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(900, "15 menit"), (86_400, "24 jam"), (3600, "1 jam"), (90, "90 detik"), (0.5, "0.5 detik")],
)
def test_spans_in_words(seconds: float, words: str) -> None:
    assert span(seconds) == words
