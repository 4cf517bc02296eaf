"""How a download is dialled: by TLS for the name it asked for, and through proxies."""

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core import dialing
from core.download import Bounds
from core.errors import ConfigurationError, MediaAway
from tests.contract.stub import Answer, Stub
from tests.core.certificate import write_certificate
from tests.core.network import ON_THE_INTERNET, Resolver, bounds, got, port_of, refused

pytestmark = pytest.mark.usefixtures("no_proxy")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a self-signed certificate of cdn.example, in one file."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "cdn.pem", "cdn.example")


@pytest.fixture
def https(
    monkeypatch: pytest.MonkeyPatch, resolver: Resolver, certificate: Path
) -> Iterator[list[str | None]]:
    """cdn.example and lain.example, both with the certificate of the first; gives names asked."""
    client = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(dialing, "_tls", lambda: client)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda _line, name, _context: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        resolver.names |= {it: [ON_THE_INTERNET] for it in ("cdn.example", "lain.example")}
        resolver.ports[443] = server.getsockname()[1]

        def answer() -> None:
            line, _ = server.accept()
            try:
                with context.wrap_socket(line, server_side=True) as secured:
                    asked = secured.recv(10_000).decode()
                    names.append(asked.split("\r\n")[1])
                    target = "http://cdn.example/g" if "/down" in asked else "/"
                    status = "302 Found" if "/down" in asked else "200 OK"
                    head = f"HTTP/1.1 {status}\r\nlocation: {target}\r\ncontent-length: 3\r\n\r\n"
                    secured.sendall(head.encode() + b"isi")
            except OSError:
                line.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield names
        thread.join(10)


def test_tls_asks_for_the_name_and_not_for_the_address(
    https: list[str | None], resolver: Resolver
) -> None:
    assert got("https://cdn.example/f", Bounds(1000, 9)) == b"isi"
    assert https == ["cdn.example", "Host: cdn.example"]
    assert resolver.dialled == [ON_THE_INTERNET]


def test_a_certificate_of_another_name_is_not_taken(https: list[str | None]) -> None:
    with pytest.raises(MediaAway, match="SSLCertVerificationError"):
        got("https://lain.example/f", Bounds(1000, 9))


def test_https_is_never_left_for_http(https: list[str | None], resolver: Resolver) -> None:
    assert refused("https://cdn.example/down", Bounds(1000, 9)) == "address_refused"
    assert len(resolver.dialled) == 1


@dataclass
class Tunnel:
    """A proxy that notes what it is asked for and leads to one server."""

    port: int
    heads: list[str]


@pytest.fixture
def tunnel(cdn: Stub) -> Iterator[Tunnel]:
    heads: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            line, _ = server.accept()
            with line, socket.create_connection(("127.0.0.1", port_of(cdn))) as inner:
                heads.append(line.recv(10_000).decode())
                line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                inner.sendall(line.recv(10_000))
                line.sendall(inner.recv(10_000))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield Tunnel(server.getsockname()[1], heads)
    thread.join(10)


@pytest.mark.parametrize("known", [[], [ON_THE_INTERNET]], ids=["unknown here", "public"])
def test_a_proxy_is_asked_for_the_name(
    monkeypatch: pytest.MonkeyPatch, cdn: Stub, tunnel: Tunnel, known: list[str]
) -> None:
    real = socket.getaddrinfo
    names = Resolver({"cdn.example": known} if known else {})

    def getaddrinfo(host: str, *args: Any, **more: Any) -> list[Any]:
        return (
            names.getaddrinfo(host, *args) if host == "cdn.example" else real(host, *args, **more)
        )

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setenv("http_proxy", f"http://pengguna:k%40ta@127.0.0.1:{tunnel.port}")
    cdn.answer("f", Answer(body=b"isi"))
    assert got("http://cdn.example/f", Bounds(1000, 9)) == b"isi"
    assert tunnel.heads[0].startswith("CONNECT cdn.example:80 ")
    assert "Basic cGVuZ2d1bmE6a0B0YQ==" in tunnel.heads[0]
    assert "proxy-authorization" not in cdn.calls[0].headers


def test_a_proxy_does_not_open_a_private_network(
    monkeypatch: pytest.MonkeyPatch, resolver: Resolver
) -> None:
    resolver.names["cdn.example"] = ["10.0.0.1"]
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    assert refused("https://cdn.example/f", Bounds(9, 9)) == "address_refused"
    assert not resolver.dialled


def test_no_proxy_is_asked_for_what_it_need_not_know(
    monkeypatch: pytest.MonkeyPatch, resolver: Resolver, cdn: Stub
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "cdn.example")
    resolver.names["cdn.example"] = [ON_THE_INTERNET]
    resolver.names["127.0.0.1"] = ["127.0.0.1"]
    resolver.ports[80] = port_of(cdn)
    cdn.answer("f", Answer(body=b"isi"))
    assert got("http://cdn.example/f", Bounds(1000, 9)) == b"isi"
    assert got(f"{cdn.origin}/f", bounds(cdn)) == b"isi"  # what the operator named is near
    assert resolver.dialled == [ON_THE_INTERNET, "127.0.0.1"]


def test_an_unknown_kind_of_proxy_is_the_operators_matter(
    monkeypatch: pytest.MonkeyPatch, resolver: Resolver
) -> None:
    monkeypatch.setenv("https_proxy", "socks5://127.0.0.1:9")
    with pytest.raises(ConfigurationError, match="https_proxy"):
        got("https://cdn.example/f", Bounds(9, 9))
