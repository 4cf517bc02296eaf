"""Servers for downloads, and a resolver that leads to them."""

import socket
from collections.abc import Iterator

import pytest

from tests.contract.stub import Stub, stub_api
from tests.core.network import Resolver


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    made = Resolver()
    connect = socket.socket.connect

    def dial(line: socket.socket, place: tuple[str, int]) -> None:
        host, port = place[:2]
        made.dialled.append(host)
        connect(line, ("127.0.0.1", made.ports.get(port, port)))

    monkeypatch.setattr(socket, "getaddrinfo", made.getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", dial)
    return made


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def cdn() -> Iterator[Stub]:
    with stub_api() as stub:
        yield stub


@pytest.fixture
def other() -> Iterator[Stub]:
    with stub_api() as stub:
        yield stub
