"""How updates are carried to a webhook: order, resending, giving up."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.simulator.telegram.updates import RESEND
from app.simulator.webhook import Resend
from tests.app.simulator.hands import Hands, Simulate

CHAT = 501


@dataclass
class Receiver:
    """A webhook that remembers what came and answers by a script; then always 200."""

    script: dict[str, list[int]] = field(default_factory=dict)  #: text -> statuses
    came: list[tuple[str | None, str]] = field(default_factory=list)  #: secret, text
    gate: threading.Event = field(default_factory=threading.Event)
    held: set[str] = field(default_factory=set)  #: texts that wait for the gate
    headers: dict[str, str] = field(default_factory=dict)  #: of every answer
    url: str = ""

    def texts(self) -> list[str]:
        return [text for _, text in self.came]


def _text(update: dict[str, Any]) -> str:
    if "callback_query" in update:
        return str(update["callback_query"]["data"])
    message = update.get("message") or update.get("edited_message") or {}
    return str(message.get("text"))


@contextmanager
def _receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            text = _text(json.loads(body))
            receiver.came.append((self.headers["X-Telegram-Bot-Api-Secret-Token"], text))
            if text in receiver.held:
                receiver.gate.wait(10)
            statuses = receiver.script.get(text) or [200]
            self.send_response(statuses.pop(0))
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: object, **named: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks/telegram?a=b"
    try:
        yield receiver
    finally:
        receiver.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def receiver(hands: Hands) -> Iterator[Receiver]:
    with _receiving() as receiver:
        hands.api("setWebhook", url=receiver.url, secret_token="rahasia-1")
        yield receiver
        hands.api("deleteWebhook")


_FEW = Resend(waits=(10, 30))


@pytest.mark.parametrize(
    ("resend", "failures", "retry_after", "least", "most"),
    [
        (RESEND, 1, "", 0, 0),
        (RESEND, 2, "", 2, 2),
        (RESEND, 3, "", 4, 4),
        (RESEND, 6, "", 32, 32),
        (RESEND, 7, "", 60, 120),
        (RESEND, 10_000, "", 60, 120),
        (RESEND, 1, "30", 30, 30),
        (RESEND, 1, "9999", 3600, 3600),
        (RESEND, 2, "Wed, 21 Oct 2026 07:28:00 GMT", 2, 2),
        (_FEW, 1, "30", 10, 10),
        (_FEW, 2, "", 30, 30),
    ],
)
def test_when_a_post_is_repeated(
    resend: Resend, failures: int, retry_after: str, least: float, most: float
) -> None:
    delay = resend.delay(failures, retry_after)
    assert delay is not None
    assert least <= delay <= most


@pytest.mark.parametrize(("resend", "failures"), [(_FEW, 3), (Resend(), 1)])
def test_when_a_post_is_given_up(resend: Resend, failures: int) -> None:
    assert resend.delay(failures) is None


def test_one_chat_is_served_in_order_with_the_secret(hands: Hands, receiver: Receiver) -> None:
    for number in range(20):
        hands.write(CHAT, text=str(number))
    hands.settle()
    assert receiver.came == [("rahasia-1", str(number)) for number in range(20)]
    assert hands.api("getWebhookInfo")["result"]["pending_update_count"] == 0


def test_what_was_pending_comes_first(hands: Hands) -> None:
    hands.write(CHAT, text="sebelum")
    with _receiving() as receiver:
        hands.api("setWebhook", url=receiver.url)
        hands.write(CHAT, text="sesudah")
        hands.settle()
        assert receiver.came == [(None, "sebelum"), (None, "sesudah")]
        hands.api("deleteWebhook")


def test_pending_updates_can_be_dropped(hands: Hands) -> None:
    hands.write(CHAT, text="lama")
    hands.api("deleteWebhook", drop_pending_updates=True)
    assert hands.api("getUpdates")["result"] == []
    assert [entry["dropped"] for entry in hands.entries("update")] == [True]


@pytest.mark.parametrize("status", [301, 400, 403, 500, 503])
def test_a_refused_update_is_resent_before_the_next_of_its_chat(
    hands: Hands, receiver: Receiver, status: int
) -> None:
    receiver.script["satu"] = [status, status, status]
    for text in ("satu", "dua"):
        hands.write(CHAT, text=text)
    hands.settle()
    assert receiver.texts() == ["satu"] * 4 + ["dua"]
    assert [entry["attempts"] for entry in hands.entries("update")] == [4, 1]
    info = hands.api("getWebhookInfo")["result"]
    assert info["last_error_message"] == f"Wrong response from the webhook: {status}"


def test_retry_after_is_honoured(hands: Hands, receiver: Receiver) -> None:
    receiver.headers["Retry-After"] = "20"
    receiver.script["satu"] = [503]
    hands.write(CHAT, text="satu")
    hands.settle()
    (entry,) = hands.entries("update")
    assert entry["t_acked"] - entry["t_posted"] >= 20 * 0.01


def test_chats_do_not_wait_for_each_other(hands: Hands, receiver: Receiver) -> None:
    receiver.held.add("lambat")
    hands.write(CHAT, text="lambat")
    hands.write(CHAT, text="berikut")
    hands.write(502, text="lain")
    hands.until(lambda: hands.wire()["waiting"] == 2)
    assert sorted(receiver.texts()) == ["lain", "lambat"]
    receiver.gate.set()
    hands.settle()
    assert receiver.texts()[-1] == "berikut"


def test_max_connections_bounds_what_is_under_way(hands: Hands) -> None:
    with _receiving() as receiver:
        hands.api("setWebhook", url=receiver.url, max_connections=2)
        receiver.held = {str(number) for number in range(4)}
        for number in range(4):
            hands.write(600 + number, text=str(number))
        hands.until(lambda: len(receiver.came) == 2)
        assert hands.wire()["waiting"] == 4
        receiver.gate.set()
        hands.settle()
        assert len(receiver.came) == 4
        hands.api("deleteWebhook")


def test_presses_have_a_queue_of_their_own(hands: Hands, receiver: Receiver) -> None:
    hands.write(CHAT, text="halo")
    keys = {"inline_keyboard": [[{"text": "Ya", "callback_data": "ya"}]]}
    sent = hands.api("sendMessage", chat_id=CHAT, text="?", reply_markup=keys)["result"]
    hands.settle()
    receiver.held.add("lambat")
    hands.write(CHAT, text="lambat")
    hands.act(CHAT, "press", message_id=sent["message_id"], value="ya")
    hands.until(lambda: hands.wire()["waiting"] == 1)
    assert set(receiver.texts()) == {"halo", "lambat", "ya"}


def test_a_lost_answer_makes_the_update_come_again(hands: Hands, receiver: Receiver) -> None:
    hands.faults(dropped_acks=2)
    hands.write(CHAT, text="satu")
    hands.settle()
    hands.until(lambda: len(receiver.came) == 3)
    assert receiver.texts() == ["satu"] * 3
    assert hands.http.get("/simulator/faults?platform=telegram").json()["dropped_acks"] == 0


def test_every_update_can_come_several_times_at_once(hands: Hands, receiver: Receiver) -> None:
    hands.faults(duplicate=5)
    for text in ("satu", "dua"):
        hands.write(CHAT, text=text)
    hands.settle()
    assert receiver.texts() == ["satu"] * 5 + ["dua"] * 5


def test_nobody_listens_and_then_somebody_does(hands: Hands) -> None:
    hands.api("setWebhook", url="http://127.0.0.1:9/x")
    hands.write(CHAT, text="satu")
    with _receiving() as receiver:
        hands.api("setWebhook", url=receiver.url)
        hands.settle()
        assert receiver.texts() == ["satu"]
        hands.api("deleteWebhook")
    (entry,) = hands.entries("update")
    assert entry["attempts"] >= 1
    assert entry["status"] == 200


def test_an_old_update_is_given_up(simulate: Simulate) -> None:
    hands = simulate(time_scale=1e-6)
    hands.api("setWebhook", url="http://127.0.0.1:9/x")
    hands.write(CHAT, text="satu")
    hands.settle()
    (entry,) = hands.entries("update")
    assert (entry["dropped"], entry["t_acked"]) == (True, None)


def test_a_refused_webhook_changes_nothing(hands: Hands) -> None:
    hands.write(CHAT, text="satu")
    wrong = {"url": "ftp://127.0.0.1/", "drop_pending_updates": True, "allowed_updates": ["poll"]}
    assert not hands.api("setWebhook", **wrong)["ok"]
    info = hands.api("getWebhookInfo")["result"]
    assert (info["pending_update_count"], info.get("allowed_updates")) == (1, None)


def test_setting_a_webhook_can_drop_what_is_pending(hands: Hands) -> None:
    hands.write(CHAT, text="lama")
    with _receiving() as receiver:
        hands.api("setWebhook", url=receiver.url, drop_pending_updates=True)
        hands.write(CHAT, text="baru")
        hands.settle()
        assert receiver.texts() == ["baru"]
        hands.api("deleteWebhook")


def test_an_answer_that_is_no_http_is_no_answer(hands: Hands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hands.api("setWebhook", url=f"http://127.0.0.1:{listener.getsockname()[1]}/")
        hands.write(CHAT, text="satu")
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"selamat pagi\r\n\r\n")
            hands.until(lambda: hands.entries("update")[0]["status"] == 0)
            info = hands.api("getWebhookInfo")["result"]
            assert "not an HTTP answer" in info["last_error_message"]
        hands.api("deleteWebhook")


def test_a_webhook_that_is_silent_counts_as_failed(simulate: Simulate) -> None:
    hands = simulate(ack_seconds=0.1, time_scale=0.01)
    with _receiving() as receiver:
        hands.api("setWebhook", url=receiver.url)
        receiver.held.add("satu")
        hands.write(CHAT, text="satu")
        hands.until(lambda: len(receiver.came) > 1)
        receiver.gate.set()
        hands.settle()
        hands.api("deleteWebhook")
    assert hands.entries("update")[0]["attempts"] > 1
