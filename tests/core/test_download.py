"""Downloads from servers of our own: what goes along, what is refused, and when it ends."""

import gzip
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic

import pytest

from core import dialing
from core.channel import Download
from core.dialing import Origin
from core.download import Bounds, download
from core.errors import MediaAway, MediaRefused
from tests.contract.stub import Answer, Stub
from tests.core.network import ON_THE_INTERNET, Resolver, bounds, got, port_of, refused

SECRET = "rahasia-yang-tidak-boleh-tampak"
WITH_SECRET = {"Authorization": f"Bearer {SECRET}"}

pytestmark = pytest.mark.usefixtures("no_proxy")


def moved(to: str, status: int = 302) -> Answer:
    return Answer(status, b"<html>moved", headers={"location": to})


def test_a_file_comes_with_the_headers_that_were_given(cdn: Stub) -> None:
    cdn.answer("foto", Answer(body=b"isi"))
    assert got(f"{cdn.origin}/a%20b/foto?t=1&u=%2F", bounds(cdn), WITH_SECRET) == b"isi"
    [call] = cdn.calls
    assert (call.method, call.path, call.fields) == ("GET", "/a%20b/foto", {"t": "1", "u": "/"})
    assert call.headers["authorization"] == f"Bearer {SECRET}"
    assert call.headers["accept-encoding"] == "identity"
    assert call.headers["host"] == cdn.origin.removeprefix("http://")
    assert "cookie" not in call.headers


def test_odd_signs_in_a_url_are_written_as_a_request_can_carry_them(cdn: Stub) -> None:
    cdn.answer("f%20%C3%B1", Answer(body=b"isi"))
    assert got(f"{cdn.origin}/f ñ", bounds(cdn)) == b"isi"


@pytest.mark.parametrize("beyond", [0, 1])
@pytest.mark.parametrize("told", [True, False])
def test_the_cap_is_exact(cdn: Stub, beyond: int, told: bool) -> None:
    body = b"x" * (1000 + beyond)
    chunked = {"transfer-encoding": "chunked"}
    pieces = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    cdn.answer("f", Answer(body=body) if told else Answer(body=pieces, headers=chunked))
    if beyond:
        assert refused(f"{cdn.origin}/f", bounds(cdn)) == "too_large"
    else:
        assert got(f"{cdn.origin}/f", bounds(cdn)) == body


def test_a_compressed_answer_is_not_unpacked(cdn: Stub) -> None:
    bomb = gzip.compress(b"\x00" * 100_000)
    cdn.answer("f", Answer(body=bomb, headers={"content-encoding": "gzip"}))
    assert got(f"{cdn.origin}/f", bounds(cdn)) == bomb


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(404, b"x"), "gone"),
        (Answer(410, b"x"), "gone"),
        (Answer(202, b"x"), None),
        (Answer(204, b""), None),
        (Answer(206, b"x"), None),
        (Answer(400, b"x"), None),
        (Answer(401, b"x"), None),
        (Answer(403, b"x"), None),
        (Answer(429, b"x"), None),
        (Answer(500, b"x"), None),
        (Answer(503, b"x"), None),
        (Answer(302, b""), None),
        (Answer(hang_up=True), None),
        (Answer(body=b"half", promised=900), None),
        (Answer(body=b"zz\r\nhalf", headers={"transfer-encoding": "chunked"}), None),
    ],
    ids=repr,
)
def test_only_what_is_gone_is_given_up(cdn: Stub, answer: Answer, code: str | None) -> None:
    cdn.answer("f", answer)
    with pytest.raises(MediaRefused if code else MediaAway) as refusal:
        got(f"{cdn.origin}/f", bounds(cdn))
    assert getattr(refusal.value, "code", None) == code


def test_nobody_there_may_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    trusted = Bounds(9, 9, frozenset({Origin("http", "127.0.0.1", port)}))
    with pytest.raises(MediaAway, match="ConnectionRefusedError"):
        got(f"http://127.0.0.1:{port}/f", trusted)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://cdn.example/f",
        "file:///etc/passwd",
        "gopher://cdn.example/",
        "//cdn.example/f",
        "f",
        "",
        "http:///f",
        "http://user:word@cdn.example/f",
        "http://cdn.example@127.0.0.1/",
        "http://cdn.example:0/",
        "http://cdn.example:99999/",
        "http://cdn.example:x/",
        "http://[::1/",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(resolver: Resolver, url: str) -> None:
    resolver.names["cdn.example"] = [ON_THE_INTERNET]
    assert refused(url, Bounds(9, 9)) == "address_refused"
    assert not resolver.asked


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        [ON_THE_INTERNET, "192.168.1.1"],
        ["192.168.1.1", ON_THE_INTERNET],
    ],
    ids=repr,
)
def test_a_name_with_a_private_address_is_refused_undialled(
    resolver: Resolver, addresses: list[str]
) -> None:
    resolver.names["cdn.example"] = addresses
    assert refused("http://cdn.example/f", Bounds(9, 9)) == "address_refused"
    assert not resolver.dialled


def test_only_the_origin_itself_is_trusted(cdn: Stub, other: Stub) -> None:
    cdn.answer("f", Answer(body=b"x"))
    assert refused(f"{cdn.origin}/f", bounds(other)) == "address_refused"
    assert refused(f"http://localhost:{port_of(cdn)}/f", bounds(cdn)) == "address_refused"
    assert not cdn.calls


def test_what_is_dialled_is_what_was_checked(resolver: Resolver, cdn: Stub) -> None:
    resolver.names["cdn.example"] = [ON_THE_INTERNET]
    resolver.ports[80] = port_of(cdn)
    cdn.answer("f", Answer(body=b"isi"))
    chunks = download(Download("http://cdn.example/f"), Bounds(1000, 9))
    assert next(chunks) == b"isi"
    resolver.names["cdn.example"] = ["127.0.0.1"]  # the name's owner changes his mind
    assert not list(chunks)
    assert resolver.asked == ["cdn.example"]
    assert resolver.dialled == [ON_THE_INTERNET]
    assert cdn.calls[0].headers["host"] == "cdn.example"


def test_a_second_address_stands_in_for_a_dead_one(
    monkeypatch: pytest.MonkeyPatch, resolver: Resolver, cdn: Stub
) -> None:
    resolver.names["cdn.example"] = ["2606:4700::1", ON_THE_INTERNET]
    resolver.ports[80] = port_of(cdn)
    cdn.answer("f", Answer(body=b"isi"))  # dialling IPv4 loopback over an IPv6 socket fails
    assert got("http://cdn.example/f", Bounds(1000, 9)) == b"isi"
    assert resolver.dialled == ["2606:4700::1", ON_THE_INTERNET]


def test_a_name_that_nobody_knows_may_be_known_later(resolver: Resolver) -> None:
    with pytest.raises(MediaAway, match="host not found"):
        got("http://cdn.example/f", Bounds(9, 9))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_but_take_no_secret_along(
    cdn: Stub, other: Stub, status: int
) -> None:
    cdn.answer("f", moved(f"{other.origin}/g?h=1", status))
    other.answer("g", moved(f"{cdn.origin}/back"))
    cdn.answer("back", Answer(body=b"isi"))
    assert got(f"{cdn.origin}/f", bounds(cdn, other), WITH_SECRET) == b"isi"
    assert "authorization" in cdn.calls[0].headers
    assert "authorization" not in other.calls[0].headers
    assert "authorization" not in cdn.calls[1].headers
    assert "referer" not in other.calls[0].headers


def test_secrets_stay_with_their_origin(cdn: Stub) -> None:
    cdn.answer("f", moved("/g"))
    cdn.answer("g", Answer(body=b"isi"))
    assert got(f"{cdn.origin}/f", bounds(cdn), WITH_SECRET) == b"isi"
    assert "authorization" in cdn.calls[1].headers


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/f",
        "http://[::1]/f",
        "http://10.0.0.1/f",
        "http://169.254.169.254/latest/meta-data/",
        "//127.0.0.1:1/f",
        "ftp://cdn.example/f",
        "file:///etc/passwd",
        "http://[broken/",
    ],
)
def test_a_redirect_into_a_private_network_is_refused(cdn: Stub, target: str) -> None:
    cdn.answer("f", moved(target))
    assert refused(f"{cdn.origin}/f", bounds(cdn)) == "address_refused"
    assert len(cdn.calls) == 1


@pytest.mark.parametrize("times", [3, 4])
def test_three_redirects_are_enough(cdn: Stub, times: int) -> None:
    cdn.answer("f", *[moved("/f")] * times, Answer(body=b"isi"))
    if times == 3:
        assert got(f"{cdn.origin}/f", bounds(cdn)) == b"isi"
        return
    with pytest.raises(MediaAway):
        got(f"{cdn.origin}/f", bounds(cdn))
    assert len(cdn.calls) == 4


@dataclass
class Dripping:
    """A server that says `first` at once and `drop` again and again, until it is left alone."""

    port: int
    first: bytes
    drop: bytes
    done: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def dripping() -> Iterator[Callable[[bytes, bytes], Dripping]]:
    with ExitStack() as stack:

        def start(first: bytes, drop: bytes) -> Dripping:
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            made = Dripping(server.getsockname()[1], first, drop)
            thread = threading.Thread(target=_drip, args=(server, made), daemon=True)
            thread.start()
            stack.callback(thread.join, 10)
            stack.callback(made.done.set)
            return made

        yield start


def _drip(server: socket.socket, made: Dripping) -> None:
    line, _ = server.accept()
    with line:
        line.sendall(made.first)
        while made.drop and not made.done.wait(0.02):
            try:
                line.sendall(made.drop)
            except OSError:
                return
        made.done.wait(10)


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"0"),
        (b"HTTP/1.1 200 OK\r\nx: ", b"y"),
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b""),
    ],
    ids=["body", "chunks", "chunk's size", "headers", "status", "continue", "silence"],
)
def test_the_total_time_holds_however_slowly_bytes_come(
    dripping: Callable[[bytes, bytes], Dripping], first: bytes, drop: bytes
) -> None:
    port = dripping(first, drop).port
    trusted = frozenset({Origin("http", "127.0.0.1", port)})
    begun = monotonic()
    with pytest.raises(MediaAway):
        got(f"http://127.0.0.1:{port}/f", Bounds(10_000, 0.4, trusted))
    assert 0.3 < monotonic() - begun < 5


def test_silence_ends_before_the_total_time(
    monkeypatch: pytest.MonkeyPatch, dripping: Callable[[bytes, bytes], Dripping]
) -> None:
    monkeypatch.setattr(dialing, "SILENCE", 0.2)
    port = dripping(b"HTTP/1.1 200 OK\r\n\r\nx", b"").port
    trusted = frozenset({Origin("http", "127.0.0.1", port)})
    begun = monotonic()
    with pytest.raises(MediaAway, match="TimeoutError"):
        got(f"http://127.0.0.1:{port}/f", Bounds(10_000, 60, trusted))
    assert monotonic() - begun < 10


def test_no_url_and_no_secret_in_logs_or_errors(
    cdn: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cdn.answer("f", Answer(500, b"x"), Answer(hang_up=True), Answer(404, b"x"), Answer(body=b"x"))
    told = []
    for _ in range(3):
        with pytest.raises((MediaAway, MediaRefused)) as caught:
            got(f"{cdn.origin}/{SECRET}/f?{SECRET}", bounds(cdn), WITH_SECRET)
        told.append(repr(caught.value))
        assert caught.value.__cause__ is None
    with pytest.raises(MediaAway) as caught:
        got(f"http://{SECRET}.invalid/{SECRET}", Bounds(9, 9))
    assert SECRET not in "".join([caplog.text, *told, repr(caught.value)])
