"""The internet as a test makes it: names, addresses, and downloads from them."""

import socket
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.channel import Download
from core.dialing import Origin
from core.download import Bounds, download
from core.errors import MediaRefused
from tests.contract.stub import Stub

ON_THE_INTERNET = "93.184.216.34"


@dataclass
class Resolver:
    """Names as a test gives them; notes who was asked for, and where it was dialled.

    A public address is dialled on loopback at the port of the server that stands for it.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    ports: dict[int, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dialled: list[str] = field(default_factory=list)

    def getaddrinfo(self, host: str, port: int, *_args: object, **_more: object) -> list[Any]:
        """Answer like the system's, for the names that are given."""
        self.asked.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        kind = socket.SOCK_STREAM
        return [
            (socket.AF_INET6 if ":" in it else socket.AF_INET, kind, 6, "", (it, port))
            for it in self.names[host]
        ]


def port_of(stub: Stub) -> int:
    return int(stub.origin.rpartition(":")[2])


def bounds(*stubs: Stub, size: int = 1000, seconds: float = 20) -> Bounds:
    """Bounds that trust loopback at these servers."""
    trusted = frozenset(Origin("http", "127.0.0.1", port_of(stub)) for stub in stubs)
    return Bounds(size, seconds, trusted)


def got(url: str, within: Bounds, headers: dict[str, str] | None = None) -> bytes:
    return b"".join(download(Download(url, headers or {}), within))


def refused(url: str, within: Bounds) -> str:
    with pytest.raises(MediaRefused) as refusal:
        got(url, within)
    return refusal.value.code
